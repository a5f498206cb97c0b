"""A driver's day: which routes, what of them is shown, and what a phone's words and places are worth. Pure."""
