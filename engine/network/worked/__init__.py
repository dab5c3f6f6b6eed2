"""Calculations in single steps: the chain rule, ∇C, the collapse of linear layers; usual slips."""
