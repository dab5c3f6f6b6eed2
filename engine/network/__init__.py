"""Networks: layers, the forward and backward pass, and what is measured of one network."""
