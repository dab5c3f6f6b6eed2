"""Scores: accuracy, confusion matrix and R² are what counting by hand gives, however coded."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from frames import frame_of, framed
from screen import press, running, text
from stored_runs import stored

from engine import Experiment, ols
from tui.dialogs.confusion import confusion_canvas, confusion_matrices
from tui.model.target_scale import class_names, scores_of, target_of, wrong
from tui.panes.base.look import Look
from tui.session.session import Session

pytestmark = pytest.mark.trained


@pytest.mark.parametrize(
    "coding",
    [
        {},
        {"loss": "binary_cross_entropy"},
        {"loss": "cross_entropy", "output": "softmax"},
        {"loss": "quadratic", "output": "identity"},
    ],
)
@pytest.mark.parametrize("dataset", ["circle", "challenger"])
def test_the_accuracy_is_the_share_of_examples_not_marked_as_wrong(
    dataset: str, coding: dict[str, str]
) -> None:
    frame = frame_of(400, dataset=dataset, hidden=(3,), learning_rate=0.01, **coding)
    data, found, bad = frame.data, scores_of(frame), wrong(frame)
    predicted = frame.predicted
    # by hand: class 1 is the target's upper value; ŷ is nearer to it than to the lower
    upper = data.Y[:, 0] == data.Y.max()
    low = data.Y.min() if frame.experiment.loss == "quadratic" else 0.0
    if predicted.shape[1] == 2:
        says = predicted[:, 1] > predicted[:, 0]
    else:
        says = abs(predicted[:, 0] - data.Y.max()) < abs(predicted[:, 0] - low)
    assert np.array_equal(bad, says != upper)
    assert found.name == "accuracy"
    assert found.train == pytest.approx(np.mean(says[data.train] == upper[data.train]))
    assert found.confusion is not None
    for i in (0, 1):
        for j in (0, 1):
            counted = np.sum((upper == i)[data.train] & (says == j)[data.train])
            assert found.confusion[i, j] == counted
    if len(data.test):
        assert found.test == pytest.approx(np.mean(says[data.test] == upper[data.test]))
    else:
        assert found.test is found.test_confusion is None


@pytest.mark.parametrize("coding", [{}, {"loss": "binary_cross_entropy"}])
@pytest.mark.parametrize("left", [-1.0, 1.0])
def test_with_one_class_left_right_is_what_is_on_its_side(
    left: float, coding: dict[str, str]
) -> None:
    y = frame_of(dataset="circle").data.Y[:, 0]
    gone = tuple(("delete", int(row)) for row in np.flatnonzero(y != left)[::-1])
    frame = frame_of(0, dataset="circle", hidden=(), edits=gone, **coding)
    middle = 0.5 if coding else 0.0
    right = (frame.predicted[:, 0] > middle) == (left > 0.0)
    assert 0 < right.sum() < len(right)
    assert class_names(frame) == ("−1", "+1")
    assert scores_of(frame).train == right[frame.data.train].mean()
    assert np.array_equal(wrong(frame), ~right)
    target = target_of(frame)
    assert (target.centre, target.half) == ((0.5, 0.625) if coding else (0.0, 1.25))


def test_r_squared_of_the_solved_network_is_that_of_ols_in_the_data_s_own_units() -> None:
    session = Session(Experiment(dataset="mtcars", hidden=()))
    data = session.prepared.dataset
    fit = ols(data.X, data.Y[:, 0])
    closed = session.linear.closed_form(session.trainer, 1)
    W, b = closed.solution
    session.trainer.assign(np.concatenate([W.ravel(), b]), "solve")
    found = scores_of(framed(session))
    assert (found.name, found.test, found.confusion) == ("R²", None, None)
    assert found.train == pytest.approx(fit.r_squared, rel=1e-9)


def test_with_a_prediction_that_is_no_number_there_is_no_accuracy_and_a_cell_less() -> None:
    frame = frame_of(10)
    outputs = frame.predicted.copy()
    lost = frame.data.train[:7]
    outputs[lost] = np.nan
    broken = replace(frame)
    broken.__dict__["predicted"] = outputs
    found = scores_of(broken)
    n = len(frame.data.train)
    assert found.confusion is not None
    assert found.confusion.sum() == n - 7
    line = f"training data: – right; 7 predictions of {n} are not finite"
    assert confusion_matrices(broken)[0].text == line
    assert not wrong(broken)[lost].any()
    assert np.isnan(found.train)
    assert found.test == pytest.approx(1.0 - wrong(broken)[frame.data.test].mean())


def test_classes_are_called_by_their_labels_or_by_their_targets(tmp_path: Path) -> None:
    assert class_names(frame_of()) == ("−1", "+1")
    rows = [f"{x},{'abc'[x % 3]}" for x in range(30)]
    path = tmp_path / "kinds.csv"
    path.write_text("\n".join(["x,kind", *rows]), encoding="utf-8")
    several = frame_of(dataset=str(path), hidden=(4,))
    assert class_names(several) == ("a", "b", "c")
    found = scores_of(several)
    assert found.confusion is not None
    assert found.confusion.sum(axis=1).tolist() == [10, 10, 10]
    of = several.predicted.argmax(axis=1)
    (matrix,) = confusion_matrices(several)
    lines = confusion_canvas([matrix], Look(), 70, 20).text_lines()
    rows = [line.split()[2:] for line in lines if line.startswith("is ")]
    assert [[*map(int, row)] for row in rows] == found.confusion.tolist()
    assert lines[0].endswith(f" right, {np.trace(found.confusion)} of 30")
    assert lines[2].split() == ["taken", "for", "a", "b", "c"]
    assert found.confusion.sum(axis=0).tolist() == np.bincount(of, minlength=3).tolist()


@pytest.mark.parametrize("ascii", [False, True])
async def test_a_key_shows_the_confusion_of_the_training_and_the_test_data(
    ascii: bool, snapshot: Any
) -> None:
    async def draw(nudge: int) -> str:
        session = stored("iris-split", nudge)
        async with running(session, (80, 24), ascii=ascii) as (app, pilot):
            app.session.time.playing = True
            await press(app, pilot, "percent_sign")
            assert not app.session.time.playing
            found = scores_of(framed(app.session))
            assert found.confusion is not None and found.test_confusion is not None
            shown = text(app)
            for confusion, rows in ((found.confusion, 90), (found.test_confusion, 60)):
                assert f"{np.trace(confusion)} of {rows}" in shown
            assert shown.isascii() or not ascii
            await press(app, pilot, "percent_sign")
            assert app.screen is app.frame_screen
            return shown

    await snapshot(f"confusion-iris{'-ascii' if ascii else ''}", draw)


async def test_where_there_are_no_classes_that_key_says_so() -> None:
    async with running(Experiment(dataset="line", hidden=())) as (app, pilot):
        await press(app, pilot, "percent_sign")
        assert app.screen is app.frame_screen
        assert "no confusion matrix for a regression" in app.message
