"""The way to the gateway over MQTT: the connection, and the delivery that the exchange decides on."""
