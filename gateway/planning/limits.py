"""How much of a route is taken: longer texts and larger numbers are mistakes in a file, and are said to be."""

ORDER = 100
"""Characters of an order reference; the longest carriers' numbers have 35."""

ADDRESS = 300
RECIPIENT = 120
DRIVER = 120
NOTES = 1_000

PHONE = 40
"""15 digits (E.164), with room for how people write them."""

EMAIL = 254
"""RFC 5321."""

PARCELS = 10_000

SERVICE_S = 4 * 3_600
"""Of one stop: beyond, it is minutes or milliseconds by mistake."""

DRIVE_S = 24 * 3_600
DRIVE_M = 2_000_000

DEFAULT_SERVICE_S = 120
"""A parcel at the door of a house: two minutes from handbrake to handbrake."""

DEFAULT_START = "08:00"

MAX_FROM_DEPOT_M = 300_000
"""No van serves what is further from its depot; a wrong sign or swapped coordinates are thousands of km off."""

MAX_LINE_POINTS = 50_000
"""Of a geometry: 500 km with a point every 10 m."""

MAX_OFF_LINE_M = 1_000
"""A stop that is further from the given geometry does not belong to it; yards and pedestrian zones are nearer."""
