"""Facts about linear regions and knots."""
