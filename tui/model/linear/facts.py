"""LinearFacts: the data of the Linear screen, which compares the network with the closed form."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from engine import (
    AffineMap,
    CollapseStep,
    Diagnosis,
    EngineError,
    ModelDiagnosis,
    Network,
    OlsFit,
    Trainer,
    collapse,
    collapse_steps,
    diagnose_model,
    fit_last_layer,
    ols,
)
from engine.arrays import Array, length
from engine.least_squares.polynomial_path import PolynomialCost
from engine.network.collapse import all_identity, not_affine
from engine.network.losses import loss_named
from tui.model.linear.closed_form import ClosedForm, equivalent_coefficients, targets_in_data_units
from tui.model.linear.coverage import CoverageFacts
from tui.model.premises import finite, is_finite

NO_STEPS = np.zeros(0)
ROUNDING = 1e-12  # smaller differences, relative to the terms, come from the order of additions

MAX_WIDTH, MAX_ENTRIES = 32, 16_000  # of a hidden layer on which least squares takes 3 ms at most


@dataclass(frozen=True, eq=False)
class Rates:
    """Plain full-batch descent on one layer, along each eigenvector of H = (2/n)X̃ᵀX̃.

    In the network's units, X̃ with a column of ones if there is a bias. Each step multiplies the
    distance to OLS by ``factors``; above ``largest_rate`` = 2/λ_max one of them exceeds 1.
    """

    eigenvalues: Array  # (rank,) λ > 0, the largest first
    factors: Array  # (rank,) |1 − ηλ|
    learning_rate: float  # η
    largest_rate: float


@dataclass(frozen=True, eq=False)
class LinearFacts:
    """OLS and the network on the n training examples, in the data's own units unless stated.

    Values of the network are None or NaN if its numbers are not finite; comparisons with the fit
    are None or NaN without a fit, as with several outputs. ``matrices`` are the network's, and
    ``product`` is the affine map W_z x + b_z that they give if every activation is the identity,
    both in the network's units.
    """

    fit: OlsFit | None
    note: str  # why there is no fit, or a remark on it
    diagnosis: Diagnosis | None
    degree: int  # of the polynomial; 1 is the plain fit
    of_network: bool  # whether the diagnostic plots show the network's residuals

    network: Array | None  # (p,) its coefficients on the terms of the fit, 0 on dropped ones
    exact: bool  # whether ŷ is affine, so that ``network`` is no approximation
    why: str  # z⁽ᴸ⁾ is not affine: names the first hidden layer that is not linear
    network_fitted: Array | None  # (n,) ŷ
    network_residuals: Array | None  # (n,) y − ŷ
    solution: AffineMap  # of least squares, in the network's units
    distance: float  # ‖β_net − β̂‖ of the affine maps, intercept included, in the network's units
    distances: tuple[Array, Array] = field(default=(NO_STEPS, NO_STEPS))  # steps, values (m,)

    matrices: tuple[tuple[Array, Array], ...] = ()  # W⁽ˡ⁾ (n_l, n_{l−1}) and b⁽ˡ⁾ (n_l,)
    product: AffineMap | None = None  # W_z (k, d) and b_z (k,)
    steps: tuple[CollapseStep, ...] = ()  # of the collapse of these matrices, if it is finite
    affine: AffineMap | None = None  # the network, or the nearest to it, in the network's units
    freedom: int = 0  # n less the rank of the design: at 0 every ŷ is an affine map of the inputs
    affine_error: float = np.nan  # largest |z⁽ᴸ⁾ − (W_z x + b_z)|
    rounding: float = np.nan  # an error of this size is no more than rounding
    relu_error: float = np.nan  # with relu instead: largest |ŷ − its best affine fit|
    last_layer_cost: float = np.nan  # C of OLS on its last hidden layer, if a layer bends

    coverage: CoverageFacts | None = None  # of OLS's intervals, while that is shown
    path: tuple[PolynomialCost, ...] = ()  # of degree 1, 2, …; nothing beside a line
    classes: bool = False  # whether the targets are the indicators of several classes
    rates: Rates | None = None
    rates_note: str = ""  # why there are none: for which descent they are known
    rates_obstacle: str = ""  # the same in two or three words: what stands against it

    @cached_property
    def network_diagnosis(self) -> ModelDiagnosis | None:
        """What can be asked of the network's residuals; None without any."""
        if self.diagnosis is None or self.network_fitted is None:
            return None
        ordered = self.diagnosis.rows_have_order
        return diagnose_model(self.diagnosis.fit, self.network_fitted, rows_have_order=ordered)

    @property
    def has_distance(self) -> bool:
        """Whether β̂ is known on this screen: of several outputs only where they are numbers."""
        return self.fit is not None or not self.classes

    @property
    def equals_product(self) -> bool | None:
        """Whether z⁽ᴸ⁾ = W_z x + b_z as far as measured; None if it cannot be measured."""
        if np.isnan(self.affine_error + self.rounding):
            return None
        return self.affine_error <= self.rounding

    @property
    def collapses(self) -> bool | None:
        """Whether z⁽ᴸ⁾ is the one affine map W_z x + b_z: by the activations, and measured. None
        where these disagree, or nothing can be measured."""
        is_affine = not self.why
        return is_affine if is_affine == self.equals_product else None


def linear_facts(
    trainer: Trainer,
    network: Network,
    closed: ClosedForm,
    distances: tuple[Array, Array],
    of_network: bool,
) -> LinearFacts:
    """The facts of this moment; ``network`` is a snapshot of the trainer's."""
    rates, rates_note, rates_obstacle = _rates(trainer, network, closed)
    why = not_affine(network)
    facts = LinearFacts(
        fit=closed.fit,
        note=closed.note,
        diagnosis=closed.diagnosis,
        degree=closed.degree,
        of_network=of_network,
        network=None,
        exact=not not_affine(network, of_z=False),
        why=why,
        network_fitted=None,
        network_residuals=None,
        solution=closed.solution,
        distance=np.nan,
        distances=distances,
        matrices=tuple(zip(network.weights, network.biases, strict=True)),
        freedom=closed.freedom,
        path=closed.path,
        classes=closed.prepared.dataset.task == "classes",
        rates=rates,
        rates_note=rates_note,
        rates_obstacle=rates_obstacle,
    )
    if trainer.divergence or not is_finite(network):
        return facts
    return _with_network(facts, network, closed)


def _with_network(facts: LinearFacts, network: Network, closed: ClosedForm) -> LinearFacts:
    """The facts with those of a network whose parameters are finite; what overflows is left out."""
    prepared = closed.prepared
    data, rows = prepared.dataset, prepared.dataset.train
    inputs = prepared.inputs[rows]
    forward = network.forward(inputs)
    z, outputs = forward.z[-1], forward.prediction
    linear = all_identity(network)
    product = collapse(linear)
    if np.isfinite(product.W).all() and np.isfinite(product.b).all():
        with np.errstate(all="ignore"):  # shortly before divergence
            off = float(np.abs(z - product(inputs)).max())
        facts = replace(
            facts,
            product=product,
            steps=collapse_steps(linear),
            affine_error=finite(off),
            rounding=finite(rounding_of_z(network, inputs)),
            relu_error=_relu_error(network, closed),
        )
    affine = affine_part(network, inputs, closed)
    facts = replace(facts, affine=affine, distance=distance(affine, closed))
    fitted = data.y_scale.undo(outputs)[:, 0]
    if facts.fit is None or not np.isfinite(fitted).all():
        return facts
    coefficients = _coefficients_on_terms(affine, fitted, facts, closed)
    return replace(
        facts,
        last_layer_cost=_last_layer_cost(network, closed) if facts.why else np.nan,
        network=coefficients if np.isfinite(coefficients).all() else None,
        network_fitted=fitted,
        network_residuals=targets_in_data_units(prepared)[rows, 0] - fitted,
    )


def affine_part(network: Network, inputs: Array, closed: ClosedForm) -> AffineMap:
    """The network as an affine map, or else the nearest one on the training inputs."""
    if not not_affine(network, of_z=False):
        return collapse(network)
    coefficients = closed.projection @ network.predict(inputs)
    if network.bias:
        return AffineMap(coefficients[1:].T, coefficients[0])
    return AffineMap(coefficients.T, np.zeros(coefficients.shape[1]))


def rounding_of_z(network: Network, inputs: Array) -> float:
    """An error of z⁽ᴸ⁾ that is no more than rounding: relative to the sum of the absolute terms of
    W_z x + b_z at the largest inputs, and more where very many are added (Higham 2002, §3.5)."""
    sizes = [np.abs(inputs).max(axis=0)]
    with np.errstate(all="ignore"):
        for layer, (W, bias) in enumerate(zip(network.weights, network.biases, strict=True), 1):
            size = np.abs(W) @ sizes[-1] + np.abs(bias)
            sizes.append(sum((sizes[s] for s in network.skips_into(layer)), size))
        return float(sizes[-1].max()) * _rounding_share(network)


def _rounding_share(network: Network) -> float:
    """The same, as a share of that sum."""
    additions = sum(n + 2 for n in network.sizes[:-1])
    return float(max(ROUNDING, 2.0 * additions * np.finfo(float).eps))


def readable_error(network: Network, error: float, rounding: float) -> tuple[float, bool]:
    """An error of z⁽ᴸ⁾ as it is printed, and whether that is as a share of the sum of the absolute
    terms: where these are so large that their rounding is above 1."""
    if not (1.0 <= error <= rounding):
        return error, False
    return error / rounding * _rounding_share(network), True


def distance(affine: AffineMap, closed: ClosedForm) -> float:
    """‖β_net − β̂‖ over all coefficients of all outputs, in the network's units; β̂ is the nearest
    if least squares has many solutions. NaN if it overflows."""
    W, b = closed.solution
    gap = (affine.W - W).T
    if closed.prepared.experiment.bias:
        gap = np.vstack([affine.b - b, gap])
    if closed.dependent is not None:
        gap = closed.projection @ (closed.dependent @ gap)
    size = length(gap)
    return size if np.isfinite(size) else np.nan


def _coefficients_on_terms(
    affine: AffineMap, fitted: Array, facts: LinearFacts, closed: ClosedForm
) -> Array:
    """The network's coefficients on the terms of the fit: of its map, or the nearest polynomial."""
    data, fit = closed.prepared.dataset, facts.fit
    assert fit is not None
    if closed.degree > 1 and not facts.exact:
        x = data.X[data.train, 0]
        powers = np.polynomial.Polynomial.fit(x, fitted, fit.rank - 1).convert().coef
        return np.pad(powers, (0, closed.degree + 1 - len(powers)))
    slopes = affine.W[0] / data.x_scale.sd * data.y_scale.sd[0]
    level = affine.b[0] * data.y_scale.sd[0] + data.y_scale.mean[0] - slopes @ data.x_scale.mean
    terms = np.array([level, *slopes] if fit.intercept else slopes)
    if facts.degree == 1:
        return equivalent_coefficients(terms, data.X[data.train], closed.columns, fit)
    return np.pad(terms, (0, len(fit.coefficients) - len(terms)))


def _relu_error(network: Network, closed: ClosedForm) -> float:
    """The distance of the same matrices with relu to an affine map; NaN for one layer, and where
    an affine map goes through all outputs whatever they are."""
    prepared = closed.prepared
    if len(network.weights) == 1 or closed.freedom <= 0:
        return np.nan
    inputs = prepared.inputs[prepared.dataset.train]
    bent = all_identity(network, "relu")
    off = bent.predict(inputs) - affine_part(bent, inputs, closed)(inputs)
    return finite(float((np.abs(off) * prepared.dataset.y_scale.sd).max()))


def _last_layer_cost(network: Network, closed: ClosedForm) -> float:
    """C of least squares on 1 and the activations of the last hidden layer, in the data's own
    units; where the units are knots also on x, so that it is the best curve with these knots. NaN
    with another cost, or if it takes too long for a frame."""
    prepared = closed.prepared
    rows, width = prepared.dataset.train, network.sizes[-2]
    squares = loss_named(str(prepared.experiment.loss)).squares
    if squares is None or width > MAX_WIDTH or width * len(rows) > MAX_ENTRIES:
        return np.nan
    inputs, targets = prepared.inputs[rows], prepared.targets[rows]
    try:
        if has_knots(network):
            columns = np.column_stack([inputs, network.forward(inputs).a[1]])
            cost = ols(columns, targets[:, 0], method="fast").ssr / len(rows)
        else:
            cost = fit_last_layer(network, inputs, targets, "fast").cost
    except EngineError:  # shortly before divergence
        return np.nan
    return finite(squares * cost * prepared.cost_scale)


def has_knots(network: Network) -> bool:
    """Whether each hidden unit is one knot of a curve: one input, one hidden layer of relu."""
    return network.sizes[0] == 1 and network.activations == ("relu",)


def _rates(trainer: Trainer, network: Network, closed: ClosedForm) -> tuple[Rates | None, str, str]:
    """The rates of descent, or why there are none, in a sentence and in a few words."""
    settings, n = trainer.settings, len(closed.prepared.dataset.train)
    if len(network.weights) > 1:
        why = "for one layer: a stack is not quadratic in its weights"
        return None, why, "several layers"
    if network.convolutions:
        why = "for a layer without shared weights: this one is a convolution"
        return None, why, "shared weights"
    squares = loss_named(trainer.loss).squares
    if squares is None or network.output != "identity":
        what = "another cost" if squares is None else f"{network.output} output"
        return None, "for the quadratic cost of an identity output", what
    if settings.optimizer != "sgd":
        return None, f"for plain descent, not {settings.optimizer}", settings.optimizer
    if settings.l1 or settings.l2:
        return None, "for a cost without penalties", "a penalty"
    if settings.batch_size < n:
        why = f"for the full batch: this takes {settings.batch_size} of {n} at a time"
        return None, why, "mini-batches"
    eigenvalues, eta = squares * closed.eigenvalues, settings.learning_rate
    factors = np.abs(1.0 - eta * eigenvalues)
    return Rates(eigenvalues, factors, eta, float(2.0 / eigenvalues[0])), "", ""
