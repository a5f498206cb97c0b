"""What becomes of a route on the road: pure folds from fixes, taps and versions of the plan to states and events."""
