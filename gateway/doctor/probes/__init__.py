"""Measures and never judges; each probe is bounded in time and leaves things as they were."""
