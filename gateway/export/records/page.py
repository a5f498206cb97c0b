"""The record as a page to read, print (A4) and mail: one file, in English, times in the route's zone.

It loads nothing and runs nothing: map and diagram are SVG within it, and its style is in it.
"""

from collections.abc import Iterator

from gateway.domain.route import LegSource
from gateway.domain.stop import Label
from gateway.execution.day.record import DayRecord, Share
from gateway.export.formats.local_times import metres_text, span_text
from gateway.export.records import page_tables as tables
from gateway.export.records.leads import changes, lead_text
from gateway.export.records.markup import section, text
from gateway.export.records.page_day import day_svg
from gateway.export.records.page_map import map_svg
from gateway.export.records.page_style import POLICY, STYLE
from gateway.export.records.told import Told
from gateway.export.records.words import LABELS, PHASES, share_text


def page(told: Told) -> Iterator[bytes]:
    """Yield the page in pieces."""
    yield f"{_head(told)}{_header(told)}{_tiles(told)}{_map(told)}{_day(told)}".encode()
    yield section("stops", "Stops, planned against actual", _scroll(tables.stops_table(told))).encode()
    yield _rest(told).encode()
    yield f"{_footer(told.record)}</body></html>\n".encode()


def _head(told: Told) -> str:
    title = text(f"Route {told.record.route}, {told.record.date}: record of the day")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>'
        f'{title}</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{text(POLICY)}">'
        f'<meta name="robots" content="noindex"><style>{STYLE}</style></head><body>\n'
    )


def _header(told: Told) -> str:
    record, clock = told.record, told.times.clock
    started = "not started" if record.started is None else f"started <b>{text(clock(record.started))}</b>"
    ended = PHASES[record.phase] if record.finished is None else f"finished <b>{text(clock(record.finished))}</b>"
    plan = f"planned {text(clock(record.start))} to {text(clock(record.planned_end))}"
    driver = f", driver <b>{text(record.driver)}</b>" if record.driver else ""
    return (
        f"<header><h1>Route {text(record.route)} · {text(told.times.date())}</h1>"
        f"<p>{_vehicles(told)}{driver} · {plan} · {started} · {ended}</p>"
        f"<p>Times in {text(told.times.name)} · fleet {text(record.fleet)} · {_version(record)}</p></header>\n"
    )


def _vehicles(told: Told) -> str:
    names = [text(each.vehicle) for each in told.record.vehicles]
    return f"Vehicle{'s' if len(names) > 1 else ''} <b>{'</b>, then <b>'.join(names)}</b>"


def _version(record: DayRecord) -> str:
    count = len(record.versions)
    if count == 1:
        return "plan as first issued"
    times = "once" if count == 2 else f"{count - 1} times"
    return f"plan changed {times}, now version {record.version}"


def _tiles(told: Told) -> str:
    summary = told.record.summary
    far = f"planned {metres_text(summary.planned_m)}"
    driven = "–" if summary.driven_m is None else metres_text(summary.driven_m)
    elapsed = "–" if summary.elapsed_ms is None else span_text(summary.elapsed_ms)
    stops = f"{summary.incident} with an incident, {summary.pending + summary.on_track} left"
    first = summary.first_attempt
    return (
        '<div class="tiles">'
        + _tile("stops", f"{summary.completed} of {summary.stops}", "Stops completed", stops)
        + _tile("stops", share_text(summary.on_time), "On time", _of(summary.on_time, "stops"))
        + _tile("stops", share_text(first), "First attempt", _of(first, "orders"))
        + _tile("map", driven, "Driven", far)
        + _tile("day", elapsed, "Under way", f"planned {span_text(summary.planned_ms)}")
        + _tile("deviations", str(len(told.record.deviations)), "Deviations", _gaps(told))
        + "</div>\n"
    )


def _tile(target: str, number: str, name: str, more: str) -> str:
    return (
        f'<a class="tile" href="#{target}"><b>{text(number)}</b>'
        f'<span class="name">{text(name)}</span><span>{text(more)}</span></a>'
    )


def _of(share: Share, what: str) -> str:
    unknown = f", {share.unknown} not known" if share.unknown else ""
    return f"{share.hits} of {share.of} {what}{unknown}"


def _gaps(told: Told) -> str:
    gaps = told.record.gaps
    if not gaps:
        return "heard all the time"
    return f"nothing heard {span_text(sum(gap.end - gap.begin for gap in gaps))}"


def _map(told: Told) -> str:
    drawing = map_svg(told)
    if not drawing:
        return ""
    labels = dict.fromkeys(row.label for row in told.record.stops)
    straight = told.plan.leg_source is LegSource.CROW_FLIES or not told.plan.geometry
    keys = [_key_line("planned" + " straight" * straight, "planned" + ", as the crow flies" * straight)]
    if len(told.track):
        keys.append(_key_line("driven", "driven"))
    if told.record.gaps:
        keys.append(_key_line("gap", "nothing heard"))
    if told.record.deviations:
        keys.append(_key_line("away", "off the route; letters: deviations below"))
    keys += [_key_stop(label) for label in Label if label in labels]
    keys.append(_key_late())
    return f'<figure id="map">{drawing}<figcaption>{"".join(keys)}</figcaption></figure>\n'


def _key_line(kind: str, name: str) -> str:
    line = f'<svg width="30" height="8" viewBox="0 0 30 8"><path class="{kind}" d="M3 4H27"/></svg>'
    return f"<span>{line}{text(name)}</span>"


def _key_stop(label: Label) -> str:
    shape = (
        '<rect x="1" y="1" width="10" height="10" rx="2"' if label is Label.INCIDENT else '<circle cx="6" cy="6" r="5"'
    )
    return f'<span><svg width="12" height="12">{shape} class="{label}"/></svg>{text(LABELS[label])}</span>'


def _key_late() -> str:
    return '<span><svg width="14" height="14"><circle class="ring" cx="7" cy="7" r="5"/></svg>late</span>'


def _day(told: Told) -> str:
    drawing = day_svg(told)
    if not drawing:
        return ""
    keys = (
        _key_line("plan", "plan") + _key_line("real", "driven")
        + '<span><svg width="20" height="10"><rect class="window" width="20" height="10"/></svg>promised window</span>'
        + '<span><svg width="20" height="10"><rect class="unheard" width="20" height="10"/></svg>nothing heard</span>'
        + _key_line("lead", "another source's position") * bool(changes(told))
        + "<span>a bar is the time at a stop, a dot a planned stop that the vehicle did not reach</span>"
    )  # fmt: skip
    figure = f"<figure>{drawing}<figcaption>{keys}</figcaption></figure>"
    return section("day", "The day against its plan", figure + _leads(told))


def _leads(told: Told) -> str:
    line = lead_text(told)
    return f'<p class="small">{text(line)}</p>\n' if line else ""


def _rest(told: Told) -> str:
    return (
        section("deviations", "Deviations", _scroll(tables.deviations_table(told)))
        + section("incidents", "Incidents", tables.incidents_table(told))
        + section("proofs", "What drivers brought as proof", _scroll(tables.proofs_table(told)))
        + section("instructions", "What customers asked of the driver", tables.instructions_table(told))
        + section("taps", "Words worth a look, and where the vehicle was then", _scroll(tables.taps_table(told)))
        + '<div class="columns">'
        + section("halts", "Where the vehicle stood", tables.halts_table(told))
        + section("gaps", "When nothing was heard", tables.gaps_table(told))
        + "</div>\n"
    )


def _scroll(body: str) -> str:
    return f'<div class="scroll">{body}</div>' if body else ""


def _footer(record: DayRecord) -> str:
    inputs = record.inputs
    return (
        "<footer><p><b>On time</b>: arrived within the promised window, or within 15 minutes of the plan where none "
        "was promised; a stop that was skipped counts as not on time, one of which nothing is known is left out. "
        "<b>First attempt</b>: delivered on the first visit, of the orders whose end is known. "
        "<b>Driven</b> leaves out what was driven while nothing was heard.</p>"
        f"<p>Computed from {inputs.positions} positions, {inputs.taps} words and {inputs.versions} versions of the "
        "plan; the same inputs give the same record, in whatever order they came. "
        f"Inputs <code>{inputs.sha256}</code>, record format {record.format}.</p></footer>\n"
    )
