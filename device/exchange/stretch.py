"""One numbering of the spool file as the sender sees it."""

from typing import NamedTuple


class Stretch(NamedTuple):
    """The positions under one spool id. A file holds several: one written now, older ones that are still kept.

    `last` is the last number ever given out, `at_start` what it was when this life of the agent began (0 for a spool
    that this life began); `acknowledged` and `told` are the watermark that the file remembers and the highest it ever
    was. Only the newest stretch is open: rows are appended to it, or to a newer one.
    """

    spool: str
    last: int
    at_start: int
    acknowledged: int
    told: int
    is_open: bool
