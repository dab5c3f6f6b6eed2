"""Facts: what is to be said of a run at one moment, as numbers and names."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, overload

import numpy as np

from engine import Network
from engine.arrays import Array
from engine.network.collapse import not_affine
from engine.network.parameters import parameter_name
from engine.network.unit_states import Units
from tui.drawing.glyphs import UNICODE
from tui.explain.region_texts import reason_text
from tui.model.frame import Frame, evidence_of
from tui.model.glm.facts import GlmFacts
from tui.model.premises import is_finite
from tui.model.regions.source import upper_bound
from tui.model.target_scale import class_names, scores_of


@dataclass(frozen=True)
class Named:
    """A number with its name, ``w⁽²⁾₁₃``."""

    name: str
    value: float


@dataclass(frozen=True)
class Score:
    """Accuracy or R² on some examples, NaN where it cannot be said; ``right`` of ``examples`` are
    on the right side, None for R²."""

    value: float
    examples: int
    right: int | None


@dataclass(frozen=True)
class Model:
    """The generalised linear model that screen GLM compares the network with.

    ``is_network``: whether the network is this model, None if that cannot be said; ``differences``
    are those of the network. ``other_model`` names what it is then, "" without a name. A deviance
    is None where there is none: several outputs, another loss, no fit.
    """

    family: str
    link: str
    is_network: bool | None
    differences: tuple[str, ...]
    other_model: str
    deviance: float | None
    fit_deviance: float | None


@dataclass(frozen=True)
class Facts:
    """The facts. Costs are in the data's own units; NaN or None: not known, or there is none.

    ``gradient_rows``: of how many examples the largest gradient is the mean. ``dead`` and
    ``saturated`` are names of units; None if the run has diverged. ``collapses``: whether z⁽ᴸ⁾ is
    one affine map of the inputs, and ``bends`` names the first layer that is not linear.
    ``regions_of_step`` is the step that the counts are of, ``regions_reason`` why there are none.
    """

    data: str
    task: str
    inputs: tuple[str, ...]
    target: str
    classes: tuple[str, ...]
    train_examples: int
    test_examples: int
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    output: str
    parameters: int
    loss: str
    optimizer: str
    learning_rate: float
    batch_size: int
    l1: float
    l2: float
    step: int
    latest_step: int
    epoch: int
    diverged: str | None
    cost: float
    penalty: float | None
    test_cost: float | None
    least_squares_cost: float | None
    score: str
    train_score: Score
    test_score: Score | None
    largest_weight: Named | None
    largest_gradient: Named | None
    gradient_rows: int
    gradient_check: float
    gradient_check_passed: bool | None
    dead: tuple[str, ...] | None
    saturated: tuple[str, ...] | None
    activation_regions: int | None
    linear_regions: int | None
    knots: int | None
    regions_of_step: int
    regions_reason: str
    region_bound: int | None
    collapses: bool | None
    bends: str
    model: Model
    advice: str


def facts_of(frame: Frame) -> Facts:
    """The facts of a frame."""
    from tui.model.glm.compute_facts import glm_facts  # imports the statistics

    data, network, experiment = frame.data, frame.network, frame.experiment
    sound = frame.is_sound and is_finite(network)
    scores, evidence, regions = scores_of(frame), evidence_of(frame), frame.regions
    glm = frame.glm or glm_facts(frame)
    bound = upper_bound(frame.bounds)
    check = frame.check if sound else None
    with np.errstate(all="ignore"):
        dead, saturated = evidence.dead, evidence.saturated
    return Facts(
        data=data.name,
        task=data.task,
        inputs=data.feature_names,
        target=data.target,
        classes=() if data.task == "regression" else class_names(frame),
        train_examples=len(data.train),
        test_examples=len(data.test),
        sizes=network.sizes,
        activations=network.activations,
        output=network.output,
        parameters=network.parameter_count,
        loss=str(experiment.loss),
        optimizer=experiment.optimizer,
        learning_rate=experiment.learning_rate,
        batch_size=min(experiment.batch_size, len(data.train)),
        l1=experiment.l1,
        l2=experiment.l2,
        step=frame.step,
        latest_step=frame.latest_step,
        epoch=frame.epoch,
        diverged=None if frame.divergence is None else str(frame.divergence),
        cost=frame.cost,
        penalty=frame.penalty,
        test_cost=frame.test_cost,
        least_squares_cost=frame.baseline[1] if frame.baseline else None,
        score=scores.name,
        train_score=_score(scores.train, scores.confusion, len(data.train)),
        test_score=_score(scores.test, scores.test_confusion, len(data.test)),
        largest_weight=_largest(network, network.parameters, ""),
        largest_gradient=_largest(network, frame.batch.gradient, "∂C/∂"),
        gradient_rows=len(frame.batch_rows),
        gradient_check=check.error if check and check.checked else np.nan,
        gradient_check_passed=check.passed if check and check.checked else None,
        dead=_names(dead) if sound else None,
        saturated=_names(saturated) if sound else None,
        activation_regions=_activation_regions(frame),
        linear_regions=_linear_regions(frame),
        knots=None if regions.knots is None else len(regions.knots.x),
        regions_of_step=regions.step,
        regions_reason="" if regions.has_pieces else reason_text(regions.reason),
        region_bound=bound.value if bound else None,
        collapses=_collapses(network, glm) if sound else None,
        bends=not_affine(network),
        model=_model(glm),
        advice=frame.advice.code if frame.advice else "",
    )


def numbers(facts: Facts) -> dict[str, Any]:
    """The facts by name, as JSON can hold them: null where a number is not known, "inf" for one
    that is infinite."""
    return {name: _plain(value) for name, value in asdict(facts).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None if np.isnan(value) else str(float(value))
    return value.item() if isinstance(value, np.generic) else value


@overload
def _score(value: float, confusion: Any, examples: int) -> Score: ...
@overload
def _score(value: float | None, confusion: Any, examples: int) -> Score | None: ...
def _score(value: float | None, confusion: Any, examples: int) -> Score | None:
    if value is None:
        return None
    known = confusion is not None and np.isfinite(value)
    return Score(float(value), examples, int(np.trace(confusion)) if known else None)


def _largest(network: Network, values: Array, prefix: str) -> Named | None:
    """The largest of these values (P,) by size; None if one of them is not finite."""
    if not np.isfinite(values).all():
        return None
    at = int(np.abs(values).argmax())
    return Named(f"{prefix}{parameter_name(network, at)}", float(values[at]))


def _names(units: Units) -> tuple[str, ...]:
    return tuple(UNICODE.unit("a", layer, unit + 1) for layer, unit in units)


def _activation_regions(frame: Frame) -> int | None:
    regions = frame.regions
    if regions.map is not None:
        return int(regions.map.activation_count)
    return regions.count if regions.knots is None else int(regions.knots.activation_count)


def _linear_regions(frame: Frame) -> int | None:
    regions = frame.regions
    if regions.map is not None:
        return int(regions.map.linear_count)
    return None if regions.knots is None else len(regions.knots.x) + 1


def _collapses(network: Network, glm: GlmFacts) -> bool | None:
    """By the activations, and measured on the training data; None if the measurement says no."""
    if not_affine(network):
        return False
    return True if glm.z_is_affine else None


def _model(glm: GlmFacts) -> Model:
    return Model(
        glm.choice.family,
        glm.choice.link,
        glm.is_model,
        glm.differences,
        glm.other_model,
        glm.deviance,
        None if glm.fit is None else glm.fit.deviance,
    )
