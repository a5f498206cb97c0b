"""One folder an outside system; adapters satisfy `gateway.ports` and never import each other."""
