"""The panes of the GLM screen say what the facts are."""

import re
from dataclasses import replace

import numpy as np
import pytest
from bad_states import BAD, LOGISTIC, all_equal
from frames import drawn, frame_of, framed, keyed

from engine import Experiment
from engine.explain import symbols
from engine.explain import written as explained
from engine.explain.render import meaning_text
from tui.commands.keys import SHOWN
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.numbers import CELLS, TOO_LARGE, WIDE, cost_text, difference_text, norm, num
from tui.drawing.palette import DARK
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line
from tui.explain.glm import glm_coefficients
from tui.model.frame import Frame
from tui.model.glm.choice import GlmChoice
from tui.model.glm.compute_facts import glm_facts
from tui.model.glm.facts import coefficients_of
from tui.model.glm.model import glm_experiment
from tui.panes.base.pane import Pane
from tui.panes.base.status_bars import GlmStatusBar
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
    assert "μ = a = 1/(1+exp(−z))" in text
    assert f"network {norm(facts.deviance).strip()}" in text
    assert "= 2n(C − C saturated)" in text
    cost = re.search(r"= 2·23·\((\S+) − 0\.0000\)", text)[1]
    assert norm(float(cost)) == norm(frame.cost)
    assert cost_text(46.0 * float(cost)) == cost_text(facts.deviance)
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


@pytest.mark.parametrize(
    ("changes", "difference", "model", "made"),
    [
        (
            {"l2": 0.5},
            "with a penalty: L2 0.5 pulls weights to 0",
            "the GLM binomial, logit with a penalty",
            "without penalty",
        ),
        (
            {"bias": False},
            "without an intercept",
            "the GLM binomial, logit without intercept",
            "with an intercept",
        ),
    ],
)
def test_a_model_that_differs_by_penalty_or_intercept_alone_is_named_with_it(
    changes, difference, model, made
):
    """It has one layer, output and loss of the GLM already: = does not make these."""
    frame = frame_of(dataset="challenger", hidden=(), output="sigmoid", **changes)
    text = text_of(replace(frame, glm=glm_facts(frame)))
    assert f"network ✗ not this GLM: {difference}; its z = W_z x + b_z ✓" in text
    assert f": {model} (= makes it: {made})" in text
    plain = frame_of(dataset="challenger", hidden=(), output="sigmoid")
    assert "makes it" not in text_of(replace(plain, glm=glm_facts(plain)))


def test_a_factor_that_is_not_finite_is_a_dash():
    frame = framed(BAD["diverged behind a sigmoid"](), "glm")
    text = text_of(frame)
    assert "network – = 2n(C − C saturated) = 2·23·(– − 0.0000)" in text
    assert "right GLM 87.0 % network –" in text and "nan" not in text


@pytest.mark.parametrize("size", [0.5, 1e90])
def test_a_rounding_above_1_is_given_as_a_share_of_the_terms(size):
    """z of 1e270 is right to 1e254: this is no more than the last of 16 digits."""
    stack = {**LOGISTIC, "dataset": "circle", "hidden": (3, 2), "activation": "identity"}
    text = text_of(framed(all_equal(size, **stack), "glm"))
    (off,) = re.findall(r"W_z x \+ b_z ✓ off by (\S+?)(?:;| of the sum of)", text)
    assert float(off.replace("−", "-")) < 1e-12
    assert ("of the sum of |terms|" in text) == (size > 1.0)


def text_of(frame, sheet=SHEET):
    """The choice pane's text, its lines joined."""
    table = choice_table(frame, sheet)
    return " ".join(" ".join(written(table.row(i)) for i in range(table.count)).split())


def status_of(frame, wide=True):
    """The parts of the status line by name."""
    canvas = Canvas(120, 1, DARK, UNICODE, True)
    return {part.name: part.value for part in GlmStatusBar().parts(frame, canvas, wide)}


def stack_frame(steps, dataset="challenger", **changes):
    """The GLM of a data set with four identities before its output."""
    hidden = {"hidden": (4,), "activation": "identity", "weights": None, "biases": None}
    return model_frame(dataset, steps, **(hidden | changes))


def test_a_stack_of_identities_is_the_glm_with_more_parameters_and_may_be_at_its_fit():
    text, status = text_of(frame := stack_frame(20_000)), status_of(frame)
    error = norm(frame.glm.z_error).strip()
    assert (
        "✓ is this GLM, with 13 parameters where 2 do: identity layers, output sigmoid, "
        f"loss binary_cross_entropy; z = W_z x + b_z ✓ off by {error}; at its fit ✓ "
    ) in text
    assert status["network is this GLM:"] == "yes ✓ at its fit"
    assert status_of(frame, wide=False)["this GLM:"] == "yes ✓"
    assert "not this GLM" not in text and "makes it" not in text


def test_before_descent_has_arrived_the_stack_is_the_glm_but_not_at_its_fit():
    text, status = text_of(frame := stack_frame(3)), status_of(frame)
    assert "✓ is this GLM, with 13 parameters where 2 do:" in text
    assert re.search("; (near|not at) its fit: D − D_GLM = [0-9.e−]+ ", text)
    assert "at its fit ✓" not in text
    assert status["network is this GLM:"] == "yes ✓"


def test_one_layer_has_as_many_parameters_as_the_model_and_no_more_is_said():
    text = text_of(model_frame("challenger", 30))
    assert "✓ is this GLM: one layer, output sigmoid, loss binary_cross_entropy; near" in text
    assert "parameters" not in text and "W_z" not in text
    assert "; at its fit ✓" in text_of(model_frame("challenger", 20_000))


def test_with_the_quadratic_cost_a_tanh_of_an_affine_map_is_nonlinear_least_squares():
    for hidden in ((), (4, 3)):
        frame = frame_of(20, dataset="circle", hidden=hidden, activation="identity")
        frame = replace(frame, glm=glm_facts(frame))
        text = text_of(frame)
        assert "✗ not this GLM: output tanh, not sigmoid; loss quadratic, not binary" in text
        assert "hidden layer" not in text
        error = norm(frame.glm.z_error).strip()
        assert f"; its z = W_z x + b_z ✓ off by {error}: nonlinear least squares, " in text
        made = "one layer, output sigmoid" if hidden else "output sigmoid"
        assert f"ŷ = tanh(z) (= makes it: {made}, loss binary_cross_entropy)" in text
        assert status_of(frame)["network is this GLM:"] == "no ✗"


@pytest.mark.parametrize(
    "changes",
    [{"activation": "relu"}, {"activation": "tanh"}, {"l2": 0.1}, {"bias": False}],
)
def test_what_is_not_the_glm_is_not_called_it(changes):
    frame = stack_frame(20, **changes)
    text = text_of(frame)
    assert "✗ not this GLM" in text and "✓ is this GLM" not in text
    assert "where 2 do" not in text and "at its fit" not in text
    assert ("W_z" in text) == ("activation" not in changes)
    assert status_of(frame)["network is this GLM:"] == "no ✗"


def test_of_numbers_that_are_not_finite_nothing_is_claimed():
    frame = stack_frame(0)
    network = frame.network.with_parameters(np.full(13, np.nan))
    frame = replace(frame, network=network, cost=np.nan)
    frame = replace(frame, glm=glm_facts(frame, frame.glm.choice))
    text = text_of(frame)
    assert "– its numbers are not finite" in text and "is this GLM" not in text
    assert status_of(frame)["network is this GLM:"] == "–"


def test_where_the_likelihood_has_no_maximum_nothing_is_at_its_fit():
    text = text_of(stack_frame(50, "gauss"))
    assert "✓ is this GLM" in text and "at its fit" not in text


def test_what_enter_says_of_the_deviances_agrees():
    """The excess of a stack that has arrived, and of one of another loss."""
    arrived = GlmChoicePane().explainable(stack_frame(20_000)).make(1)
    assert "It is this model, at its fit" in meaning_text(arrived)
    before = GlmChoicePane().explainable(stack_frame(3)).make(1)
    assert "at its fit" not in meaning_text(before)
    separated = GlmChoicePane().explainable(stack_frame(20, "gauss"))
    meaning = meaning_text(separated.make(separated.count - 1))
    assert meaning.startswith("Where IRLS stopped after") and "separation" in meaning
    assert "smallest" not in meaning


# one letter and one numbering


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize(
    ("dataset", "choice"),
    [
        ("challenger", GlmChoice("binomial", "logit")),
        ("challenger", GlmChoice("binomial", "probit")),
        ("challenger", GlmChoice("binomial", "cloglog")),
        ("dobson", GlmChoice("poisson", "log")),
        ("cars", GlmChoice("gaussian", "identity")),
        ("cars", GlmChoice("gamma", "inverse")),
        ("xor", None),
    ],
)
def test_the_linear_predictor_is_z_and_eta_only_the_learning_rate(dataset, choice, glyphs):
    """η is the learning rate, in the bar above and in advice: no pane of this screen means z."""
    stack = {"hidden": (2,), "activation": "identity", "weights": None, "biases": None}
    for changes in ({}, stack):
        frame = model_frame(dataset, 3, choice, **changes)
        for pane in (GlmChoicePane, GlmTablePane, GlmFitPane, IrlsPane, StackPane):
            made = pane()
            lines = drawn(made, frame, (90, 30), glyphs)
            titles = keyed(pane()).titles(frame) if hasattr(pane, "titles") else ()
            text = " ".join([*lines, *titles, pane.HELP])
            assert "η" not in text and not re.search(r"\beta\b", text), pane
            explainable = pane().explainable(frame)
            for index in range(explainable.count):
                explanation = explainable.make(index)
                for notation in ("unicode", "ascii", "latex"):
                    words = explained(explanation, notation)
                    assert not re.search(r"η|(?<![a-z])eta\b", words), words


def test_beta_0_is_the_intercept_in_the_coefficients_and_in_the_mean():
    frame = model_frame("xor", 3)
    fit = frame.glm.fit
    table = glm_coefficients(frame, 0)
    of_table = [table.make(i).symbol for i in range(len(fit.names))]
    mean = GlmFitPane().explainable(frame).make(0)
    of_mean = [
        symbol
        for definition in mean.definitions
        for symbol in symbols(definition.expression)
        if symbol.name.base == "β"
    ]
    assert [symbol.name.indices for symbol in of_table] == [(0,), (1,), (2,)]
    assert [symbol.name.indices for symbol in of_mean] == [(0,), (1,), (2,)]
    assert [s.value for s in of_table] == [s.value for s in of_mean] == [*fit.coefficients]
    unicode, ascii_, latex = (explained(mean, n) for n in ("unicode", "ascii", "latex"))
    assert "β₀ + β₁ x₁ + β₂ x₂" in unicode
    assert "beta[0] + beta[1] * x[1] + beta[2] * x[2]" in ascii_
    assert r"\beta_{0}" in latex and r"\beta_{3}" not in latex


def test_the_table_has_fit_and_network_side_by_side():
    frame = model_frame("challenger", 30)
    fit, network = frame.glm.fit, frame.glm.network
    table = glm_table(frame, SHEET)
    assert written(table.head).split() == [
        *("GLM", "s.e.", "Wald", "z", "p", "network", "−", "GLM")
    ]
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


@pytest.mark.parametrize("width", [40, 52, 80, 116, 240])
@pytest.mark.parametrize("dataset", ["challenger", "xor", "longley"])
def test_in_every_width_a_coefficient_stands_apart_from_its_name_with_its_sign(dataset, width):
    frame = model_frame(dataset, 0)
    table = glm_table(frame, replace(SHEET, width=width))
    beta, names = coefficients_of(frame.glm.fit), frame.glm.fit.names
    cells = WIDE if (abs(beta) >= TOO_LARGE).any() else CELLS
    for i in range(table.count):
        name, value = written(table.row(i)).split()[:2]
        assert names[i].startswith(name.split("…")[0])
        assert value == num(float(beta[i]), cells).strip()


@pytest.mark.parametrize("pane", [GlmChoicePane, GlmTablePane, GlmFitPane, IrlsPane, StackPane])
def test_help_names_the_colours_of_the_palette_in_use(pane):
    assert not re.search(r"\b(blue|orange)\b", pane.HELP)


def test_zoomed_the_table_has_the_intervals():
    table = glm_table(model_frame("challenger", 0), replace(SHEET, width=116))
    assert "interval" in written(table.head)


def test_grouped_data_have_the_deviance_of_their_groups_too():
    table = glm_table(model_frame("beetles", 0), SHEET)
    assert "in 8 groups: deviance 11.232  df 6" in " ".join(map(written, table.below(0)))


def test_separation_is_said_below_the_table():
    frame = frame_of(dataset="gauss", hidden=())
    table = glm_table(replace(frame, glm=glm_facts(frame)), SHEET)
    assert "complete separation along" in " ".join(map(written, table.below(0)))
    choice = choice_table(replace(frame, glm=glm_facts(frame)), SHEET)
    text = " ".join(" ".join(map(written, map(choice.row, range(choice.count)))).split())
    assert "note complete separation along intercept, x₁, x₂: no maximum of the likelihood" in text


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
    assert near[:-4] == alone[:-4]
    assert sum(far != near for far, near in zip(far, near, strict=True)) > 0
    assert pane.titles(frame) == ("Fit μ(temperature)", "dotted: the network")
    mean = frame.glm.fit.predict(frame.cursor[None, :])[0]
    assert far[-4] == f"┼ temperature {num(frame.cursor[0])}"
    assert far[-3] == f"μ {num(mean)}  network ŷ {num(7 / 23)}"
    wide = drawn(pane, frame, (80, 20))
    assert wide[-3] == "  ".join([far[-4], far[-3]])


@pytest.mark.parametrize("dataset", ["challenger", "xor"])
def test_below_the_fit_stands_the_cursor_s_place_above_or_before_its_numbers(dataset):
    frame = model_frame(dataset, 0)
    places = [
        (name, num(x).strip()) for name, x in zip(frame.view.names, frame.cursor, strict=True)
    ]
    for width in (36, 38, 42, 60):
        lines = drawn(GlmFitPane(), frame, (width, width // 2 + 4))  # room below a map
        at = next(i for i, line in enumerate(lines) if line.startswith("┼ "))
        assert "  μ " in lines[at] or lines[at + 1].startswith("μ ")
        numbers = lines[at].partition("  μ ")[0].split()
        shown = [*zip(numbers[1::2], numbers[2::2], strict=True)]
        assert len({name for name, _ in shown}) == len(places)
        for (name, value), (whole, expected) in zip(shown, places, strict=True):
            assert value == expected
            assert name == whole


def test_the_fit_shows_the_examples_that_a_line_gets_wrong():
    frame = model_frame("xor", 0)
    wrong = round((1.0 - frame.glm.right) * len(frame.data.train))
    assert f"× {wrong} ⊠" in "\n".join(drawn(GlmFitPane(), frame, (60, 20)))


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
    assert "different loss" in drawn(IrlsPane(), other, (38, 16))[1]


@pytest.mark.parametrize("width", [30, 44, 60, 100])
@pytest.mark.parametrize("name", ["xor", "dobson", "beetles"])
def test_the_activation_is_called_the_inverse_of_the_link(name, width):
    text = " ".join(" ".join(drawn(GlmChoicePane(), model_frame(name, 0), (width, 40))).split())
    assert "inverse of link" in text or "inverse of the link" in text or "inverts link" in text


def test_the_stack_is_explained_from_the_pair_that_bends_most():
    frame = model_frame("xor", 5, hidden=(3,), weights=None, biases=None, activation="identity")
    numbers, pair = StackPane().explainable(frame), frame.glm.stack.largest
    assert numbers.explain().symbol.value == pair.value
    table = numbers.next_in_list(1).explain()
    assert table.equation[-1].values.shape == (3, 3)
    assert table.symbol.value == pytest.approx(pair.value, rel=1e-9)
    assert numbers.next_in_list(2).position() == (4, 5)  # three bends, the pair, the table


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
    assert num(pair.value).strip() in two[4]
    assert f"∂w⁽¹⁾{'₁₂₃'[pair.first[0] - 1]}" in two[4]
    assert "rounding" not in "".join(two)


def test_every_example_has_a_residual_on_its_own_side():
    frame = model_frame("dobson", 0)
    lines = drawn(StackPane(), frame, (38, 24))
    residuals = frame.glm.fit.residuals("deviance")
    assert frame.glm.fit.deviance == pytest.approx(residuals @ residuals)
    shown = sum(bin(ord(c) - 0x2800).count("1") for c in "".join(lines) if "⠀" < c <= "⣿")
    assert shown == 0  # so few have marks
    plotted = [line[line.find(" ") :] for line in lines[4:-1]]
    above, below = ("".join(plotted).count(mark) for mark in "•◦")
    assert above <= (residuals > 0).sum() and below <= (residuals < 0).sum()
    assert above + below >= len(residuals) - 3  # some share a cell, one is the example's
    rows = {mark: [i for i, line in enumerate(plotted) if mark in line] for mark in "•◦┄"}
    assert max(rows["•"]) <= rows["┄"][0] <= min(rows["◦"])


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
