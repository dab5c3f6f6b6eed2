"""The loss surface: against the trainer's own costs, closed forms, and the run's own steps."""

import re
from dataclasses import replace
from threading import Event
from typing import Any

import numpy as np
import pytest
from frames import drawn, finish_counting, framed, wait_for_surface
from hypothesis import given
from hypothesis import strategies as st
from screen import press, running, settled, text
from stored_runs import stored

from engine import EngineError, Experiment, Trainer
from engine.arrays import lengths
from tui.app import NNExplore
from tui.commands.screens import visit
from tui.drawing.canvas import Canvas
from tui.drawing.colours.terminal import COLOURS_256
from tui.drawing.grid import Grid
from tui.drawing.numbers import cost_text, norm
from tui.drawing.palette import DARK, LIGHT, Palette, palette_of
from tui.model.surface import Surface
from tui.panes.surface.relief import MAX_LEVELS, clipped, relief, resampled, round_levels
from tui.panes.surface.surface import SurfacePane
from tui.session.loss_surface.job import SurfaceJob
from tui.session.loss_surface.tracker import KINDS, SurfaceTracker
from tui.session.session import Session

pytestmark = pytest.mark.trained

SIZES = ((80, 24), (100, 30), (120, 40), (200, 60))
CIRCLE = Experiment(dataset="circle", hidden=(4, 3))
CARS = Experiment(dataset="cars", hidden=(), batch_size=50)  # its targets are standardised
coordinates = st.floats(-3.0, 3.0)


def computed(trainer: Trainer, kind: str = "path", seed: int = 0) -> Surface:
    job = SurfaceJob(trainer, kind, seed)
    job.run()
    assert job.surface is not None, job.note
    assert job.progress == 1.0
    return job.surface


@pytest.fixture(autouse=True)
def few_points_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.session.loss_surface.job.grid_points", lambda trainer: 9)
    monkeypatch.setattr("tui.session.loss_surface.tracker.PAUSE", 0.0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("experiment", [CIRCLE, CARS])
def test_every_point_is_the_cost_with_its_parameters(experiment: Experiment, kind: str) -> None:
    trainer = Trainer(experiment).step(40)
    surface = computed(trainer, kind, seed=2)
    land, scale = surface.landscape, trainer.prepared.cost_scale  # type: ignore[union-attr]
    costs = [
        [trainer.costs_at(land.plane.parameters(s, t))[0] * scale for s in land.s] for t in land.t
    ]
    np.testing.assert_allclose(surface.costs, costs, rtol=1e-13)
    assert surface.cost == surface.costs[4, 4]
    assert surface.cost == pytest.approx(trainer.costs()[0] * scale, rel=1e-13)
    s, t, lowest = surface.lowest
    assert lowest == np.min(surface.costs)
    found = trainer.costs_at(land.plane.parameters(s, t))[0] * scale
    assert found == pytest.approx(lowest, rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_the_plane_holds_of_the_path_what_least_squares_leaves_no_residual_of(kind: str) -> None:
    trainer = Trainer(CIRCLE).step(200)
    surface = computed(trainer, kind)
    now = trainer.network.parameters
    away = np.array([trainer.parameters_at(int(s)) - now for s in surface.landscape.steps[:-1]])
    _, residuals, *_ = np.linalg.lstsq(surface.landscape.plane.directions.T, away.T)
    assert surface.share == pytest.approx(1.0 - residuals.sum() / np.square(away).sum())
    if kind == "path":
        assert surface.share == pytest.approx(surface.landscape.plane.share)


def test_a_plane_holds_all_of_a_path_of_two_parameters() -> None:
    assert computed(Trainer(CARS).step(20), "random").share == pytest.approx(1.0)


def test_the_path_is_that_of_the_run_wherever_it_goes() -> None:
    trainer = Trainer(CIRCLE).step(200)
    surface = computed(trainer)
    plane = surface.landscape.plane

    def check() -> None:
        now = trainer.step_count
        steps = [s for s in sorted(trainer.history.checkpoints) if s < now]
        expected = [plane.coordinates(trainer.parameters_at(s)[None])[0] for s in steps]
        expected.append(plane.coordinates(trainer.network.parameters[None])[0])
        np.testing.assert_allclose(surface.path(), expected, rtol=1e-12, atol=1e-12)

    check()
    np.testing.assert_allclose(surface.path()[-1], 0.0, atol=1e-12)
    for step in (500, 90):
        trainer.seek(step)
        check()
    trainer.change(learning_rate=0.3)
    trainer.step(300)  # another future than the one that the surface was made in
    check()
    trainer.edit(1, "weight", (0, 0), 2.0)
    check()
    trainer.undo()
    check()


def test_where_there_is_no_surface_it_says_why() -> None:
    notes = {
        "train a few steps more": (Trainer(CIRCLE), "path"),
        "length 0": (Trainer(Experiment(init="zeros", bias=False)), "random"),
        "no loss surface": (Trainer(Experiment(dataset="line", learning_rate=1e9)), "random"),
    }
    notes["no loss surface"][0].step(300)
    for note, (trainer, kind) in notes.items():
        job = SurfaceJob(trainer, kind, 0)
        job.run()
        assert job.surface is None
        assert note in job.note


def test_a_cancelled_job_keeps_what_it_has() -> None:
    job = SurfaceJob(Trainer(CIRCLE), "random", 0)
    job.cancel()
    job.run()
    assert job.surface is None and job.note == ""

    class AtFirstRow(SurfaceJob):
        @property
        def progress(self) -> float:
            return 0.0

        @progress.setter
        def progress(self, value: float) -> None:
            if value > 0.0:
                self.cancel()

    job = AtFirstRow(Trainer(CIRCLE), "random", 0)
    job.run()
    assert job.surface is not None
    assert np.isnan(job.surface.costs).sum() == 8 * 9
    assert np.isnan(relief(job.surface, 8).sizes).any()


def test_it_follows_a_run_that_rests_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(CIRCLE).step(10)
    tracker = SurfaceTracker(trainer)

    def look(playing: bool = False, pause: float = 0.0) -> int | None:
        monkeypatch.setattr("tui.session.loss_surface.tracker.PAUSE", pause)
        tracker.advance(trainer, playing)
        wait_for_surface(tracker)
        tracker.advance(trainer, playing)
        surface = tracker.facts(trainer).surface
        return surface.step if surface else None

    assert [look(pause=1e9), look()] == [None, 10]
    trainer.step(5)
    assert [look(playing=True), look(pause=1e9)] == [10, 10]
    assert [look(), look()] == [15, 15]
    first = tracker.facts(trainer).surface
    look()
    assert tracker.facts(trainer).surface is first
    with pytest.raises(EngineError, match="not drawn at random"):
        tracker.draw_again(trainer)
    other = Trainer(Experiment(hidden=(2,)))
    assert tracker.facts(other).surface is None


@given(st.floats(-280, 280), st.floats(0.01, 40), st.booleans())
def test_contours_stand_at_round_values_inside(low: float, span: float, log: bool) -> None:
    levels = round_levels(low, low + span, log)
    assert len(levels) <= MAX_LEVELS
    for height, label in levels:
        assert low < height < low + span
        if abs(low) < 200:
            value = 10.0**height if log else height
            assert value == pytest.approx(float(label.replace("−", "-")), rel=1e-5, abs=1e-9)


def test_pixels_of_a_plane_lie_on_it() -> None:
    s = np.linspace(-1.0, 1.0, 9)
    values = 2.0 * s[None, :] - 3.0 * s[:, None]
    middles = (np.arange(16) + 0.5) / 8.0 - 1.0
    expected = 2.0 * middles[None, :] + 3.0 * middles[:, None]  # row 0 is the highest t
    np.testing.assert_allclose(resampled(values, 16), expected, atol=1e-12)


@given(st.lists(st.tuples(*[coordinates] * 4), min_size=1, max_size=5))
def test_clipped_segments_are_the_parts_inside(segments: list[tuple[float, ...]]) -> None:
    grid = Grid(0, 4, 2, ((-1.0, 1.0), (-2.0, 0.5)))
    found = clipped(np.array(segments), grid)
    low, high = np.array(grid.box).T
    points = found.reshape(-1, 2)
    assert ((points >= low - 1e-12) & (points <= high + 1e-12)).all()
    t = np.linspace(0.0, 1.0, 2001)[:, None]
    inside = 0.0
    for segment in np.array(segments):
        along = segment[:2] + t * (segment[2:] - segment[:2])
        within = ((along >= low) & (along <= high)).all(axis=1).mean()
        inside += within * np.hypot(*(segment[2:] - segment[:2]))
    lengths = np.hypot(*(found[:, 2:] - found[:, :2]).T).sum()
    assert lengths == pytest.approx(inside, abs=0.02 * len(segments))


# on the screen


async def look(app: NNExplore, pilot: Any) -> None:
    """Let the surface catch up."""
    for _ in range(2):
        app.screen.look_again()  # type: ignore[attr-defined]
        wait_for_surface(app.session.surface)
    app.screen.look_again()  # type: ignore[attr-defined]
    await settled(pilot)


async def test_the_cursor_reads_the_cost_where_it_is() -> None:
    async with running(CIRCLE, size=(80, 24)) as (app, pilot):
        app.session.time.step(300)
        visit(app, "surface")
        await settled(pilot)
        await look(app, pilot)
        assert "Loss surface · the path's plane" in text(app)
        tracker = app.session.surface
        await press(app, pilot, "tab", "l", "right", "k")
        facts = tracker.facts(app.session.trainer)
        plane = facts.surface.landscape.plane
        assert facts.cursor[0] > 0.0 and facts.cursor[1] > 0.0
        costs = app.session.trainer.costs_at(plane.parameters(*facts.cursor))
        assert facts.cursor_costs == pytest.approx(costs, rel=1e-13)
        await press(app, pilot, "d")
        assert "not drawn at random" in app.message
        for kind in ("a random plane", "down the gradient"):
            await press(app, pilot, "p")
            await look(app, pilot)
            assert kind in text(app)
        assert not tracker.cursor.any()
        before = tracker.facts(app.session.trainer).surface.landscape.plane
        await press(app, pilot, "d")
        await look(app, pilot)
        after = tracker.facts(app.session.trainer).surface.landscape.plane
        # still down the gradient
        np.testing.assert_allclose(after.directions[0], before.directions[0], rtol=1e-13)
        assert not np.allclose(after.directions[1], before.directions[1])
        await press(app, pilot, "full_stop")
        await look(app, pilot)
        assert tracker.facts(app.session.trainer).surface.step == 301
        await press(app, pilot, "escape", "escape")
        assert app.screen.name == "explore"


async def test_esc_stops_before_it_leads_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "3")
        visit(app, "surface")
        await settled(pilot)
        tracker = app.session.surface
        assert tracker.kind == "random"  # at step 0 there is no path
        hold = Event()
        monkeypatch.setattr(
            "tui.session.loss_surface.job.grid_points", lambda trainer: hold.wait() and 9
        )
        tracker.compute(app.session.trainer)
        await press(app, pilot, "escape")
        assert app.screen.name == "surface" and not tracker.busy
        hold.set()
        wait_for_surface(tracker)
        await press(app, pilot, "escape")
        assert app.screen.name == "regions"


@pytest.mark.parametrize(
    ("name", "sizes", "ascii"),
    [("in-every-size", SIZES, False), ("ascii", SIZES[:1], True)],
)
async def test_the_screen(
    name: str,
    sizes: tuple[tuple[int, int], ...],
    ascii: bool,
    snapshot: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.session.loss_surface.job.grid_points", lambda trainer: 35)

    async def draw(nudge: int) -> str:
        session, shown = stored("circle-long", nudge), []
        async with running(session, size=sizes[0], ascii=ascii) as (app, pilot):
            visit(app, "surface")
            app.end_demo()
            await settled(pilot)
            await look(app, pilot)
            for width, height in sizes:
                await pilot.resize_terminal(width, height)
                finish_counting(app.session)
                app.show()
                await settled(pilot)
                assert text(app).isascii() or not ascii
                shown.append(f"[{width} x {height}]\n{text(app)}")
        return "".join(shown)

    await snapshot(f"surface-{name}", draw)


@pytest.mark.parametrize(
    ("dataset", "diverges"),
    [("challenger", False), ("dobson", True), ("two-relu", True), ("longley", True)],
)
async def test_it_is_drawn_of_any_experiment_and_of_one_that_diverges(
    dataset: str, diverges: bool
) -> None:
    async with running(Experiment(dataset=dataset), size=(60, 20)) as (app, pilot):
        app.session.time.step(20)
        visit(app, "surface")
        for size in ((60, 20), (120, 40)):
            await pilot.resize_terminal(*size)
            await look(app, pilot)
            assert "cursor" in text(app)
        app.change(learning_rate=1e9)
        app.session.time.step(400)
        app.show()
        await look(app, pilot)
        assert bool(app.session.trainer.divergence) == diverges
        assert ("no loss surface" in " ".join(text(app).split())) == diverges


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (250, 40), (80, 60), (60, 40), (100, 60)])
def test_no_number_of_the_read_out_is_cut_and_its_scale_has_its_name(size: tuple[int, int]) -> None:
    session = Session(CIRCLE)
    session.time.step(40)
    session.surface.require_path(session.trainer)
    for _ in range(3):
        session.advance("surface")
        wait_for_surface(session.surface)
    frame = framed(session, "surface")
    pane, facts = SurfacePane(), frame.surface
    lines = drawn(pane, frame, (size[0] - 2, size[1] - 4))
    shown, grid = "\n".join(lines), pane._grid
    assert facts is not None and facts.surface is not None and grid is not None
    norms = lengths(facts.surface.landscape.plane.directions)
    for name, v in zip(("‖u‖", "‖v‖"), norms, strict=True):
        assert f"{name} {norm(v).strip()}" in shown or (name not in shown and size == (60, 40))
    assert ("holds" in shown) == ("path's" in shown.partition("holds")[2])
    assert "…" not in shown and re.search("C, log scale|log C", shown)
    assert cost_text(facts.cost) in shown and "lowest" in shown
    portrait = size[0] < 2 * size[1]
    below = "\n".join(lines[grid.height + 1 :])
    assert ("cursor" in below) == portrait  # below the map, which is as wide as the pane
    assert not portrait or grid.left + grid.width > 0.8 * size[0]


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_heights_are_greys_and_the_higher_the_further_from_the_ground(palette: Palette) -> None:
    colours = palette.sequential(np.linspace(0.0, 1.0, 17))
    channels = np.array([colours >> shift & 255 for shift in (16, 8, 0)])
    assert (np.ptp(channels, axis=0) <= 30).all()  # no hue that would be a sign
    away = np.abs(channels[1] - (palette.bg >> 8 & 255))
    assert (np.diff(away) > 0).all()
    surface = computed(Trainer(CIRCLE).step(40))
    shown = relief(surface, 8).sizes
    assert shown.min() >= -1e-12 and shown.max() <= 1.0 + 1e-12


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_the_values_of_contours_and_the_path_stand_out(palette: Palette) -> None:
    trainer = Trainer(CIRCLE).step(60)
    session = Session(CIRCLE)
    session.time.step(60)
    surface = computed(trainer)
    facts = replace(session.surface.facts(session.trainer), surface=surface, path=surface.path())
    frame = replace(session.frame("surface"), surface=facts)
    pane, canvas = SurfacePane(), Canvas(90, 34, palette)
    pane.draw(canvas, frame)
    assert pane._grid is not None
    labels = relief(surface, pane._grid.width).labels
    assert labels
    for label in labels:
        cell = label.row, pane._grid.left + label.column
        if canvas.chars[cell] == label.text[0]:  # no mark stands there
            assert contrast(canvas.ink[cell], canvas.ground[cell]) >= 4.5
    of_path = (canvas.chars > "⠀") & (canvas.chars <= "⣿")
    assert of_path.sum() > 5
    inks, grounds = canvas.ink[of_path].tolist(), canvas.ground[of_path].tolist()
    assert min(map(contrast, inks, grounds)) >= 4.5


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_of_256_colours_contours_are_drawn_too(theme: str) -> None:
    """They were left out as too faint, and their values stood alone."""
    surface = computed(Trainer(CIRCLE).step(60))
    session = Session(CIRCLE)
    facts = replace(session.surface.facts(session.trainer), surface=surface)
    frame = replace(session.frame("surface"), surface=facts)
    pane, canvas = SurfacePane(), Canvas(90, 34, palette_of(theme, system=COLOURS_256))
    pane.draw(canvas, frame)
    assert pane._grid is not None
    grid, drawn_relief = pane._grid, relief(surface, pane._grid.width)
    cells = slice(0, grid.height), slice(grid.left, grid.left + grid.width)
    plain = canvas.palette.sequential(drawn_relief.sizes)[0::2]
    bare = canvas.chars[cells] == "▀"
    on_contour = bare & (drawn_relief.contours[0::2] > 0.5)
    off_contour = bare & (drawn_relief.contours[0::2] == 0.0)
    assert on_contour.sum() > 20
    assert (canvas.ink[cells] != plain)[on_contour].all()
    assert (canvas.ink[cells] == plain)[off_contour].all()


def contrast(one: int, other: int) -> float:
    """The contrast ratio of two colours, by WCAG 2.2."""
    low, high = sorted(luminance(int(rgb)) for rgb in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(rgb: int) -> float:
    channels = np.array([rgb >> shift & 255 for shift in (16, 8, 0)]) / 255.0
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
