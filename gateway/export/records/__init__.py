"""The record of a day as documents. Pure: a function of the computed day and of what is known of its stops."""
