"""Events made by hand: settings changed, parameters edited, frozen or assigned.

Each function returns the event of a step, or None where nothing would change.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import ExperimentError, ShapeError
from engine.network.network import Network
from engine.network.parameters import Index, parameter_index, parameter_name
from engine.training.state import Event, Settings


def changed(step: int, now: Settings, changes: Mapping[str, Any]) -> Event | None:
    """Other settings from the next step on; ExperimentError where there is no such one."""
    old = asdict(now)
    for name in changes:
        if name not in old:
            raise ExperimentError(f"no setting {name!r}; there are: {', '.join(old)}")
    new = Settings(**{**old, **changes})
    if new == now:
        return None
    label = ", ".join(f"{k} {old[k]} → {v}" for k, v in asdict(new).items() if v != old[k])
    return Event(step, settings=new, label=label)


def edited(step: int, network: Network, layer: int, kind: str, index: Index, value: float) -> Event:
    """One "weight" (j, k) or "bias" j of layer 1 … L set to a finite number."""
    at = parameter_index(network, layer, kind, index)
    if not isinstance(value, Real) or not np.isfinite(float(value)):
        raise ExperimentError(f"a {kind} must be a finite number, not {value}")
    label = f"{parameter_name(network, at)} = {value:g}"
    return Event(step, parameter=at, value=float(value), label=label)


def frozen(step: int, now: Settings, at: int, name: str, learns_not: bool) -> Event | None:
    """The parameter ``at`` of ``Network.parameters`` kept from learning, or learning again."""
    others = {*now.frozen} - {at}
    new = replace(now, frozen=tuple(others | {at} if learns_not else others))
    if new == now:
        return None
    label = f"{name} {'frozen' if learns_not else 'learns again'}"
    return Event(step, settings=new, label=label)


def assigned(step: int, network: Network, parameters: ArrayLike, label: str) -> Event:
    """All parameters (P,) set to finite numbers."""
    values = np.asarray(parameters, dtype=np.float64)
    expected = network.parameters.shape
    if values.shape != expected:
        raise ShapeError(f"parameters have shape {values.shape}; the network's {expected}")
    if not np.isfinite(values).all():
        raise ExperimentError("parameters must be finite numbers")
    return Event(step, parameters=tuple(values.tolist()), label=label)
