"""The day's routes as a file for the import, as any planner's program would write it."""

from datetime import date

import msgspec

from device.simulator.streets import Point, Streets
from gateway.domain.polyline import encode
from gateway.domain.route import Place
from milepost.demo.day import DayRoute, Delivery

ZONE = "Europe/Helsinki"
PROOFS = {3: "photo", 4: "signature"}
"""What the driver has to bring, by the number of parcels: of the largest deliveries a signature."""


def routes_file(streets: Streets, day: date, routes: list[DayRoute]) -> bytes:
    """Return the JSON of docs/routes.md."""
    return msgspec.json.encode({"routes": [_route(streets, day, route) for route in routes]})


def route_name(day: date, route: DayRoute) -> str:
    """Return a route's id: of a kept folder's next day there are others."""
    return f"{day:%m%d}-{route.number:02d}"


def clock_text(second: float) -> str:
    """Return a second of the local day as HH:MM:SS."""
    whole = round(second)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _route(streets: Streets, day: date, route: DayRoute) -> dict[str, object]:
    plane = streets.plane
    depot_lat, depot_lon = plane.degrees(route.line[0])
    return {
        "route": route_name(day, route),
        "date": day.isoformat(),
        "zone": ZONE,
        "vehicle": route.vehicle,
        "driver": route.driver,
        "start": clock_text(route.start_s),
        "depot_lat": round(depot_lat, 6),
        "depot_lon": round(depot_lon, 6),
        "ends": "depot",
        "geometry": encode([_place(streets, point) for point in route.line]),
        "stops": [_stop(delivery) for delivery in route.deliveries],
    }


def _place(streets: Streets, point: Point) -> Place:
    return Place(*streets.plane.degrees(point))


def _stop(delivery: Delivery) -> dict[str, object]:
    window = delivery.window
    promised = {"window_start": clock_text(window.start_s), "window_end": clock_text(window.end_s)} if window else {}
    proof = {"proof": PROOFS[delivery.parcels]} if delivery.parcels in PROOFS else {}
    return (
        promised
        | proof
        | {
            "stop": delivery.name,
            "order": delivery.order,
            "lat": delivery.door.lat,
            "lon": delivery.door.lon,
            "address": f"{delivery.door.address}, Helsinki",
            "recipient": delivery.recipient.name,
            "phone": delivery.recipient.phone,
            "parcels": delivery.parcels,
            "notify": True,
            "service_s": round(delivery.service_s),
            "arrival": clock_text(delivery.arrival_s),
            "drive_s": round(delivery.leg.s, 1),
            "drive_m": round(delivery.leg.m, 1),
        }
    )
