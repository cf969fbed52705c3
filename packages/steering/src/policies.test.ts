import { obeysPolicyLaws } from './policy.laws.ts'

obeysPolicyLaws('weighted', ['weighted'])
obeysPolicyLaws('failover', ['failover'])
obeysPolicyLaws('nearest', ['nearest'])
obeysPolicyLaws('failover, then nearest', ['failover', 'nearest'])
obeysPolicyLaws('nearest, then weighted', ['nearest', 'weighted'])
obeysPolicyLaws('failover, then weighted', ['failover', 'weighted'])
obeysPolicyLaws('consistent', ['consistent'])
obeysPolicyLaws('nearest, then consistent', ['nearest', 'consistent'])
obeysPolicyLaws('failover, then consistent', ['failover', 'consistent'])
