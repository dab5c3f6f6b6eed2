"""The generalised linear model that is compared with the network."""
