"""Tracks as documents: the formats are pure, the work is done in another process."""
