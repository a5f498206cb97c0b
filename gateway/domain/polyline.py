"""Encoded polylines: a line of places as short text, as routers give it and maps read it.

The algorithm is Google's: each coordinate is the difference to the one before, in units of the precision, zigzagged
(the sign in the lowest bit) and written in groups of 5 bits from the lowest, each plus 63, all but the last with bit
6 set. Precision 6 is Valhalla's and OSRM's; 5 is Google's own.
"""

from collections.abc import Iterable, Iterator

from gateway.domain.route import Place

MAX_POINTS = 200_000
"""A day of 600 km with a vertex every 3 m: more is no route, and `decode` refuses it."""

_OFFSET = 63
_MORE = 0x20
_MAX_BITS = 35
"""Two bits more than a difference of 360 degrees in units of 1e-7 needs."""


def encode(points: Iterable[Place], precision: int = 6) -> str:
    """Return the line through `points` as text."""
    scale = 10**precision
    parts: list[str] = []
    lat = lon = 0
    for point in points:
        north, east = round(point.lat * scale), round(point.lon * scale)
        parts += _written(north - lat), _written(east - lon)
        lat, lon = north, east
    return "".join(parts)


def decode(text: str, precision: int = 6) -> list[Place]:
    """Return the places of a line.

    Raises:
        ValueError: naming the character (from 1) at which the text is none, ends early, leaves the Earth or has more
            than MAX_POINTS places.

    """
    scale = 10**precision
    places: list[Place] = []
    lat = lon = 0
    differences = _differences(text)
    for at, north in differences:
        east = next(differences, None)
        if east is None:
            raise ValueError(f"the polyline ends after a latitude, at character {len(text)}")
        lat, lon = lat + north, lon + east[1]
        place = Place(lat / scale, lon / scale)
        if not (-90.0 <= place.lat <= 90.0 and -180.0 <= place.lon <= 180.0):
            raise ValueError(f"the polyline leaves the Earth at character {at}: {place.lat}, {place.lon}")
        places.append(place)
        if len(places) > MAX_POINTS:
            raise ValueError(f"the polyline has more than {MAX_POINTS} places at character {at}")
    return places


def _written(difference: int) -> str:
    rest = ~(difference << 1) if difference < 0 else difference << 1
    groups = []
    while rest >= _MORE:
        groups.append(chr((rest & 0x1F | _MORE) + _OFFSET))
        rest >>= 5
    groups.append(chr(rest + _OFFSET))
    return "".join(groups)


def _differences(text: str) -> Iterator[tuple[int, int]]:
    """Yield each number with the place of its first character, from 1."""
    value = shift = 0
    for at, character in enumerate(text, 1):
        group = ord(character) - _OFFSET
        if not 0 <= group < 2 * _MORE or shift > _MAX_BITS:
            raise ValueError(f"not an encoded polyline at character {at}: {character!r}")
        value |= (group & 0x1F) << shift
        shift += 5
        if group < _MORE:
            yield at - shift // 5 + 1, ~(value >> 1) if value & 1 else value >> 1
            value = shift = 0
    if shift:
        raise ValueError(f"the polyline ends within a number, at character {len(text)}")
