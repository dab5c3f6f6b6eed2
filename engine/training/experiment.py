"""Experiment: everything that determines a run, as a dataclass and as TOML; Settings: its part that
can change during a run."""

from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from typing import Any, Self

from engine.data.dataset import Dataset
from engine.data.edits import Edit
from engine.errors import EngineError, ExperimentError
from engine.network.losses import LOSSES, loss_for
from engine.network.structure.convolutions import checked_convolutions
from engine.network.structure.skips import checked_skips
from engine.quoting import shown
from engine.toml_lines import line_of, table_of
from engine.training.fields import FIELDS
from engine.training.optimizers import Constants
from engine.wording import plural

CLASS_LOSSES = ("binary_cross_entropy", "cross_entropy")
CLASS_OUTPUTS = ("sigmoid", "tanh", "softmax", "probit", "cloglog")


def _check_fields(settings: "Settings | Experiment") -> None:
    """Check the value of each field and convert it; None is allowed where it is the default."""
    for field in fields(settings):
        value = getattr(settings, field.name)
        if value is not None or field.default is not None:
            object.__setattr__(settings, field.name, FIELDS[field.name].check(field.name, value))


@dataclass(frozen=True)
class Settings:
    """The settings that can change during a run: fields of ``Experiment``, with their defaults.

    Raises ExperimentError for an invalid value.

    Example:
        >>> import engine
        >>> engine.Settings(optimizer="adam", learning_rate=0.001).batch_size
        10
    """

    optimizer: str = "sgd"
    learning_rate: float = 0.03
    schedule: str = "constant"
    schedule_steps: int = 1000
    warm_up: int = 0
    batch_size: int = 10
    l1: float = 0.0
    l2: float = 0.0
    frozen: tuple[int, ...] = ()
    momentum: float = Constants.momentum
    betas: tuple[float, float] = Constants.betas
    epsilon: float = Constants.epsilon

    def __post_init__(self) -> None:
        _check_fields(self)

    @property
    def constants(self) -> Constants:
        """The constants of the optimiser."""
        return Constants(self.momentum, self.betas, self.epsilon)

    @property
    def is_scheduled(self) -> bool:
        """Whether the learning rate changes from step to step."""
        return self.schedule != "constant" or self.warm_up > 0


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
        momentum: μ of "momentum" and "nesterov", from 0 to below 1.
        betas: Adam's β₁ and β₂, each from 0 to below 1.
        epsilon: ε of "rmsprop" and "adam", above 0.
        frozen: indices into ``Network.parameters`` of parameters that do not learn.
        noise: of generated data, in percent, 0 to 50, as in TensorFlow Playground.
        train_fraction: the share of the examples to train on; the others are test data. None: 0.5
            of generated data, all of published data and files.
        features: the inputs: columns, or functions of them such as "x1^2", "x1*x2", "log(x1)",
            "I(x1/x2)"; "C(x1)" is an input for each number, or text, in a column.
            None: all columns.
        init, init_scale: the distribution of the first weights (see ``Network``), and a factor.
        init_bias: the standard deviation of the first biases.
        seed: of the data, the split and the batches.
        init_seed: of the first weights; None: ``seed``.
        bias, skips, convolutions: see ``Network``.
        target: the target column of a file: its name, or its number from 1, or from -1 at the end;
            or several columns of numbers.
        classes: whether the numbers of the target are labels of classes; None: if they are 0 and 1,
            −1 and 1, or 0, 1 and 2, and neither ``output`` nor ``loss`` asks for a regression.
        keep_constant: whether constant columns of a file are used.
        standardize: whether a table's columns are scaled to mean 0 and standard deviation 1.
        na: what becomes of rows of a file with missing cells: "drop" leaves them out; "error"
            refuses them; "level" makes them a category; "mean" fills in the mean.
        reading: how a file is read, such as "delimiter=; decimal=, header=no encoding=latin-1" or
            some of these; None: as it looks.
        stop_steps, stop_below, stop_patience: ``Trainer.play``, and play in the app, pause at this
            step, at the first step at which C is below this, or at the first one at which C (of
            the test data, where there are any) has not improved for so many steps.
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
    momentum: float = Settings.momentum
    betas: tuple[float, float] = Settings.betas
    epsilon: float = Settings.epsilon
    noise: float = 0.0
    train_fraction: float | None = None
    features: tuple[str, ...] | None = None
    init: str = "he"
    init_scale: float = 1.0
    init_bias: float = 0.0
    seed: int = 0
    init_seed: int | None = None
    bias: bool = True
    skips: tuple[tuple[int, int], ...] = ()
    convolutions: tuple[tuple[int, int], ...] = ()
    target: str | int | tuple[str | int, ...] | None = None
    classes: bool | None = None
    keep_constant: bool = False
    standardize: bool = True
    na: str = "drop"
    reading: str | None = None
    stop_steps: int | None = None
    stop_below: float | None = None
    stop_patience: int | None = None
    edits: tuple[Edit, ...] = ()
    weights: tuple[Any, ...] | None = None
    biases: tuple[Any, ...] | None = None

    def __post_init__(self) -> None:
        _check_fields(self)
        if not isinstance(self.activation, str) and len(self.activation) != len(self.hidden):
            raise ExperimentError(
                f"activation lists {plural(len(self.activation), 'name')} "
                f"for {plural(len(self.hidden), 'hidden layer')}"
            )
        sizes = (None, *self.hidden, None)  # those of inputs and outputs depend on the data
        object.__setattr__(self, "skips", checked_skips(self.skips, sizes))
        convolutions = checked_convolutions(self.convolutions, sizes)
        object.__setattr__(self, "convolutions", convolutions)
        if self.loss is not None and self.output is not None:
            loss_for(self.loss, self.output)
        if self.biases is not None and self.weights is None:
            raise ExperimentError("biases without weights: give both, or weights alone")

    @property
    def takes_classes(self) -> bool | None:
        """Whether the numbers of the target are labels of classes; None: if they are plain ones.

        Output and loss decide, if they are given: an identity output, for example, is a regression.
        """
        if self.classes is not None or (self.output, self.loss) == (None, None):
            return self.classes
        if self.loss is not None and not LOSSES[self.loss].squares:
            return None if self.loss in CLASS_LOSSES else False
        return None if self.output in CLASS_OUTPUTS else False

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
            if LOSSES[loss].squares and dataset.task == "binary":
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
