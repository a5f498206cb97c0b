"""Where NMEA bytes come from: serial port, TCP, UDP, a recorded file, or any object that satisfies `Source`."""
