"""Facts about the generalised linear model beside the network."""
