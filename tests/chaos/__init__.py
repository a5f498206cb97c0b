"""Pulling plugs: real processes, killed with SIGKILL at seeded random moments, and a witness of what must survive."""
