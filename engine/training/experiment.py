"""Experiment: everything that determines a run, as a frozen dataclass and as a TOML file."""

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
from engine.training.record.state import Settings


@dataclass(frozen=True)
class Experiment:
    """Everything that determines a run: the data, the network, and the training.

    Arguments:
        dataset: the name of a data set, or the path of a file.
        hidden: units of the hidden layers; () is regression.
        activation: σ of the hidden layers, one name or one for each: see ``Network``.
        output: σ of the output layer; None: the one that suits the data and the loss.
        loss: see ``backpropagate``; None: the one that suits the data and the output.
        optimizer: "sgd", "momentum", "nesterov", "rmsprop" or "adam", as in PyTorch.
        learning_rate: η, above 0.
        schedule: "constant"; "step": η is halved every ``schedule_steps`` steps; "cosine": η falls
            to 0 over ``schedule_steps`` steps.
        warm_up: in the first steps, so many, η rises linearly.
        batch_size: examples in a step.
        l1, l2: the penalties l1·Σ|w| + ½·l2·Σw² over the weights are added to C.
        frozen: indices into ``Network.parameters`` of parameters that do not learn.
        noise: of generated data, in percent, 0 to 50, as in TensorFlow Playground.
        train_fraction: the share of the examples to train on; the others are test data. None: 0.5
            of generated data, all of published data and files.
        features: the inputs: columns, or functions of them such as "x1^2", "x1*x2", "sin(x1)".
            None: all columns.
        init, init_scale: the distribution of the first weights (see ``Network``), and a factor.
        seed: of the data, the split and the batches.
        init_seed: of the first weights; None: ``seed``.
        bias, skips: see ``Network``.
        target: the target column of a file: its name, or its number from 1, or from -1 at the end.
        standardize: whether a table's columns are scaled to mean 0 and standard deviation 1.
        stop_steps, stop_below, stop_patience: a playing run pauses at this step, once C is below
            this, or once C has not improved for so many steps.
        edits: examples added, moved and deleted: see ``engine.data.edits``.
        weights, biases: the first parameters, layer by layer; None: they are drawn.

    Raises:
        ExperimentError: a value is invalid, or two settings contradict each other.

    Example:
        >>> import engine
        >>> experiment = engine.Experiment(dataset="xor", hidden=(8,), learning_rate=0.1)
        >>> engine.Experiment.from_toml(experiment.to_toml()) == experiment
        True
    """

    dataset: str = "circle"
    hidden: tuple[int, ...] = (4, 3)
    activation: str | tuple[str, ...] = "relu"
    output: str | None = None
    loss: str | None = None
    optimizer: str = Settings.optimizer
    learning_rate: float = Settings.learning_rate
    schedule: str = Settings.schedule
    schedule_steps: int = Settings.schedule_steps
    warm_up: int = Settings.warm_up
    batch_size: int = Settings.batch_size
    l1: float = Settings.l1
    l2: float = Settings.l2
    frozen: tuple[int, ...] = Settings.frozen
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
        sizes = (None, *self.hidden, None)  # those of inputs and outputs depend on the data
        object.__setattr__(self, "skips", checked_skips(self.skips, sizes))
        if self.loss is not None and self.output is not None:
            loss_for(self.loss, self.output)
        if self.biases is not None and self.weights is None:
            raise ExperimentError("biases without weights: give both, or weights alone")

    @property
    def settings(self) -> Settings:
        """The settings at the first step of a run."""
        return Settings(**{field.name: getattr(self, field.name) for field in fields(Settings)})

    def resolved(self, dataset: Dataset) -> Self:
        """The same experiment with every None replaced by the value that suits the data."""
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
                output = "exp"  # always positive, unlike 1/z
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
        """The experiment as a TOML text; ``from_toml`` returns an equal experiment."""
        import tomli_w  # lazy: only needed here

        return tomli_w.dumps({k: v for k, v in asdict(self).items() if v is not None})

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """The experiment of a TOML text; missing keys have their defaults.

        ExperimentError names the line of a mistake.
        """
        try:
            table = table_of(text)
        except ValueError as error:
            raise ExperimentError(str(error)) from None
        for key, value in table.items():
            try:
                if key not in FIELDS:
                    similar = get_close_matches(key, FIELDS, n=1)
                    names = ", ".join(FIELDS)
                    hint = f"did you mean {similar[0]!r}? " if similar else ""
                    raise ExperimentError(f"unknown key {shown(key)}; {hint}there are: {names}")
                FIELDS[key].check(key, value)
            except ExperimentError as error:
                raise ExperimentError(f"line {line_of(key, text)}: {error}") from None
        try:
            return cls(**table)
        except EngineError as error:  # settings contradict each other
            key = cls._key_in_conflict(table)
            raise ExperimentError(f"line {line_of(key, text)}: {error}") from None

    @classmethod
    def _key_in_conflict(cls, table: dict[str, Any]) -> str:
        """The first key that makes an experiment of the keys up to it invalid."""
        items = [*table.items()]
        for end in range(len(items) - 1, 0, -1):
            with suppress(EngineError):
                cls(**dict(items[:end]))
                return items[end][0]
        return items[0][0]


@dataclass(frozen=True)
class Prepared:
    """An experiment with its data and first network.

    ``inputs`` (n, d) and ``targets`` (n, k) are all rows of the data, scaled for the network.
    ``cost_scale`` converts a cost from the network's units to those of the data. ``loaded`` are
    the data before edits and features.
    """

    experiment: Experiment
    dataset: Dataset
    network: Network
    inputs: Array
    targets: Array
    cost_scale: float
    loaded: Dataset

    def data_for(self, experiment: Experiment) -> Dataset | None:
        """``loaded``, if another experiment uses the same data, else None.

        The file itself may have changed since it was loaded.
        """
        same_data = all(
            getattr(experiment, name) == getattr(self.experiment, name)
            for name in fields_that(Decides.TABLE)
        )
        return self.loaded if same_data else None

    @property
    def size(self) -> Size:
        """The size of a run of the experiment."""
        return _run_size(self.experiment, self.network.sizes, len(self.inputs))


def _run_size(experiment: Experiment, sizes: tuple[int, ...], examples: int) -> Size:
    slots = optimizer_named(experiment.optimizer).slots
    return Size(sizes, examples, min(experiment.batch_size, examples), slots)


def load(experiment: Experiment) -> Dataset:
    """Load the data of an experiment, before edits and features."""
    # independent streams: the size of the network does not change the data
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
    """Load the data, choose what the experiment leaves open, and make the first network.

    ``data`` is the result of ``load``, if it is already computed. ``check`` raises an error if the
    run is too large, before the network is made.
    """
    unedited = load(experiment) if data is None else data
    dataset = edited(unedited, experiment.edits)
    if max(np.abs(dataset.X).max(), np.abs(dataset.Y).max()) > LARGEST:
        raise DataError(f"{dataset.name} has numbers beyond {LARGEST:g}: their squares overflow")
    if experiment.features is not None:
        dataset = dataset.with_features(experiment.features)
        if experiment.edits:  # edits do not change the scales
            scale = unedited.with_features(experiment.features).x_scale
            dataset = replace(dataset, x_scale=scale)
    experiment = experiment.resolved(dataset)
    assert experiment.output is not None
    assert experiment.loss is not None
    if (experiment.output, experiment.loss) != ("identity", "quadratic"):
        # a standardised target would be outside the range of the output or of the loss
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
    """The random stream for the order of the examples in batches."""
    return np.random.SeedSequence(seed).spawn(3)[2]


def first_network(experiment: Experiment, inputs: int, outputs: int) -> Network:
    """The first network of an experiment: with its weights, or with random ones."""
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
                f"init_scale = {experiment.init_scale:g} is too large: weights are not finite"
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
            f"but the data and hidden layers need {'-'.join(map(str, sizes))}"
        )
    return network
