"""Pure decisions of the intake: which dialect a message speaks, what is admitted, where a batch stands in its spool."""
