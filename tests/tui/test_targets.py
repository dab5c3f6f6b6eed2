"""Files with labels 0 and 1, three labels, two targets, and one row, on all screens."""

import pytest
from frames import framed
from screen import press, running, text

from engine import Experiment
from tui.session.session import Session

XOR = "x1,x2,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"
THREE = "x,y\n" + "".join(f"{x},{x // 3}\n" for x in range(9))
MAZUR = "i1,i2,o1,o2\n0.05,0.10,0.01,0.99\n"
SCREENS = ("", "backprop", "regions", "linear", "glm")


@pytest.fixture
def opened(tmp_path):
    def make(content: str, **settings) -> Experiment:
        path = tmp_path / "own.csv"
        path.write_text(content, encoding="utf-8")
        return Experiment(dataset=str(path), **settings)

    return make


async def test_labels_0_and_1_have_accuracy_wrong_marks_a_confusion_matrix_and_the_binomial(opened):
    async with running(opened(XOR, hidden=(3,)), size=(120, 40)) as (app, pilot):
        assert "accuracy" in text(app) and "wrong" in text(app)
        assert "cross" in app.session.experiment.loss
        await press(app, pilot, "percent_sign")
        assert "Confusion matrix" in text(app), text(app)
        await press(app, pilot, "escape", "5")
        assert "binomial" in text(app)


async def test_classes_are_a_row_of_the_settings_where_numbers_may_be_labels(opened):
    async with running(opened(XOR, hidden=(3,)), size=(120, 40)) as (app, pilot):
        await press(app, pilot, "o")
        while app.draft.option != "classes":
            await press(app, pilot, "down")
        await press(app, pilot, "right", "enter")
        assert app.session.prepared.dataset.task == "regression"
        assert (app.session.experiment.classes, app.session.experiment.loss) == (False, "quadratic")
        await press(app, pilot, "right", "enter")
        assert app.session.prepared.dataset.task == "binary"


@pytest.mark.parametrize(
    ("content", "settings"),
    [
        (XOR, {}),
        (THREE, {}),
        (MAZUR, {"target": ("o1", "o2")}),
        (MAZUR, {"target": ("o1", "o2"), "hidden": (), "loss": "half_quadratic"}),
        (MAZUR, {"target": "o1", "hidden": (2,), "activation": "identity"}),
    ],
    ids=["two labels", "three labels", "two targets", "two targets, one layer", "one row"],
)
def test_every_screen_has_a_frame(opened, content, settings):
    session = Session(opened(content, **settings))
    for _ in range(2):
        for screen in SCREENS:
            assert framed(session, screen).network.sizes[-1] == session.prepared.targets.shape[1]
        session.time.step(5)
