"""The values in the texts of advice, by their names there."""

from engine.wording import count, plural
from tui.drawing.glyphs import UNICODE
from tui.drawing.numbers import norm, penalties, spelled
from tui.model.advice.conditions import identical_layers
from tui.model.advice.evidence import Evidence


def common(e: Evidence) -> dict[str, str]:
    """Values that several texts use."""
    settings = e.experiment
    return {
        "rate": spelled(f"{e.rate:.4g}"),
        "penalty": " and ".join(penalties(settings.l1, settings.l2)),
        "name": "C + R" if e.penalised else "C",
    }


def low_point(e: Evidence) -> dict[str, str]:
    """The lowest C + R, or C, in the data's own units, and its step."""
    past, scale = e.objective, e.prepared.cost_scale
    lowest = (past.values[past.lowest] + e.least) * scale
    return {"lowest": norm(lowest).strip(), "step": count(past.lowest_step)}


def low_cost(e: Evidence) -> dict[str, str]:
    lowest = e.costs[e.lowest_step] * e.prepared.cost_scale
    return {"lowest": norm(lowest).strip(), "step": count(e.lowest_step)}


def edit(e: Evidence) -> dict[str, str]:
    assert e.edit_costs is not None
    before, after = (norm(C * e.prepared.cost_scale).strip() for C in e.edit_costs)
    return {"before": before, "after": after, "step": count(e.events[-1].step)}


def growth(e: Evidence) -> dict[str, str]:
    product, limit = e.rate * e.experiment.l2, e.stability
    return {"product": spelled(f"{product:.3g}"), "limit": f"{limit:.3g}"}


def divergence(e: Evidence) -> dict[str, str]:
    assert e.divergence is not None
    return {"what": e.divergence.what, "step": count(e.divergence.step)}


def dead_layer(e: Evidence) -> dict[str, str]:
    return {"layer": str(e.all_of(e.dead))}


def saturated(e: Evidence) -> dict[str, str]:
    return _units(e.saturated)


def saturated_hidden(e: Evidence) -> dict[str, str]:
    output = len(e.network.weights)
    return _units([unit for unit in e.saturated if unit[0] < output])


def dead(e: Evidence) -> dict[str, str]:
    return _units(e.dead)


def identical(e: Evidence) -> dict[str, str]:
    return {"layer": str(identical_layers(e)[0])}


def fall(e: Evidence) -> dict[str, str]:
    return {"fall": spelled(f"{100.0 * min(1.0, 1000.0 * e.pace):.2g} %")}


def batches(e: Evidence) -> dict[str, str]:
    n = len(e.prepared.dataset.train)
    return {"batch": count(min(e.experiment.batch_size, n)), "n": count(n)}


def schedule(e: Evidence) -> dict[str, str]:
    settings = e.experiment
    return {"schedule": settings.schedule, "end": count(settings.warm_up + settings.schedule_steps)}


def excess(e: Evidence) -> dict[str, str]:
    return {"excess": f"{100.0 * e.excess / (e.now - e.excess):.0f} %"}


def fit(e: Evidence) -> dict[str, str]:
    model = "ridge regression" if e.penalised else "least squares"
    return {"fit": model + without_intercept(e)}


def glm(e: Evidence) -> dict[str, str]:
    """The model of which the network has the output, the loss and the intercept."""
    outputs = e.network.sizes[-1]
    model = "the GLM" if outputs == 1 else f"the GLMs of the {outputs} outputs"
    if e.network.output == "softmax":
        model = "multinomial logistic regression"
    model += without_intercept(e)
    return {"model_s": f"{model}'s" if model == "the GLM" else f"that of {model}"}


def without_intercept(e: Evidence) -> str:
    return "" if e.network.bias else " without intercept"


def slope(e: Evidence) -> dict[str, str]:
    return {"slope": norm(e.slope).strip()}


def _units(units: list[tuple[int, int]], max_names: int = 2) -> dict[str, str]:
    """The units, or only their number if there are many; and the number or the name of one."""
    names = [UNICODE.unit("a", layer, unit + 1) for layer, unit in units]
    number = names[0] if len(names) == 1 else plural(len(names), "unit")
    return {"units": " and ".join(names) if len(names) <= max_names else number, "number": number}
