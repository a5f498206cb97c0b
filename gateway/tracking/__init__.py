"""The live state of the vehicles: pure folds over the journal's records. `now` comes from the records alone."""
