# ruff: noqa: INP001 - a folder of scripts, not a package
"""Makes the demo city's files from an OpenStreetMap extract: `python maps/build.py EXTRACT.osm.pbf`.

Writes the simulator's streets to device/simulator/data/ and the basemap's layers to gateway/http/basemap/; the same
extract gives the same bytes.
"""

import gzip
import json
import sys
from pathlib import Path

import layers
import osm
import street_graph
import style

ROOT = Path(__file__).resolve().parent.parent
STREETS = ROOT / "device/simulator/data/streets.json.gz"
BASEMAP = ROOT / "gateway/http/basemap"


def main(extract_path: str) -> None:
    """Build everything from the extract and say what became of it."""
    extract = osm.read(Path(extract_path))
    edges = street_graph.build(extract)
    _write(STREETS, street_graph.encode(edges), f"{len(edges)} street edges")
    for name, features in layers.build(extract).items():
        collection = {"type": "FeatureCollection", "features": features}
        _write(BASEMAP / f"{name}.geojson.gz", collection, f"{len(features)} features")
    text = json.dumps(style.build(extract), ensure_ascii=False, indent=1)
    (BASEMAP / "style.json").write_text(text + "\n", encoding="utf-8")


def _write(path: Path, content: object, what: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    sys.stdout.write(f"{path.relative_to(ROOT)}: {what}, {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
