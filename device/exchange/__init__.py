"""The sender half of the exchange with the gateway as a state machine. Pure."""
