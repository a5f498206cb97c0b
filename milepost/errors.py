"""The one exception that a subcommand raises for what the user can put right."""


class CommandError(Exception):
    """An expected failure; its text is the one line that the user sees."""
