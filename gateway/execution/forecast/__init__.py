"""When the vehicle will be at each remaining stop: learned on the road, made when somebody looks.

`learning.take` learns from each fix; `arrivals.arrivals` and `arrivals.end` make the estimates. This package imports
nothing here, so that the state of a route may hold the state of its forecast.
"""
