"""The `milepost` command: one module a subcommand in `milepost/commands`."""
