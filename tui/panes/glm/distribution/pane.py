"""The pane of screen GLM with the distribution of y at the cursor, moved with it."""

import numpy as np

from tui.drawing.canvas import Canvas
from tui.drawing.grid import short
from tui.drawing.numbers import CELLS, NONE, norm, num
from tui.drawing.text_lines import Line, Span, draw_line, draw_words, flowed, number
from tui.explain.explainable import Explainable
from tui.explain.glm import distribution_numbers
from tui.model.frame import Frame
from tui.model.glm.distribution import Distribution, distribution_at_cursor
from tui.model.glm.facts import GlmFacts
from tui.model.glm.formulas import spelt
from tui.model.target_scale import class_names
from tui.panes.base.pane import Pane
from tui.panes.glm.distribution.picture import draw_bars, draw_distribution
from tui.panes.glm.fit import frame_of_model

TITLES = "Distribution of y at the cursor", "y at the cursor", "y at cursor"
MOVES = 40  # steps of the cursor from one end of an axis to the other
LEAST_ROWS = 3  # of the picture, with its axis
NO_MODEL = "no model, and so no distribution of y"


class DistributionPane(Pane):
    """What y the model expects at the cursor: a bell, or the probabilities of counts."""

    HELP = """
Distribution of y: a generalised linear model says more than a mean. About μ at the cursor y has the
distribution of its family: gaussian a bell with the same sd everywhere, gamma a skewed curve whose
sd grows with μ, poisson the probabilities of 0, 1, 2 …; binomial those of y = 0 and y = 1, or of
0 … n successes where the data are grouped, with n of the group nearest to the cursor.
φ is the dispersion, estimated from the residuals; binomial and poisson have none.
The upright line is the mean. • is y of the training example nearest to the cursor, with its
probability P, or its density p: the area under a curve of densities is 1.
The axis of y stays as it is, so that you see the distribution move.
{cursor_left} {cursor_right} {up} {down} move the cursor, here as on the fit.
"""

    @property
    def cursor_keys(self) -> str:
        if self.view is None or self.view.glm is None or self.view.glm.model.network is None:
            return ""
        flat = self.view.view.flat
        return "cursor_left/up/down/cursor_right" if flat else "cursor_left/cursor_right"

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts = frame.glm
        family = facts.choice.family if facts is not None and facts.fit is not None else ""
        return self.fitting_title(*TITLES), family

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.glm
        if facts is None:
            return
        found = distribution_at_cursor(frame, facts)
        if found is None:
            draw_words(canvas, f"{NO_MODEL}: {facts.note}" if facts.note else NO_MODEL)
            return
        lines = [*_place(canvas, frame), *_moments(canvas, found)]
        if not found.exists:
            lines += [[Span(text, canvas.palette.mid)] for text in _why_none(found)]
            for y, line in enumerate(lines[: canvas.height]):
                draw_line(canvas, y, line)
            return
        nearest = _nearest(canvas, found)
        top, two_bars = len(lines), found.trials == 1 and found.family == "binomial"
        rows = 2 if two_bars else canvas.height - top - len(nearest)
        if not two_bars and rows < LEAST_ROWS:
            nearest, rows = nearest[:1], canvas.height - top - 1
        if two_bars:
            draw_bars(canvas, found, _names(frame, facts), top)
        elif rows >= LEAST_ROWS:
            draw_distribution(canvas, found, top, rows)
        for y, line in enumerate(lines):
            draw_line(canvas, y, line)
        for y, line in enumerate(nearest, start=top + max(rows, 0)):
            draw_line(canvas, y, line)

    def move(self, dx: int, dy: int) -> None:
        """Move the cursor by a part of the view."""
        frame = self.view
        if frame is None or not self.cursor_keys or not (dx or frame.view.flat):
            return
        low, high = np.array(frame.view.box).T
        by = np.array([dx, -dy])[: len(low)] * (high - low) / MOVES
        self.post_message(self.CursorMoved(np.clip(frame.cursor + by, low, high)))

    def explainable(self, frame: Frame) -> Explainable:
        """μ at the cursor, then sd, and how likely the nearest example's y is."""
        return distribution_numbers(frame)


def _place(canvas: Canvas, frame: Frame) -> list[Line]:
    """The cursor's place."""
    palette, names = canvas.palette, frame.view.names
    room = max(1, canvas.width - CELLS - 3)
    parts: list[Line] = [
        [Span(f"{short(name, room, names)} ", palette.low), number(value, palette)]
        for name, value in zip(names, frame.cursor.tolist(), strict=True)
    ]
    parts[0].insert(0, Span(f"{canvas.glyphs.cursor} ", palette.hi))
    return flowed(parts, canvas.width, indent=2, gap=2)


def _moments(canvas: Canvas, found: Distribution) -> list[Line]:
    """μ, sd and φ; of several trials the number and the mean of the successes too."""
    palette, glyphs = canvas.palette, canvas.glyphs
    parts: list[Line] = [
        [Span(f"{spelt('{mu}', glyphs)} ", palette.low), Span(num(found.mu), palette.hi, True)]
    ]
    facts = [("n", str(found.trials)), ("mean", norm(found.mean))] if found.trials > 1 else []
    facts.append(("sd", norm(found.sd) if found.exists else NONE))
    if not found.discrete:
        facts.append(("φ", norm(found.dispersion) if np.isfinite(found.dispersion) else NONE))
    parts += [
        [Span(f"{name} ", palette.low), Span(value.rjust(CELLS), palette.hi)]
        for name, value in facts
    ]
    return flowed(parts, canvas.width, indent=2, gap=2)


def _nearest(canvas: Canvas, found: Distribution) -> list[Line]:
    """y of the nearest example, or the successes in its group, and how likely that is."""
    palette, mark = canvas.palette, canvas.glyphs.point_positive
    who = "nearest group: that of example" if found.trials > 1 else "nearest: example"
    y = f"{found.observed:g}" if found.discrete else num(found.observed).strip()
    parts: list[Line] = [
        [Span(f"{mark} ", palette.hi), Span(f"{who} {found.nearest + 1}", palette.low)],
        [Span("y ", palette.low), Span(y, palette.hi)],
    ]
    if found.has_probability:
        likely = norm(float(found(np.array(found.observed))))
        name = "P" if found.discrete else "p"
        parts.append([Span(f"{name} ", palette.low), Span(likely, palette.hi)])
    return flowed(parts, canvas.width, indent=2, gap=2)


def _why_none(found: Distribution) -> list[str]:
    """Why there is no distribution, in lines."""
    if found.discrete or (np.isfinite(found.dispersion) and found.dispersion > 0.0):
        return [f"μ is no mean of a {found.family} y"]
    if found.dispersion == 0.0:
        return ["the fit is perfect: sd 0"]
    return ["too few examples to estimate φ"]


def _names(frame: Frame, facts: GlmFacts) -> tuple[str, str]:
    """What y = 0 and y = 1 stand for."""
    names = class_names(frame_of_model(frame, facts))
    return (names[0], names[1]) if len(names) == 2 else ("0", "1")
