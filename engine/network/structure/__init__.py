"""What of a network is given before its weights: skip connections, convolutions, first weights."""
