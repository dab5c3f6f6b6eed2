"""Where the panes of each screen go, as pure functions of the size of the terminal."""
