"""Values and pure functions of the field. Standard library only; no file, socket or clock."""
