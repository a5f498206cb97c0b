"""Routes as they come in: files read, faults named, stops placed, plans made and changed. Pure."""
