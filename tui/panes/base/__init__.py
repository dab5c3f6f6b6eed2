"""What panes of several screens share."""
