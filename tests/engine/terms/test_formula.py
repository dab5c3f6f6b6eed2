"""The grammar of terms: what a text means, and that any text means something or is refused."""

from itertools import permutations
from time import perf_counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import engine
from engine.terms.arithmetic import read_expression
from engine.terms.expressions import (
    FUNCTIONS,
    Call,
    Category,
    Number,
    Power,
    Product,
    Sum,
    Variable,
    text_of,
)
from engine.terms.formula import Formula, formula_text, read_formula, term_text

NAMES = ("a", "b", "c", "Weight, kg", "x₁", "面积", "a-b", ".x", "ref", "log", "C", "2nd", "q`q")


def terms(text, names=NAMES, **rest):
    return {term_text(term) for term in read_formula(text, names, **rest).terms}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a*b", {"a", "b", "a:b"}),
        ("a*b*c", {"a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"}),
        ("(a + b):c", {"a:c", "b:c"}),
        ("a*(b + c)", {"a", "b", "c", "a:b", "a:c"}),
        ("a:b*c", {"a:b", "c", "a:b:c"}),
        ("a*b*c - a:b:c - b", {"a", "c", "a:b", "a:c", "b:c"}),
        ("a + b - (a + b) + c", {"c"}),
        ("(a)^2 + a^1 + b²", {"a^2", "a", "b^2"}),
        ("I(a^2) + a^2", {"a^2"}),
        ("a:a + b", {"a", "b"}),
        ("b:a + a:b", {"b:a"}),
        ("I(a)", {"a"}),
        ("I(a + b)^2", {"I((a + b)^2)"}),
        ("x1 + x₁^2 + `x1`", {"x₁", "x₁^2"}),
        ("`Weight, kg`^2 + 面积", {"`Weight, kg`^2", "面积"}),
        ("a-b", {"`a-b`"}),  # the exact name of a column
        ("a + b - b + b", {"a", "b"}),
        (".x:a", {".x:a"}),
        ("log(log) + log", {"log(`log`)", "`log`"}),
        ("C + C(C)", {"`C`", "C(`C`)"}),
        ("C(a, ref=ref)", {"C(a, ref=ref)"}),
        ("sin a", {"sin(a)"}),
        ("`q``q`", {"`q``q`"}),
        ("log(-a) + exp(2*a/b - -1)", {"log(-a)", "exp(2*a/b - (-1))"}),
    ],
)
def test_a_text_means_these_terms(text, meaning):
    assert terms(text) == meaning


def test_the_dot_is_all_other_columns():
    assert terms(". - a", ("y", "a", "b", "c"), rest=("a", "b", "c")) == {"b", "c"}
    many = tuple(f"v{j}" for j in range(1500))
    assert len(read_formula(".", many).terms) == 1500


def test_the_intercept_is_one_or_nought():
    assert [read_formula(text, NAMES).intercept for text in ("a", "1 + a", "a + 0", "-1 + a")] == [
        None,
        True,
        False,
        False,
    ]


def test_powers_have_the_precedence_of_arithmetic():
    a, b = Variable("a"), Variable("b")
    assert read_expression("-a^2", NAMES) == Sum((("-", Power(a, 2)),))
    assert read_expression("a/b*b", NAMES) == Product((("*", a), ("/", b), ("*", b)))
    values = {"a": [3.0], "b": [4.0]}
    for text, value in (("I(-a^2)", -9.0), ("a/b*b", 3.0), ("I(1 - a - b)", -6.0), ("a*(b-1)", 9.0),
                        ("(a^2)^3/a", 243.0), ("2*-a", -6.0), ("1.5e1*a/.5", 90.0)):  # fmt: skip
        assert engine.computed(text, values)[1].tolist() == [value], text


def test_what_is_named_twice_is_told():
    assert read_formula("a + b + a", NAMES).notes == ("a is named twice; it counts once",)
    assert read_formula("a*b + c", NAMES).notes == ()
    assert read_formula("a:a", NAMES).notes == ("a:a is a (a^2 is its square)",)


@pytest.mark.parametrize(
    ("text", "position", "why"),
    [
        ("a + wgt", 5, "no column 'wgt'; there are: a, b"),
        ("a + Weight", 5, "no column 'Weight'; did you mean `Weight, kg`? There are: "),
        ("(a + b)^2", 8, "a power is of one number; a*b has both terms and their product"),
        ("(a:b)^2", 6, "a power is of one number"),
        ("C(a)^2", 5, "a power is of one number"),
        (".^2", 2, "a power is of one number; a*b has"),
        ("a^13", 3, "a power is a whole number from 1 to 12, not 13"),
        ("a^0", 3, "a power is a whole number from 1 to 12, not 0"),
        ("a^1.5", 3, "a power is a whole number from 1 to 12, not 1.5"),
        ("a^b", 3, "a power is a whole number from 1 to 12, not 'b'"),
        ("a^2^2", 4, "a power of a power: write one exponent"),
        ("sin a^2", 6, "write sin(a)^2, or sin(a^2)"),
        ("a/b", 2, "'/' stands inside I(): I(a/b) is a divided by b"),
        ("a + 2", 5, "a number stands inside I(); 0 and 1 alone are for the intercept"),
        ("a - 0", 5, "write + 1 for an intercept, + 0 or - 1 for none"),
        ("(a + 0):b", 6, "0 and 1 are for the intercept: outside brackets"),
        ("a - c", 5, "c is no term before this, so none goes"),
        ("a - a", 1, "no term is left"),
        ("", 1, "a column, a function or '(' expected, but the text ends here"),
        ("a b", 3, "'+', '-', '*', ':' or the end expected, not 'b'"),
        ("log(a", 6, "')' expected to close the bracket, but the text ends here"),
        ("log(2)", 5, "there is no column in it"),
        ("I(a:b)", 4, "':' stands between terms; a product of numbers is a*b here"),
        ("log(C(a))", 5, "a category is no number"),
        ("exec(a)", 1, "no function 'exec'; there are: log, exp, sqrt, sin, cos, C, I"),
        ("C(a, levels=3)", 6, "'ref=' and a level expected, not 'levels'"),
        ("C(a, ref=)", 10, "a level expected"),
        ("y ~ a", 3, "'~' has no place here"),
        ("`a", 1, "this ` is not closed"),
        ("a; b", 2, "';' has no meaning here"),
        ("a\x00", 2, "the character U+0000 has no meaning here"),
        ("I(a*1e999)", 5, "this number is beyond the range of float64"),
        ("I(a*1e-999)", 5, "this number is beyond the range of float64"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(text, position, why):
    with pytest.raises(engine.DataError) as error:
        read_formula(text, NAMES)
    assert f"at character {position}: " in str(error.value)
    assert why in str(error.value)


BOMBS = [
    "(" * 999,
    "I(" + "-" * 900 + "a)",
    "*".join("abcabcabc" + "a" * 300),
    "(" + "+".join(["a", "b", "c", "x1", "面积"] * 8) + ")*(a+b)" * 90,
    "(.)*(.)*(.)*(.)*(.)*(.)*(.)*(.)*(.)*(.)*(.)*(.)*(.)",
    "*".join(["(a+b+c+.x+x1+ref+log+C)"] * 40),
    "a" * 1000,
    "a+" * 499 + "a",
    "I(" + "a+" * 490 + "a)",
    "I(" + "a^12*" * 190 + "a)",
    "a\n+\tb",
    "`" * 999,
    "９+a",
    "١+a",
    "I(a*" + "9" * 900 + ")",
]
PIECES = [*NAMES, *FUNCTIONS, *"+-*:^()/.,=`'\"0123456789 ~%", "I(", "C(", "ref=", "−", "²", "·"]


@settings(deadline=None, max_examples=400)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)))
def test_any_text_is_read_or_refused_in_one_line(text):
    check_text(text)


@pytest.mark.parametrize("text", BOMBS)
def test_hostile_texts_are_read_or_refused_at_once(text):
    start = perf_counter()
    check_text(text)
    assert perf_counter() - start < 2.0  # most take 1 ms


def check_text(text):
    table = {name: np.linspace(0.5, 2.0, 7) for name in NAMES}
    try:
        found = engine.design(text, table)
    except engine.EngineError as error:
        message = str(error)
        assert len(message) < 500
        assert message.isprintable()
    else:
        assert np.isfinite(found.X).all()
        assert found.X.shape == (7, len(found.names))
        formula = read_formula(text, NAMES)
        written = formula_text(formula)
        if len(written) <= 1000:
            assert read_formula(written, NAMES) == Formula(formula.terms, formula.intercept, ())


names = st.sampled_from(NAMES)
numbers = st.integers(0, 99).map(lambda n: Number(str(n))) | st.just(Number("2.5e-3"))


def larger(inner):
    signed = st.tuples(st.sampled_from("+-"), inner)
    scaled = st.tuples(st.sampled_from("*/"), inner)
    return st.one_of(
        st.builds(Call, st.sampled_from(FUNCTIONS), inner),
        st.builds(Power, inner.filter(lambda e: not isinstance(e, Power)), st.integers(2, 12)),
        st.lists(signed, min_size=2, max_size=3).map(lambda parts: Sum(tuple(parts))),
        inner.map(lambda part: Sum((("-", part),))),
        st.builds(lambda first, rest: Product((("*", first), *rest)), inner,
                  st.lists(scaled, min_size=1, max_size=2)),
    )  # fmt: skip


def has_columns(expression):
    try:
        read_expression(f"I({text_of(expression)})", NAMES)
    except engine.DataError:
        return False
    return True


expressions = st.recursive(numbers | names.map(Variable), larger, max_leaves=8)
categories = st.builds(
    Category, names, st.none() | st.sampled_from(["x", "a b", "3", "-1.5", 'q"q'])
)
factors = categories | expressions.filter(has_columns)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.lists(factors, min_size=1, max_size=3, unique=True), min_size=1, max_size=4))
def test_the_text_of_terms_is_read_as_the_same_terms(drawn):
    unique = {frozenset(term): tuple(term) for term in drawn}
    formula = Formula(tuple(unique.values()), None, ())
    assert read_formula(formula_text(formula), NAMES) == formula


@settings(deadline=None, max_examples=200)
@given(expressions.filter(has_columns))
@example(Sum((("-", Power(Variable("a"), 2)),)))
def test_the_text_of_an_expression_is_read_as_the_same_expression(expression):
    assert read_expression(f"I({text_of(expression)})", NAMES) == expression


@pytest.mark.parametrize("parts", [("a", "b*g", "C(k)"), ("g:h", "g", "a:g"), ("0", "h", "g", "a")])
def test_the_order_of_terms_does_not_change_what_the_columns_span(parts):
    rng = np.random.default_rng(3)
    table = {
        "a": rng.normal(size=60),
        "b": rng.normal(size=60),
        "k": rng.integers(0, 3, 60),
        "g": [*rng.choice(list("uvw"), 60)],
        "h": [*rng.choice(list("st"), 60)],
    }
    first = None
    for order in permutations(parts):
        found = engine.design(" + ".join(order), table)
        X = np.column_stack([np.ones(60)] * found.intercept + [found.X])
        u, s, _ = np.linalg.svd(X, full_matrices=False)
        basis = u[:, s > 1e-9 * s[0]]
        first = basis if first is None else first
        np.testing.assert_allclose(basis @ basis.T, first @ first.T, atol=1e-10)
