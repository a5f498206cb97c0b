"""Events as integrators receive them: names, data, schemas, and who gets which. Pure."""
