"""The data and the first network of an experiment."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.data.dataset import LARGEST, Dataset, Scale
from engine.data.datasets import load_dataset
from engine.data.edits import edited
from engine.data.target_coding import coded_for
from engine.errors import DataError, ExperimentError, ShapeError
from engine.network.losses import check_targets, loss_for
from engine.network.network import Network
from engine.network.size import Size, check_memory
from engine.training.experiment import Experiment
from engine.training.fields import Decides, fields_that
from engine.training.optimizers import optimizer_named
from engine.wording import noun_for


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

    def predict(self, network: Network, X: ArrayLike) -> Array:
        """ŷ (n, k) of a network of this run for examples X (n, c), columns as in the data
        (``dataset.column_names``); both in the data's own units. ShapeError for another shape."""
        data, rows = self.dataset, np.asarray(X, dtype=np.float64)
        names = data.column_names
        if rows.ndim != 2 or rows.shape[1] != len(names):
            listed = ", ".join(names[:30]) + (", …" if len(names) > 30 else "")
            raise ShapeError(
                f"X has shape {rows.shape}; this run takes (n, {len(names)}), "
                f"the {noun_for(len(names), 'column')} {listed} of {data.name}"
            )
        with np.errstate(all="ignore"):  # a power of a large number may overflow
            return data.y_scale.undo(network.predict(data.encode(rows)))

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
        classes=experiment.takes_classes,
        keep_constant=experiment.keep_constant,
        na=experiment.na,
        reading=experiment.reading,
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
            scale = unedited.with_features(dataset.feature_names).x_scale
            dataset = replace(dataset, x_scale=scale)
    experiment = experiment.resolved(dataset)
    assert experiment.output is not None
    assert experiment.loss is not None
    loss = loss_for(experiment.loss, experiment.output)
    if experiment.output != "identity" or loss.squares is None:
        # a standardised target would be outside the range of the output or of the loss
        dataset = replace(dataset, y_scale=Scale.identity(dataset.Y.shape[1]))
    targets = dataset.y_scale.apply(coded_for(experiment.loss, dataset).Y)
    check_targets(loss, targets)
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
            init_bias=experiment.init_bias,
            convolutions=experiment.convolutions,
        )
        with np.errstate(over="ignore"):
            for W in network.weights:
                W *= experiment.init_scale
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
        experiment.convolutions,
    )
    if network.sizes != sizes:
        raise ExperimentError(
            f"the weights make a network of {'-'.join(map(str, network.sizes))}, "
            f"but the data and hidden layers need {'-'.join(map(str, sizes))}"
        )
    return network
