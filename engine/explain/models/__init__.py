"""Explanations of fits, costs, affine maps, regions and their counts."""
