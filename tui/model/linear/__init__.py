"""The closed form that is compared with the network."""
