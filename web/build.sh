#!/bin/sh
# Builds every page into its folder of the gateway's package; arguments go to Vite.
set -e
cd "$(dirname "$0")"
for page in console driver customer; do
  PAGE=$page npx --no-install vite build "$@"
done
