"""Tracks as documents, piece by piece: a head, one piece a page, a tail. Pure."""
