"""The exchange of batches and watermarks, as pure decisions (docs/decisions/0002)."""
