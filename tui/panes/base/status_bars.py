"""The status of each screen but the first: the numbers that it is about."""

from __future__ import annotations

from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import Glyphs
from tui.drawing.numbers import NONE, cost_text, difference_text, known, large, norm
from tui.explain.region_texts import brief_reason, progress_text
from tui.model.backprop.facts import BackpropFacts
from tui.model.frame import Frame
from tui.model.regions.filter import region_list
from tui.model.regions.source import upper_bound
from tui.panes.base.bars import Part, StatusBar, check_part, late, region_part, time_parts


class BackpropStatusBar(StatusBar):
    """Where in the run and in its next step, of which example, and the gradient check."""

    SHOWS_SELECTION = True

    def parts(self, frame: Frame, canvas: Canvas, wide: bool) -> list[Part]:
        facts = frame.backprop
        (step, *_), n = time_parts(frame, wide), len(frame.data.X)
        parts = [step]
        if frame.batch_mode:
            rows = len(frame.batch.example_losses)
            parts.append(Part("batch", f"mean of {rows}", 5, 3))
        else:
            value, width = f"{count(frame.example + 1)} of {count(n)}", 2 * len(count(n)) + 4
            parts.append(Part("example", value, width, 3))
        if facts is not None:
            n = len(facts.step.microsteps)
            name, value = "micro-step" if wide else "micro", f"{facts.at + 1} of {n}"
            parts.append(Part(name, value, 2 * len(str(n)) + 4, 1))
        name = "C" if frame.batch_mode else "C_x"
        parts.append(Part(name, _cost(frame, facts), 6, 0))
        parts.append(check_part(frame.check, canvas.glyphs, wide))
        if facts is not None and facts.score is not None:
            right, guesses = facts.score
            parts.append(Part("score" if wide else "sc", f"{right} of {guesses}", 6, 2))
        return parts


def _cost(frame: Frame, facts: BackpropFacts | None) -> str:
    """C_x of the example, or C of the batch, in the network's units; when predicting, not before
    its own micro-step has told it."""
    if facts is not None and facts.score is not None:
        kinds = [microstep.kind for microstep in facts.step.microsteps]
        told = kinds.index("cost" if frame.batch_mode else "example_cost")
        if facts.at < told + facts.hidden and facts.at <= told:
            return "?"
    cost = frame.batch.loss if frame.batch_mode else float(frame.shown.example_losses[0])
    return cost_text(cost)


class RegionsStatusBar(StatusBar):
    """Step, epoch, C and how many regions there are of which kind."""

    def parts(self, frame: Frame, canvas: Canvas, wide: bool) -> list[Part]:
        regions, parts = frame.regions, time_parts(frame, wide)
        listed = region_list(frame)
        if listed is not None:
            name = "activation regions" if wide else "regions"
            total = count(listed.map.activation_count) + late(frame)
            parts.append(Part(name, total, 5, 2))
            parts.append(Part("linear", count(listed.map.linear_count), 5, 3))
            with_data = int((listed.examples > 0).sum())
            parts.append(Part("with data" if wide else "data", count(with_data), 4, 5))
            if listed.map.close_calls:  # then rounding may have decided one or two
                parts.append(Part("close calls", count(listed.map.close_calls), 2, 4))
            if regions.progress:
                parts.append(Part("counting", progress_text(regions.progress), 10, 2))
            elif regions.reason:
                parts.append(Part("·", brief_reason(regions.reason), 10, 2))
        else:
            parts.append(region_part(frame, wide))
        bound = upper_bound(frame.bounds)
        if bound is not None:
            name = "maximum" if bound.is_attained else "at most"
            parts.append(Part(name, large(bound.value), 3, 6))
        return parts


class LinearStatusBar(StatusBar):
    """Step, C beside that of least squares, and how far the network is from it."""

    def parts(self, frame: Frame, canvas: Canvas, wide: bool) -> list[Part]:
        glyphs, parts = canvas.glyphs, time_parts(frame, wide)
        parts = [part for part in parts if part.name != "epoch"]
        if frame.baseline:
            name, cost = frame.baseline
            if frame.linear and frame.linear.degree > 1:  # the fit above; this is the line's
                parts.append(Part(f"{name} C (degree 1)", cost_text(cost), 6, 1))
            else:
                parts.append(Part(f"{name} C" if wide else name, cost_text(cost), 6, 3))
            excess = difference_text(cost_text(frame.cost), cost_text(cost), frame.cost - cost)
            parts.append(Part("excess", excess, 6, 4))
        linear = frame.linear
        if linear is not None:
            if linear.has_distance:
                name = "‖β_net − β_OLS‖" if wide else "‖β − β_OLS‖"
                parts.append(Part(glyphs.text(name), known(linear.distance, norm).strip(), 6, 5))
            exact = "exact" if linear.exact else "of z"
            verdict = _verdict(linear.collapses, exact, "broken", glyphs)
            parts.append(Part("collapse", verdict, 8, 2))
        return parts


class GlmStatusBar(StatusBar):
    """Step, C and the deviance beside that of the fit, and whether the network is the model."""

    def parts(self, frame: Frame, canvas: Canvas, wide: bool) -> list[Part]:
        glyphs, glm = canvas.glyphs, frame.glm
        parts = [part for part in time_parts(frame, wide) if part.name != "epoch"]
        if glm is None:
            return parts
        if glm.deviance is not None:
            parts.append(Part("deviance", known(glm.deviance, cost_text), 6, 2))
        if glm.fit is not None:
            parts.append(Part("GLM", cost_text(glm.fit.deviance), 6, 3))
            if glm.deviance is not None:
                texts = cost_text(glm.deviance), cost_text(glm.fit.deviance)
                excess = difference_text(*texts, glm.deviance - glm.fit.deviance)
                parts.append(Part("excess", excess, 6, 4))
        if frame.data.Y.shape[1] > 1:  # these models have one target
            named = glm.other_model and glm.z_is_affine
            model = f"{glm.other_model} {glyphs.check}"
            return [*parts, Part("network:", model, 5, 1)] if named else parts
        verdict = _verdict(glm.is_model, "yes", "no", glyphs)
        if glm.is_model and glm.at_fit and wide:
            verdict += " at its fit"
        parts.append(Part("network is this GLM:" if wide else "this GLM:", verdict, 5, 1))
        return parts


def _verdict(holds: bool | None, yes: str, no: str, glyphs: Glyphs) -> str:
    """``yes ✓``, ``no ✗``, or – where it cannot be said."""
    return NONE if holds is None else f"{yes if holds else no} {glyphs.mark(holds)}"
