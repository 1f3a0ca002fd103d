package page

// pageStyle is the look of a page on light and dark screens and on paper.
const pageStyle = `:root{color-scheme:light dark;--text:#1c1e21;--back:#fff;--soft:#f4f5f7;--line:#d8dadf;--error:#b3261e;--warning:#a86500;--info:#666}
@media (prefers-color-scheme:dark){:root{--text:#e6e6e6;--back:#16181b;--soft:#202327;--line:#3a3e44;--error:#ff8a80;--warning:#ffc46b;--info:#999}}
body{font:14px/1.45 system-ui,sans-serif;color:var(--text);background:var(--back);margin:1.5em auto;max-width:1280px;padding:0 1em}
h1{font-size:1.3em;margin:0}h2{font-size:1.1em;margin:2em 0 .5em}h3{font-size:1em;margin:0}
.tiles{display:flex;flex-wrap:wrap;gap:.6em;margin:1em 0}.tile{background:var(--soft);padding:.5em .9em;border-radius:6px}.tile b{display:block;font-size:1.35em}.tile small{color:var(--info)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:.2em .6em;border-bottom:1px solid var(--line);vertical-align:top}td.n,th.n{text-align:right}
.scroll{overflow-x:auto}.call{border:1px solid var(--line);border-left:4px solid var(--line);border-radius:6px;padding:.8em 1em;margin:1em 0}
.critical,.error{border-left-color:var(--error)}.warning{border-left-color:var(--warning)}.critical .mark,.error .mark{color:var(--error)}.warning .mark{color:var(--warning)}
.finding{margin:.6em 0;padding-left:.8em;border-left:3px solid var(--line)}.finding.critical,.finding.error{border-left-color:var(--error)}.finding.warning{border-left-color:var(--warning)}
.dim{color:var(--info)}pre{background:var(--soft);padding:.8em;overflow-x:auto;border-radius:6px;font-size:12px}details{margin:.3em 0}summary{cursor:pointer}summary code{font-size:12px}
:target{outline:2px solid var(--warning)}@media print{details{display:none}body{max-width:none}}`
