"""How a report looks: on screen light or dark, on paper always dark on white, A4."""

__all__ = ["STYLE"]

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c21; --soft: #5b5b66; --paper: #fff; --line: #d9d9df;
  --tint: #f4f4f7; --accent: #0b5cad; --done: #1b7340; --failed: #b3261e; --open: #8a5300;
  --before: #f1f1f4; --after: #e6effa; --planned: #b4b4c0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececf1; --soft: #a9a9b4; --paper: #1d1d21; --line: #3b3b43; --tint: #28282e;
    --accent: #7db7f5; --done: #6fcf97; --failed: #ff8f85; --open: #f0b849; --before: #2c2c33;
    --after: #1f3650; --planned: #5e5e6b; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --line: #bbb;
    --tint: #f4f4f7; --accent: #0b5cad; --done: #1b7340; --failed: #b3261e; --open: #8a5300;
    --before: #f1f1f4; --after: #e6effa; --planned: #b4b4c0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
@page { size: A4; margin: 15mm 14mm 17mm; }
* { box-sizing: border-box; }
body { font: 14px/1.5 system-ui, "Segoe UI", Inter, sans-serif; color: var(--ink);
  background: var(--paper); margin: 0 auto; padding: 2.2rem 1.4rem 3rem; max-width: 66rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .2rem; font-weight: 650; }
h2 { font-size: 1.12rem; margin: 2rem 0 .6rem; font-weight: 650; break-after: avoid; }
p { margin: .3rem 0; }
.soft { color: var(--soft); }
.held { border-left: 4px solid var(--open); background: var(--tint); padding: .6rem .9rem;
  margin: .9rem 0; border-radius: 4px; }
.held b { color: var(--open); }
.charts { display: grid; grid-template-columns: 19rem 1fr; gap: 1rem; margin-top: 1.2rem; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem;
  break-inside: avoid; }
figure.wide { grid-column: 1 / -1; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
figcaption span { font-weight: 400; color: var(--soft); margin-left: .9rem; white-space: nowrap; }
.key { display: inline-block; width: .75em; height: .75em; border-radius: 2px;
  margin-right: .4em; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 13px; fill: var(--ink); }
svg text.soft { fill: var(--soft); }
svg text.strong { font-weight: 600; }
svg text.big { font-size: 22px; font-weight: 650; }
.predicted { fill: var(--planned); background: var(--planned); }
.done { fill: var(--done); background: var(--done); }
.failed { fill: var(--failed); background: var(--failed); }
.open { fill: var(--open); background: var(--open); }
svg .ring { fill: none; stroke-width: 20; }
svg .ring.done { stroke: var(--done); }
svg .ring.failed { stroke: var(--failed); }
svg .ring.open { stroke: var(--open); }
svg .axis { stroke: var(--line); }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
table.numbers { max-width: 30rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .6rem .45rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--soft); font-weight: 600; font-size: .9em; }
tbody th { font-weight: 600; }
.numbers td, .numbers thead th + th { text-align: right; font-variant-numeric: tabular-nums; }
.people th:nth-child(1) { width: 30%; }
.people th:nth-child(2) { width: 9%; }
.people th:nth-child(3) { width: 35%; }
tr { break-inside: avoid; }
.people tbody th div { font-weight: 400; color: var(--soft); }
ul { list-style: none; margin: 0; padding: 0; }
li { margin-bottom: .35rem; }
li b { display: block; font-weight: 400; color: var(--soft); font-size: .9em; }
del, ins { text-decoration: none; border-radius: 3px; padding: 0 .35em; }
del { background: var(--before); color: var(--soft); }
ins { background: var(--after); }
code { font: .85em/1.5 ui-monospace, "Cascadia Mono", Menlo, monospace; color: var(--soft);
  overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 44rem) { .charts { grid-template-columns: 1fr; } }
@media print {
  body { font-size: 9.5pt; padding: 0; max-width: none; }
  .charts { grid-template-columns: 62mm 1fr; gap: 4mm; }
  h2 { margin-top: 7mm; }
  svg text { font-size: 15px; }
  th, td { padding: .3rem .5rem .3rem 0; }
  .people tbody th div { font-size: .92em; }
}
"""
