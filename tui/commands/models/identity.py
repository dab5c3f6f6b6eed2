"""Screen Linear: the key that makes any network linear, at a learning rate that holds, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError, Trainer
from engine.training.postmortem import penalty_of, rounded_down
from engine.wording import plural
from tui.actions.action import Action
from tui.model.key_hint_error import KeyHintError

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.session.session import Session

IDENTITY = "identity"
MOST_STEPS, FEWEST_STEPS = 500, 50  # of a rehearsal
WORK = 500_000_000  # limit, about, for their multiplications in a forward pass
MAX_TRIALS = 24  # each at half the rate before
RISE = 1.5  # times the lowest C + R of the rehearsal: what the noise of small batches may come to
ROUNDING = 1e-20  # of the C of a network that fits exactly
NAMES = {
    ("sigmoid", "binary_cross_entropy"): "logistic regression",
    ("softmax", "cross_entropy"): "logistic regression of several classes",
    ("exp", "poisson"): "Poisson regression",
}
"""What one linear layer is called, by its output activation and its loss."""


def switch_identity(session: Session) -> tuple[str, ...]:
    """Begin a new run from the present weights with identity in all hidden layers; if they are
    identity, with what they were before. Returns forms of a message that says what was done; keys
    stand in it by the ids of their actions."""
    network, linear = session.trainer.network, session.linear
    old, rate = network.activations, session.experiment.learning_rate
    if not old:
        raise EngineError("one layer has no hidden activation: before the output it is linear")
    if set(old) != {IDENTITY}:
        identity = (IDENTITY,) * len(old)
        steps, held = holding_rate(_rehearsal(session, identity))
        session.begin_from(network, activation=identity, learning_rate=held)
        linear.before_identity = old, rate
        return _what_is_linear(session, old, rate, held, steps)
    before = linear.before_identity
    if before is None or len(before[0]) != len(old):
        raise KeyHintError("all hidden layers are identity already; {activation} makes them relu")
    names, earlier = before
    session.begin_from(network, activation=names, learning_rate=earlier)
    linear.before_identity = None
    now = f"hidden layers are {_listed(names)} again, η {earlier:g}"
    return f"{now}: a new run from these weights", now


def _rehearsal(session: Session, activations: tuple[str, ...]) -> Trainer:
    """A trainer of the present weights with other activations; EngineError after a divergence."""
    trainer = session.trainer
    if trainer.divergence:
        raise EngineError(f"{trainer.divergence}: go back before you change anything")
    network = trainer.network.parameters
    experiment = replace(session.experiment, activation=activations, weights=None, biases=None)
    twin = Trainer(experiment, session.prepared.data_for(experiment))
    twin.assign(network, "rehearsal")
    return twin


def _listed(names: tuple[str, ...]) -> str:
    return "/".join(dict.fromkeys(names))


def holding_rate(trainer: Trainer) -> tuple[int, float]:
    """How many steps are rehearsed from the start of a trainer, and its learning rate, or else the
    first of its halves at which C + R does not grow. EngineError if there is none."""
    assert trainer.prepared is not None
    size = trainer.prepared.size
    steps = min(MOST_STEPS, max(FEWEST_STEPS, WORK // max(1, size.work * size.batch)))
    rate = trainer.settings.learning_rate
    with np.errstate(all="ignore"):  # on the way to divergence
        for _ in range(MAX_TRIALS):
            if _holds(trainer, rate, steps):
                return steps, rate
            rate = rounded_down(rate / 2.0)
    raise EngineError("no learning rate holds for these weights: even the smallest tried diverges")


def _holds(trainer: Trainer, rate: float, steps: int) -> bool:
    """Whether C + R is as low after so many steps as it was at the start and half way."""
    trainer.seek(0).change(learning_rate=rate)
    start = _objective(trainer)
    middle = _objective(trainer.step(steps // 2))
    end = _objective(trainer.step(steps - steps // 2))
    return trainer.divergence is None and end <= RISE * min(start, middle) + ROUNDING


def _objective(trainer: Trainer) -> float:
    """C + R, by the penalty of the present settings."""
    return float(trainer.costs()[0] + penalty_of(trainer.network, trainer.settings))


def _what_is_linear(
    session: Session, old: tuple[str, ...], rate: float, held: float, steps: int
) -> tuple[str, ...]:
    """Forms of the message, the longest first."""
    eta = f"η {held:g} holds" if held == rate else f"η {rate:g} → {held:g} holds"
    tried = f"{eta} for {plural(steps, 'step')}"
    output, loss = session.trainer.network.output, session.trainer.loss
    back = f"{{make_linear}} brings {_listed(old)} back"
    now = "hidden layers are identity now"
    if output == IDENTITY:
        whole = "ŷ = W_z x + b_z"
        return (
            f"{now}: {whole}; {tried}; {back}",
            f"{now}: {whole}; {eta}",
            f"all layers linear; {eta}",
        )
    name = NAMES.get((output, loss))
    whole = f"z = W_z x + b_z is linear, ŷ = {output}(z)"
    means = f"{whole}: {name}" if name else f"{whole} is not"
    return (
        f"{now}: {means}; {tried}; {back}",
        f"{now}: {means}; {eta}",
        f"{means}; {eta}",
        f"z is linear, ŷ = {output}(z); {eta}",
    )


def make_linear(app: BaseApp) -> None:
    """Make the network linear, or bring back what it was; say what was done."""
    forms = switch_identity(app.session)
    app.do(lambda: None, pause=True)
    app.tell(*(form.format_map(app.shown_keys) for form in forms))


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "make_linear",
        ("i",),
        "i",
        "all hidden layers identity at a learning rate that holds, and back, in a new run",
        make_linear,
        "linear",
        screens=("linear",),
        name="make the network linear",
    ),
)
