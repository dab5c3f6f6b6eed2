"""The engine's errors: each message says what was wrong, where, and what would do."""


class EngineError(Exception):
    """Any mistake the engine can explain; the message is fit to show to a user."""


class DataError(EngineError):
    """A data set or file that cannot be used as it is."""


class ExperimentError(EngineError):
    """A setting, or a combination of settings, that makes no experiment."""


class ShapeError(EngineError):
    """Arrays whose shapes do not fit the network or each other."""


class NotPiecewiseLinearError(EngineError):
    """Regions or knots were asked of a network with a curved hidden activation."""


class NotAffineError(EngineError):
    """The one affine map was asked of a network with a layer that is not linear."""


class MemoryBoundError(EngineError):
    """What was asked for takes more memory than it may, or than there is."""
