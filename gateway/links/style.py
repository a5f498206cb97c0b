"""How the customer's page looks: one style in the page itself, so that it is there with the first byte."""

import base64
import hashlib
from typing import NamedTuple

from gateway.links.colour import ink_on, readable

LIGHT_CARD, DARK_CARD = "#ffffff", "#182030"

_STYLE = """
:root{color-scheme:light dark;--ink:#172033;--soft:#556076;--card:#ffffff;--ground:#f1f3f7;--line:#d9dee8;
--edge:#7b869b;--accent:LIGHT_ACCENT;--on-accent:ON_LIGHT;--good:#17693f;--bad:#a5301c;--watch:#8a4f00;
--tint:#fdf3e2;--badtint:#fcebe8}
@media(prefers-color-scheme:dark){:root{--ink:#edf1f8;--soft:#aab4c8;--card:#182030;--ground:#0d131f;--line:#2b3548;
--edge:#7f8ba3;--accent:DARK_ACCENT;--on-accent:ON_DARK;--good:#62cf97;--bad:#f58f7a;--watch:#f0b55c;
--tint:#2e2614;--badtint:#341d1a}}
*{box-sizing:border-box;margin:0}
[hidden]{display:none!important}
body{font:1.0625rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);
background:var(--ground);padding:0 1rem 2rem;-webkit-text-size-adjust:100%;overflow-wrap:break-word}
header,main,footer{max-width:30rem;margin:auto}
header{display:flex;align-items:center;gap:.75rem;min-height:4rem;font-weight:600}
header img{height:2rem;max-width:10rem;object-fit:contain}
.card{background:var(--card);border:1px solid var(--line);border-radius:1.125rem;padding:1.5rem 1.375rem;
margin-bottom:.75rem}
.steps{display:flex;gap:.375rem;list-style:none;padding:0;margin-bottom:1.75rem}
.steps li{flex:1;border-top:.25rem solid var(--line);padding-top:.375rem;font-size:.8125rem;line-height:1.3;
color:var(--soft)}
.steps li.done{border-color:var(--accent);color:var(--ink)}
.bad .steps li.done{border-color:var(--bad)}
#eyebrow{color:var(--soft);font-weight:600}
h1{font-size:clamp(1.9rem,9vw,2.5rem);line-height:1.15;letter-spacing:-.02em;font-weight:700;margin:.125rem 0 .25rem;
font-variant-numeric:tabular-nums;text-wrap:balance}
h1.said{font-size:clamp(1.6rem,7.2vw,2rem)}
.good h1{color:var(--good)}
.bad h1{color:var(--bad)}
.watch #eyebrow{color:var(--watch)}
#line{color:var(--soft)}
#count{margin-top:1.375rem;padding-top:1.25rem;border-top:1px solid var(--line);font-size:1.25rem;font-weight:650;
line-height:1.3;color:var(--accent)}
#ordinal,#why{color:var(--soft);margin-top:.125rem}
#mark,#behind{margin-top:1.125rem;padding:.75rem .875rem;border-radius:.75rem;background:var(--tint);color:var(--ink);
border-left:.25rem solid var(--watch);line-height:1.4}
#again{margin-top:1.25rem;padding-top:1.25rem;border-top:1px solid var(--line);font-weight:600}
.facts{margin-top:1.125rem;color:var(--soft);font-size:.9375rem}
div.facts:not(:has(>:not([hidden]))){margin:0}
#map{height:15rem;border-radius:.75rem;overflow:hidden;background:var(--ground);margin-bottom:.75rem}
#seen{color:var(--soft);font-size:.9375rem}
h2{font-size:1.0625rem;line-height:1.3}
#writing summary{display:flex;align-items:center;min-height:3rem;margin:-.75rem 0;font-weight:600;
cursor:pointer;list-style:none}
#writing summary::-webkit-details-marker{display:none}
#writing summary::after{content:"";margin-left:auto;width:.5rem;height:.5rem;border:solid var(--soft);
border-width:0 2px 2px 0;transform:rotate(45deg)}
#writing details[open] summary::after{transform:rotate(225deg)}
label{display:block;margin:1rem 0 .5rem;color:var(--soft);font-size:.9375rem}
textarea{width:100%;min-height:6rem;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--edge);
border-radius:.75rem;padding:.75rem}
button,.call{display:flex;align-items:center;justify-content:center;width:100%;min-height:3rem;font:inherit;
font-weight:600;border-radius:.75rem;border:1px solid var(--edge);background:none;color:var(--ink);cursor:pointer;
text-decoration:none;padding:.5rem 1rem}
.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent);margin-top:.75rem}
.first{margin-top:1.25rem}
.quiet{border-color:transparent;color:var(--soft);text-decoration:underline;text-underline-offset:.2em}
.problem{color:var(--bad);margin-top:.75rem}
blockquote{margin:0 0 .75rem;color:var(--soft)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
a{color:var(--accent)}
.plain{display:flex;align-items:center;min-height:3rem}
footer{color:var(--soft);font-size:.875rem;padding-top:.5rem;text-align:center}
@media(prefers-reduced-motion:no-preference){.steps li{transition:border-color .4s}}
"""


class Style(NamedTuple):
    """The page's style, and the hash by which the policy lets it in."""

    text: str
    sha256: str


def style_of(colour: str) -> Style:
    """Return the page's style in a company's colour (#rrggbb), made readable by day and by night."""
    light, dark = readable(colour, LIGHT_CARD), readable(colour, DARK_CARD)
    text = _STYLE.replace("LIGHT_ACCENT", light).replace("DARK_ACCENT", dark)
    text = text.replace("ON_LIGHT", ink_on(light)).replace("ON_DARK", ink_on(dark))
    return Style(text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())


def policy_of(style: Style) -> str:
    """Return the page's Content-Security-Policy: its one style, and what our own server has.

    A map's worker and pictures come from a file of ours; MapLibre draws its marks from `data:` addresses.
    """
    return (
        f"default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'sha256-{style.sha256}'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
