"""Measures of linearity: the collapse, the best affine map, least squares, GLMs, the weights."""

import numpy as np

from engine.arrays import Array
from engine.data.dataset import Dataset
from engine.errors import EngineError
from engine.glm.families import GLM_NETWORKS
from engine.glm.glm import glm
from engine.least_squares.affine_approximation import best_affine
from engine.least_squares.linearity import Bend, linear_in
from engine.least_squares.ols import ols
from engine.measures.measure import Measure, Measures
from engine.measures.moment import Moment
from engine.network.collapse import all_identity, collapse

ROWS = 400  # examples, at most, on which bends are measured


def collapse_gap(moment: Moment) -> float:
    """The largest |z⁽ᴸ⁾ − (W_z x + b_z)| over the training examples, where W_z and b_z are those of
    the network with identity activations, in the network's units."""
    product = collapse(all_identity(moment.network))
    return float(np.abs(moment.backward.forward.z[-1] - product(moment.inputs)).max())


def affine_gap(moment: Moment) -> float:
    """The largest |ŷ − its best affine map| over the training examples, in the data's units."""
    scale = float(moment.prepared.dataset.y_scale.sd.max())
    return best_affine(moment.network, moment.inputs).largest_deviation * scale


def affine_r_squared(moment: Moment) -> float:
    """The share of the variance of ŷ that its best affine map explains."""
    return best_affine(moment.network, moment.inputs).r_squared


def ols_gap(moment: Moment) -> float:
    """The largest |coefficient − that of OLS| of a network whose ŷ is affine, in its units."""
    affine = collapse(moment.network, of_z=False)
    fits = [
        ols(moment.inputs, y, intercept=moment.network.bias, method="fast")
        for y in moment.targets.T
    ]
    if fits[0].dropped:
        raise EngineError("least squares has many solutions here: the inputs are dependent")
    gaps = []
    for fit, W, b in zip(fits, affine.W, affine.b, strict=True):
        own = np.concatenate([[b], W]) if moment.network.bias else W
        gaps.append(np.abs(own - fit.coefficients).max())
    return float(max(gaps))


def glm_gap(moment: Moment) -> float:
    """The largest |coefficient − that of the GLM| of a network whose z⁽ᴸ⁾ is affine, where the
    GLM has the family of its loss and the link of its output, in the network's units."""
    network, y = moment.network, _one_column(moment)
    names = {(output, loss): pair for pair, (output, loss) in GLM_NETWORKS.items()}
    pair = names.get((network.output, moment.loss))
    if pair is None:
        raise EngineError(f"no GLM has the output {network.output} and the loss {moment.loss}")
    affine = collapse(network)
    fit = glm(moment.inputs, y, family=pair[0], link=pair[1], intercept=network.bias)
    own = np.concatenate([affine.b, affine.W[0]]) if network.bias else affine.W[0]
    return float(np.abs(own - fit.coefficients).max())


def _one_column(moment: Moment) -> Array:
    if moment.targets.shape[1] != 1:
        raise EngineError(f"a GLM has one target; this run has {moment.targets.shape[1]}")
    return moment.targets[:, 0]


def inputs_bend(moment: Moment) -> float:
    """The largest |z⁽ᴸ⁾ − its best affine map of the columns|; 0 if rounding explains it."""
    return _bend(linear_in(moment.network, *_rows(moment)).in_x)


def weights_bend(moment: Moment) -> float:
    """The largest second difference of z⁽ᴸ⁾ along a direction in all weights and biases, per unit²;
    0 if rounding explains it."""
    return _bend(linear_in(moment.network, *_rows(moment)).in_weights)


def _rows(moment: Moment) -> tuple[Array, Array | None]:
    data: Dataset = moment.prepared.dataset
    rows = data.train[:ROWS]
    return moment.prepared.inputs[rows], data.columns[rows] if data.features else None


def _bend(bend: Bend) -> float:
    return 0.0 if bend.is_zero else bend.size


COEFFICIENTS = "near 0 after training; data of a table are scaled to sd 1 first"

LINEARITY: Measures = {
    "collapse_gap": Measure(
        "largest |z⁽ᴸ⁾ − (W_z x + b_z)|, W_z and b_z those of its weights with identities",
        collapse_gap,
        "0 but for rounding if every hidden activation is the identity",
    ),
    "affine_gap": Measure(
        "largest |ŷ − its best affine map|", affine_gap, "0 but for rounding if ŷ is affine"
    ),
    "affine_r_squared": Measure(
        "R² of the best affine map of ŷ", affine_r_squared, "from 0 to 1; 1 if ŷ is affine"
    ),
    "ols_gap": Measure(
        "largest difference between its coefficients and those of OLS",
        ols_gap,
        COEFFICIENTS,
        "whose activations are all the identity, the output's too",
    ),
    "glm_gap": Measure(
        "largest difference between its coefficients and those of the GLM",
        glm_gap,
        COEFFICIENTS,
        "of one target with linear hidden layers, its output and loss those of a GLM",
    ),
    "inputs_bend": Measure(
        "bend of z⁽ᴸ⁾ in x", inputs_bend, "0 if z⁽ᴸ⁾ is affine in the columns of the data"
    ),
    "weights_bend": Measure(
        "bend of z⁽ᴸ⁾ in the weights", weights_bend, "0 for one layer, above for a stack"
    ),
}
"""By name."""
