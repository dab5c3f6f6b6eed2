"""When each situation is there: conditions on the evidence."""

import numpy as np

from tui.model.advice import cures
from tui.model.advice.cures import STALLED
from tui.model.advice.evidence import Evidence

SLOW = 1e-4  # C + R falls by less than this share in a step: 10 % in 1000 steps
SMALL_RATE = 0.02  # η is too small below this share of the largest stable one
WORTH = 1e-2  # what one step of the best length would take from C + R, as a share of it
NEAR = 1e-3  # from the known minimum, relative to it
FAR = 1e-2
SOLVED = 1e-6  # C as a share of its first value
POINTS = 12  # of the curve of C, half of those in which a trend is looked for
WOBBLE, NOISY = 0.1, 2.0  # the standard deviation of C over these points, relative to their mean,
# and by how many times the gradient's length the gradients of batches differ;
LINEAR_WOBBLE, LINEAR_NOISY = 0.01, 1.0  # of linear layers, which then have no more to learn
LEARNT = 0.9  # the mean over them, relative to the first C: else it has not learnt at all
STILL_FALLING = 0.9  # the ratio of the later half's mean to the earlier half's
ERRORS = 2.0  # by so many standard errors the means of both halves differ if C falls
EDITED = 1.5  # C over what it was before an edit, if that is to blame
RAISED = 3.0  # C over its lowest, if a penalty is to blame,
SHARE = 0.01  # and the difference as a share of the first C
SHRUNK = 0.5  # ‖w‖ over that of the first weights
CONSTANT = 0.05  # the spread of ŷ over that of y
REST = 1e-9  # C + R falls by less than this share in a step: nothing moves


def overflows_at_start(e: Evidence) -> bool:
    return e.divergence is not None and not e.starts_finite


def penalty_explodes(e: Evidence) -> bool:
    """η·l2 is above the optimiser's limit: by the penalty alone, weights grow with every step."""
    limit = e.stability
    return limit is not None and not e.all_frozen and e.rate * e.experiment.l2 > limit


def edit_overflows(e: Evidence) -> bool:
    """The run diverged in the first step after a parameter was edited."""
    if e.divergence is None:
        return False
    return any(event.is_edit and event.step == e.divergence.step - 1 for event in e.events)


def diverged(e: Evidence) -> bool:
    return e.divergence is not None


def edit_raised_cost(e: Evidence) -> bool:
    """The last event, an edit, raised C, which is still far above and hardly falls."""
    if not e.events or e.edit_costs is None or not e.pace < SLOW:
        return False
    before, after = (cost - e.least for cost in e.edit_costs)
    now = float(e.above[-1])
    return min(now, after) > EDITED * before and now - before > SHARE * e.above[0]


def overshot(e: Evidence) -> bool:
    return e.objective.has_risen


def nothing_learns(e: Evidence) -> bool:
    return e.all_frozen


def rate_is_zero(e: Evidence) -> bool:
    return e.rate == 0.0


def solved(e: Evidence) -> bool:
    return not e.penalised and e.remaining <= SOLVED


def output_dead(e: Evidence) -> bool:
    return e.all_of(e.dead) == len(e.network.weights)


def layer_dead(e: Evidence) -> bool:
    return e.all_of(e.dead) is not None


def output_saturated(e: Evidence) -> bool:
    """δ⁽ᴸ⁾ is near 0 although many ŷ are far from y."""
    layer = len(e.network.weights)
    outputs = [unit for unit in e.saturated if unit[0] == layer]
    return bool(outputs) and e.squares and e.pace < STALLED and e.misses > 0.05


def units_saturated(e: Evidence) -> bool:
    return bool(e.saturated) and e.pace < STALLED


def layer_saturated(e: Evidence) -> bool:
    return e.all_of(e.saturated) not in (None, len(e.network.weights))


def all_identical(e: Evidence) -> bool:
    return bool(identical_layers(e))


def identical_layers(e: Evidence) -> tuple[int, ...]:
    """The layers of identical units; of a run that has blown up, those it began with: no η would
    make them different."""
    if e.divergence or e.objective.has_risen:
        return e.first().identical
    return e.identical


def penalty_flattens(e: Evidence) -> bool:
    """The penalty has drawn the weights so near to 0 that ŷ is nearly the same for all examples,
    and C + R falls no more; from the first weights it could fall."""
    if not e.penalised or not e.shrinkage < SHRUNK or e.spread > CONSTANT:
        return False
    if e.pace >= SLOW and _is_falling(e):
        return False
    return cures.can_learn_unpenalised(e)


def penalty_raises_cost(e: Evidence) -> bool:
    """C is far above its lowest value, while C + R is not, and the penalty's steps raise C."""
    if not e.penalised:
        return False
    recent, lowest = float(e.above[-2:].min()), float(np.nanmin(e.above))
    if not (recent > RAISED * lowest and recent - lowest > SHARE * e.above[0]):
        return False
    once = e.network.once
    return float(once(e.backward.gradient) @ once(e.penalty_gradient)) < 0.0


def separated(e: Evidence) -> bool:
    return e.pace < SLOW * 10.0 and e.separates


def at_least_squares(e: Evidence) -> bool:
    return e.squares and _is_arrived(e)


def at_penalised_likelihood(e: Evidence) -> bool:
    return not e.squares and e.penalised and _is_arrived(e)


def at_maximum_likelihood(e: Evidence) -> bool:
    return not e.squares and not e.penalised and _is_arrived(e)


def _is_arrived(e: Evidence) -> bool:
    """C + R is within NEAR of its known minimum."""
    return e.pace < SLOW * 10.0 and 0.0 <= e.excess <= NEAR * (e.now - e.excess)


def rate_too_small(e: Evidence) -> bool:
    """C + R hardly falls, by steps far below those that are stable."""
    if not 0.0 < e.pace < SLOW or e.noise > e.slope or e.experiment.l1:
        return False
    return e.gain > WORTH and e.rate_share < SMALL_RATE


def plateau(e: Evidence) -> bool:
    """C + R hardly falls, at a point where it curves downwards."""
    if not e.network.activations or e.pace >= SLOW or e.noise > e.slope or not e.slope:
        return False
    if e.experiment.l1:  # its kinks at w = 0 are in no curvature
        return False
    low, high = e.curvatures
    return low < -1e-3 * abs(high)


def narrow_valley(e: Evidence) -> bool:
    """Least squares is far below, and η cannot be much larger."""
    if not e.squares or e.penalised or e.pace >= SLOW * 10.0 or e.noise > e.slope:
        return False
    return e.excess > FAR * (e.now - e.excess)


def small_batches(e: Evidence) -> bool:
    """C wobbles and falls no more, and batches differ more than the gradient is long."""
    values = e.objective.values[-2 * POINTS :]
    if len(values) < 2 * POINTS or not np.isfinite(values).all() or _is_falling(e):
        return False
    if values[POINTS:].mean() < STILL_FALLING * values[:POINTS].mean():
        return False
    wobble, noisy = (LINEAR_WOBBLE, LINEAR_NOISY) if e.is_linear else (WOBBLE, NOISY)
    if not e.noise > noisy * e.slope or e.oscillates:
        return False
    mean = float(values.mean())
    return float(values.std()) > wobble * mean and mean < LEARNT * e.above[0]


def _is_falling(e: Evidence) -> bool:
    """Whether C + R was lower over the last points than over those before; True if unknown."""
    values = e.objective.values[-2 * POINTS :]
    if len(values) < 2 * POINTS:
        return True
    earlier, later = values[:POINTS], values[POINTS:]
    error = np.sqrt((earlier.var(ddof=1) + later.var(ddof=1)) / POINTS)
    return bool(earlier.mean() - later.mean() > ERRORS * error)


def at_rest(e: Evidence) -> bool:
    return e.pace < REST


def some_dead(e: Evidence) -> bool:
    return bool(e.dead)


def some_saturated(e: Evidence) -> bool:
    """Hidden units: an output is rightly at an end where it is sure."""
    return any(layer < len(e.network.weights) for layer, _ in e.saturated)
