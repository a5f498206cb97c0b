"""How the printable page looks: one sheet, in the page itself, so that a saved or mailed page stays whole."""

from base64 import b64encode
from hashlib import sha256

STYLE = """
:root{color-scheme:light;--ink:#16202c;--soft:#5b6775;--line:#dde3ea;--wash:#f5f7fa;--planned:#a9bfdc;--driven:#1c4a7e;
--away:#e8590c;--completed:#2b8a3e;--incident:#c92a2a;--on_track:#1971c2;--pending:#7b8794;--late:#b35c00}
*{box-sizing:border-box}
body{margin:0 auto;padding:28px 32px;max-width:1040px;background:#fff;color:var(--ink);
font:13px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:24px;line-height:1.2;margin:0 0 2px;font-weight:650}
h2{font-size:15px;margin:22px 0 8px;font-weight:650}
header p{margin:0;color:var(--soft)}
header p b{color:var(--ink);font-weight:600}
a{color:inherit;text-decoration:none}
.tiles{display:grid;grid-template-columns:repeat(6,1fr);gap:8px;margin:16px 0 14px}
.tile{display:block;border:1px solid var(--line);border-radius:8px;padding:8px 10px 9px;background:var(--wash)}
.tile b{display:block;font-size:20px;line-height:1.25;font-weight:650;white-space:nowrap}
.tile span{display:block;font-size:11px;color:var(--soft);line-height:1.35}
.tile .name{color:var(--ink);font-weight:600}
a.tile:hover{border-color:var(--soft)}
figure{margin:0;border:1px solid var(--line);border-radius:8px;overflow:hidden}
figure>svg{display:block;width:100%;height:auto}
figcaption{display:flex;flex-wrap:wrap;gap:4px 16px;padding:7px 12px;border-top:1px solid var(--line);font-size:11px;
color:var(--soft);background:#fff}
figcaption span{display:inline-flex;align-items:center;gap:6px}
.map{background:var(--wash)}
.planned{fill:none;stroke:var(--planned);stroke-width:6;stroke-linejoin:round;stroke-linecap:round}
.straight{stroke-width:3;stroke-dasharray:1 7}
.driven{fill:none;stroke:var(--driven);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.away{fill:none;stroke:var(--away);stroke-width:4.5;stroke-linejoin:round;stroke-linecap:round}
.gap{fill:none;stroke:var(--driven);stroke-width:2;stroke-dasharray:5 6}
.leader{stroke:var(--ink);stroke-width:.8}
.dot{fill:var(--ink)}
.depot{fill:#fff;stroke:var(--ink);stroke-width:2}
.badge{stroke:#fff;stroke-width:1.5}
.ring{fill:none;stroke:#f59f00;stroke-width:3}
.flag{fill:#fff;stroke:var(--away);stroke-width:2}
.flagname{fill:var(--away);font-weight:700;text-anchor:middle}
.number{fill:#fff;font-weight:650;text-anchor:middle}
.scale{fill:none;stroke:var(--ink);stroke-width:1.5}
.note{fill:var(--ink);font-size:13px}
.middle{text-anchor:middle}
.right{text-anchor:end}
.north{fill:var(--ink)}
.completed{fill:var(--completed)}.incident{fill:var(--incident)}.on_track{fill:var(--on_track)}.pending{fill:var(--pending)}
.grid{stroke:var(--line);stroke-width:1}
.hour{fill:var(--soft);font-size:12px;text-anchor:middle}
.row{fill:var(--soft);font-size:11px;text-anchor:end}
.window{fill:#e3ebf5}
.unheard{fill:#eceff3}
.lead{fill:none;stroke:var(--late);stroke-width:1.4;stroke-dasharray:4 3}
.plan{fill:none;stroke:var(--planned);stroke-width:2.5;stroke-linejoin:round}
.real{fill:none;stroke:var(--driven);stroke-width:1.4;stroke-linejoin:round}
table{border-collapse:collapse;width:100%;font-size:11.5px}
th{text-align:left;font-weight:600;color:var(--soft);font-size:10.5px;border-bottom:1.5px solid var(--ink);
padding:3px 8px 4px 0;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:4px 8px 4px 0;vertical-align:top}
td:last-child,th:last-child{padding-right:0}
tr{break-inside:avoid}
thead{display:table-header-group}
td small,.small{color:var(--soft);font-size:10.5px}
td small{display:block}
p.small{margin:6px 0 0}
.pin{display:inline-block;min-width:21px;padding:1px 4px;border-radius:10px;color:#fff;text-align:center;
font-weight:650;font-size:10.5px}
.pin.completed{background:var(--completed)}.pin.incident{background:var(--incident);border-radius:4px}
.pin.on_track{background:var(--on_track)}.pin.pending{background:var(--pending)}
.late{color:var(--late);font-weight:600}
.bad{color:var(--incident);font-weight:600}
.moved{color:var(--late);font-weight:600}
.nowrap{white-space:nowrap}
.stops td{padding-right:7px}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:0 28px}
.proofs code{font-size:9.5px;word-break:break-all}
footer{margin-top:22px;padding-top:8px;border-top:1px solid var(--line);color:var(--soft);font-size:10.5px}
footer p{margin:0 0 4px}
footer code{word-break:break-all;font-size:10px}
@media (max-width:760px){body{padding:16px}.tiles{grid-template-columns:repeat(2,1fr)}.columns{display:block}
.scroll{overflow-x:auto}}
@media print{@page{size:A4;margin:12mm 11mm 13mm}
body{padding:0;max-width:none;font-size:10.5px;-webkit-print-color-adjust:exact;print-color-adjust:exact}
h1{font-size:19px}h2{font-size:12.5px;margin:14px 0 5px;break-after:avoid}
.tiles{gap:6px;margin:10px 0}.tile{padding:5px 8px 6px}.tile b{font-size:15px}.tile span{font-size:9px}
figure{break-inside:avoid}figcaption{font-size:9px;padding:5px 9px}
table{font-size:9px}th{font-size:8.5px}td small,.small{font-size:8.5px}.pin{font-size:8.5px;min-width:17px}
td,th{padding-right:5px}footer{font-size:8.5px}footer code{font-size:8px}}
"""

STYLE_HASH = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
"""What a content security policy calls the sheet: `style-src` with it lets this one in and no other."""

POLICY = f"default-src 'none'; style-src {STYLE_HASH}; base-uri 'none'; form-action 'none'"
"""In the page itself, so that it holds in a saved or mailed copy too: it loads nothing, and runs nothing."""
