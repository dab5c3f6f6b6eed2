"""The post-mortem: against the run's own steps, and by what becomes of a run that is mended."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from screen import press, running, settled, text
from stored_runs import stored

from engine import Experiment, Trainer
from engine.training.postmortem import post_mortem
from engine.training.schedules import learning_rate_at
from engine.wording import count
from tui.app import NNExplore
from tui.commands.reports import open_postmortem
from tui.dialogs.postmortem_report import PostMortemView, draw_postmortem
from tui.drawing.canvas import Canvas
from tui.drawing.numbers import setting
from tui.drawing.palette import DARK
from tui.session.postmortem import (
    PostMortemJob,
    find_cure,
    is_beyond,
    lead_up,
    limit_name,
)
from tui.session.session import Session

pytestmark = pytest.mark.trained

LINE = Experiment(dataset="line", hidden=(), learning_rate=0.12, batch_size=50)
DEEP = Experiment(dataset="reg-gauss", hidden=(4, 3), activation="identity", learning_rate=3.0)
EXPERIMENTS = [LINE, DEEP, replace(LINE, learning_rate=1e200)]


def diverged(experiment: Experiment) -> Trainer:
    trainer = Trainer(experiment).step(2000)
    assert trainer.divergence
    return trainer


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_way_to_the_end_is_that_of_the_run(experiment: Experiment) -> None:
    trainer = diverged(experiment)
    job = PostMortemJob(trainer)
    job.run()
    way, found = job.lead_up, job.found
    assert way and found and trainer.divergence
    assert way.steps[0] == found.safe_step
    assert way.steps[-1] == trainer.divergence.step - 1
    assert (np.diff(way.steps) > 0).all()
    other = Trainer(experiment)
    scale = other.prepared.cost_scale  # type: ignore[union-attr]
    for i, step in enumerate(way.steps.tolist()):
        network = other.seek(step).network
        assert way.costs[i] == pytest.approx(other.costs()[0] * scale, rel=1e-13)
        with np.errstate(over="ignore"):
            norms = [
                np.hypot(np.linalg.norm(W), np.linalg.norm(b))
                for W, b in zip(network.weights, network.biases, strict=True)
            ]
        np.testing.assert_allclose(way.parameters[i], norms, rtol=1e-12)


def test_the_end_of_the_way_has_the_gradients_that_were_found() -> None:
    trainer = diverged(replace(DEEP, bias=False))
    found = post_mortem(trainer)
    way = lead_up(trainer.twin(), found)
    last = slice(-len(found.steps), None)
    np.testing.assert_allclose(way.gradients[last], found.gradients, rtol=1e-13)
    np.testing.assert_allclose(way.parameters[last], found.weights, rtol=1e-13)


def test_the_cure_is_below_the_rate_that_diverged() -> None:
    found = post_mortem(diverged(LINE))
    assert find_cure(found).learning_rate == found.suggested < 2.0 / found.curvature < 0.12
    assert find_cure(replace(found, curvature=np.nan, suggested=np.nan)) is None
    for curvature, suggested in ((-1.0, np.nan), (1e-3, 1000.0)):
        cure = find_cure(replace(found, curvature=curvature, suggested=suggested))
        assert cure.learning_rate == 0.06
        assert cure.why.startswith("half of η")


def test_the_rate_is_that_of_the_schedule_and_the_limit_is_said_to_be_sgds() -> None:
    falling = replace(LINE, learning_rate=1e9, schedule="step", schedule_steps=4)
    found = post_mortem(diverged(falling))
    fallen = learning_rate_at(found.settings, int(found.steps[-1]))
    assert found.learning_rate == fallen < found.settings.learning_rate == 1e9
    canvas = Canvas(100, 30, DARK)
    way = lead_up(diverged(LINE).twin(), found)
    draw_postmortem(canvas, found, way, None)
    assert setting(fallen) in "\n".join(canvas.text_lines())
    by_adam = replace(found, settings=replace(found.settings, optimizer="adam"))
    draw_postmortem(canvas, by_adam, way, None)
    assert "that limit of SGD; adam has another" in "\n".join(canvas.text_lines())


def test_a_step_back_from_the_end_leads_to_the_same_findings() -> None:
    trainer = diverged(LINE)
    jobs = [PostMortemJob(trainer), PostMortemJob(trainer.seek(700))]
    for job in jobs:
        job.run()
    first, second = (job.found for job in jobs)
    assert first and second and first.suggested == second.suggested
    assert first.divergence == second.divergence and first.safe_step == second.safe_step


def test_what_was_changed_after_the_step_that_it_goes_back_to_is_gone() -> None:
    session = Session(Experiment(dataset="reg-plane", hidden=(4, 3), output="identity"))
    session.time.step(300)
    session.change(learning_rate=50.0)
    session.time.step(1000)
    cure = find_cure(post_mortem(session.trainer))
    assert cure.step < 300
    assert cure.learning_rate == 0.03  # as before the change
    session.go_back_to(cure.step, cure.learning_rate)
    assert session.trainer.step_count == session.trainer.history.latest_step == cure.step
    session.time.step(1000)
    assert session.trainer.divergence is None
    twin = Trainer(session.prepared.experiment).step(cure.step + 1000)
    assert np.array_equal(session.trainer.network.parameters, twin.network.parameters)
    assert len(session.runs.all) == 2  # the future that diverged


CASES = Path(__file__).parents[1] / "model" / "cases"
EXPLODING_BY_L2 = Experiment.from_toml((CASES / "exploding_l2.toml").read_text(encoding="utf-8"))
EXPLODING = (LINE, 40)  # finite, at a rate above 2/λ_max
HEALTHY = (replace(LINE, learning_rate=0.01), 40)


def examined(experiment: Experiment, steps: int) -> PostMortemJob:
    trainer = Trainer(experiment).step(steps)
    assert trainer.divergence is None
    job = PostMortemJob(trainer)
    job.run()
    return job


def test_in_the_past_of_a_run_its_future_is_not_looked_at() -> None:
    there = Trainer(EXPLODING[0]).step(40)
    found, alone = post_mortem(there.seek(20)), post_mortem(Trainer(EXPLODING[0]).step(20))
    assert found.steps.tolist() == alone.steps.tolist() and found.steps[-1] == 20
    np.testing.assert_allclose(found.costs, alone.costs, rtol=1e-13)
    assert there.step_count == 20 and there.history.latest_step == 40


@pytest.mark.parametrize(
    ("of_limit", "optimizer", "mended"),
    [(0.99, "sgd", False), (1.01, "sgd", True), (1.01, "adam", False)],
)
def test_only_a_rate_of_sgd_above_its_limit_is_to_be_mended(
    of_limit: float, optimizer: str, mended: bool
) -> None:
    limit = 2.0 / post_mortem(Trainer(LINE)).curvature
    experiment = replace(LINE, learning_rate=of_limit * limit, optimizer=optimizer)
    assert (find_cure(post_mortem(Trainer(experiment).step(3))) is not None) == mended


def test_a_run_that_explodes_but_is_finite_is_told_from_one_that_does_not() -> None:
    job = examined(*EXPLODING)
    found, way = job.found, job.lead_up
    assert found and way and not job.diverged
    hessian = 2.0 * np.linalg.eigvalsh(_gram(EXPLODING[0]))[-1]
    assert found.curvature == pytest.approx(hessian, rel=1e-6)
    assert found.safe_step == 0 and way.steps.tolist() == [*range(41)]
    cure = find_cure(found)
    assert cure and cure.learning_rate == found.suggested < 2.0 / hessian < 0.12
    canvas = Canvas(100, 30, DARK)
    draw_postmortem(canvas, found, way, job.cure)
    shown = "\n".join(canvas.text_lines())
    assert "has not diverged, but C is far above its lowest" in shown
    assert "steps overshoot" in shown and "back to step 0" in shown
    fine = examined(*HEALTHY)
    assert fine.found and fine.lead_up
    assert find_cure(fine.found) is None
    assert fine.lead_up.steps.tolist() == [*range(17, 41)]
    draw_postmortem(canvas := Canvas(100, 30, DARK), fine.found, fine.lead_up, fine.cure)
    shown = "\n".join(canvas.text_lines())
    assert "C is at its lowest now" in shown and "2/λ_max" in shown and "enter" not in shown


def test_half_of_the_limit_is_rounded_down_as_it_says() -> None:
    """2/λ_max is 0.0978 here, half of it 0.0489: 0.05 to one digit, 0.04 rounded down."""
    job = examined(*EXPLODING)
    assert job.found and job.cure
    half = 1.0 / job.found.curvature
    assert half == pytest.approx(0.0489, abs=1e-4)
    assert job.cure.learning_rate == 0.04 < half
    assert job.cure.why == "half of 2/λ_max, rounded down"


def test_a_run_that_has_blown_up_and_is_flat_again_is_led_back() -> None:
    """Circle, the key that doubles η twelve times at step 5000: C goes from 0.002 to 1.98, where
    tanh is saturated and every gradient is 0."""
    session = Session(Experiment())
    session.time.seek(5000)
    for _ in range(12):
        session.scale_learning_rate(2.0)
    session.time.seek(9000)
    job = PostMortemJob(session.trainer)
    job.run()
    assert job.found and job.lead_up and job.cure
    lowest = job.lead_up.costs[0]
    assert job.found.has_risen and lowest < 0.01 < 1.9 < job.lead_up.costs[-1]
    assert job.cure.step == job.found.safe_step <= 5000
    assert job.cure.learning_rate == 0.03
    assert job.cure.why == f"as it was at step {count(job.cure.step)}"
    draw_postmortem(canvas := Canvas(100, 30, DARK), job.found, job.lead_up, job.cure)
    shown = "\n".join(canvas.text_lines())
    assert "far above its lowest" in shown
    assert f"back to step {count(job.cure.step)}" in shown
    session.go_back_to(job.cure.step, job.cure.learning_rate)
    session.time.step(3000)
    assert session.prepared.cost_scale * session.trainer.costs()[0] < lowest


def test_norms_are_finite_where_the_weights_are() -> None:
    """η·L2 = 3 (github.com/tensorflow/playground/issues/77): at step 1000 weights are 1e300, whose
    squares overflow."""
    job = examined(EXPLODING_BY_L2, 1000)
    assert job.found and job.lead_up and job.cure
    assert np.abs(Trainer(EXPLODING_BY_L2).step(1000).network.parameters).max() > 1e200
    assert np.isfinite(job.lead_up.parameters).all()
    draw_postmortem(canvas := Canvas(100, 30, DARK), job.found, job.lead_up, job.cure)
    shown = "\n".join(canvas.text_lines())
    assert "C + R is far above its lowest" in shown
    assert not any("[W b]" in line and "inf" in line for line in shown.splitlines())


def test_a_rate_is_tried_and_lowered_where_small_batches_need_less() -> None:
    """Momentum with batches of one diverges at half of its limit on all examples."""
    experiment = Experiment(
        dataset="stackloss",
        hidden=(2,),
        activation="identity",
        optimizer="momentum",
        learning_rate=0.3,
        batch_size=1,
        l2=1.0,
        init="glorot",
        init_seed=3,
    )
    trainer = diverged(experiment)
    job = PostMortemJob(trainer)
    job.run()
    assert job.found and job.cure
    untried = find_cure(job.found)
    assert untried and untried.step == job.cure.step
    trials = [Trainer(experiment).seek(untried.step) for _ in range(2)]
    failed, held = (
        trial.change(learning_rate=cure.learning_rate).step(256)
        for trial, cure in zip(trials, (untried, job.cure), strict=True)
    )
    assert failed.divergence and not held.divergence
    assert job.cure.why == "larger ones fail within 256 steps"


@pytest.mark.parametrize(
    ("optimizer", "limit"), [("sgd", 2.0), ("momentum", 3.8), ("nesterov", 3.8 / 2.8)]
)
def test_the_limit_is_that_of_the_optimiser(optimizer: str, limit: float) -> None:
    """On the line λ_max does not change: below the limit C falls, above it C grows."""
    curvature = post_mortem(Trainer(LINE)).curvature
    for share, beyond in ((0.98, False), (1.02, True)):
        rate = share * limit / curvature
        experiment = replace(LINE, optimizer=optimizer, learning_rate=rate)
        trainer = Trainer(experiment)
        first = trainer.costs()[0]
        found = post_mortem(trainer.step(2000))
        assert found.stability == pytest.approx(limit)
        assert is_beyond(found) == beyond
        assert limit_name(found) == f"{limit:.3g}/λ_max"
        assert bool(found.divergence or trainer.costs()[0] > first) == beyond


def _gram(experiment: Experiment) -> Any:
    """X̃ᵀX̃/n of the training data, the ones of the intercept beside them."""
    prepared = Trainer(experiment).prepared
    assert prepared
    X = prepared.inputs[prepared.dataset.train]
    X = np.column_stack([X, np.ones(len(X))])
    return X.T @ X / len(X)


async def opened(app: NNExplore, pilot: Any) -> None:
    app.session.time.step(2000)
    await examined_on_screen(app, pilot)


async def examined_on_screen(app: NNExplore, pilot: Any) -> None:
    app.end_demo()
    app.show()
    await settled(pilot)  # the screen below is drawn
    open_postmortem(app)
    await settled(pilot)
    app.screen.job.join()  # type: ignore[attr-defined]
    app.screen.look_again()  # type: ignore[attr-defined]
    await settled(pilot)


@pytest.mark.parametrize("experiment", EXPERIMENTS[:2])
async def test_enter_mends_the_run(experiment: Experiment) -> None:
    async with running(experiment) as (app, pilot):
        await opened(app, pilot)
        found = app.screen.job.found  # type: ignore[attr-defined]
        await press(app, pilot, "enter")
        trainer = app.session.trainer
        assert trainer.step_count == found.safe_step
        assert trainer.settings.learning_rate == found.suggested
        before = trainer.costs()[0]
        app.session.time.step(1000)
        assert trainer.divergence is None
        assert trainer.step_count == found.safe_step + 1000
        assert trainer.costs()[0] < before
        await press(app, pilot, "u")
        assert app.session.trainer.settings.learning_rate == experiment.learning_rate


@pytest.mark.parametrize(
    ("steps", "says"), [(EXPLODING[1], "enter goes back and sets η"), (0, "enter sets η")]
)
async def test_on_a_run_that_goes_on_it_pauses_and_enter_sets_a_rate_that_holds(
    steps: int, says: str
) -> None:
    async with running(EXPLODING[0]) as (app, pilot):
        app.session.time.step(steps)
        app.session.time.playing = True
        await press(app, pilot, "X")
        assert not app.session.time.playing
        app.screen.job.join()  # type: ignore[attr-defined]
        app.screen.look_again()  # type: ignore[attr-defined]
        await settled(pilot)
        assert "Stability" in text(app) and says in text(app)
        await press(app, pilot, "enter")
        trainer = app.session.trainer
        assert trainer.step_count == 0 and trainer.settings.learning_rate < 0.12
        assert trainer.step(1000).costs()[0] < Trainer(LINE).costs()[0]


async def test_esc_leaves_the_run_as_it_is() -> None:
    async with running(LINE) as (app, pilot):
        await opened(app, pilot)
        await press(app, pilot, "escape")
        assert app.screen.name == "explore"
        assert app.session.trainer.divergence
        assert not app.session.trainer.history.events


@pytest.mark.parametrize(
    ("name", "run", "size", "ascii"),
    [
        ("120x40", "deep-diverged", (120, 40), False),
        ("80x24", "line-diverged", (80, 24), False),
        ("ascii", "line-diverged", (80, 24), True),
    ],
)
async def test_the_dialog(
    name: str, run: str, size: tuple[int, int], ascii: bool, snapshot: Any
) -> None:
    async def draw(nudge: int) -> str:
        session = stored(run, nudge)
        async with running(session, size=size, ascii=ascii) as (app, pilot):
            await examined_on_screen(app, pilot)
            dialog = app.screen.query_one(PostMortemView).region
            rows = text(app).splitlines()[dialog.y : dialog.bottom]
            shown = [row.ljust(dialog.right)[dialog.x : dialog.right] for row in rows]
            assert "".join(shown).isascii() or not ascii
            return "\n".join(shown) + "\n"

    await snapshot(f"postmortem-{name}", draw)


async def test_it_is_drawn_at_once_where_it_ended_at_the_first_step() -> None:
    async with running(EXPERIMENTS[2], size=(60, 20)) as (app, pilot):
        await opened(app, pilot)
        assert "at step 0" in " ".join(text(app).split())
