"""`python -m diplolocal` is the same as `diplolocal`."""

from diplolocal.cli import main

main()
