/** How the page around the maps looks. Its colours are those of the maps. */
export const PAGE_STYLE = `
body { margin: 0 auto; padding: 28px clamp(16px, 3vw, 48px); max-width: 1900px; background: var(--ground); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 25px; margin: 0 0 4px; }
h2 { font-size: 19px; margin: 34px 0 4px; }
h3 { font-size: 15px; margin: 0 0 6px; }
p { margin: 4px 0 10px; }
.faint { color: var(--faint); }
.definitions { position: absolute; }
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 640px), 1fr)); gap: 10px 28px; }
figure { margin: 0; }
figure:only-child { max-width: 1150px; }
figcaption { font-weight: 650; font-size: 14px; margin: 4px 0; }
.maps svg, .legend svg { width: 100%; height: auto; display: block; }
.legend { max-width: 1000px; margin: 10px 0 18px; }
.tables { display: flex; flex-wrap: wrap; gap: 22px 44px; align-items: flex-start; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 14px 3px 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--empty); }
th { font-weight: 600; color: var(--faint); }
th:first-child, td:first-child, td.text { text-align: left; }
.over { color: #d55e00; font-weight: 650; }
details { margin-top: 6px; }
summary { cursor: pointer; color: var(--faint); }
@media print {
  body { padding: 0; font-size: 11px; max-width: none; }
  .maps { grid-template-columns: 1fr; }
  section { break-inside: auto; }
  figure, .legend, tr { break-inside: avoid; }
  figure { max-width: 100%; }
}
`
