"""The script of the customers' page, as Vite built it."""

import re
from collections.abc import Mapping

from gateway.http.files import StoredFile

INDEX = "index.html"
_SCRIPT = re.compile(r'<script type="module"[^>]* src="(/customer/assets/[A-Za-z0-9_.-]+\.js)"')


def scripts_of(page: Mapping[str, StoredFile]) -> tuple[str, ...]:
    """Return the addresses of the scripts that the built page begins with; none if it is not built."""
    index = page.get(INDEX)
    return () if index is None else tuple(_SCRIPT.findall(index.plain().decode()))
