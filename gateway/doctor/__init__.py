"""`milepost doctor`: measures an installation from outside and says what is wrong, what it means and what to do.

`probes` measure and never judge; `judgement` judges and never measures; `examination` puts them together.
"""
