/** How maps and legends look, on light and on dark ground, and on paper. */
export const PICTURE_STYLE = `
.windrose { --ground: #fff; --sea: #eef2f5; --empty: #cfd6dc; --ink: #1b1f24; --faint: #5f6872; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .windrose { --ground: #171b21; --sea: #0b0e12; --empty: #3a434d; --ink: #e8ebee; --faint: #9aa4ae; }
}
@media print {
  .windrose { --ground: #fff; --sea: #f4f6f8; --empty: #d5dade; --ink: #000; --faint: #444; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
.windrose text { font-family: system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: var(--ink); }
.windrose .ground { fill: var(--ground); }
.windrose .globe { fill: var(--sea); }
.windrose .land { fill: var(--empty); stroke: var(--ground); stroke-width: 4; }
.windrose .country { stroke: var(--ground); stroke-width: 4; }
.windrose circle.country { stroke-width: .6; }
.windrose .stays { fill-opacity: .42; }
.windrose .country:hover { stroke: var(--ink); }
.windrose .site { stroke: #fff; stroke-width: 1.8; paint-order: stroke; filter: drop-shadow(0 0 1px #000); }
.windrose .idle { fill: var(--ground); stroke: var(--ink); stroke-width: 1.6; }
.windrose .label { font-size: 11px; font-weight: 600; stroke: var(--ground); stroke-width: 3; paint-order: stroke; stroke-linejoin: round; }
.windrose .title { font-size: 21px; font-weight: 650; }
.windrose .when { font-size: 13px; font-weight: 650; }
.windrose .small { font-size: 12px; }
.windrose .tiny { font-size: 11px; }
.windrose .strong { font-weight: 600; }
.windrose .faint { fill: var(--faint); }
.windrose .on-bar { font-size: 11px; stroke-width: 3; paint-order: stroke; stroke-linejoin: round; }
.windrose .part { stroke: var(--ground); stroke-width: 1; }
`
