"""The panes: each a widget that draws a Frame and knows nothing of its neighbours."""
