"""The files that the gateway serves: the console as Vite built it, and the built-in basemap.

A tree is read once at the start: what is not in it cannot be asked for, whatever a path looks like. A file is sent
compressed to whoever takes that; its compressed form is made at the first request and kept (some 400 KB in all).
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

COMPRESSIBLE = ("text/", "application/json", "application/geo+json", "image/svg+xml", "application/manifest+json")
"""Types that gzip makes smaller; pictures and fonts are compressed as they are."""

_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".geojson": "application/geo+json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".pbf": "application/x-protobuf",
}


@dataclass(slots=True)
class StoredFile:
    """One file; `compressed` is its gzip form once it was asked for."""

    path: Path
    media_type: str
    etag: str
    compressed: bytes | None = None

    def plain(self) -> bytes:
        """Return the file's bytes as they are to be understood."""
        body = self.path.read_bytes()
        return gzip.decompress(body) if self.path.suffix == ".gz" else body

    def gzipped(self) -> bytes | None:
        """Return the compressed bytes; None if compressing does not make it smaller."""
        if self.compressed is None and self.media_type.startswith(COMPRESSIBLE):
            packed = self.path.suffix == ".gz"
            self.compressed = self.path.read_bytes() if packed else gzip.compress(self.path.read_bytes(), 6, mtime=0)
        return self.compressed


def read_tree(root: Path) -> dict[str, StoredFile]:
    """Return the files under `root` by their path below it; a file `x.gz` is served as `x`. Empty without `root`."""
    return {
        path.relative_to(root).as_posix().removesuffix(".gz"): _stored(path)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def _stored(path: Path) -> StoredFile:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
    name = path.with_suffix("") if path.suffix == ".gz" else path
    media_type = _TYPES.get(name.suffix) or mimetypes.guess_type(name.name)[0] or "application/octet-stream"
    return StoredFile(path, media_type, f'"{digest}"')
