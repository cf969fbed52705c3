import fc from 'fast-check'

import { anySteps } from './compositions.arbitraries.ts'
import { obeysPolicyLaws } from './policy.laws.ts'

obeysPolicyLaws('weighted', fc.constant(['weighted']))
obeysPolicyLaws('failover', fc.constant(['failover']))
obeysPolicyLaws('nearest', fc.constant(['nearest']))
obeysPolicyLaws('failover, then nearest', fc.constant(['failover', 'nearest']))
obeysPolicyLaws('nearest, then weighted', fc.constant(['nearest', 'weighted']))
obeysPolicyLaws('failover, then weighted', fc.constant(['failover', 'weighted']))
obeysPolicyLaws('consistent', fc.constant(['consistent']))
obeysPolicyLaws('nearest, then consistent', fc.constant(['nearest', 'consistent']))
obeysPolicyLaws('failover, then consistent', fc.constant(['failover', 'consistent']))
obeysPolicyLaws('geo', fc.constant(['geo']))
obeysPolicyLaws('geo, then nearest, then consistent', fc.constant(['geo', 'nearest', 'consistent']))
obeysPolicyLaws('failover, then geo, then weighted', fc.constant(['failover', 'geo', 'weighted']))
obeysPolicyLaws('latency', fc.constant(['latency']))
obeysPolicyLaws('geo, then latency, then weighted', fc.constant(['geo', 'latency', 'weighted']))
obeysPolicyLaws('round robin', fc.constant(['round_robin']))
obeysPolicyLaws('nearest, then all', fc.constant(['nearest', 'all']))
obeysPolicyLaws('any composition of steps', anySteps)
