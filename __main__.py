"""Run the command line: `python -m x12_payer`."""

from x12_payer.cli import main

main()
