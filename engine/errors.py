"""The engine's errors: each message says what was wrong, where, and how to correct it."""


class EngineError(Exception):
    """The base class of the engine's errors. Its message can be shown to a user as it is.

    Example:
        >>> import engine
        >>> try:
        ...     engine.load_dataset("circle", noise=60.0, data_seed=0, split_seed=0)
        ... except engine.EngineError as error:
        ...     print(error)
        noise 60.0 is out of range; it is a percentage from 0 to 50
    """


class DataError(EngineError):
    """A data set or file that cannot be used.

    Example:
        >>> import engine
        >>> engine.ungrouped([1.0], [2], [1])
        Traceback (most recent call last):
        engine.errors.DataError: ungrouped takes whole numbers of successes, from 0 to the trials
    """


class ExperimentError(EngineError):
    """A setting that is out of range, or settings that do not fit together.

    Example:
        >>> import engine
        >>> engine.Experiment(hidden=(3,), activation=("relu", "tanh"))
        Traceback (most recent call last):
        engine.errors.ExperimentError: activation lists 2 names for 1 hidden layers
    """


class ShapeError(EngineError):
    """Arrays whose shapes do not fit the network or each other.

    Example:
        >>> import engine
        >>> engine.ungrouped([1.0], [2, 3], [4])
        Traceback (most recent call last):
        engine.errors.ShapeError: ungrouped takes X (n, d), y (n,) and trials (n,); \
it got (1, 1), (2,) and (1,)
    """


class NotPiecewiseLinearError(EngineError):
    """Regions or knots of a network with a curved hidden activation, which has none.

    Example:
        >>> import engine
        >>> try:
        ...     engine.knots(engine.Network([1, 2, 1], activation="tanh"))
        ... except engine.NotPiecewiseLinearError:
        ...     print("tanh is not piecewise linear")
        tanh is not piecewise linear
    """


class NotAffineError(EngineError):
    """The affine map of a network with a layer that is not linear, which has none.

    Example:
        >>> import engine
        >>> try:
        ...     engine.collapse(engine.Network([1, 2, 1], activation="relu"))
        ... except engine.NotAffineError:
        ...     print("relu is not linear")
        relu is not linear
    """


class MemoryBoundError(EngineError):
    """A result that takes more memory than the limit, or than there is."""
