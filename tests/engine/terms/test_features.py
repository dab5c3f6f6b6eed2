"""Features: Playground's seven and more, made of the columns by their published formulas."""

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import engine
from engine.terms.expressions import FUNCTIONS
from engine.terms.features import FeatureReader
from engine.terms.lists import split_list
from engine.training.prepare import prepare


def prepared(dataset="circle", **settings):
    return prepare(engine.Experiment(dataset=dataset, hidden=(3,), **settings))


def test_playgrounds_seven_features_are_its_formulas():
    names = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")  # its dataset.ts, state.ts
    data = prepared(features=names).dataset
    x, y = prepared().dataset.X.T
    expected = [x, y, x**2, y**2, x * y, np.sin(x), np.sin(y)]
    assert data.feature_names == ("x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂")
    np.testing.assert_allclose(data.X.T, expected, rtol=1e-15)
    np.testing.assert_array_equal(data.columns.T, [x, y])


@pytest.mark.parametrize("names", [("x1^2", "x2^2"), ("cos x₂",), ("x1", "x1^2", "x1^3")])
def test_the_inputs_are_made_of_the_columns_they_need(names):
    data = prepared(features=names).dataset
    np.testing.assert_array_equal(data.inputs(data.columns), data.X)
    needed = {name for name in ("x₁", "x₂") if any(name in f for f in data.feature_names)}
    assert set(data.column_names) == needed


def test_names_on_the_screen_mean_the_same_when_read_again():
    first = prepared(features=("x1^12", "x2*x1", "cos(x1)", "x2"))
    again = prepare(engine.Experiment.from_toml(first.experiment.to_toml()))
    assert again.experiment == first.experiment
    np.testing.assert_array_equal(again.dataset.X, first.dataset.X)


def test_columns_of_a_file_take_features_and_are_standardised():
    data = prepared("mtcars", features=("wt", "wt*hp", "sin(hp)", "wt^2")).dataset
    assert data.feature_names == ("wt", "hp·wt", "sin hp", "wt²")
    scaled = data.x_scale.apply(data.X)
    np.testing.assert_allclose(scaled.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0), 1.0)


def test_picked_columns_are_no_curved_features():
    data = prepared("mtcars", features=("wt", "hp")).dataset
    assert data.features == ()
    assert data.columns is data.X
    assert data.column_names == data.feature_names


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (" ", "a column or a function expected, but the text ends here"),
        ("x3", "has no input 'x3'; there are: x₁, x₂, their powers x^2, products x*y"),
        ("x1^0", "a power is a whole number from 1 to 12, not 0"),
        ("x1^" + "9" * 900, "a power is a whole number from 1 to 12, not 9999"),
        ("x1^" + "9" * 4000, "too long: 1000 characters at most"),
        ("x1^13", "a power is a whole number from 1 to 12, not 13"),
        ("x1^7*x1^6", "a power above 12"),
        ("tan(x1)", "no function 'tan'; there are: log, exp, sqrt, sin, cos, C, I"),
        ("sin(x1", "at character 7: ')' expected to close the bracket, but the text ends here"),
        ("^2", "a column or a function expected, not '^'"),
        ("x1 + x2", "inputs stand in a list, with commas"),
        ("x1/x2", "'/' stands inside I()"),
        ("I(2*x1 - x2)", "a weighted sum of columns, which the first layer makes itself"),
        ("I(2)", "there is no column in it"),
        ("C(x1)", "C(x₁): x₁ has 500 different numbers, more than 50"),
        ("C(x1, ref=9)", "'9' is no level of x₁"),
        ("log(x1)", "log takes numbers above 0"),
        ("I(1/(x1 - x1))", "is not a finite number"),
    ],
)
def test_what_is_no_input_is_refused_and_it_is_said_why(text, why):
    with pytest.raises(engine.DataError) as error:
        prepared(features=(text,))
    assert why in str(error.value)
    assert "\n" not in str(error.value)


def test_every_term_of_a_model_can_be_an_input():
    typed = ("log(wt)", "hp:wt", "hp*wt*qsec*wt", "I(hp/wt)", "sqrt(I(hp + 1))*wt", "exp(I(-wt))")
    data = prepared("mtcars", features=typed).dataset
    wt, hp, qsec = (engine.load_dataset("mtcars", data_seed=0, split_seed=0).X.T[j]
                    for j in (4, 2, 5))  # fmt: skip
    expected = [np.log(wt), hp * wt, hp * wt**2 * qsec, hp / wt, np.sqrt(hp + 1) * wt, np.exp(-wt)]
    np.testing.assert_allclose(data.X.T, expected, rtol=1e-14)
    shown = ("log wt", "hp·wt", "hp·wt²·qsec", "I(hp/wt)", "wt·sqrt(hp + 1)", "exp(-wt)")
    assert data.feature_names == shown
    again = prepared("mtcars", features=shown).dataset
    np.testing.assert_array_equal(again.X, data.X)
    np.testing.assert_array_equal(data.inputs(data.columns), data.X)


def test_a_category_is_an_input_for_each_level_or_all_but_the_reference():
    data = prepared("mtcars", features=("wt", "C(cyl)")).dataset
    assert data.feature_names == ("wt", "cyl=4", "cyl=6", "cyl=8")
    cyl = data.columns[:, data.column_names.index("cyl")]
    np.testing.assert_array_equal(data.X[:, 1:], cyl[:, None] == [4, 6, 8])
    some = prepared("mtcars", features=("wt:C(cyl, ref=6)",)).dataset
    assert some.feature_names == ("wt·cyl=4", "wt·cyl=8")
    again = prepared("mtcars", features=some.feature_names).dataset
    np.testing.assert_array_equal(again.X, some.X)


def test_a_column_of_texts_is_its_indicators_wherever_it_is_named(tmp_path):
    path = tmp_path / "breaks.csv"
    rows = [f"{wool},{t},{i}" for i, (wool, t) in enumerate(product("AB", "LMH"))]
    path.write_text("\n".join(["wool,tension,breaks", *rows]), encoding="utf-8")
    assert prepared(str(path), features=("wool",)).dataset.features == ()
    for text in ("C(tension)", "tension"):
        names = prepared(str(path), features=(text,)).dataset.feature_names
        assert names == ("tension=L", "tension=M", "tension=H")
    first = prepared(str(path), features=("wool:C(tension, ref=L)",)).dataset
    assert first.feature_names[1] == "wool=A·tension=H"
    assert len(first.feature_names) == 4
    again = prepared(str(path), features=first.feature_names).dataset
    np.testing.assert_array_equal(again.X, first.X)
    with pytest.raises(engine.DataError, match="tension is a column of texts"):
        prepared(str(path), features=("log(tension)",))


def test_the_levels_of_the_run_stay_when_an_edit_takes_the_last_row_of_one():
    cyl = prepared("mtcars").dataset.X[:, 0]
    edits = tuple(("delete", int(row)) for row in sorted(np.flatnonzero(cyl == 6), reverse=True))
    fresh = prepared("mtcars", features=("wt", "C(cyl)"), edits=edits)
    assert fresh.dataset.feature_names == ("wt", "cyl=4", "cyl=8")
    assert fresh.dataset.x_scale.mean.shape == (3,)
    before = prepared("mtcars", features=("wt", "C(cyl)")).dataset.feature_names
    assert prepared("mtcars", features=before, edits=edits).dataset.X.shape[1] == 4


@pytest.mark.parametrize("names", [("x₁", "x₂"), ("wt", "hp", "Weight, kg", "a b=c d", "a b=e")])
def test_old_forms_have_the_bits_that_they_had(names):
    rows = np.random.default_rng(1).normal(size=(200, len(names)))
    reader = FeatureReader(names, rows)
    a, b = names[:2]
    for text, columns in ((f"{a}*{b}", [0, 1]), (f"{b}·{a}", [0, 1]), (f"{b}^7", [1] * 7)):
        (feature,) = reader.read(text)
        np.testing.assert_array_equal(feature(rows), rows[:, columns].prod(axis=1))
    (feature,) = reader.read(f"{names[-1]} × {a}")
    np.testing.assert_array_equal(feature(rows), rows[:, 0] * rows[:, -1])
    for text in (f"sin({b})", f"sin {b}"):
        (feature,) = reader.read(text)
        np.testing.assert_array_equal(feature(rows), np.sin(rows[:, [1]][:, 0]))


ROWS = np.column_stack([np.linspace(0.5, 2.0, 40), np.arange(40), np.arange(40) % 7])
PIECES = [
    "x₁",
    "x2",
    "Weight, kg",
    *FUNCTIONS,
    *"+-*:^()/.,=`'\"0123456789 %",
    "C(",
    "I(",
    "²",
    "·",
]


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
@example("*".join(["C(x2)"] * 100))
@example("C(x2):C(x₁):C(`Weight, kg`)")
@example("x2^12" * 180)
@example("x2" * 5000)
@example("I(" + "x2+" * 300 + "x2^2)")
def test_any_text_is_an_input_that_its_name_means_too_or_is_refused_in_one_line(text):
    names = ("x₁", "x₂", "Weight, kg")
    reader = FeatureReader(names, ROWS)
    found, refusal = (), "-"
    try:
        found = reader.read(text)
    except engine.DataError as error:
        refusal = str(error)
    assert refusal.isprintable()
    assert len(refusal) < 500
    for feature in found:
        (again,) = reader.read(feature.name)
        assert again == feature
        np.testing.assert_array_equal(again(ROWS), feature(ROWS))


def test_too_many_inputs_are_refused_before_they_are_made():
    reader = FeatureReader(("a", "b", "c"), np.column_stack([np.arange(40.0)] * 3))
    assert len(reader.read("C(a):C(b)")) == 1600
    with pytest.raises(engine.DataError, match="64 000 inputs, more than 2 000"):
        reader.read("C(a):C(b):C(c)")
    with pytest.raises(engine.DataError, match="2 247 inputs, more than 2 000"):
        prepared("mtcars", features=("C(disp):C(hp)", "C(wt):C(qsec)", "C(disp):C(wt)"))


def test_a_list_is_cut_at_the_commas_outside_brackets_and_names():
    cut = {
        "x1, C(x2, ref=a),x3": ("x1", "C(x2, ref=a)", "x3"),
        "`Weight, kg`^2, hp": ("`Weight, kg`^2", "hp"),
        "driver's age, owner's age": ("driver's age", "owner's age"),
        'C(a, ref="b, c"), d': ('C(a, ref="b, c")', "d"),
        "a (b, c": ("a (b", "c"),
        "x1": ("x1",),
    }
    assert {text: split_list(text) for text in cut} == cut


def test_a_feature_never_takes_the_name_of_a_column(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("x,y,xy,x²,t\n1,2,7,5,1\n2,3,9,6,2\n4,1,3,8,4\n", encoding="utf-8")
    first = prepared(str(path), features=("x*y", "xy", "x^2", "x²"))
    np.testing.assert_array_equal(first.dataset.X.T[:2], [[2, 6, 4], [7, 9, 3]])
    np.testing.assert_array_equal(first.dataset.X.T[2:], [[1, 4, 16], [5, 6, 8]])
    again = prepare(first.experiment)
    np.testing.assert_array_equal(again.dataset.X, first.dataset.X)


def test_powers_that_overflow_are_refused(tmp_path):
    path = tmp_path / "far.csv"
    path.write_text("x,y\n1e20,1\n2e20,2\n3e20,4\n", encoding="utf-8")
    assert prepared(str(path), features=("x^6",)).dataset.feature_names == ("x⁶",)
    with pytest.raises(engine.DataError, match=r"x¹² goes beyond 1e.140: choose a lower power"):
        prepared(str(path), features=("x^12",))
