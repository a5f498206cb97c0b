"""Puts what a geocoder found in the place of addresses: sure places are taken, doubtful ones are shown first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from gateway.domain.geo import distance_m
from gateway.domain.route import Place
from gateway.planning.answers import Candidate
from gateway.planning.draft import RouteDraft, StopDraft
from gateway.planning.findings import Findings, Where
from gateway.planning.report import Doubt

SURE_QUALITY = 0.8
"""A house with its number is 1.0; a street without the number (0.5) is up to a kilometre off."""

RIVAL_QUALITY = 0.1
"""A candidate is a rival if it is as good but for this much."""

SAME_PLACE_M = 200.0
"""Two candidates so near are one building and its entrance or its shop; it is also what a courier finds from there."""

NOT_FOUND = "is found nowhere: correct the address, or give lat and lon"


class Found(NamedTuple):
    """What a geocoder answered for an address; `away` says why it could not be asked."""

    candidates: Sequence[Candidate] = ()
    away: str | None = None


class Placed(NamedTuple):
    """A draft with the places that were found, and the doubtful ones among them."""

    draft: RouteDraft
    doubtful: list[Doubt]


def addresses(drafts: Iterable[RouteDraft]) -> list[str]:
    """Return the addresses that have to be looked up, each once, in the order of the file."""
    wanted = (address for draft in drafts for address in _wanted(draft))
    return list(dict.fromkeys(wanted))


def placed(draft: RouteDraft, found: Mapping[str, Found], findings: Findings) -> Placed:
    """Return the draft with its places; what was not found is a fault."""
    doubtful: list[Doubt] = []
    depot = draft.depot
    if depot is None and draft.depot_address is not None:
        place = _Search(draft, draft.where, None, "depot_address", doubtful, findings)
        depot = place.of(draft.depot_address, found)
    stops = tuple(_placed_stop(draft, stop, found, doubtful, findings) for stop in draft.stops)
    return Placed(replace(draft, depot=depot, stops=stops), doubtful)


def judge(candidates: Sequence[Candidate]) -> str | None:
    """Return why the first candidate should be looked at by a person; None if it is sure."""
    first = candidates[0]
    if first.quality < SURE_QUALITY:
        return "it is no house with a number: a street, a place or an area"
    rivals = [other for other in candidates[1:] if other.quality >= first.quality - RIVAL_QUALITY]
    away = max((distance_m(*first.place, *other.place) for other in rivals), default=0.0)
    return f"{len(rivals) + 1} places fit, up to {away / 1000:.1f} km apart" if away > SAME_PLACE_M else None


def _wanted(draft: RouteDraft) -> Iterable[str]:
    if draft.depot is None and draft.depot_address is not None:
        yield draft.depot_address
    for stop in draft.stops:
        if stop.place is None and stop.details.address is not None:
            yield stop.details.address


def _placed_stop(
    draft: RouteDraft, stop: StopDraft, found: Mapping[str, Found], doubtful: list[Doubt], findings: Findings
) -> StopDraft:
    if stop.place is not None or stop.details.address is None:
        return stop
    search = _Search(draft, stop.where, stop.order, "address", doubtful, findings)
    return replace(stop, place=search.of(stop.details.address, found))


class _Search(NamedTuple):
    """One place that is looked for, and where to say what became of it."""

    draft: RouteDraft
    where: Where
    order: str | None
    field: str
    doubtful: list[Doubt]
    findings: Findings

    def of(self, address: str, found: Mapping[str, Found]) -> Place | None:
        """Return the place of an address; None with a fault if there is none."""
        answer = found.get(address, Found(away="it was not asked"))
        if answer.away is not None:
            self.findings.fault(self.where, self.field, address, f"cannot be looked up: {answer.away}")
        elif not answer.candidates:
            self.findings.fault(self.where, self.field, address, NOT_FOUND)
        else:
            self._doubt(address, answer.candidates)
            return answer.candidates[0].place
        return None

    def _doubt(self, address: str, candidates: Sequence[Candidate]) -> None:
        why = judge(candidates)
        if why is None:
            return
        first = candidates[0]
        doubt = Doubt(
            row=self.where.row,
            route=self.draft.key.route,
            order=self.order,
            address=address,
            label=first.label,
            lat=first.place.lat,
            lon=first.place.lon,
            quality=first.quality,
            why=why,
        )
        self.doubtful.append(doubt)
