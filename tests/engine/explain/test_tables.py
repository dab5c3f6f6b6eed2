"""The tables of formulas have a row for each activation and each loss."""

from engine.explain.step.activations import FORMULAS
from engine.explain.step.losses import LOSS_FORMULAS
from engine.network.activations import OUTPUTS
from engine.network.losses import LOSSES


def test_each_activation_has_its_formula():
    assert FORMULAS.keys() == OUTPUTS.keys() - {"softmax"}, (
        "engine/explain/step/activations.py needs a row in FORMULAS for each activation"
    )


def test_each_loss_has_its_formula():
    assert LOSS_FORMULAS.keys() == LOSSES.keys(), (
        "engine/explain/step/losses.py needs a row in LOSS_FORMULAS for each loss"
    )


def test_each_formula_of_a_loss_explains_every_delta_of_it():
    for name, loss in LOSSES.items():
        formula = LOSS_FORMULAS[name]
        by_logarithms = loss.of_mean is not None
        assert (formula.log_cost is not None) == by_logarithms, name
        assert (formula.log_delta is not None) == by_logarithms, name
        always_difference = loss.outputs == () and loss.factor is not None
        assert by_logarithms or always_difference or formula.gradient, (
            f"{name} needs a gradient in LOSS_FORMULAS"
        )
