"""The panes of the GLM screen say what the facts are."""

from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, frame_of, framed

from engine import Experiment
from tui.commands.keys import SHOWN
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.numbers import cost_text, difference_text, norm, num
from tui.drawing.palette import DARK
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line
from tui.model.frame import Frame
from tui.model.glm.choice import GlmChoice
from tui.model.glm.compute_facts import glm_facts
from tui.model.glm.model import glm_experiment
from tui.panes.base.pane import Pane
from tui.panes.glm.choice import GlmChoicePane, choice_table
from tui.panes.glm.coefficients import GlmTablePane, glm_table
from tui.panes.glm.fit import GlmFitPane, frame_of_model
from tui.panes.glm.irls import IrlsPane, excess
from tui.panes.glm.stack import StackPane
from tui.session.session import Session

SHEET = Sheet(DARK, UNICODE, True, 60, 16, SHOWN)


def model_frame(dataset: str, steps: int, choice: GlmChoice | None = None, **changes) -> Frame:
    """The frame of the network that is the GLM, or of that with other settings."""
    start = Session(Experiment(dataset=dataset, hidden=()))
    choice = choice or glm_facts(framed(start)).choice
    experiment = glm_experiment(start.experiment, start.prepared.dataset, choice)
    session = Session(replace(experiment, **changes))
    session.time.step(steps)
    frame = framed(session)
    return replace(frame, glm=glm_facts(frame, choice))


def written(line: Line) -> str:
    return "".join(span.text for span in line)


def test_the_choice_names_model_network_deviance_and_delta():
    frame = model_frame("challenger", 30)
    facts = frame.glm
    table = choice_table(frame, SHEET)
    text = "\n".join(written(table.row(i)) for i in range(table.count))
    assert "gaussian ▸binomial  poisson (gamma)" in text  # 0 is no gamma's
    assert "✓ is this GLM: one layer, output sigmoid," in text
    assert "μ = a = 1/(1+exp(−η))" in text
    cost = norm(frame.cost).strip()
    assert f"network {norm(facts.deviance).strip()}" in text
    assert "= 2n(C − C saturated)" in text
    assert f"= 2·23·({cost} − 0.0000)" in text
    assert "= a − y ✓" in text
    assert "GLM 87.0 %" in text


def test_what_keeps_the_network_from_being_the_model_stands_there_with_the_key():
    frame = frame_of(dataset="circle", hidden=(4,))
    frame = replace(frame, glm=glm_facts(frame))
    table = choice_table(frame, SHEET)
    text = " ".join(written(table.row(i)).strip() for i in range(table.count))
    assert "✗ not this GLM: hidden layer 4; output tanh, not sigmoid;" in text
    assert "(= makes it: one layer, output sigmoid, loss binary_cross_entropy)" in text
    assert "network – (its loss is quadratic)" in text


def test_the_table_has_fit_and_network_side_by_side():
    frame = model_frame("challenger", 30)
    fit, network = frame.glm.fit, frame.glm.network
    table = glm_table(frame, SHEET)
    assert written(table.head).split() == ["GLM", "s.e.", "z", "p", "network", "−", "GLM"]
    for i, name in enumerate(("intercept", "temperature")):
        assert written(table.row(i)).split() == [
            name,
            num(fit.coefficients[i]),
            norm(fit.standard_errors[i]).strip(),
            num(fit.z_values[i]),
            f"{fit.p_values[i]:.4f}",
            num(network[i]),
            num(network[i] - fit.coefficients[i]),
        ]
    foot = " ".join(map(written, table.below(0)))
    assert "n 23  df 21  deviance 20.315  null 28.267  AIC 24.32" in foot


def test_zoomed_the_table_has_twelve_digits_and_intervals():
    table = glm_table(model_frame("challenger", 0), replace(SHEET, width=116))
    assert "+15.0429016" in written(table.row(0))
    assert "interval" in written(table.head)


def test_grouped_data_have_the_deviance_of_their_groups_too():
    table = glm_table(model_frame("beetles", 0), SHEET)
    assert "in 8 groups: deviance 11.232  df 6" in " ".join(map(written, table.below(0)))


def test_separation_is_said_below_the_table():
    frame = frame_of(dataset="gauss", hidden=())
    table = glm_table(replace(frame, glm=glm_facts(frame)), SHEET)
    assert "complete separation along" in " ".join(map(written, table.below(0)))


@pytest.mark.parametrize(
    "choice",
    [GlmChoice("binomial", "logit"), GlmChoice("binomial", "probit")],
)
def test_the_fit_of_two_inputs_decides_along_a_straight_line(choice):
    frame = model_frame("xor", 0, choice)
    model = frame_of_model(frame, frame.glm)
    beta = frame.glm.fit.coefficients
    x = np.linspace(-6.0, 6.0, 7)
    line = np.column_stack([x, -(beta[0] + beta[1] * x) / beta[2]])
    assert model.outputs(line)[:, 0] == pytest.approx(0.5, abs=1e-12)


def test_the_network_is_dotted_where_it_differs_and_hidden_where_it_has_arrived():
    pane = GlmFitPane()
    frame = model_frame("challenger", 0)  # the model without inputs: level
    far = drawn(pane, frame)
    near = drawn(pane, model_frame("challenger", 20_000))
    alone = drawn(pane, replace(frame, network=frame.glm.model.network))
    assert near[:-2] == alone[:-2]
    assert sum(far != near for far, near in zip(far, near, strict=True)) > 0
    assert pane.titles(frame) == ("Fit μ(temperature)", "dotted: the network")
    mean = frame.glm.fit.predict(frame.cursor[None, :])[0]
    assert far[-2].startswith(f"┼ μ {num(mean)}  network ŷ {num(7 / 23)}")


def test_the_fit_shows_the_examples_that_a_line_gets_wrong():
    frame = model_frame("xor", 0)
    wrong = round((1.0 - frame.glm.right) * len(frame.data.train))
    assert f"× {wrong} wrong" in drawn(GlmFitPane(), frame, (60, 20))[-1]


def test_both_ways_down_end_at_the_same_deviance():
    frame = model_frame("challenger", 20_000)
    assert abs(excess(frame.glm.deviances[-1], frame.glm)) < 1e-12
    lines = drawn(IrlsPane(), frame, (38, 16))
    assert lines[0].split() == ["···", "IRLS", "5", "iterations", "min", "20.315"]
    assert lines[1].split()[:4] == ["━━━", "descent", "step", "20"]
    assert lines[-1].split() == ["0", "1", "10", "100", "1", "000", "10", "000"]


def test_a_network_may_go_below_the_glm_and_another_loss_has_no_deviance():
    deep = model_frame("xor", 300, hidden=(6,), activation="relu", weights=None, biases=None)
    above = float(excess(deep.glm.deviance, deep.glm))
    texts = cost_text(deep.glm.deviance), cost_text(deep.glm.fit.deviance)
    assert drawn(IrlsPane(), deep, (38, 16))[1].endswith(difference_text(*texts, above))
    assert deep.glm.deviance < deep.glm.fit.deviance
    other = frame_of(dataset="circle", hidden=())
    other = replace(other, glm=glm_facts(other))
    assert "another loss" in drawn(IrlsPane(), other, (38, 16))[1]


def test_the_stack_says_where_eta_bends():
    one = drawn(StackPane(), model_frame("xor", 0), (38, 18))
    assert one[0].startswith("layer 1")
    assert one[0].endswith("= 0, linear")
    frame = model_frame("xor", 5, hidden=(3,), weights=None, biases=None, activation="identity")
    two = drawn(StackPane(), frame, (46, 18))
    bends = frame.glm.stack.bends
    assert [line.split()[-1] for line in two[1:4]] == ["linear", "linear", "bends"]
    assert norm(bends[-1].size).strip() in two[3]
    pair = frame.glm.stack.largest
    assert num(pair.value).strip() in two[5]
    assert f"∂w⁽¹⁾{'₁₂₃'[pair.first[0] - 1]}" in two[5]


def test_every_example_has_a_residual_on_its_own_side():
    frame = model_frame("dobson", 0)
    lines = drawn(StackPane(), frame, (38, 24))
    residuals = frame.glm.fit.residuals("deviance")
    assert frame.glm.fit.deviance == pytest.approx(residuals @ residuals)
    shown = sum(bin(ord(c) - 0x2800).count("1") for c in "".join(lines) if "⠀" < c <= "⣿")
    assert 0 < shown <= len(residuals)


@pytest.mark.parametrize("pane", [GlmChoicePane, GlmTablePane, GlmFitPane, IrlsPane, StackPane])
@pytest.mark.parametrize("dataset", ["challenger", "mtcars", "circle", "three"])
def test_panes_draw_in_ascii_at_any_size_with_or_without_a_model(pane, dataset, tmp_path):
    if dataset == "three":
        dataset = str(tmp_path / "three.csv")
        (tmp_path / "three.csv").write_text(
            "a,b,c\n1,2,p\n2,1,q\n3,5,r\n4,2,p\n5,1,q\n6,3,r\n", encoding="utf-8"
        )
    frame = frame_of(3, dataset=dataset, hidden=())
    full = replace(frame, glm=glm_facts(frame))
    for shown in (frame, full):
        for size in ((1, 1), (20, 3), (38, 18), (120, 40)):
            made: Pane = pane()
            lines = drawn(made, shown, size, ASCII, colour=False)
            assert all(" " <= char <= "~" for line in lines for char in line)
