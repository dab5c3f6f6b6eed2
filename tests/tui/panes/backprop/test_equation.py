"""The equation pane: it shows an explanation's own numbers, whole or cropped, and they add up."""

import re
from dataclasses import replace
from itertools import cycle, islice
from typing import Any
from unicodedata import normalize

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Network, Trainer, backpropagate
from engine.explain import (
    CentralDifference,
    Definition,
    Example,
    Explanation,
    Matrix,
    Minus,
    Name,
    Product,
    Quantity,
    Sum,
    Symbol,
    explain,
    number,
    numeric,
    symbolic,
)
from engine.training.microsteps import TrainingStep
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE, Glyphs
from tui.drawing.numbers import num
from tui.drawing.palette import DARK, LIGHT
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, truncated_text, width_of
from tui.panes.backprop.equation import EquationPane
from tui.panes.explanation.equation_layout import Lit, equation_lines
from tui.panes.explanation.layout import draw_explanation, draw_lines, lines_of, title_of
from tui.panes.explanation.view_state import ALL_VISIBLE, ViewState
from tui.panes.explanation.worked_terms import term_lines

WIDE, NARROW = (116, 14), (78, 12)
FIGURES = st.integers(-9000, 9000).map(lambda n: n / 1000)
SIZES = (WIDE, NARROW, (116, 36), (78, 20), (44, 20))


def drawn(
    explanation: Explanation,
    size: tuple[int, int],
    hidden: bool = False,
    glyphs: Glyphs = UNICODE,
) -> list[str]:
    canvas = Canvas(*size, DARK, glyphs)
    draw_explanation(canvas, explanation, ViewState(True, ()) if hidden else ALL_VISIBLE)
    return canvas.text_lines()


def sheet_of(width: int, height: int, glyphs: Glyphs = UNICODE) -> Sheet:
    return Sheet(DARK, glyphs, True, width, height)


def texts(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def step_of(**settings: Any) -> TrainingStep:
    trainer = Trainer(Experiment(**{"dataset": "circle", "hidden": (4, 3), **settings}))
    trainer.step(30)
    return trainer.take_apart()


def example_of(step: TrainingStep, row: int = 1) -> Example:
    X, Y = step.batch.forward.a[0][[row]], step.targets[[row]]
    return Example(row + 1, backpropagate(step.network, X, Y, step.loss), Y[0])


def column(name: Name, values: list[float], row: int | None = None) -> Matrix:
    return Matrix(name, np.array(values)[:, None], row)


@pytest.fixture(scope="module")
def picture() -> Explanation:
    """δ⁽¹⁾₃ with weights and deltas of three digits, as in the design's picture."""
    W = np.array([[0.593, 0.939, 0.547], [0.886, 1.023, 0.577], [0.062, -0.663, -1.29]])
    deltas = [-0.123, -0.403, -0.568]
    symbol = Symbol(Name("δ", 1, (3,)), float(W[2] @ deltas))
    slope = Symbol(Name("z", 1, (3,), function="σ′"), 1.0)
    terms = tuple(
        Product((Symbol(Name("w", 2, (i + 1, 3)), w), Symbol(Name("δ", 2, (i + 1,)), d)))
        for i, (w, d) in enumerate(zip(W[2].tolist(), deltas, strict=True))
    )
    return Explanation(
        symbol=symbol,
        equation=(
            *(column(Name("δ", 1), (W @ deltas).tolist(), 2), "=", "("),
            *(Matrix(Name("W", 2, mark="ᵀ"), W, 2), column(Name("δ", 2), deltas), ")", "⊙"),
            Matrix(Name("z", 1, function="σ′"), np.ones((3, 1)), 2, slopes=True),
        ),
        definitions=(
            Definition(slope, number(1.0), "z > 0"),
            Definition(symbol, Product((Sum(terms), slope))),
        ),
        meaning=("How fast ", Name("C_x"), " would rise if ", Name("z", 1, (3,)), " rose."),
        code="delta[0] = (delta[1] @ W[1]) * (z[0] > 0)",
        check=CentralDifference(0.992, 1e-10, True),
    )


def test_the_component_of_the_picture_stands_term_by_term(picture: Explanation) -> None:
    lines = texts(term_lines(picture, sheet_of(40, 14)))
    assert lines == [
        "δ⁽¹⁾₃  term by term",
        "",
        "w⁽²⁾₁₃ δ⁽²⁾₁    +0.062 × −0.123 = −0.008",
        "w⁽²⁾₂₃ δ⁽²⁾₂    −0.663 × −0.403 = +0.267",
        "w⁽²⁾₃₃ δ⁽²⁾₃    −1.290 × −0.568 = +0.733",
        "                                ────────",
        "sum                               +0.992",
        "× σ′(z⁽¹⁾₃)  z > 0               × 1.000",
        "                                ────────",
        "δ⁽¹⁾₃                             +0.992",
        "",
        "central difference                +0.992",
        "relative error                   1e−10 ✓",
    ]


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_matrices_terms_meaning_and_numpy_all_fit_at_120_and_at_80_columns(
    picture: Explanation, size: tuple[int, int]
) -> None:
    text = "\n".join(drawn(picture, size))
    for needed in (
        "W⁽²⁾ᵀ",
        "σ′(z⁽¹⁾)",
        "⊙",
        "+0.593 +0.939 +0.547",
        "│ +0.886",
        "NumPy",
        "How fast",
    ):
        assert needed in text
    assert text.count("+0.992") >= 4  # in the matrix, the sum, the result, the check
    assert "✓" in text
    assert title_of(picture, UNICODE) == "δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ σ′(z⁽¹⁾)"


def test_lit_is_what_the_component_needs_of_each_matrix(picture: Explanation) -> None:
    lines = equation_lines(picture.equation, 9, sheet_of(90, 9))
    assert lines is not None
    lit = [
        [s.text.strip() for s in line if isinstance(s, Lit) and s.text.strip()] for line in lines
    ]
    assert lit == [[], [], ["−0.123"], ["−0.403"], ["+0.992", *["+0.062", "−0.663", "−1.290"],
                                                  "−0.568", "1"]]  # fmt: skip
    canvas = Canvas(90, 9, LIGHT)
    draw_lines(canvas, lines)
    assert (canvas.ground == LIGHT.sel).sum() > 50


def test_predicting_hides_every_result_but_no_factor(picture: Explanation) -> None:
    shown = drawn(picture, WIDE, hidden=True)
    text = "\n".join(shown)
    for result in ("0.992", "0.008", "0.267", "0.733", "1e−10", "✓", "How fast"):
        assert result not in text
    for factor in ("+0.062", "−0.403", "× 1.000", "+0.593"):
        assert factor in text
    # a column of 3, 3 products, the sum, the result, the check's two, and the question
    assert text.count("?") == 3 + 3 + 1 + 1 + 2 + 1


@given(
    st.lists(st.tuples(FIGURES, FIGURES), min_size=1, max_size=200),
    st.integers(5, 30),
)
@settings(max_examples=60)
def test_the_terms_shown_and_the_rest_together_add_up_to_the_result(
    pairs: list[tuple[float, float]], height: int
) -> None:
    terms = tuple(
        Product((Symbol(Name("w", 1, (1, k)), w), Symbol(Name("x", None, (k,)), x)))
        for k, (w, x) in enumerate(pairs, start=1)
    )
    total = Symbol(Name("z", 1, (1,)), Sum(terms).value)
    explanation = Explanation(total, (), (Definition(total, Sum(terms)),), (), "")
    lines = [
        text.replace("−", "-") for text in texts(term_lines(explanation, sheet_of(48, height)))
    ]
    assert len(lines) <= height
    assert all(len(line) <= 48 for line in lines)
    values = [float(found[1]) for line in lines if (found := re.search(r"(\S*\d)$", line))]
    counted = [int(found[1]) for line in lines if (found := re.match(r"\+ (\d+) more", line))]
    products = sum("×" in line for line in lines)
    assert products + sum(counted) == len(pairs)
    rounding = sum(max(6e-4, abs(value) * 6e-3) for value in values)  # 123.4 has a decimal less
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=rounding)


def test_a_small_update_shows_as_many_decimals_as_it_takes_to_see_it() -> None:
    w, g = Symbol(Name("w", 1, (1, 1)), 0.75), Symbol(Name("g"), 0.00025)
    change = Product((number(0.03), g))
    new = Symbol(Name("w", 1, (1, 1), "′"), 0.75 - 0.03 * 0.00025)
    explanation = Explanation(new, (), (Definition(new, Sum((w, Minus(change)))),), (), "")
    lines = texts(term_lines(explanation, sheet_of(50, 12)))
    assert [line.split()[-1] for line in lines if line.endswith(tuple("0123456789"))] == [
        "+0.7500000",
        "−0.0000075",
        "+0.7499925",
    ]


@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(1, 8),
    st.integers(12, 90),
    st.data(),
)
@settings(max_examples=60)
def test_a_cropped_matrix_keeps_its_lit_entry_and_its_size(
    m: int, k: int, rows: int, width: int, data: st.DataObject
) -> None:
    row, col = data.draw(st.integers(0, m - 1)), data.draw(st.integers(0, k - 1))
    values = np.zeros((m, k))
    values[row, col] = 1.234
    matrix = Matrix(Name("W", 1), values, row, col)
    lines = equation_lines((matrix,), rows, sheet_of(width, 50))
    assert lines is not None
    shown = texts(lines)
    assert sum("+1.234" in line for line in shown) == 1
    assert shown[1].strip() == (f"{m}" if k == 1 else f"{m} × {k}")
    assert len(shown) <= 2 + rows
    assert all(width_of(line) <= width for line in lines)
    if m > rows >= 3:
        assert any("⋮" in line for line in shown)
    if k * 7 + 3 > width:
        assert any("⋯" in line for line in shown)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"optimizer": "adam", "l1": 0.01, "l2": 0.1, "activation": "sigmoid"},
        {"dataset": "spiral", "output": "softmax", "loss": "cross_entropy", "hidden": (40, 12)},
    ],
)
def test_every_micro_step_shows_its_result_at_every_size(
    settings: dict[str, Any], glyphs: Glyphs
) -> None:
    step = step_of(**settings)
    in_turn = cycle(SIZES)
    for microstep in step.microsteps:
        of_batch = microstep.kind in ("cost", "gradient", "penalty", "update")
        for example in (None,) if of_batch else (example_of(step), None):
            unit = step.network.sizes[microstep.layer] - 1
            found = explain(step, Quantity(microstep.kind, microstep.layer, unit, 0), example)
            value = glyphs.text(num(found.symbol.value).strip())
            if microstep.kind in ("cost", "example_cost"):
                value = value.removeprefix("+")
            for size in islice(in_turn, 2) if glyphs.ascii else SIZES:
                shown = "\n".join(drawn(found, size, glyphs=glyphs))
                assert value in shown or has_decimals_of(found.symbol.value, shown), found.symbol
                assert "?" not in shown + title_of(found, glyphs)
                if glyphs.ascii:
                    assert shown.isascii()


def test_costs_have_no_plus_sign_and_a_number_that_divides_stands_once():
    step = step_of(dataset="challenger", hidden=(), output="sigmoid", batch_size=23)
    for size in ((98, 12), (150, 18), (44, 40)):
        lines = drawn(explain(step, Quantity("cost", 1, 0, 0), None), size)
        of_costs = [line for line in lines if "C_x[" in line or "sum" in line or "[" in line]
        assert of_costs and not any("+0." in line or "+1." in line for line in of_costs)
        assert sum(line.count("÷") for line in lines) == 1


def has_decimals_of(value: float, text: str) -> bool:
    return any(f"{value:.{n}f}".replace("-", "−") in text.replace("-", "−") for n in range(4, 10))


@given(st.integers(1, 130), st.integers(1, 40), st.booleans())
@settings(max_examples=40)
def test_no_size_is_too_small_or_too_large_to_draw_on(
    width: int, height: int, hidden: bool
) -> None:
    drawn(WIDE_LAYER, (width, height), hidden)


def test_a_thousand_units_are_cropped_about_the_component() -> None:
    text = "\n".join(drawn(WIDE_LAYER, WIDE))
    assert "1 000" in text
    assert "+0.777" in text  # the component's own entry of b
    assert "more, together" in text
    assert "⋮" in text
    assert "⋯" in text


@pytest.mark.parametrize("hidden", [(4, 3), (64,) * 8], ids=["small", "large"])
def test_in_80_columns_the_matrices_have_numbers_whatever_the_layers(
    hidden: tuple[int, ...],
) -> None:
    step = step_of(hidden=hidden, batch_size=10)
    for microstep in step.microsteps:
        unit = step.network.sizes[microstep.layer] - 1
        found = explain(step, Quantity(microstep.kind, microstep.layer, unit, 0), example_of(step))
        lines = drawn(found, NARROW)
        matrices = [part for part in found.equation if isinstance(part, Matrix)]
        filled = re.compile(r"┌ [^┐]*\d\.\d[^┐]*┐|│ [^│]*\d\.\d[^│]* │ |\[ [^\]]*\d\.\d[^\]]* \]")
        shown = max(len(filled.findall(line)) for line in lines)
        assert shown >= min(2, len(matrices)), (microstep.kind, lines)


def wide_layer() -> Explanation:
    """z of unit 500 of a layer of a thousand after a thousand."""
    rng = np.random.default_rng(0)
    W, x, b = rng.normal(size=(1000, 1000)), rng.normal(size=1000), rng.normal(size=1000)
    b[499] = 0.777
    terms = [
        Product(
            (Symbol(Name("w", 2, (500, k + 1)), W[499, k]), Symbol(Name("a", 1, (k + 1,)), x[k]))
        )
        for k in range(1000)
    ]
    total = Sum((*terms, Symbol(Name("b", 2, (500,)), 0.777)))
    symbol = Symbol(Name("z", 2, (500,)), total.value)
    return Explanation(
        symbol,
        (
            *(column(Name("z", 2), (W @ x + b).tolist(), 499), "=", Matrix(Name("W", 2), W, 499)),
            *(column(Name("a", 1), x.tolist()), "+", column(Name("b", 2), b.tolist(), 499)),
        ),
        (Definition(symbol, total),),
        ("What unit 500 collects.",),
        "z[1] = a[1] @ W[1].T + b[1]",
    )


WIDE_LAYER = wide_layer()


@pytest.mark.parametrize("size", [WIDE, (78, 14)])
def test_a_term_that_is_too_long_for_its_line_is_named_to_its_end(size: tuple[int, int]) -> None:
    step = step_of(dataset="spiral", output="softmax", loss="cross_entropy")
    network = Network([2, 4, 3], "relu", "softmax")
    step = replace(step, network=network)
    x, y = np.array([[1.0, -2.0]]), np.array([[0.0, 0.0, 1.0]])
    example = Example(1, backpropagate(network, x, y, "cross_entropy"), y[0])
    found = explain(step, Quantity("example_cost", 2), example)
    term = found.definitions[-1].expression
    assert isinstance(term, Sum)
    right = [line.rpartition("│")[2].strip() for line in drawn(found, size)]
    assert symbolic(term.terms[0]) in " ".join(right)


@given(st.lists(st.sampled_from(["a", "unit", "weights", "δ⁽¹⁾₂"]), min_size=1), st.integers(9, 60))
def test_an_excerpt_ends_with_a_whole_word(text: list[str], width: int) -> None:
    for most in (1, 2, 3):
        lines = texts(truncated_text([" ".join(text)], 0, width, most))
        assert max(map(len, lines)) <= width
        said = " ".join(lines).split()
        cut = said[-1] == "…"
        assert said[: len(said) - cut] == text[: len(said) - cut]
        assert cut == (len(said) - cut < len(text))


def test_as_lines_that_scroll_every_formula_has_its_numbers() -> None:
    found = explain(step_of(optimizer="adam"), Quantity("update", 1, 0, 0))
    text = "\n".join(texts(lines_of(found, sheet_of(74, 20), 6, 9)))
    for definition in found.definitions[:-1]:
        numbers = numeric(definition.expression, digits=4)
        assert normalize("NFC", numbers) in text, definition.symbol


def test_adams_moments_come_one_by_one_with_names_and_numbers() -> None:
    step = step_of(optimizer="adam")
    found = explain(step, Quantity("update", 1, 0, 0))
    lines = texts(term_lines(found, sheet_of(54, 20)))
    m, v = (lines.index(next(line for line in lines if line.startswith(s))) for s in ("m′", "v′"))
    assert lines[m].startswith("m′⁽¹⁾₁₁ = 0.9 m⁽¹⁾₁₁ + 0.1 ∂C/∂w⁽¹⁾₁₁")
    assert lines[m + 1].endswith(num(found.definitions[0].symbol.value).strip())
    assert any(line.startswith("mˆ⁽¹⁾₁₁ = m′⁽¹⁾₁₁ / (1 − 0.9³¹) (t = 31)") for line in lines)
    assert lines[v].startswith("v′⁽¹⁾₁₁ = 0.999 v⁽¹⁾₁₁ + 0.001 (∂C/∂w⁽¹⁾₁₁)²")
    hidden = texts(term_lines(found, sheet_of(54, 20), ViewState(True, ())))
    for definition in found.definitions:
        if num(definition.symbol.value) != num(0.0):
            value = num(definition.symbol.value).strip()
            assert not any(line.endswith(f" {value}") for line in hidden)


def test_a_kink_within_the_difference_is_told_instead_of_a_mark(picture: Explanation) -> None:
    note = "a unit switches within ±h"
    at_kink = replace(picture, check=CentralDifference(0.5, 0.5, False, note))
    lines = texts(term_lines(at_kink, sheet_of(40, 20)))
    assert lines[-1] == note
    assert not any("✓" in line or "✗" in line for line in lines)
    failed = replace(picture, check=CentralDifference(0.5, 0.5, False))
    assert any(line.endswith("✗") for line in texts(term_lines(failed, sheet_of(40, 20))))
    unknown = replace(picture, check=CentralDifference(0.5, np.nan, False))
    lines = texts(term_lines(unknown, sheet_of(40, 20)))
    assert lines[-1].split() == ["relative", "error", "–"]
    assert not any("✓" in line or "✗" in line for line in lines)


def test_below_each_other_all_of_it_is_as_wide_as_asked(picture: Explanation) -> None:
    lines = lines_of(picture, sheet_of(70, 0), rows=8, most=12)
    shown = texts(lines)
    assert all(width_of(line) <= 70 for line in lines)
    order = ["W⁽²⁾ᵀ", "term by term", "How fast", "NumPy"]
    found = [next(i for i, text in enumerate(shown) if word in text) for word in order]
    assert found == sorted(found)


def test_the_arrows_ask_for_another_component(monkeypatch: pytest.MonkeyPatch) -> None:
    pane = EquationPane()
    messages: list[Any] = []
    monkeypatch.setattr(pane, "post_message", messages.append)
    pane.move(1, -1)
    assert [(type(m), m.dx, m.dy) for m in messages] == [(EquationPane.ComponentMoved, 1, -1)]


# no two signs, no column without its operands, nothing that moves


OPTIMIZERS = ("sgd", "adam")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_two_signs_meet_and_a_minus_is_in_the_first_factor(optimizer: str) -> None:
    step = step_of(optimizer=optimizer)
    for quantity in (
        Quantity("update", 1, 0, 0),
        Quantity("delta", 3, 0),
        Quantity("example_cost", 3, 0),
    ):
        for size in ((78, 10), (116, 14)):
            text = "\n".join(drawn(explain(step, quantity, example_of(step)), size))
            assert not re.search(r"[+−] ?[+−]\d", text.replace("+0.000", "")), text
    if optimizer == "sgd":
        found = explain(step, Quantity("update", 1, 0, 0))
        rate, batch = step.settings.learning_rate, step.batch
        gradient = (batch.deltas[0].T @ batch.forward.a[0] / len(step.rows))[0, 0]
        (line,) = [line for line in texts(term_lines(found, sheet_of(60, 12))) if "×" in line]
        numbers = [float(n.replace("−", "-")) for n in re.findall(r"[+−][\d.]+", line)]
        assert numbers == pytest.approx([-rate, gradient, -rate * gradient], abs=6e-4)


def test_a_name_stands_alone_on_a_line_only_before_its_terms() -> None:
    step = step_of(hidden=(4, 3))
    for quantity in (Quantity("example_cost", 3, 0), Quantity("a", 1, 0), Quantity("z", 1, 0)):
        found = explain(step, quantity, example_of(step))
        for height in range(4, 20):
            first = texts(term_lines(found, sheet_of(50, height)))[0].split()
            assert len(first) > 1, (quantity, height)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@given(width=st.integers(40, 120), k=st.integers(2, 9))
@settings(max_examples=20, deadline=None)
def test_matrices_of_one_shape_show_the_same_columns_and_say_which_are_left_out(
    glyphs: Glyphs, width: int, k: int
) -> None:
    parts = [Matrix(Name(name, 1), np.ones((2, k)), 0, 0) for name in ("A", "B", "C")]
    lines = equation_lines((parts[0], "=", parts[1], "−", "η", "·", parts[2]), 2,
                           sheet_of(width, 50, glyphs), height=50)  # fmt: skip
    assert lines is not None
    last = [line for line in texts(lines) if "1.000" in line][-1]
    columns = [block.count("1.000") for block in re.findall(r"[└\[][^┘\]]*[┘\]]", last)]
    assert len(set(columns)) == 1
    assert (columns[0] < k) == ("⋯" in last or "…" in last)


def test_while_a_run_plays_no_number_gets_more_digits() -> None:
    trainer = Trainer(Experiment(dataset="circle", hidden=(4, 3)))
    shapes = set()
    for _ in range(12):
        trainer.step()
        found = explain(trainer.take_apart(), Quantity("z", 1, 0))
        lines = texts(term_lines(found, sheet_of(60, 12), ViewState(steady=True)))
        numbers = re.findall(r"[+−]\d+\.\d+", " ".join(lines))
        shapes |= {len(number) for number in numbers if abs(float(number[1:])) >= 1e-3}
    assert shapes == {len("+0.000")}


@pytest.mark.parametrize("kind", ["z", "a", "delta", "example_gradient"])
def test_in_a_wide_pane_the_terms_stand_beside_the_equation(kind: Any) -> None:
    step = step_of()
    rows = drawn(explain(step, Quantity(kind, 1, 0, 0), example_of(step)), (246, 14))
    assert max(len(row.rstrip()) for row in rows) < 150
    rule = {row.index("│ ", 60) for row in rows[-2:]}
    assert len(rule) == 1


def test_in_ascii_no_number_is_cut_behind_the_case_that_applies() -> None:
    step = step_of()
    for unit in range(4):
        found = explain(step, Quantity("delta", 1, unit), example_of(step))
        case = found.definitions[0].note.replace("≤", "<=")
        (line,) = [row for row in drawn(found, (78, 12), glyphs=ASCII) if case in row]
        assert re.search(r"x +[01]\.000$", line.rstrip()), line


def test_code_is_whole_or_not_there() -> None:
    step = step_of()
    found = explain(step, Quantity("example_cost", 3, 0), example_of(step))
    for width in range(30, 110, 4):
        text = " ".join(" ".join(drawn(found, (width, 12))).split())
        assert ("NumPy" in text) == ("axis=1)" in text)
