"""The lines on the deviance in the choice pane of screen GLM, and lines with a label."""

from collections.abc import Sequence
from math import isfinite

from engine.network.losses import loss_named
from engine.wording import count
from tui.drawing.cells import cell_count, first_fitting
from tui.drawing.glyphs import Glyphs
from tui.drawing.numbers import NONE, cost_text, known, read, spelled
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span, flowed, width_of
from tui.model.frame import Frame
from tui.model.glm.facts import GlmFacts
from tui.model.glm.formulas import DEVIANCE, spelt
from tui.model.premises import finite

LABEL = 10  # cells of the names at the left
INDENT = 2  # below a name
DIGITS = range(5, 11)  # of C, if four do not make the deviance
SUM_ROUNDING = 1e-9  # of a deviance + 0.1


def labelled(name: str, parts: Sequence[Line], sheet: Sheet) -> list[Line]:
    """A label, and at its right the parts, over as many lines as they need; where a part is too
    long for that, below the label."""
    head = [Span(name.ljust(LABEL), sheet.palette.low)]
    if not parts:
        return [head]
    if max(map(width_of, parts)) <= sheet.width - LABEL:
        return flowed([head + parts[0], *parts[1:]], sheet.width, indent=LABEL)
    indent = [Span(" " * INDENT, sheet.palette.low)]
    below = flowed([indent + parts[0], *parts[1:]], sheet.width, indent=INDENT)
    return [head, *below] if name else below


def deviance_lines(frame: Frame, facts: GlmFacts, sheet: Sheet) -> list[Line]:
    """The deviance of the model, and of the network as it follows from its cost."""
    glyphs, palette = sheet.glyphs, sheet.palette
    if facts.fit is None:
        return []
    room = sheet.width - INDENT
    first, *others = _terms_of(facts, glyphs)
    formula = [f"= {first}", *others]
    parts: list[Line] = [
        [Span("GLM ", palette.low), Span(cost_text(facts.fit.deviance), palette.hi, True)]
    ]
    if all(cell_count(part) <= room for part in formula):
        parts += [[Span(part, palette.mid)] for part in formula]
    lines = labelled("deviance", parts, sheet)
    if facts.deviance is None:
        forms = f"network {NONE} (its loss is {frame.experiment.loss})", f"network {NONE}"
        return lines + labelled("", [[Span(first_fitting(forms, room), palette.low)]], sheet)
    n, squares = len(facts.model.y), loss_named(str(frame.experiment.loss)).squares
    whole = squares == 1.0
    costs = frame.cost, 0.0 if squares else facts.model.saturated
    (cost, saturated), exact = _making(costs, n if whole else 2 * n, facts.deviance)
    rule, times = "n C", [f"{count(n)}·{cost}"]
    if not whole:
        rule = f"2n(C {glyphs.minus} C saturated)"
        subtracted = f"({saturated})" if read(saturated) < 0 else saturated
        times = [f"2·{count(n)}·({cost}", f"{glyphs.minus} {subtracted})"]
    equals = "=" if exact else "≈"
    deviance = known(facts.deviance, cost_text)
    now: list[Line] = [
        [Span("network ", palette.low), Span(deviance, palette.hi, True)],
        [Span(f"= {rule}", palette.mid)],
        [Span(f"{equals} {times[0]}", palette.mid)],
        *([Span(part, palette.mid)] for part in times[1:]),
    ]
    if _is_their_sum(facts):
        now.append([Span(f"= the examples' sum {glyphs.check}", palette.low)])
    return lines + labelled("", now, sheet)


def _terms_of(facts: GlmFacts, glyphs: Glyphs) -> list[str]:
    """The formula of the deviance, in parts between which a line may end."""
    formula = spelt(DEVIANCE[facts.choice.family], glyphs)
    return formula.replace(" + (1", "\n+ (1").split("\n")


def _is_their_sum(facts: GlmFacts) -> bool:
    """Whether the deviances of the examples add up to what follows from the cost."""
    if facts.deviance is None or facts.deviance_sum is None:
        return False
    gap = abs(facts.deviance - facts.deviance_sum)
    return gap <= SUM_ROUNDING * (abs(facts.deviance) + 0.1)


def _making(costs: tuple[float, float], factor: int, deviance: float) -> tuple[list[str], bool]:
    """Both costs with as many digits as it takes for ``factor`` times their difference, by what is
    printed, to be the deviance as printed; whether it is."""
    shown, usual = cost_text(deviance), [known(finite(cost), cost_text) for cost in costs]
    if NONE in usual:
        return usual, True
    more = ([spelled(f"{c:.{d}g}") if c else cost_text(c) for c in costs] for d in DIGITS)
    for texts in (usual, *more):
        cost, saturated = map(read, texts)
        if cost_text(factor * float(cost - saturated)) == shown:
            return texts, True
    return usual, not isfinite(deviance)
