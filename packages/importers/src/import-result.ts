import type { Draft } from './draft.ts'
import { type Finding, sortFindings } from './finding.ts'
import { refuseMisplacedNames } from './misplaced-names.ts'
import { printConfiguration } from './print-configuration.ts'
import { removeUnknownAreas } from './unknown-areas.ts'
import { zoneFileName } from './zone-file-name.ts'

/** One file of the new configuration, by its path beside windrose.yaml. */
export interface ImportedFile {
  readonly path: string
  readonly text: string
}

/** What an import gives. Without files nothing of the source could be read, and the findings say why. */
export interface ImportResult {
  readonly files: readonly ImportedFile[]
  /** In the order of the files and their lines. */
  readonly findings: readonly Finding[]
  readonly counts: {
    readonly sites: number
    readonly checks: number
    readonly services: number
    readonly zones: number
  }
}

/** The files of a draft: windrose.yaml first, then the master files. */
export function finishDraft(draft: Draft): ImportResult {
  removeUnknownAreas(draft)
  refuseMisplacedNames(draft)
  removeUnusedSites(draft)
  const zones = [...draft.zones].map(([apex, { records }]) => ({ path: zoneFileName(apex), text: records }))
  return {
    files: [{ path: 'windrose.yaml', text: printConfiguration(draft) }, ...zones],
    findings: sortFindings(draft.findings),
    counts: {
      sites: draft.sites.size,
      checks: draft.checks.size,
      services: draft.services.size,
      zones: draft.zones.size,
    },
  }
}

/** What is given back when nothing can be read. */
export function unreadable(draft: Draft): ImportResult {
  return { files: [], findings: sortFindings(draft.findings), counts: { sites: 0, checks: 0, services: 0, zones: 0 } }
}

/** Sites of pools that came to nothing. */
function removeUnusedSites(draft: Draft): void {
  const used = new Set([...draft.services.values()].flatMap(({ pools }) => [...pools.keys()]))
  for (const name of [...draft.sites.keys()]) if (!used.has(name)) draft.sites.delete(name)
}
