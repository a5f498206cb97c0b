"""The subcommands. Each module has `register(app)`, so that only the one that is called is imported."""
