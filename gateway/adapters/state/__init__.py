"""The live fold's value in `state.db`."""
