"""Measurements to findings: pure, one module an area."""
