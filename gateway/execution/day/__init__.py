"""The record of the day: the same fold as live, over all stored inputs in their one order.

`compute.compute` makes it of `inputs.DayInputs` and stored positions. Whatever came late, twice or in another order
gives the same record; nothing here reads a clock.
"""
