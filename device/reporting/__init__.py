"""Which fixes are worth sending. Pure."""
