"""Events of a run: changes of settings, and parameters edited, frozen or assigned.

Each function returns the event for a step, or None if it would change nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import ExperimentError, ShapeError
from engine.network.network import Network
from engine.network.parameters import Index, changeable_index, parameter_name
from engine.notation import decimal
from engine.training.experiment import Settings
from engine.training.record.state import Event


def settings_event(step: int, current: Settings, changes: Mapping[str, Any]) -> Event | None:
    """Change settings from the next step on; ExperimentError if a setting does not exist."""
    old = asdict(current)
    for name in changes:
        if name not in old:
            raise ExperimentError(f"no setting {name!r}; there are: {', '.join(old)}")
    new = Settings(**{**old, **changes})
    if new == current:
        return None
    changed = {name: value for name, value in asdict(new).items() if value != old[name]}
    label = ", ".join(f"{k} {_shown(old[k])} → {_shown(v)}" for k, v in changed.items())
    return Event(step, settings=new, label=label)


def _shown(value: object) -> str:
    """A value of a setting; numbers with six digits, as the screens show them."""
    return decimal(value, digits=6) if isinstance(value, float) else str(value)


def edit_event(
    step: int, network: Network, layer: int, kind: str, index: Index, value: float
) -> Event:
    """Set one "weight" (j, k) or "bias" j of layer 1 … L to a finite number, at all its places."""
    parameter = changeable_index(network, layer, kind, index)
    if not isinstance(value, Real) or not np.isfinite(float(value)):
        raise ExperimentError(f"a {kind} must be a finite number, not {value}")
    label = f"{parameter_name(network, parameter)} = {decimal(value, digits=6)}"
    if network.sharing:
        values = network.parameters.copy()
        values[list(network.places(parameter))] = value
        return Event(step, parameters=tuple(values.tolist()), label=label)
    return Event(step, parameter=parameter, value=float(value), label=label)


def freeze_event(
    step: int, current: Settings, network: Network, parameter: int, frozen: bool
) -> Event | None:
    """Freeze a parameter, by its index into ``Network.parameters``, or let it learn again; at all
    its places."""
    places = {*network.places(parameter)}
    others = {*current.frozen} - places
    new = replace(current, frozen=tuple(others | places if frozen else others))
    if new == current:
        return None
    name = parameter_name(network, parameter)
    label = f"{name} {'frozen' if frozen else 'learns again'}"
    return Event(step, settings=new, label=label)


def assign_event(step: int, network: Network, parameters: ArrayLike, label: str) -> Event:
    """Set all parameters (P,) to finite numbers."""
    values = np.asarray(parameters, dtype=np.float64)
    expected = network.parameters.shape
    if values.shape != expected:
        raise ShapeError(f"parameters have shape {values.shape}; the network's {expected}")
    if not np.isfinite(values).all():
        raise ExperimentError("parameters must be finite numbers")
    network.check_shared(values)
    return Event(step, parameters=tuple(values.tolist()), label=label)
