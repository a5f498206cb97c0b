"""Bytes of a receiver to fixes: framing, sentences, epochs. Pure."""
