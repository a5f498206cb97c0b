"""How good the forecasts are: past days replayed as they were received, against what then happened and other methods.

Pure: files are read and printed by the command.
"""
