"""Facts about the closed form beside the network."""
