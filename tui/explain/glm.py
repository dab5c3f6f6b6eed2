"""The numbers of screen GLM: the fitted model, the deviances, and how the stack bends z."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from typing import TYPE_CHECKING

from engine import EngineError
from engine.network.losses import loss_named
from engine.notation import Name
from engine.wording import plural
from tui.explain.explainable import ListedNumber
from tui.explain.linear import NO_FIT
from tui.model.frame import Frame
from tui.model.glm.distribution import distribution_at_cursor
from tui.model.glm.linear_in import linear_in_what

if TYPE_CHECKING:
    from engine.explain import Explanation


def glm_coefficients(frame: Frame, index: int) -> ListedNumber:
    """The coefficients of the generalised linear model."""
    from engine.explain.models.coefficients import explain_glm_coefficient

    facts, numbers = frame.glm, (frame.data.train + 1).tolist()
    if facts is None or facts.fit is None:
        raise EngineError(facts.note if facts else NO_FIT)
    fit = facts.fit
    return ListedNumber(
        lambda i: explain_glm_coefficient(fit, i, numbers), len(fit.names), index, "the model's fit"
    )


def model_mean(frame: Frame, example: int | None = None) -> ListedNumber:
    """The model's μ at the cursor, or for an example, a row of the data."""
    from engine.explain.models.scalars import explain_mean

    facts = frame.glm
    if facts is None or facts.fit is None:
        raise EngineError(facts.note if facts else NO_FIT)
    beta, output = facts.fit.coefficients, facts.choice.output
    if example is None:
        inputs, where = frame.data.inputs(frame.view.inputs(frame.cursor[None]))[0], "the cursor"
    else:
        inputs, where = frame.data.X[example], f"example {example + 1}"
    x = inputs[list(facts.model.columns)]
    return ListedNumber(lambda _: explain_mean(beta, x, output), owner=f"the model, at {where}")


def distribution_numbers(frame: Frame) -> ListedNumber:
    """The model's μ at the cursor, the standard deviation of y there, and how likely y of the
    nearest example is."""
    from engine.explain.models.distributions import explain_density, explain_spread

    mean = model_mean(frame)
    assert frame.glm is not None
    found = distribution_at_cursor(frame, frame.glm)
    if found is None or not found.exists:
        return mean
    parameters = found.mu, found.dispersion, found.trials

    def make(index: int) -> Explanation:
        assert found is not None
        if index == 0:
            return mean.make(0)
        if index == 1:
            return explain_spread(found.family, *parameters)
        return explain_density(found.family, found.observed, *parameters)

    return ListedNumber(make, 2 + found.has_probability, owner=mean.owner)


def deviances(frame: Frame) -> ListedNumber:
    """The network's deviance, by how much it exceeds the model's, and the model's."""
    from engine.explain import Symbol
    from engine.explain.models.scalars import explain_deviance, explain_difference, explain_in_words

    facts = frame.glm
    if facts is None or facts.fit is None:
        raise EngineError(facts.note if facts else NO_FIT)
    fit, n = facts.fit, len(facts.model.y)
    squares = loss_named(str(frame.experiment.loss)).squares
    saturated = None if squares == 1.0 else facts.model.saturated
    of_model = Symbol(Name("D_GLM"), float(fit.deviance))
    of_network = facts.deviance
    if frame.divergence or (of_network is not None and isnan(of_network)):
        of_network = None

    def make(index: int) -> Explanation:
        if index == 0 and of_network is not None:
            return explain_deviance(frame.cost, n, saturated)
        if index == 1 and of_network is not None:
            about = "How far the network is from the best that this model can do."
            if facts.is_model and facts.at_fit:
                about += " It is this model, at its fit: the rest is below 1e−8 of the deviance."
            symbol = Symbol(Name("D"), float(of_network))
            return explain_difference(Name("excess"), symbol, of_model, about)
        iterations = plural(fit.iterations, "iteration")
        about = f"The lowest deviance of this model, found by {iterations} of IRLS."
        if not fit.converged:
            about = f"Where IRLS stopped after {iterations}: {fit.note}."
        return explain_in_words(Name("D_GLM"), of_model.value, about, "fit.deviance")

    return ListedNumber(make, 1 if of_network is None else 3, owner="training data")


def second_differences(frame: Frame) -> ListedNumber | None:
    """The second differences of z along each direction, then by the pair of weights where it is
    largest, from which it begins, and its table."""
    from engine.explain.models.scalars import explain_bend
    from engine.explain.models.weight_pairs import (
        explain_mixed_derivative,
        explain_pair_table,
    )

    if frame.glm is None:
        return None
    stack, network = frame.glm.stack, frame.network
    inputs, count = frame.glm.model.inputs[: stack.rows], len(stack.bends)
    numbers = (frame.data.train[: stack.rows] + 1).tolist()
    x = frame.data.x_scale.apply(frame.data.X[frame.example])
    pair = stack.largest
    if not count and pair is None:
        raise EngineError(stack.note)

    def make(index: int) -> Explanation:
        if index < count:
            return explain_bend(network, inputs, stack.bends[index].layers, numbers)
        assert pair is not None
        explain = explain_mixed_derivative if index == count else explain_pair_table
        return explain(network, x, pair.found, frame.example + 1)

    def follow(name: Name) -> Callable[[], Explanation] | None:
        from engine.explain.models.weight_pairs import PairOperands

        return PairOperands(network, x, pair.found)(name) if pair else None

    total, start = (count + 2, count) if pair else (count, 0)
    return ListedNumber(make, total, start, owner="the stack", follow=follow)


def linear_in_numbers(frame: Frame) -> ListedNumber:
    """How far z is from linear in x and in the weights, for each row of the table; the last row,
    of the present network, is the first to be explained."""
    from engine.explain.models.scalars import explain_bend, explain_in_words

    measured = linear_in_what(frame)

    def make(index: int) -> Explanation:
        row = measured[index // 2]
        if index % 2:
            layers, numbers = range(1, len(row.network.weights) + 1), (row.rows + 1).tolist()
            return explain_bend(row.network, row.inputs, layers, numbers)
        about = (
            f"The largest |z − fit| of {row.name} over "
            f"{plural(len(row.rows), 'training example')}: "
            "fit is the affine map of x that fits z best, by least squares."
        )
        if not row.tells_x:
            about += " An affine map fits so few different examples whatever z is."
        code = "engine.linear_in(network, X, x).in_x.size"
        return explain_in_words(Name("max|z − fit|"), row.linear.in_x.size, about, code)

    return ListedNumber(make, 2 * len(measured), 2 * len(measured) - 2, owner="linear in what?")
