"""How letters are sent: signatures, when to try again, and when to stop. Pure."""
