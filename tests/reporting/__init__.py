"""A real drive, and what a policy makes of it."""
