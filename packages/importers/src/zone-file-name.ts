/** Where the records of a zone go, beside windrose.yaml: `zones/example.com.zone`. */
export function zoneFileName(apex: string): string {
  const name = apex
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return `zones/${name === '.' ? 'root' : name.replace(/^\.+/, '')}.zone`
}
