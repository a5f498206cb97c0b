"""Puts a gateway together: opens its stores, builds its stages over them, and lists its tasks in the order to start."""

from gateway.assembly.gateway import assemble
from gateway.assembly.parts import Assembled, Part, Started

__all__ = ["Assembled", "Part", "Started", "assemble"]
