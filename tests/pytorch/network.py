"""A drawn experiment in PyTorch: its data, network, gradients by autograd, and optimiser.

It follows from the table as written and the settings. Of the engine this takes the first
parameters, and the rows of the training data and of the batches.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi

import numpy as np
import torch
import torch.nn.functional as F

from tests.drawn_experiments import Drawn
from tests.pytorch.formulas import ACTIVATIONS, costs_of
from tests.pytorch.table import Table


@dataclass(frozen=True, eq=False)
class Pass:
    """The numbers of a forward and backward pass: z, a and δ by layer, C_x, C, ∇C, and ∇C with
    penalties. ``a[0]`` is X. ``penalised_parts`` are the tensors of ``penalised``."""

    z: list[np.ndarray]
    a: list[np.ndarray]
    deltas: list[np.ndarray]
    y: np.ndarray
    costs: np.ndarray
    cost: float
    gradient: np.ndarray
    penalised: np.ndarray
    penalised_parts: tuple[torch.Tensor, ...]

    @property
    def is_finite(self) -> bool:
        """Whether every number is finite."""
        arrays = (*self.z, *self.a, *self.deltas, self.costs, self.gradient, self.penalised)
        return all(np.isfinite(array).all() for array in arrays)


class Run:
    """The run of a drawn experiment from the first matrices [W b] of its layers."""

    def __init__(self, drawn: Drawn, matrices: list[np.ndarray], train: np.ndarray) -> None:
        self.loss, self.output, self.settings = drawn.loss, drawn.output, drawn.experiment
        self.table = Table(drawn, train)
        self.inputs, self.targets = (torch.tensor(v) for v in (self.table.X, self.table.Y))
        hidden, names = self.settings.hidden, self.settings.activation
        self.sizes = (self.inputs.shape[1], *hidden, self.targets.shape[1])
        names = (names,) * len(hidden) if isinstance(names, str) else names
        self.activations = (*names, drawn.output)
        self.kernels = dict(self.settings.convolutions)
        self.parameters = [torch.zeros(shape, dtype=torch.float64) for shape in self._shapes()]
        self.weights = self.parameters[: len(self.activations)]
        ends = np.cumsum([p.numel() for p in self.parameters]).tolist()
        numbers = [
            torch.arange(end - p.numel(), end).reshape(p.shape) + 1
            for p, end in zip(self.parameters, ends, strict=True)
        ]
        self._numbers = self.laid_out(numbers)  # of the parameter at each entry, 0 outside kernels
        self.take(np.concatenate([M.reshape(-1) for M in matrices]))
        for parameter in self.parameters:
            parameter.requires_grad = True
        self.optimizer = optimizer_of(self.settings, self.parameters)
        frozen = np.isin(self._numbers, self._numbers[[*self.settings.frozen]])
        self.learns = self._parts(~frozen)
        self.step_count = 0

    def _shapes(self):
        """Of W or the kernel of each layer, and then of the biases."""
        layers = [*enumerate(pairwise(self.sizes), start=1)]
        for layer, (inputs, units) in layers:
            yield (self.kernels[layer],) if layer in self.kernels else (units, inputs)
        if self.settings.bias:
            yield from ((1,) if layer in self.kernels else (units,) for layer, (_, units) in layers)

    def padding(self, layer) -> int:
        """Zeros on each side of a convolution: as many as its number of units needs."""
        return (self.sizes[layer] + self.kernels[layer] - 1 - self.sizes[layer - 1]) // 2

    def forward(self, x):
        """All z, and all a with x first."""
        zs, a, L = [], [x], len(self.weights)
        for layer, W in enumerate(self.weights, start=1):
            b = self.parameters[L + layer - 1] if self.settings.bias else None
            if layer in self.kernels:
                padding = self.padding(layer)
                z = F.conv1d(a[-1][:, None], W[None, None], b, padding=padding)[:, 0]
            else:
                z = F.linear(a[-1], W, b)
            z = z + sum(a[s] for s, t in self.settings.skips if t == layer)
            zs.append(z)
            a.append(ACTIVATIONS[self.activations[layer - 1]](z))
        return zs, a

    def numbers(self, rows) -> Pass:
        """The numbers of a pass of these rows of the table."""
        rows, s = torch.from_numpy(np.array(rows)), self.settings
        y = self.targets[rows]
        zs, a = self.forward(self.inputs[rows])
        costs = costs_of(self.loss, self.output, zs[-1], a[-1], y)
        deltas = torch.autograd.grad(costs.sum(), zs, retain_graph=True)
        gradient = torch.autograd.grad(costs.mean(), self.parameters, retain_graph=True)
        penalty = sum(s.l1 * W.abs().sum() + 0.5 * s.l2 * W.square().sum() for W in self.weights)
        penalised = torch.autograd.grad(costs.mean() + penalty, self.parameters)
        z, a, deltas = ([v.detach().numpy() for v in values] for values in (zs, a, deltas))
        return Pass(
            z, a, deltas, y.numpy(), costs.detach().numpy(), costs.mean().item(),
            self.laid_out(gradient), self.laid_out(penalised), penalised,
        )  # fmt: skip

    def change(self, settings) -> None:
        """Use other settings; another optimiser starts anew, the same one keeps its state."""
        optimizer = optimizer_of(settings, self.parameters)
        if settings.optimizer == self.settings.optimizer:
            for name in ("momentum", "nesterov", "betas", "eps"):
                if name in optimizer.param_groups[0]:
                    self.optimizer.param_groups[0][name] = optimizer.param_groups[0][name]
        else:
            self.optimizer = optimizer
        self.settings = settings

    def update(self, penalised) -> None:
        """One step along the parts of a penalised gradient; frozen parameters stay."""
        for parameter, part, learns in zip(self.parameters, penalised, self.learns, strict=True):
            parameter.grad = part * learns
        self.optimizer.param_groups[0]["lr"] = self.learning_rate
        self.optimizer.step()
        self.step_count += 1

    @property
    def learning_rate(self) -> float:
        """η of the next update."""
        s, step = self.settings, self.step_count
        if step < s.warm_up:
            return s.learning_rate * (step + 1) / s.warm_up
        periods = (step - s.warm_up) / s.schedule_steps
        factors = {"constant": 1.0, "step": 0.5 ** int(periods)}
        factors["cosine"] = 0.5 + 0.5 * cos(pi * min(1.0, periods))
        return s.learning_rate * factors[s.schedule]

    @property
    def vector(self) -> np.ndarray:
        """The parameters (P,): layer by layer the rows of [W b]."""
        return self.laid_out(self.parameters)

    @property
    def slots(self) -> list[np.ndarray]:
        """The state of the optimiser: the velocity, the mean of g², or those of g and of g²."""
        names = {"rmsprop": ("square_avg",), "adam": ("exp_avg", "exp_avg_sq")}
        if self.settings.momentum > 0.0:  # without it, PyTorch has no velocity
            names |= dict.fromkeys(("momentum", "nesterov"), ("momentum_buffer",))
        names, state = names.get(self.settings.optimizer, ()), self.optimizer.state
        return [self.laid_out([state[p][name] for p in self.parameters]) for name in names]

    def laid_out(self, tensors) -> np.ndarray:
        """A vector (P,) of tensors like ``parameters``: those of kernels at all their places."""
        parts, L = [], len(self.weights)
        for layer, (inputs, units) in enumerate(pairwise(self.sizes), start=1):
            W = tensors[layer - 1].detach().numpy()
            if layer in self.kernels:
                padded = np.zeros((units, inputs + 2 * self.padding(layer)))
                for i, row in enumerate(padded):
                    row[i : i + len(W)] = W
                W = padded[:, self.padding(layer) :][:, :inputs]
            if self.settings.bias:
                b = np.broadcast_to(tensors[L + layer - 1].detach().numpy(), units)
                W = np.column_stack([W, b])
            parts.append(W.reshape(-1))
        return np.concatenate(parts)

    def _parts(self, vector) -> list[torch.Tensor]:
        """The inverse of ``laid_out``, by the first place of each number."""
        numbers, first = np.unique(self._numbers, return_index=True)
        values = torch.tensor(vector[first[numbers > 0]])
        parts = values.split([p.numel() for p in self.parameters])
        return [part.reshape(p.shape) for part, p in zip(parts, self.parameters, strict=True)]

    def take(self, vector) -> None:
        """Go on from these parameters (P,)."""
        with torch.no_grad():
            for parameter, part in zip(self.parameters, self._parts(vector), strict=True):
                parameter.copy_(part)


def optimizer_of(settings, parameters):
    """PyTorch's optimiser of that name, with its constants."""
    rate, momentum = settings.learning_rate, settings.momentum
    match settings.optimizer:
        case "sgd":
            return torch.optim.SGD(parameters, rate)
        case "momentum":
            return torch.optim.SGD(parameters, rate, momentum)
        case "nesterov":  # without momentum it is plain, and PyTorch refuses it
            return torch.optim.SGD(parameters, rate, momentum, nesterov=momentum > 0.0)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, rate, eps=settings.epsilon)
        case "adam":
            return torch.optim.Adam(parameters, rate, settings.betas, settings.epsilon)
