"""Pure folds over the journal's records: where each vehicle is and what it does."""
