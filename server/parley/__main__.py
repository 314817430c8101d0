"""Run the command line with ``python -m parley``."""

from parley.cli import main

main()
