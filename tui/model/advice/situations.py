"""The situations of a run in which advice is given: a table of situation, cause and cure."""

from collections.abc import Callable
from typing import NamedTuple

from tui.model.advice import conditions, cures, values
from tui.model.advice.cures import Remedy
from tui.model.advice.evidence import Evidence

Values = Callable[[Evidence], dict[str, str]]


class Situation(NamedTuple):
    """A situation: when it is there, what is said of it, and what helps.

    ``cause`` is for wide screens, ``brief`` for narrow ones, ``name`` (at most 20 cells) beside
    the keys of the narrowest. ``remedy`` gives the cure; without one, or if it finds none, only the
    situation is stated. ``help`` says what the cure does.
    """

    code: str
    when: Callable[[Evidence], bool]
    cause: str
    brief: str
    name: str
    remedy: Remedy | None = None
    help: str = ""
    values: Values = lambda e: {}


BACK = "{postmortem} goes back and lowers η"

SITUATIONS = (
    # numbers that grow without limit
    Situation(
        "start overflows",
        conditions.overflows_at_start,
        "not finite: the first weights are so large that ∂C/∂W overflows",
        "the first weights are too large",
        "weights too large",
        cures.another_start,
    ),
    Situation(
        "identical units",
        conditions.all_identical,
        "the units of layer {layer} are all the same, and will never differ",
        "layer {layer}: all units the same",
        "identical units",
        cures.another_start,
        values=values.identical,
    ),
    Situation(
        "penalty explodes",
        conditions.penalty_explodes,
        "η·L2 = {product} is above {limit}: each step makes the weights larger",
        "η·L2 is above {limit}",
        "η·L2 too large",
        cures.examine,
        BACK,
        values.growth,
    ),
    Situation(
        "edit overflows",
        conditions.edit_overflows,
        "{what} is not finite at step {step}, after a parameter was edited",
        "not finite after an edit",
        "not finite",
        cures.take_back,
        "{undo} takes it back",
        values.divergence,
    ),
    Situation(
        "diverged",
        conditions.diverged,
        "{what} is not finite at step {step}: η {rate} is too large",
        "not finite: η is too large",
        "η is too large",
        cures.examine,
        BACK,
        values.divergence,
    ),
    Situation(
        "edit raised C",
        conditions.edit_raised_cost,
        "C rose from {before} to {after} by the edit at step {step}",
        "C rose by the edit at step {step}",
        "C rose by the edit",
        cures.take_back,
        "{undo} takes it back",
        values.edit,
    ),
    Situation(
        "output dead",
        conditions.output_dead,
        "output dead: off on all training examples, every gradient is 0",
        "output dead: no gradient",
        "output dead",
        cures.identity_output,
    ),
    Situation(
        "overshot",
        conditions.overshot,
        "{name} is far above its lowest ({lowest} at step {step}): steps overshot",
        "{name} was lower at step {step}",
        "overshot",
        cures.examine,
        BACK,
        values.low_point,
    ),
    # nothing moves
    Situation(
        "frozen",
        conditions.nothing_learns,
        "every weight and bias is frozen",
        "all is frozen",
        "all is frozen",
    ),
    Situation(
        "η is 0",
        conditions.rate_is_zero,
        "η is 0: the {schedule} schedule ended at step {end}",
        "η is 0: the schedule has ended",
        "η is 0",
        values=values.schedule,
    ),
    Situation(
        "penalty flattens",
        conditions.penalty_flattens,
        "penalty too strong: with {penalty} ŷ is nearly the same for all examples",
        "penalty too strong",
        "penalty too strong",
        cures.restart_without_penalty,
    ),
    # no gradient
    Situation(
        "layer dead",
        conditions.layer_dead,
        "dead: layer {layer}, off on all training examples",
        "dead: all of layer {layer}",
        "dead: layer {layer}",
        cures.another_start,
        values=values.dead_layer,
    ),
    Situation(
        "layer saturated",
        conditions.layer_saturated,
        "saturated: {units}, slope near 0 on nearly every example",
        "saturated: {units}",
        "saturated: {number}",
        cures.another_start,
        values=values.saturated,
    ),
    Situation(
        "output saturated",
        conditions.output_saturated,
        "output saturated: often at the wrong end, slope near 0",
        "output saturated: slope near 0",
        "output saturated",
        cures.another_start,
    ),
    # as low as it gets
    Situation(
        "solved",
        conditions.solved,
        "C is at less than a millionth of its first value",
        "C is nearly 0",
        "C is nearly 0",
    ),
    Situation(
        "penalty raises C",
        conditions.penalty_raises_cost,
        "C was {lowest} at step {step}: {penalty} raises it",
        "{penalty} raises C",
        "penalty raises C",
        cures.weaken_penalty,
        values=values.low_cost,
    ),
    Situation(
        "separated",
        conditions.separated,
        "the classes are separated: C falls towards 0 forever, and weights grow without limit",
        "separated: weights grow without limit",
        "separated",
    ),
    Situation(
        "arrived at least squares",
        conditions.at_least_squares,
        "arrived: {name} is within 0.1 % of {fit}",
        "{name} within 0.1 % of {fit}",
        "arrived",
        values=values.fit,
    ),
    Situation(
        "arrived at the penalised minimum",
        conditions.at_penalised_likelihood,
        "arrived: C + R is within 0.1 % of its minimum",
        "C + R within 0.1 % of its minimum",
        "arrived",
    ),
    Situation(
        "arrived at the GLM",
        conditions.at_maximum_likelihood,
        "arrived: the deviance is within 0.1 % of {model_s}",
        "deviance within 0.1 % of its minimum",
        "arrived",
        values=values.glm,
    ),
    # slow
    Situation(
        "units saturated",
        conditions.units_saturated,
        "saturated: {units}, slope near 0 on nearly every example; C stands still",
        "saturated: {units}",
        "saturated: {number}",
        cures.another_start,
        values=values.saturated,
    ),
    Situation(
        "η too small",
        conditions.rate_too_small,
        "η {rate} is too small: {name} falls by {fall} in 1 000 steps",
        "η is too small",
        "η is too small",
        cures.double,
        values=values.fall,
    ),
    Situation(
        "plateau",
        conditions.plateau,
        "plateau: the gradient is near 0 ({slope}), but C curves downwards",
        "plateau: C curves downwards",
        "plateau",
        cures.double_once,
        "{rate_double} doubles η",
        values.slope,
    ),
    Situation(
        "narrow valley",
        conditions.narrow_valley,
        "a narrow valley: C is {excess} above least squares and falls slowly",
        "C is {excess} above least squares",
        "narrow valley",
        cures.solve,
        "{linear} {solve} solves it",
        values.excess,
    ),
    Situation(
        "small batches",
        conditions.small_batches,
        "C wobbles because batches are small, {batch} of {n} examples",
        "C wobbles: small batches",
        "C wobbles",
        cures.halve,
        "{rate_halve} halves η",
        values.batches,
    ),
    Situation(
        "at rest",
        conditions.at_rest,
        "the gradient is near 0 ({slope}): a minimum, or nearly flat",
        "at rest: the gradient is near 0",
        "at rest",
        values=values.slope,
    ),
    Situation(
        "units dead",
        conditions.some_dead,
        "dead: {units}, off on all training examples",
        "dead: {units}",
        "dead: {number}",
        values=values.dead,
    ),
    Situation(
        "some saturated",
        conditions.some_saturated,
        "saturated: {units}, slope near 0 on nearly every example",
        "saturated: {units}",
        "saturated: {number}",
        cures.lower_start,
        values=values.saturated_hidden,
    ),
)
"""In order of priority: the first that is there is stated."""
