"""What drivers and customers bring: links, proofs, instructions, opt-outs; in `operations.db` and files beside it."""
