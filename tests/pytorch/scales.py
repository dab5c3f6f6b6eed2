"""The scale of each number: what its rounding error is relative to.

It is the largest absolute value, in the layer and batch, of the terms that such a number is a sum
of: of Σwa + b for z, of a − y for δ of the outputs, of Σwδ for the other δ (without σ′, which is
often a difference itself), of Σδa for a gradient.
"""

from itertools import pairwise

import numpy as np

from tests.pytorch.network import Pass, Run


class Scales:
    """The scales of the numbers of a pass: of z, a and δ by layer from 0, of costs, and of each
    entry of a gradient (P,)."""

    def __init__(self, run: Run, numbers: Pass) -> None:
        sizes, s, start = run.sizes, run.settings, 0
        a, deltas = ([np.abs(v) for v in values] for values in (numbers.a, numbers.deltas))
        weights, self.z, gradients = [], [], []
        for l, (inputs, units) in enumerate(pairwise(sizes)):
            end = start + units * (inputs + s.bias)
            M = np.abs(run.vector[start:end]).reshape(units, -1)
            weights.append(M[:, :inputs])
            skips = sum(a[source] for source, target in s.skips if target == l + 1)
            self.z.append(biggest(a[l] @ M[:, :inputs].T + M[:, inputs:].sum(axis=1) + skips))
            start = end
        self.a = [max(z, biggest(values)) for z, values in zip(self.z, a[1:], strict=True)]
        self.deltas = [biggest(deltas[-1], a[-1], numbers.y)]
        for l in reversed(range(len(weights) - 1)):
            skips = sum(deltas[t - 1] for source, t in s.skips if source == l + 1)
            terms = deltas[l + 1] @ weights[l + 1] + skips
            # what the layer above has lost by cancellation comes back with its weights
            passed = self.deltas[0] * biggest(weights[l + 1])
            self.deltas.insert(0, max(biggest(terms), passed))
        for l, W in enumerate(weights):
            places = len(W) if l + 1 in run.kernels else 1
            size = self.deltas[l] * places * max(biggest(a[l]), float(s.bias))
            size += s.l1 + s.l2 * biggest(W)
            gradients.append(np.full(len(W) * (W.shape[1] + s.bias), size))
        self.gradient = np.concatenate(gradients)
        self.cost = biggest(numbers.costs, a[-1], numbers.z[-1], numbers.y)


def biggest(*arrays) -> float:
    """The largest absolute value."""
    return max(float(np.abs(array).max(initial=0.0)) for array in arrays)
