"""Places of addresses."""
