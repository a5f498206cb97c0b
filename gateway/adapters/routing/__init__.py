"""Ways along roads."""
