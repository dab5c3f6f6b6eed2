"""nn-explore fit."""
