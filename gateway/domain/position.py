"""What the folds know of a position: the attributes, not the wire format that carries them."""

from typing import Protocol


class Position(Protocol):
    """One position fix. Unix ms UTC, WGS 84 degrees, metres, m/s, degrees true; None is unknown."""

    @property
    def time(self) -> int: ...  # noqa: D102
    @property
    def lat(self) -> float: ...  # noqa: D102
    @property
    def lon(self) -> float: ...  # noqa: D102
    @property
    def speed(self) -> float | None: ...  # noqa: D102
    @property
    def course(self) -> float | None: ...  # noqa: D102
    @property
    def alt(self) -> float | None: ...  # noqa: D102
    @property
    def accuracy(self) -> float | None: ...  # noqa: D102
    @property
    def hdop(self) -> float | None: ...  # noqa: D102
    @property
    def sats(self) -> int | None: ...  # noqa: D102
    @property
    def fix(self) -> str | None: ...  # noqa: D102
    @property
    def time_source(self) -> str | None: ...  # noqa: D102
    @property
    def ignition(self) -> bool | None: ...  # noqa: D102
    @property
    def supply_volts(self) -> float | None: ...  # noqa: D102
    @property
    def odometer_m(self) -> float | None: ...  # noqa: D102
    @property
    def battery_percent(self) -> float | None: ...  # noqa: D102
