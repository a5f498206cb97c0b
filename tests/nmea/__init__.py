"""Sentences to feed, and the recorded receivers with what gpsd makes of them."""
