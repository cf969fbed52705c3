import type { FastifyInstance } from 'fastify'
import type { RunningParts } from '../running-parts.ts'

export function addExplainRoute(_server: FastifyInstance, _parts: RunningParts): void {}
