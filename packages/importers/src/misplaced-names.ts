import { readMasterFile, readName } from '@windrose/dns'
import { buildZone, type SteeredName } from '@windrose/zone'
import { type Draft, note } from './draft.ts'

/** Takes names out of `steer` that windrose refuses to steer: below a delegation, twice, outside of the zone. */
export function refuseMisplacedNames(draft: Draft): void {
  for (const [zone, { records: text, steer }] of draft.zones) {
    const apex = readName(zone === '.' ? zone : `${zone}.`)
    if ('problem' in apex) continue
    const { records } = readMasterFile({ file: RECORDS, text, origin: apex })
    const entries = [...steer]
    const steered = entries.flatMap(([text], i): SteeredName[] => {
      const owner = readName(text, apex)
      return 'problem' in owner ? [] : [{ owner, service: 0, place: { file: STEER, line: i + 1, column: 1 } }]
    })
    const { problems } = buildZone({ apex, records, steered, place: { file: RECORDS, line: 1, column: 1 } })
    for (const { severity, place, message, hint } of problems) {
      const entry = place.file === STEER && severity === 'error' ? entries[place.line - 1] : undefined
      if (entry === undefined || !steer.delete(entry[0])) continue
      const instead = hint ?? 'steer the name by hand'
      note(draft, 'left out', entry[1].place, {
        source: entry[0],
        why: message.replaceAll(`${RECORDS}:`, 'line '),
        instead,
      })
    }
  }
}

/** What places are called while the zone is looked at. */
const RECORDS = 'records'
const STEER = 'steer'
