"""The multinomial logit model: several classes, a one-layer network with softmax."""
