"""What a new vehicle needs to be let in: texts for its agent and for the broker, made without touching either."""
