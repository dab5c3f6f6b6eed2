"""Pictures beside the equation of a micro-step: curves with a point, bars, moves of weights."""
