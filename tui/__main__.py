"""python -m tui is nn-explore."""

from tui.cli.main import main

main()
