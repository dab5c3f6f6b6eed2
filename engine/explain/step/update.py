"""Explanation of the update, by the formulas and the state of each optimiser."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.explain.explanation import Definition, Explanation, Matrix, Part
from engine.explain.expression import (
    ONE,
    Expression,
    Function,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    difference,
    number,
)
from engine.explain.quantity import Quantity, of_layer
from engine.explain.step.parameter_parts import PENALISED, parameter_name, part_of
from engine.notation import Name
from engine.training.microsteps import TrainingStep
from engine.training.optimizers import DECAY

ETA = Name("η")


@dataclass(frozen=True, eq=False)
class _Update:
    """The symbols and matrices in the formulas of an update."""

    step: TrainingStep
    quantity: Quantity

    @property
    def base(self) -> str:
        return PENALISED if self.step.settings.l1 or self.step.settings.l2 else "∂C/∂"

    @property
    def gradient(self) -> tuple[Symbol, Matrix]:
        """The gradient with penalties, which the optimiser uses: the symbol and the matrix."""
        return part_of(self.step.network, self.step.penalised, self.base, self.quantity)

    @property
    def rate(self) -> Symbol:
        return Symbol(ETA, self.step.learning_rate)

    @property
    def epsilon(self) -> float:
        return self.step.settings.epsilon

    @property
    def momentum(self) -> float:
        return self.step.settings.momentum

    def root(self, v: Symbol) -> Sum:
        """√v + ε."""
        return Sum((Function("sqrt", v), Symbol(Name("ε"), self.epsilon)))

    def state(self, letter: str, vector: Array, mark: str = "") -> tuple[Symbol, Matrix]:
        """The optimiser's state for the parameter: the symbol, and the layer's matrix."""
        symbol, matrix = part_of(self.step.network, vector, "", self.quantity)
        name = parameter_name("", self.quantity, mark, letter)
        if self.quantity.input is not None:
            letter = letter.upper()
        name_of_all = Name(letter, self.quantity.layer, mark=mark)
        shown = Matrix(name_of_all, matrix.values, matrix.row, matrix.column)
        return Symbol(name, symbol.value), shown

    def code(self, text: str) -> str:
        """The NumPy with W or b of the layer for P, its gradient for G, its moments for M and V."""
        letter = "b" if self.quantity.input is None else "W"
        index = f"[{self.quantity.layer - 1}]"
        names = {"P": f"{letter}{index}", "G": f"d{letter}{index}"}
        names |= {"M": f"m{letter}{index}", "V": f"v{letter}{index}"}
        return text.format(**names, rate=f"{self.rate.value:.12g}", t=self.step.count)


# the definitions of its terms, the change (subtracted from w), its equation, and the NumPy
_Rule = tuple[list[Definition], Expression, list[Part], str]


def _sgd(update: _Update) -> _Rule:
    g, G = update.gradient
    return [], Product((update.rate, g)), [ETA, "·", G], "{P} -= {rate} * {G}"


def _velocity(update: _Update) -> tuple[Definition, Symbol, Matrix, str]:
    """v′ = μ v + g."""
    (before,), (after,) = update.step.slots, update.step.new_slots
    v, _ = update.state("v", before)
    new, V = update.state("v", after, "′")
    expression = Sum((Product((number(update.momentum), v)), update.gradient[0]))
    return Definition(new, expression), new, V, f"{{V}} = {update.momentum:.12g} * {{V}} + {{G}}; "


def _momentum(update: _Update) -> _Rule:
    definition, v, V, code = _velocity(update)
    change = Product((update.rate, v))
    return [definition], change, [ETA, "·", V], code + "{P} -= {rate} * {V}"


def _nesterov(update: _Update) -> _Rule:
    definition, v, V, code = _velocity(update)
    g, G = update.gradient
    ahead = Sum((Product((number(update.momentum), v)), g))
    parts: list[Part] = [ETA, "(", Name(f"{update.momentum:.12g}"), "·", V, "+", G, ")"]
    code += f"{{P}} -= {{rate}} * ({update.momentum:.12g} * {{V}} + {{G}})"
    return [definition], Product((update.rate, ahead)), parts, code


def _square_mean(update: _Update, before: Array, after: Array, decay: float) -> Definition:
    """v′ = decay·v + (1 − decay)·g²."""
    v, _ = update.state("v", before)
    new, _ = update.state("v", after, "′")
    square = Power(update.gradient[0], 2)
    return Definition(new, _decayed(v, square, decay))


def _decayed(old: Symbol, new: Expression, decay: float) -> Sum:
    return Sum((Product((number(decay), old)), Product((number(1.0 - decay), new))))


def _rmsprop(update: _Update) -> _Rule:
    (before,), (after,) = update.step.slots, update.step.new_slots
    definition = _square_mean(update, before, after, DECAY)
    g, G = update.gradient
    V = update.state("v", after, "′")[1]
    change = Quotient(Product((update.rate, g)), update.root(definition.symbol))
    code = f"{{V}} = {DECAY} * {{V}} + {1.0 - DECAY:.12g} * {{G}} ** 2; "
    code += f"{{P}} -= {{rate}} * {{G}} / (np.sqrt({{V}}) + {update.epsilon:.12g})"
    return [definition], change, [ETA, "·", G, *_under_root(V)], code


def _adam(update: _Update) -> _Rule:
    (m_before, v_before), (m_after, v_after) = update.step.slots, update.step.new_slots
    t = update.step.count
    beta_1, beta_2 = update.step.settings.betas
    m, _ = update.state("m", m_before)
    m_new, _ = update.state("m", m_after, "′")
    v_new = _square_mean(update, v_before, v_after, beta_2)
    g = update.gradient[0]
    definitions = [Definition(m_new, _decayed(m, g, beta_1)), v_new]
    hats = []
    columns = []
    for letter, new, vector, beta in (
        ("m̂", m_new, m_after, beta_1),
        ("v̂", v_new.symbol, v_after, beta_2),
    ):
        # both started at 0, so they are too small by a factor 1 − βᵗ
        expression = Quotient(new, difference(ONE, Power(number(beta), t)))
        hat = Symbol(parameter_name("", update.quantity, "", letter), expression.value)
        definitions.append(Definition(hat, expression, f"t = {t}"))
        hats.append(hat)
        columns.append(update.state(letter, vector / (1.0 - beta**t))[1])
    change = Quotient(Product((update.rate, hats[0])), update.root(hats[1]))
    code = f"{{M}} = {beta_1:.12g} * {{M}} + {1.0 - beta_1:.12g} * {{G}}; "
    code += f"{{V}} = {beta_2:.12g} * {{V}} + {1.0 - beta_2:.12g} * {{G}} ** 2; "
    code += f"{{P}} -= {{rate}} * {{M}} / (1 - {beta_1:.12g}**{{t}}) "
    code += f"/ (np.sqrt({{V}} / (1 - {beta_2:.12g}**{{t}})) + {update.epsilon:.12g})"
    parts = [ETA, "·", columns[0], *_under_root(columns[1])]
    return definitions, change, parts, code


def _under_root(V: Matrix) -> list[Part]:
    return [Name("/"), "(", Name("√"), V, "+", Name("ε"), ")"]


_RULES: dict[str, Callable[[_Update], _Rule]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
_WORDS = {
    "sgd": "a step downhill",
    "momentum": "a step along the velocity, which remembers the gradients before",
    "nesterov": "a step along the velocity it is about to have",
    "rmsprop": "a step downhill, shorter where gradients have been large",
    "adam": "a step along the mean of past gradients, shorter where they have been large",
}


def explain_update(step: TrainingStep, quantity: Quantity) -> Explanation:
    """W′ and b′: the parameters after the step."""
    network, optimizer = step.network, step.settings.optimizer
    update = _Update(step, quantity)
    old, P = part_of(network, network.parameters, "", quantity)
    new, after = part_of(network, step.parameters, "", quantity)
    assert old.name is not None
    symbol = Symbol(parameter_name("", quantity, "′"), new.value)
    matrix = Matrix(Name(after.name.base, quantity.layer, mark="′"), after.values, after.row)
    matrix = Matrix(matrix.name, matrix.values, after.row, after.column)
    if _is_frozen(step, quantity):
        return Explanation(
            symbol=symbol,
            equation=(matrix, "=", P),
            definitions=(Definition(symbol, old, "frozen"),),
            meaning=("You have frozen ", old.name, ": it stays as it is."),
            code=f"# frozen: {update.code('{P}')} stays here as it is",
        )
    definitions, change, parts, code = _RULES[optimizer](update)
    after_step = f" after step {step.step + 1}: "
    meaning: tuple[Name | str, ...] = (old.name, after_step, _WORDS[optimizer])
    meaning += (", scaled by the learning rate ", ETA, ".")
    if change.value == 0.0:
        meaning = (old.name, after_step, "unchanged, because the update is 0.")
    return Explanation(
        symbol=symbol,
        equation=(matrix, "=", P, "−", *parts),
        definitions=(*definitions, Definition(symbol, difference(old, change))),
        meaning=meaning,
        code=update.code(code),
    )


def _is_frozen(step: TrainingStep, quantity: Quantity) -> bool:
    mask = np.zeros_like(step.parameters)
    mask[list(step.settings.frozen)] = 1.0
    layer = of_layer(step.network, mask, quantity.layer)
    k = step.network.sizes[quantity.layer - 1] if quantity.input is None else quantity.input
    return bool(layer[quantity.unit, k])
