"""Networks: layers, the forward and backward pass, and properties of a single network."""
