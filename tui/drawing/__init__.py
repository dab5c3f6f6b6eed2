"""Drawing on a grid of characters: canvas, colours, numbers, tables, plots."""
