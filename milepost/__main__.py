"""`python -m milepost`."""

from milepost.main import main

main()
