"""The long-lived tasks between the ports: each takes from one port and gives to another."""
