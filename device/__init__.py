"""The agent that runs in the vehicle: bytes of a receiver in, acknowledged positions out."""
