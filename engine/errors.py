"""The engine's errors. Each message says what was wrong, where, and what would be right."""


class EngineError(Exception):
    """Base class of the engine's errors; the message can be shown to a user."""


class DataError(EngineError):
    """A data set or a file cannot be used."""


class ExperimentError(EngineError):
    """A setting, or a combination of settings, is invalid."""


class ShapeError(EngineError):
    """The shapes of arrays do not fit the network or each other."""


class NotPiecewiseLinearError(EngineError):
    """A hidden activation is not piecewise linear, so there are no regions or knots."""


class NotAffineError(EngineError):
    """A layer is not linear, so the network is not one affine map."""


class MemoryBoundError(EngineError):
    """A computation needs more memory than is allowed or available."""
