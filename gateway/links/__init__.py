"""Tracking links: what a customer holds in hand, and all that it shows. Pure."""
