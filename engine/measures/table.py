"""All measures by name, and measuring one."""

from collections.abc import Mapping

from engine.errors import EngineError
from engine.measures.costs import COSTS
from engine.measures.course import COURSE
from engine.measures.curves import CURVES
from engine.measures.gradients import GRADIENTS
from engine.measures.linearity import LINEARITY
from engine.measures.measure import Measures
from engine.measures.moment import Moment
from engine.measures.pieces import PIECES

MEASURES: Measures = COSTS | GRADIENTS | LINEARITY | PIECES | CURVES | COURSE
"""All measures by name."""


def measured(moment: Moment, name: str, arguments: Mapping[str, str | int] | None = None) -> float:
    """The value of a measure at a moment of a run.

    Arguments:
        moment: of the run; ``Moment.of`` makes it.
        name: in ``MEASURES``.
        arguments: what the measure must be told, by name.

    Raises:
        EngineError: there is no such measure, an argument is missing or wrong, or it cannot be
            measured on this run, as on most that have diverged.

    Example:
        >>> import engine
        >>> from engine.measures.moment import Moment
        >>> from engine.measures.table import measured
        >>> trainer = engine.Trainer(engine.Experiment(dataset="line", hidden=()))
        >>> measured(Moment.of(trainer), "weights_bend")
        0.0
    """
    if name not in MEASURES:
        raise EngineError(f"no measure {name!r}; there are: {', '.join(MEASURES)}")
    measure, given = MEASURES[name], dict(arguments or {})
    if missing := [argument for argument in measure.needs if argument not in given]:
        raise EngineError(f"the measure {name} needs {', '.join(missing)}")
    for argument in measure.arguments:
        if argument.name in given:
            argument.check(given[argument.name])
    if moment.divergence and not measure.of_any:
        raise EngineError(f"{moment.divergence}: nothing can be measured; go back first")
    return measure.of(moment, **given)
