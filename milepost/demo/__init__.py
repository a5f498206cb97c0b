"""The demo: broker, gateway and a simulated fleet in one process, the agents and the exchange being the real ones."""
