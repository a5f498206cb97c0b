"""The contract that the vehicle and the gateway both import: names, topics, messages and their encoding.

Pure values: nothing in here knows a socket, a file or a clock.
"""
