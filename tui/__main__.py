"""python -m tui is nn-explore."""

from tui.cli import main

main()
