"""What customers are told without asking: which message, when not, and its words. Pure."""
