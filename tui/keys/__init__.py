"""The table of keys by theme, a module each; ``tui.actions`` puts it together."""
