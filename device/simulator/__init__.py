"""Vans that drive on real streets and say so in NMEA: a model (pure, seeded) and a thin source around it.

Everything but `source`, `radio` and `fleet` is a function of the seed and the time, so one seed always drives the
same day.
"""
