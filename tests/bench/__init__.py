"""The benchmarks behind `docs/benchmarks.md`: `make bench` runs them all on servers of their own."""
