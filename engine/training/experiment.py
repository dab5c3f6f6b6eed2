"""Experiment: everything that decides a run, as one frozen value and as one TOML file."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from typing import Any, Self

import numpy as np

from engine.arrays import Array
from engine.data.dataset import LARGEST, Dataset, Scale
from engine.data.datasets import load_dataset
from engine.data.edits import Edit, edited
from engine.data.target_coding import coded_for
from engine.errors import DataError, EngineError, ExperimentError
from engine.network.losses import LOSSES, check_targets, loss_for
from engine.network.network import Network, checked_skips
from engine.network.size import Size, check_memory
from engine.quoting import shown
from engine.toml_lines import line_of, table_of
from engine.training.fields import FIELDS, Decides, fields_that
from engine.training.optimizers import optimizer_named


@dataclass(frozen=True)
class Experiment:
    """What to learn, with which network, and how. None means what suits the data.

    ``hidden`` are the units of the hidden layers (() is regression), ``activation`` one name or
    one for each of them. ``noise`` is in Playground's percent, 0 … 50. ``features`` are the
    inputs: columns by name, or made of them, as "x1^2", "x1*x2", "sin(x1)"; ``target`` is a file's
    target by name or position. The learning rate follows a ``schedule`` (see ``schedules``)
    of ``schedule_steps`` after ``warm_up`` steps. ``init_scale`` multiplies the weights as
    ``init`` draws them, and ``init_seed`` (None: the seed) draws other first weights for the
    same data. ``skips`` are skip connections (s, t) that add a⁽ˢ⁾ to z⁽ᵗ⁾. ``frozen`` are the
    numbers, in ``Network.parameters``, of those that do not learn. A run that plays pauses after
    ``stop_steps`` steps, with C below ``stop_below``, or when it has not improved for
    ``stop_patience`` steps (see ``stopping``). ``edits`` are examples added, moved and
    deleted by hand (see ``engine.data.edits``). ``weights`` and ``biases``,
    where given, are the first parameters instead of drawn ones.
    """

    dataset: str = "circle"
    hidden: tuple[int, ...] = (4, 3)
    activation: str | tuple[str, ...] = "relu"
    output: str | None = None
    loss: str | None = None
    optimizer: str = "sgd"
    learning_rate: float = 0.03
    schedule: str = "constant"
    schedule_steps: int = 1000
    warm_up: int = 0
    batch_size: int = 10
    l1: float = 0.0
    l2: float = 0.0
    frozen: tuple[int, ...] = ()
    noise: float = 0.0
    train_fraction: float | None = None
    features: tuple[str, ...] | None = None
    init: str = "he"
    init_scale: float = 1.0
    seed: int = 0
    init_seed: int | None = None
    bias: bool = True
    skips: tuple[tuple[int, int], ...] = ()
    target: str | int | None = None
    standardize: bool = True
    stop_steps: int | None = None
    stop_below: float | None = None
    stop_patience: int | None = None
    edits: tuple[Edit, ...] = ()
    weights: tuple[Any, ...] | None = None
    biases: tuple[Any, ...] | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None or field.default is not None:
                object.__setattr__(self, field.name, FIELDS[field.name].check(field.name, value))
        if not isinstance(self.activation, str) and len(self.activation) != len(self.hidden):
            raise ExperimentError(
                f"activation lists {len(self.activation)} names "
                f"for {len(self.hidden)} hidden layers"
            )
        known = (None, *self.hidden, None)  # the data decide the sizes of both ends
        object.__setattr__(self, "skips", checked_skips(self.skips, known))
        if self.loss is not None and self.output is not None:
            loss_for(self.loss, self.output)
        if self.biases is not None and self.weights is None:
            raise ExperimentError("biases without weights: give both, or weights alone")

    def resolved(self, dataset: Dataset) -> Self:
        """The same experiment with output and loss as suits the data where they were None."""
        output, loss = self.output, self.loss
        signed = dataset.task == "binary" and dataset.levels[0] < 0.0
        if output is None and loss is None:
            output, loss = {
                "regression": ("identity", "quadratic"),
                "binary": ("tanh", "quadratic") if signed else ("sigmoid", "binary_cross_entropy"),
                "classes": ("softmax", "cross_entropy"),
            }[dataset.task]
        elif output is None and loss is not None:
            output = LOSSES[loss].canonical
            if loss == "quadratic" and dataset.task == "binary":
                output = "tanh" if signed else "sigmoid"
            if loss == "gamma":
                output = "exp"  # positive from the first step on, as 1/z need not be
        elif loss is None:
            canonical = {"softmax": "cross_entropy", "exp": "poisson", "reciprocal": "gamma"}
            if dataset.task == "binary":
                probabilities = ("sigmoid", "probit", "cloglog")
                canonical |= dict.fromkeys(probabilities, "binary_cross_entropy")
            loss = canonical.get(str(output), "quadratic")
        return replace(
            self,
            output=output,
            loss=loss,
            features=dataset.feature_names,
            init_seed=self.seed if self.init_seed is None else self.init_seed,
        )

    def to_toml(self) -> str:
        """The experiment as TOML; ``from_toml`` gives back an equal one."""
        import tomli_w  # lazy: only needed here

        return tomli_w.dumps({k: v for k, v in asdict(self).items() if v is not None})

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """The experiment a TOML text describes; keys left out keep their defaults."""
        try:
            table = table_of(text)
        except ValueError as error:
            raise ExperimentError(str(error)) from None
        for key, value in table.items():
            try:
                if key not in FIELDS:
                    near = get_close_matches(key, FIELDS, n=1)
                    names = ", ".join(FIELDS)
                    hint = f"did you mean {near[0]!r}? " if near else ""
                    raise ExperimentError(f"unknown key {shown(key)}; {hint}there are: {names}")
                FIELDS[key].check(key, value)
            except ExperimentError as error:
                raise ExperimentError(f"line {line_of(key, text)}: {error}") from None
        try:
            return cls(**table)
        except EngineError as error:  # settings that do not go together
            key = cls._key_in_conflict(table)
            raise ExperimentError(f"line {line_of(key, text)}: {error}") from None

    @classmethod
    def _key_in_conflict(cls, table: dict[str, Any]) -> str:
        """The key with which the ones before it, which make an experiment, make none."""
        items = [*table.items()]
        for end in range(len(items) - 1, 0, -1):
            with suppress(EngineError):
                cls(**dict(items[:end]))
                return items[end][0]
        return items[0][0]


@dataclass(frozen=True)
class Prepared:
    """An experiment ready to run: data and first network, in the network's units.

    ``inputs`` (n, d) and ``targets`` (n, k) are all rows of the data as the network sees them.
    A cost in the network's units times ``cost_scale`` is in the data's own. ``loaded`` are the
    data before edits and features.
    """

    experiment: Experiment
    dataset: Dataset
    network: Network
    inputs: Array
    targets: Array
    cost_scale: float
    loaded: Dataset

    def data_for(self, experiment: Experiment) -> Dataset | None:
        """What ``prepare`` would load for another experiment, where that is the same: its file
        may have changed since. None where it is not."""
        same = all(
            getattr(experiment, name) == getattr(self.experiment, name)
            for name in fields_that(Decides.TABLE)
        )
        return self.loaded if same else None

    @property
    def size(self) -> Size:
        """How large a run of it is."""
        return _run_size(self.experiment, self.network.sizes, len(self.inputs))


def _run_size(experiment: Experiment, sizes: tuple[int, ...], examples: int) -> Size:
    slots = optimizer_named(experiment.optimizer).slots
    return Size(sizes, examples, min(experiment.batch_size, examples), slots)


def load(experiment: Experiment) -> Dataset:
    """The data of an experiment, before edits and features."""
    # one independent stream for each use: a wider network still sees the same data
    data, split, _ = np.random.SeedSequence(experiment.seed).spawn(3)
    return load_dataset(
        experiment.dataset,
        noise=experiment.noise,
        target=experiment.target,
        train_fraction=experiment.train_fraction,
        standardize=experiment.standardize,
        data_seed=data,
        split_seed=split,
    )


def prepare(
    experiment: Experiment,
    data: Dataset | None = None,
    check: Callable[[Size], None] = check_memory,
) -> Prepared:
    """Settle what was left open, and make the first network.

    ``data`` are those that ``load`` gives, where they are at hand. ``check`` may refuse how large
    it is, before any of the network is made.
    """
    unedited = load(experiment) if data is None else data
    dataset = edited(unedited, experiment.edits)
    if max(np.abs(dataset.X).max(), np.abs(dataset.Y).max()) > LARGEST:
        raise DataError(f"{dataset.name} holds numbers beyond {LARGEST:g}: their squares overflow")
    if experiment.features is not None:
        dataset = dataset.with_features(experiment.features)
        if experiment.edits:  # they leave the scales as they were
            before = unedited.with_features(experiment.features)
            dataset = replace(dataset, x_scale=before.x_scale)
    experiment = experiment.resolved(dataset)
    assert experiment.output is not None
    assert experiment.loss is not None
    if (experiment.output, experiment.loss) != ("identity", "quadratic"):
        # a standardised target would leave the range of the output, or of the loss
        dataset = replace(dataset, y_scale=Scale.identity(dataset.Y.shape[1]))
    targets = dataset.y_scale.apply(coded_for(experiment.loss, dataset).Y)
    check_targets(loss_for(experiment.loss, experiment.output), targets)
    sizes = (dataset.X.shape[1], *experiment.hidden, targets.shape[1])
    check(_run_size(experiment, sizes, len(dataset.X)))
    return Prepared(
        experiment=experiment,
        dataset=dataset,
        network=first_network(experiment, dataset.X.shape[1], targets.shape[1]),
        inputs=dataset.x_scale.apply(dataset.X),
        targets=targets,
        cost_scale=float(dataset.y_scale.sd[0] ** 2),
        loaded=unedited,
    )


def batch_seed(seed: int) -> np.random.SeedSequence:
    """The stream that orders the examples into batches."""
    return np.random.SeedSequence(seed).spawn(3)[2]


def first_network(experiment: Experiment, inputs: int, outputs: int) -> Network:
    """The network an experiment starts from: drawn, or with the weights it carries."""
    assert experiment.output is not None
    sizes = (inputs, *experiment.hidden, outputs)
    if experiment.weights is None:
        seed = experiment.seed if experiment.init_seed is None else experiment.init_seed
        stream = np.random.SeedSequence(seed, spawn_key=(3,))
        network = Network(
            sizes,
            experiment.activation,
            experiment.output,
            init=experiment.init,
            bias=experiment.bias,
            skips=experiment.skips,
            seed=np.random.default_rng(stream),
        )
        with np.errstate(over="ignore"):
            network.parameters *= experiment.init_scale  # the biases are 0
        if not np.isfinite(network.parameters).all():
            raise ExperimentError(
                f"init_scale = {experiment.init_scale:g} makes weights that are not finite"
            )
        return network
    network = Network.from_arrays(
        experiment.weights,
        experiment.biases,
        experiment.activation,
        experiment.output,
        experiment.skips,
    )
    if network.sizes != sizes:
        raise ExperimentError(
            f"the weights make a network of {'-'.join(map(str, network.sizes))}, "
            f"but the data and hidden layers ask for {'-'.join(map(str, sizes))}"
        )
    return network
