"""The native MQTT protocol as an AsyncAPI 3.0 document and as a table, both made from the code that speaks it."""
