"""Maps of ŷ over two inputs and its curve over one: their place, lines, marks, legend, read-out."""
