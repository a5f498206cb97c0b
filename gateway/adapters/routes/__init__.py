"""Plans, stops, taps, found places and tracking links, in `operations.db`."""
