"""One quantity has one form on a screen, and printed factors make the printed result, or ≈."""

import re
from pathlib import Path

import pytest
from frames import drawn, finish_counting, frame_of, framed

from engine import Experiment
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.numbers import cost_text, quotient_text
from tui.drawing.palette import DARK
from tui.drawing.table import Sheet
from tui.explain.linear import fit_coefficients
from tui.model.advice.conditions import NEAR
from tui.panes.base.bars import Part, StatusBar
from tui.panes.explanation.worked_terms import term_lines
from tui.panes.glm.choice import GlmChoicePane
from tui.panes.glm.coefficients import GlmTablePane
from tui.panes.glm.irls import IrlsPane
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.regions.detail import RegionDetailPane
from tui.panes.regions.table import RegionTablePane
from tui.session.session import Session

PRICES = str(Path(__file__).parents[2] / "reference" / "house_prices_4.csv")


def read(text):
    return float(text.replace("−", "-"))


def glm_frame(dataset, steps, **experiment):
    return frame_of_screen("glm", steps, dataset=dataset, **experiment)


def frame_of_screen(screen, steps, **experiment):
    session = Session(Experiment(**experiment))
    session.time.step(steps)
    return framed(session, screen)


def test_the_slopes_of_a_region_are_the_same_in_the_table_of_cases_and_in_its_own_pane():
    session = Session(Experiment(dataset=PRICES, hidden=(3,)))
    session.time.step(30)
    finish_counting(session)
    frame = framed(session, "regions")
    table = " ".join(drawn(RegionTablePane(), frame, (100, 20)))
    detail = " ".join(drawn(RegionDetailPane(), frame, (60, 20)))
    large = re.findall(r"[+−]\d{6,7}(?= [abx])|[+−]\d{6,7}(?=\s*$)", detail)
    assert large and all(number in table for number in large)
    assert "e5" not in table


def test_a_coefficient_in_the_millions_has_its_digits_in_table_mean_and_dialog():
    linear = frame_of_screen("linear", 10, dataset="longley", hidden=())
    assert "−3482259" in " ".join(drawn(CoefficientsPane(), linear, (118, 14)))
    lines = term_lines(fit_coefficients(linear, 0).explain(), Sheet(DARK, UNICODE, True, 60, 20))
    assert lines[-1][-1].text.strip() == "−3482259"
    glm = glm_frame("longley", 10, hidden=())
    for pane in (GlmChoicePane(), GlmTablePane()):
        assert "−3482259" in " ".join(drawn(pane, glm, (50, 16)))


def test_a_deviance_with_an_exponent_has_the_same_digits_in_all_panes():
    glm = frame_of_screen("glm", 0, dataset=PRICES, hidden=())
    deviance = cost_text(glm.glm.fit.deviance)
    assert re.fullmatch(r"\d\.\d+e\d+", deviance)
    for pane, name in ((GlmChoicePane(), "GLM"), (GlmTablePane(), "deviance"), (IrlsPane(), "min")):
        assert f"{name} {deviance}" in " ".join(drawn(pane, glm, (60, 18)))


FACTORS = re.compile(
    r"network (\S+) = .*? ([=≈]) ((?:2·)?[\d ]+)·(?:\(([\d.e−]+) − \(?([−\d.e]+)\)+|([\d.e−]+))"
)


@pytest.mark.parametrize(
    "experiment",
    [
        {"dataset": "challenger", "output": "sigmoid", "loss": "binary_cross_entropy"},
        {"dataset": "dobson", "output": "exp", "loss": "poisson", "learning_rate": 0.001},
        {"dataset": "mtcars"},
        {"dataset": PRICES},
    ],
)
@pytest.mark.parametrize("steps", [0, 1, 7])
def test_the_printed_cost_makes_the_printed_deviance(experiment, steps):
    frame = glm_frame(steps=steps, **{"hidden": (), **experiment})
    text = " ".join(" ".join(drawn(GlmChoicePane(), frame, (90, 20))).split())
    found = FACTORS.search(text)
    assert found, text
    deviance, equals, n, cost, saturated, mean = found.groups()
    factor = eval(n.replace(" ", "").replace("·", "*"))
    product = factor * (read(mean) if mean else read(cost) - read(saturated))
    assert equals == "="
    assert cost_text(product) == deviance


def test_at_step_0_the_deviance_of_challenger_is_written_with_the_digits_that_make_it():
    frame = glm_frame("challenger", 0, hidden=(), output="sigmoid", loss="binary_cross_entropy")
    text = " ".join(drawn(GlmChoicePane(), frame, (90, 20)))
    found = FACTORS.search(" ".join(text.split()))
    assert found and cost_text(46 * read(found[4])) == found[1]


def test_a_ratio_has_the_digits_that_its_printed_terms_make():
    # 0.03/0.0021828 = 13.7438, while 0.03/0.002183 is 13.7426
    assert quotient_text("0.03", "0.002183", 0.03 / 0.0021828) == "13.74"
    assert quotient_text("0.03", "0", 1.0) == "–"


@pytest.mark.parametrize("steps", [0, 20, 100, 400, 3000])
def test_of_a_network_that_advice_says_has_arrived_no_pane_says_that_it_is_not_at_its_fit(steps):
    frame = glm_frame("beetles", steps, hidden=(), learning_rate=0.5, batch_size=481)
    facts = frame.glm
    text = " ".join(" ".join(drawn(GlmChoicePane(), frame, (90, 22))).split())
    excess = facts.deviance - facts.fit.deviance
    assert facts.is_model
    if facts.at_fit:
        assert "at its fit ✓" in text
    elif excess <= NEAR * facts.fit.deviance:
        assert "near its fit: D − D_GLM = " in text and "not at" not in text
    else:
        assert "not at its fit: D − D_GLM = " in text


class LongestAtTheEnd(StatusBar):
    """A status line that ends as that of a GLM at its fit."""

    def parts(self, frame, canvas, wide):
        return [Part("step", "20 000", 8, 1), Part("network is this GLM:", LONG, 5, 0)]


LONG = "yes ✓ at its fit"


def test_the_status_leaves_a_blank_before_what_the_run_does():
    frame = frame_of(dataset="circle")
    for width in range(40, 101):
        canvas = Canvas(width, 1, DARK, UNICODE)
        LongestAtTheEnd().draw(canvas, frame)
        (line,) = canvas.text_lines()
        state = f"{UNICODE.pause} paused"
        assert line.rstrip().endswith(f" {state}"), line
        assert (LONG in line) == ("GLM" in line), line


def test_numeric_targets_of_two_values_have_no_share_of_right_answers(tmp_path):
    path = tmp_path / "two.csv"
    path.write_text("x,y\n1,2.5\n2,2.5\n3,7.5\n4,7.5\n5,2.5\n", encoding="utf-8")
    frame = glm_frame(str(path), 3, hidden=())
    assert frame.data.task == "regression"
    assert "right" not in " ".join(drawn(GlmChoicePane(), frame, (90, 22)))
    classes = frame_of(dataset="circle")
    assert classes.data.task != "regression"
