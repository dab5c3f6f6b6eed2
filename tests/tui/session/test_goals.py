"""Goals as they are typed, and play that ends at exactly the first step at which one holds."""

import re
from dataclasses import replace
from math import inf

import pytest

from engine import EngineError, Experiment, Trainer
from tui.experiments.library import built_in
from tui.model.target_scale import scores_of
from tui.session.play.goal import LIMIT, Goal, read_goal
from tui.session.session import Session
from tui.session.time_travel import FAST

CIRCLE, CARS = built_in("circle"), built_in("cars")


@pytest.mark.parametrize(("typed", "goal", "text"), [
    ("C < 0.1", Goal("C", "<", 0.1), "C < 0.1"),
    ("c<=.1", Goal("C", "≤", 0.1), "C ≤ 0.1"),
    ("loss 2e-3", Goal("C", "<", 0.002), "C < 0.002"),
    ("C below 1", None, ""),
    ("C test < 0.2", Goal("C", "<", 0.2, True), "test C < 0.2"),
    ("test_C < 0.2", Goal("C", "<", 0.2, True), "test C < 0.2"),
    ("training C < 0.2", Goal("C", "<", 0.2), "C < 0.2"),
    ("accuracy 99 %", Goal("accuracy", "≥", 0.99), "accuracy ≥ 99 %"),
    ("accuracy 99.9%", Goal("accuracy", "≥", 0.999), "accuracy ≥ 99.9 %"),
    ("acc > 99", Goal("accuracy", ">", 0.99), "accuracy > 99 %"),
    ("test accuracy >= 0.9", Goal("accuracy", "≥", 0.9, True), "test accuracy ≥ 90 %"),
    ("accuracy 1", Goal("accuracy", "≥", 1.0), "accuracy ≥ 100 %"),
    ("R² > 0.9", Goal("R²", ">", 0.9), "R² > 0.9"),
    ("r2 90 %", Goal("R²", "≥", 0.9), "R² ≥ 0.9"),
    ("R² > −1", Goal("R²", ">", -1.0), "R² > −1"),
    ("500 steps", Goal("steps", "", 500), "500 steps"),
    ("1 step", Goal("steps", "", 1), "1 step"),
    ("1 000 Steps", Goal("steps", "", 1000), "1 000 steps"),
    ("step 2000", Goal("step", "", 2000), "step 2 000"),
])  # fmt: skip
def test_a_goal_is_read_as_it_is_typed_and_said_as_it_is_understood(typed, goal, text):
    if goal is None:
        with pytest.raises(ValueError, match="type such as"):
            read_goal(typed)
        return
    assert read_goal(typed) == goal
    assert goal.text == text
    assert read_goal(text) == goal


@pytest.mark.parametrize(("typed", "says"), [
    ("", "nothing: type such as C < 0.1, accuracy 99 %, R² > 0.9 or 500 steps"),
    ("soon", "soon: type such as"),
    ("C <", "C <: type such as"),
    ("step -3", "step -3: type such as"),
    ("500", "500 of what? type 500 steps, or step 500"),
    ("C < x", "x is no number: type such as 0.1 or 2e-3"),
    ("C < nan", "nan is no number"),
    ("C < 1e999999", "1e999999 is no number"),
    ("C > 0.1", "training makes C less: type C < 0.1"),
    ("accuracy < 9", "training makes accuracy more: type accuracy > 90 %"),
    ("R² < 0.9", "training makes R² more: type R² > 0.9"),
    ("C < 5 %", "C has no percent"),
    ("accuracy 101", "an accuracy is at most 100 %"),
    ("accuracy > 100 %", "an accuracy is at most 100 %"),
    ("R² 90", "R² is at most 1"),
    ("0 steps", "type 1 to 10 000 000 steps"),
    ("step 99999999", "type 1 to 10 000 000 steps"),
])  # fmt: skip
def test_what_is_no_goal_is_refused_with_what_would_do(typed, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        read_goal(typed)


def played(session: Session, text: str, steps: int = FAST) -> str:
    """What play says at its end, so many steps a frame."""
    session.time.play_until(read_goal(text))
    while session.time.playing:
        session.time.play_on(0.05, steps)
    assert session.time.goal is None
    return session.time.stopped


@pytest.mark.parametrize("steps", [7, FAST])
@pytest.mark.parametrize(("experiment", "typed"), [
    (CIRCLE, "C < 0.1"), (CIRCLE, "test C < 0.2"), (CIRCLE, "accuracy 97 %"),
    (CIRCLE, "test accuracy > 95"), (CARS, "R² > 0.6"),
])  # fmt: skip
def test_play_ends_at_the_first_step_at_which_the_goal_holds_however_fast(experiment, typed, steps):
    session, goal = Session(experiment), read_goal(typed)
    alone = Trainer(experiment)
    while not goal.holds(alone):
        alone.step()
    assert played(session, typed, steps) == f"{goal.text} at step {alone.step_count}"
    assert session.trainer.step_count == session.trainer.history.latest_step == alone.step_count
    assert (session.trainer.network.parameters == alone.network.parameters).all()


@pytest.mark.parametrize(("dataset", "typed"), [
    ("circle", "accuracy 90 %"), ("circle", "test accuracy 90 %"), ("iris", "accuracy 90 %"),
    ("cars", "R² 0.5"), ("circle", "C < 1"), ("cars", "C < 1"), ("circle", "test C < 1"),
])  # fmt: skip
def test_what_is_measured_is_what_the_screen_shows(dataset, typed):
    session = Session(built_in(dataset))
    session.time.step(60)
    frame, goal = session.frame(), read_goal(typed)
    scores = scores_of(frame)
    shown = {"C": (frame.cost, frame.test_cost)}.get(goal.quantity, (scores.train, scores.test))
    assert goal.measured(session.trainer) == shown[goal.of_test]


def test_steps_more_and_a_step_end_there_and_say_so():
    session = Session(CIRCLE)
    assert played(session, "100 steps") == "step 100 is reached"
    assert played(session, "100 steps") == "step 200 is reached"
    assert played(session, "step 210") == "step 210 is reached"
    session.time.seek(20)
    assert played(session, "50 steps") == "step 70 is reached"
    assert session.trainer.step_count == 70 and session.trainer.history.latest_step == 210


@pytest.mark.parametrize(("dataset", "steps", "typed", "says"), [
    ("circle", 300, "C < 0.1", "C < 0.1 holds already: C is 0.0716"),
    ("circle", 300, "accuracy 99 %", "accuracy ≥ 99 % holds already: accuracy is 100 %"),
    ("circle", 300, "step 300", "step 300 is not ahead: the run is at step 300"),
    ("circle", 0, "C < 0", "C < 0 cannot be: C is never below 0"),
    ("circle", 0, "R² 0.9", "this run has no R²: it has C and accuracy"),
    ("cars", 0, "acc 99", "this run has no accuracy: it has C and R²"),
    ("cars", 0, "test C < 1", "there are no test examples: leave out test"),
])  # fmt: skip
def test_a_goal_that_cannot_be_gone_to_is_refused_with_the_reason(dataset, steps, typed, says):
    session = Session(built_in(dataset))
    session.time.step(steps)
    with pytest.raises(EngineError) as refusal:
        session.time.play_until(read_goal(typed))
    assert str(refusal.value).startswith(says)
    assert not session.time.playing


def test_a_run_that_diverges_on_the_way_says_so_and_then_there_is_no_way():
    session = Session(replace(built_in("reg-plane"), output="identity", learning_rate=1000.0))
    says = played(session, "C < 0.0001")
    assert session.trainer.divergence
    assert says == f"C < 0.0001 is not reached: {session.trainer.divergence}"
    with pytest.raises(EngineError, match="go back before you train on"):
        session.time.play_until(read_goal("C < 0.0001"))


def test_a_goal_that_is_out_of_reach_is_given_up_at_the_limit_and_may_be_asked_for_again(
    monkeypatch,
):
    monkeypatch.setattr("tui.session.time_travel.LIMIT", 300)
    assert LIMIT == 100_000
    session = Session(CIRCLE)
    says = "C < 0.001 is not reached by step {}: C is "
    assert played(session, "C < 0.001").startswith(says.format(300))
    assert played(session, "C < 0.001").startswith(says.format(600))


def test_a_stop_condition_of_the_settings_ends_it_too():
    session = Session(replace(CIRCLE, stop_steps=150))
    says = played(session, "C < 0.1")
    assert says == ("stopped at step 150: the step that the settings name; C < 0.1 is not reached")


def test_runs_that_are_compared_go_together_to_the_goal_of_the_current_one():
    session = Session(CIRCLE)
    session.branch_off()
    session.change(learning_rate=0.06)
    session.switch_to(0)
    session.time.compare(True)
    assert played(session, "C < 0.1") == "C < 0.1 at step 203"
    assert [run.live.step_count for run in session.runs.live] == [203, 203]


def test_a_run_of_bare_arrays_goes_on_until_it_is_told_a_reason():
    network = Trainer(CIRCLE).network
    trainer = Trainer.from_arrays(network, [[1.0, 2.0]], [0.5])
    reason = trainer.play(100, lambda: "enough" if trainer.step_count == 7 else "")
    assert (reason, trainer.step_count) == ("stopped at step 7: enough", 7)
    assert trainer.play(10) == "" and trainer.step_count == 17


def test_a_pause_ends_the_way_to_the_goal():
    session = Session(replace(Experiment(), hidden=(3,)))
    session.time.play_until(read_goal("C < 1e-9"))
    session.time.play_on(0.0, 5)
    assert session.time.speed(1.0) == inf and session.frame().goal == "C < 1e−9"
    session.time.playing = False
    session.time.playing = True
    session.time.play_on(0.0, 5)
    assert session.frame().goal == "" and session.time.speed(1.0) == 1.0
