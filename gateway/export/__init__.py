"""Tracks and records of the day as documents: the formats are pure, the work is done in another process."""
