"""The plot of errors: what it claims, and where it must not."""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from frames import drawn, framed
from screen import press, running, text
from stored_runs import stored

import engine
from engine import EngineError, Experiment
from engine.approximation.sweep import SweepPoint
from engine.approximation.targets import TARGETS, data_target
from engine.explain import written
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.plot import Axis
from tui.model.approximation.facts import ApproximationFacts
from tui.model.approximation.sweep import SweepFacts, SweepState
from tui.panes.approximate.errors import LETTERS, ErrorsPane, fit_to_explain, law_name
from tui.session.session import Session

WIDTHS = [1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128]
METHODS = ("polynomial", "interpolant", "even", "steps", "bumps")
DATA = data_target(np.arange(60.0), np.sin(np.arange(60.0)))
SIZES = ((46, 14), (78, 20), (118, 34))


def powers(method, exponent):
    widths = [w for w in WIDTHS if w >= 2]
    return [SweepPoint(method, w, 3 * w + 1, w**exponent, w ** (2 * exponent)) for w in widths]


@pytest.fixture(scope="module")
def frame():
    return framed(Session(Experiment(dataset="sine", hidden=(3,))))


def with_sweep(frame, facts):
    target = facts.state.target
    shown = ApproximationFacts("sine", target, facts.method, 8, {}, sweep=facts)
    return replace(frame, approximation=shown)


def swept(target, methods=METHODS, **facts):
    widths = [width for width in WIDTHS if width < len(target.x)]
    *_, sweep = engine.width_sweep(target, widths, methods)
    return SweepFacts(SweepState(target, sweep.points, None), **{"method": "interpolant", **facts})


def exponents(lines):
    """The fitted exponent of each method beside the plot, and whether it has a ✓."""
    found = {}
    for line in lines:
        for name in LETTERS:
            if f" {name} " in line[80:]:
                words = line[80:].split(name)[1].split()
                found[name] = (words[0], "✓" in words)
    return found


def test_a_check_mark_stands_only_where_the_exponent_is_within_a_tenth_of_theory(frame):
    for exponent, is_near in (
        (-2.0, True),
        (-2.09, True),
        (-1.91, True),
        (-2.11, False),
        (-1.89, False),
        (-1.0, False),
        (-4.0, False),
    ):
        points = tuple(powers("even", exponent) + powers("steps", exponent + 1.0))
        facts = SweepFacts(SweepState(TARGETS["sine"], points, None), "even")
        found = exponents(drawn(ErrorsPane(), with_sweep(frame, facts), (118, 34)))
        text = f"{exponent:+.2f}".replace("-", "−")
        assert found["even"] == (text, is_near)
        assert found["steps"][1] == is_near


def test_the_exponent_of_a_mean_square_is_twice_as_large(frame):
    points = tuple(powers("even", -2.0))
    facts = SweepFacts(SweepState(TARGETS["sine"], points, None), "even", squared=True)
    lines = drawn(ErrorsPane(), with_sweep(frame, facts), (118, 34))
    assert exponents(lines)["even"] == ("−4.00", True)
    assert law_name(-4.0) in "".join(lines)


@pytest.mark.parametrize("target", [TARGETS["step"], DATA], ids=["step", "data"])
@pytest.mark.parametrize("squared", [False, True])
def test_of_a_step_and_of_data_nothing_is_claimed(frame, target, squared):
    facts = swept(target, squared=squared)
    exact = SweepFacts(SweepState(target, tuple(powers("even", -2.0)), None), "even", squared)
    for one in (facts, exact):
        for size in SIZES:
            shown = "\n".join(drawn(ErrorsPane(), with_sweep(frame, one), size))
            assert "✓" not in shown and "n⁻" not in shown
        with pytest.raises(EngineError, match="no law"):
            fit_to_explain(one)


def test_it_says_over_which_widths_the_exponent_is_fitted(frame):
    facts = swept(TARGETS["sine"])
    for size in SIZES:
        shown = " ".join(" ".join(drawn(ErrorsPane(), with_sweep(frame, facts), size)).split())
        assert "n 16 to 128" in shown and "n⁻²" in shown
    assert facts.chosen.fit.widths[0] == 16


def test_every_letter_is_in_the_cell_of_its_error(frame):
    pane = ErrorsPane()
    facts = swept(TARGETS["sine"], ["interpolant"])
    lines = drawn(pane, with_sweep(frame, facts), (118, 34))
    x, y = pane._last.x, pane._last.y
    left = 1 + max(map(len, y.labels))
    columns, rows = pane._last.canvas.width - left, pane._last.canvas.height - 1

    def cell(axis: Axis, value, last):
        return round((np.log10(value) - axis.low) / (axis.high - axis.low) * last)

    for point in facts.state.points:
        column = left + cell(x, point.parameters, columns - 1)
        row = rows - 1 - cell(y, point.largest, rows - 1)
        assert "i" in {
            lines[r].ljust(118)[column] for r in (row - 1, row, row + 1) if 0 <= r < rows
        }


def test_the_present_curve_and_the_network_have_marks_of_their_own(frame):
    present = SweepPoint("even", 8, 25, 0.2, 0.02)
    network = SweepPoint("network", 0, 97, 0.5, 0.05)
    for glyphs, marks in ((UNICODE, "◉◇"), (ASCII, "@&")):
        for chosen in ({}, {"present": present}, {"present": present, "network": network}):
            facts = swept(TARGETS["sine"], **chosen)
            lines = drawn(ErrorsPane(), with_sweep(frame, facts), (118, 34), glyphs)
            plot = "".join(line[:90] for line in lines)
            assert (marks[0] in plot) == ("present" in chosen)
            assert (marks[1] in plot) == ("network" in chosen)
            assert "".join(lines).isascii() == (glyphs is ASCII)


def test_methods_are_told_apart_without_colour(frame):
    facts = swept(TARGETS["sine"])
    coloured = drawn(ErrorsPane(), with_sweep(frame, facts), (118, 34))
    assert drawn(ErrorsPane(), with_sweep(frame, facts), (118, 34), colour=False) == coloured
    plot = "".join(line[7:90] for line in coloured)
    assert all(LETTERS[name] in plot for name in METHODS)
    assert len({*LETTERS.values()}) == len(LETTERS)


def test_while_it_is_computed_it_says_how_far_and_where_it_fails_why(frame):
    points = swept(TARGETS["sine"]).state.points[:20]
    for state, said in (
        (SweepState(TARGETS["sine"], points, 0.42), "computing  42 %"),
        (SweepState(TARGETS["sine"], points, None, "stopped"), "stopped"),
        (SweepState(TARGETS["sine"], (), 0.0), "computing   0 %"),
        (SweepState(TARGETS["sine"], (), None, "the widths are wrong"), "the widths are wrong"),
    ):
        for size in (*SIZES, (20, 5)):
            facts = with_sweep(frame, SweepFacts(state, "even"))
            assert said in "\n".join(drawn(ErrorsPane(), facts, size))


@pytest.mark.parametrize("size", [(1, 1), (5, 2), (12, 4), (30, 6), (60, 5), (200, 60)])
def test_any_size_and_any_errors_are_drawn(frame, size):
    nothing = SweepPoint("even", 8, 25, 0.0, 0.0)
    endless = SweepPoint("steps", 8, 25, np.inf, np.nan)
    for points in ((), (nothing,), (endless,), (nothing, endless), tuple(powers("even", -60.0))):
        for squared in (False, True):
            state = SweepState(TARGETS["sine"], points, None)
            facts = SweepFacts(state, "even", squared, endless, nothing)
            drawn(ErrorsPane(), with_sweep(frame, facts), size)


def test_enter_explains_the_exponent_that_is_shown(frame):
    facts = swept(TARGETS["sine"])
    pane = ErrorsPane()
    shown = exponents(drawn(pane, with_sweep(frame, facts), (118, 34)))["interpolant"][0]
    explanation = pane.explainable(with_sweep(frame, facts)).explain()
    assert f"{explanation.symbol.value:+.2f}".replace("-", "−") == shown
    assert explanation.symbol.value == pytest.approx(facts.chosen.fit.exponent, rel=1e-9)
    assert "ln" in written(explanation)
    whys = {"polynomial": "of this kind", "by hand": "by hand", "best": "wait"}
    for method, why in whys.items():
        with pytest.raises(EngineError, match=why):
            pane.explainable(with_sweep(frame, replace(facts, method=method)))


async def test_esc_stops_the_computation_and_keys_choose_the_error_and_begin_again(monkeypatch):
    may_go_on = Event()
    monkeypatch.setattr(
        "tui.session.sweeps.job.SweepJob.pause_briefly", lambda job: may_go_on.wait()
    )
    async with running(stored("sine"), (120, 40)) as (app, pilot):
        app.end_demo()
        await press(app, pilot, "6")
        sweeps = app.session.approximation.sweeps
        sweeps.advance(app.session.approximation.target_now(app.session.prepared))
        assert sweeps.busy
        first = sweeps._job
        await press(app, pilot, "escape", "d")
        assert first.cancelled and not sweeps.busy
        assert "stopped" in text(app) and "Errors · mean square" in text(app)
        await press(app, pilot, "c")
        assert sweeps.busy and sweeps._job is not first
        assert "computing" in text(app)
        may_go_on.set()
        sweeps.stop()

    first.join()


async def test_errors_at_three_sizes(snapshot):
    """Without the best knots: where a search ends may hang on the last bits."""

    def draw(nudge):
        frame = framed(stored("sine", nudge))
        shown = []
        network = SweepPoint("network", 0, 97, 0.5, 0.05)
        present = SweepPoint("even", 8, 25, 0.2, 0.0055)
        for squared in (False, True):
            facts = swept(
                TARGETS["sine"], method="even", squared=squared, present=present, network=network
            )
            for size in SIZES:
                shown += drawn(ErrorsPane(), with_sweep(frame, facts), size)
        return "\n".join(shown) + "\n"

    await snapshot("panes-errors-by-width", draw)
