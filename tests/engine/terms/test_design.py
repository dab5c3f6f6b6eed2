"""Design matrices are R's: tests/reference/terms/make.R has the calls that gave its numbers."""

import csv
import json
import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import engine

FOLDER = Path(__file__).parents[2] / "reference" / "terms"
MODELS = json.loads((FOLDER / "model_matrix.json").read_text(encoding="utf-8"))
TABLE = {"wt": [2.0, 3.0, 5.0], "hp": [4.0, 0.0, 1.0], "cyl": [4, 6, 4], "g": ["a", "b", "a"]}


@cache
def data(name):
    """The columns of a data set, of numbers or texts."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return {name: read(cells) for name, cells in zip(header, zip(*rows, strict=True), strict=True)}


def read(cells):
    try:
        return np.array(cells, dtype=np.float64)
    except ValueError:
        return list(cells)


def fitted(model):
    columns = data(model["data"])
    target = re.findall(r"[a-z]+(?!\w*\()", model.get("target", ""))
    return engine.design(model["terms"], columns, exclude=target)


def in_r(name, model):
    """A column's name, as R writes it."""
    columns, parts = data(model["data"]), []
    for part in name.split(":"):
        column, equals, level = part.partition("=")
        if equals:
            text = isinstance(columns[column], list)
            given = re.search(rf'relevel\((?:factor\()?{column}\)?, "\w+"\)', model["call"])
            factor = column if text else f"factor({column})"
            parts.append((given[0] if given else factor) + level)
        else:
            power = re.sub("[²³]", lambda sign: f"^{'²³'.index(sign[0]) + 2}", part)
            parts.append(power if power == part or power[:2] == "I(" else f"I({power})")
    return ":".join(parts)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model['data']}: {model['terms']}")
def test_the_columns_are_those_of_rs_model_matrix(model):
    found = fitted(model)
    X = np.column_stack([np.ones(len(found.X)), found.X]) if found.intercept else found.X
    names = [*(["(Intercept)"] if found.intercept else []), *(in_r(n, model) for n in found.names)]
    assert [n.replace(" ", "") for n in names] == [n.replace(" ", "") for n in model["names"]]
    i = np.arange(1, len(X) + 1)
    rounding = 1e-13 * (i @ np.abs(X)).max()
    np.testing.assert_allclose(X.sum(axis=0), model["sums"], rtol=1e-12, atol=rounding)
    np.testing.assert_allclose(i @ X, model["moments"], rtol=1e-12, atol=rounding)


FITTED = [model for model in MODELS if "target" in model]


@pytest.mark.parametrize("model", FITTED, ids=lambda model: f"{model['data']}: {model['terms']}")
def test_least_squares_gives_the_coefficients_of_rs_lm(model):
    found = fitted(model)
    _, y = engine.computed(model["target"], data(model["data"]))
    fit = engine.ols(found.X, y, intercept=found.intercept, names=found.names)
    # null: a column that depends on earlier ones, whose coefficient is 0 here
    expected = [0.0 if b is None else b for b in model["coefficients"]]
    scale = np.abs(expected).max()
    np.testing.assert_allclose(fit.coefficients, expected, rtol=1e-8, atol=1e-10 * scale)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model['data']}: {model['terms']}")
def test_a_few_rows_alone_have_the_columns_that_they_have_among_all(model):
    found, columns = fitted(model), data(model["data"])
    rows = [7, 0, len(found.X) - 1]
    some = {name: [values[row] for row in rows] for name, values in columns.items()}
    np.testing.assert_allclose(found.apply(some), found.X[rows], rtol=1e-14)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model['data']}: {model['terms']}")
def test_each_column_belongs_to_one_term(model):
    found = fitted(model)
    assert [j for term in found.terms for j in term.columns] == [*range(len(found.names))]
    for term in found.terms:
        assert term.name == ":".join(sorted(term.variables, key=term.name.index))


def test_terms_with_all_variables_of_another_can_be_found():
    found = engine.design("wt*C(cyl) + g", TABLE)
    names = {term.name: term.variables for term in found.terms}
    assert names == {
        "wt": {"wt"},
        "C(cyl)": {"C(cyl)"},
        "g": {"g"},
        "wt:C(cyl)": {"wt", "C(cyl)"},
    }


def test_each_reference_is_named_and_each_level_kept():
    found = engine.design("g + C(cyl, ref=6)", TABLE)
    assert found.notes == ("g: compared with 'a'", "cyl: compared with '6'")
    assert found.levels == {"g": ("a", "b"), "cyl": ("6", "4")}
    assert engine.design("0 + g", TABLE).notes == ()


def test_levels_are_texts_or_numbers_whichever_way_they_are_typed():
    table = {"a b": ["2", "1", "é f"], "x": [0.1, 0.30000000000000004, -3.0]}
    assert engine.design("C(`a b`, ref='é f')", table).names == ("a b=1", "a b=2")
    assert engine.design("C(`a b`, ref=2)", table).names == ("a b=1", "a b=é f")
    assert engine.design("C(x, ref=-3.00)", table).names == ("x=0.1", "x=0.30000000000000004")
    with pytest.raises(engine.DataError, match=r"'0.3' is no level of x; there are: -3, 0.1, 0.3"):
        engine.design("C(x, ref=0.3)", table)


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ("log(hp)", "log(hp), row 2: hp is 0; log takes numbers above 0"),
        ("wt + sqrt(I(hp - wt))", "row 2: hp is 0, wt is 3; sqrt takes no number below 0"),
        ("wt:log(hp)", "log(hp), row 2: hp is 0; log takes numbers above 0"),
        ("I(wt/hp)", "wt/hp, row 2: wt is 3, hp is 0; its quotient is not a finite number"),
        ("exp(I(1000*wt))", "row 1: wt is 2; the result is beyond the range of float64 (2 more"),
        ("g^2", "g is a column of texts"),
        ("C(cyl, ref=5)", "'5' is no level of cyl; there are: 4, 6"),
        ("C(cyl) + wt:C(cyl, ref=6) + C(cyl, ref=4)", "C(cyl) has two references, '6' and '4'"),
    ],
)
def test_what_has_no_value_is_refused_with_column_row_and_value(terms, why):
    with pytest.raises(engine.DataError) as error:
        engine.design(terms, TABLE)
    assert why in str(error.value)


def test_a_product_beyond_float64_is_refused():
    with pytest.raises(engine.DataError, match="a:b, row 2: the product is beyond the range"):
        engine.design("a:b", {"a": [1.0, 1e200], "b": [1.0, 1e200]})


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ({"wt": [1.0], "g": ["c"]}, "g, row 1: 'c' is no level of the data; there are: a, b"),
        ({"wt": [1.0]}, "column 'g' of the terms is missing"),
        ({"wt": [0.0], "g": ["a"]}, "log(wt), row 1: wt is 0; log takes numbers above 0"),
        ({"wt": [1.0, 2.0], "g": ["a"]}, "columns differ in length: 1 and 2 rows"),
        ({"wt": ["x"], "g": ["a"]}, "wt is a column of texts"),
    ],
)
def test_new_rows_must_fit_the_terms(new, why):
    found = engine.design("log(wt)*g", TABLE)
    with pytest.raises(engine.EngineError) as error:
        found.apply(new)
    assert why in str(error.value)


def test_too_many_columns_are_refused_before_they_are_made():
    many = {name: list(range(300)) for name in "abc"}
    with pytest.raises(engine.DataError, match="columns, more than 2 000"):
        engine.design("C(a):C(b):C(c)", many)


def test_columns_that_no_term_names_may_hold_anything():
    table = {"x": [1.0, 2.0], "d": [object(), None], "na": [np.nan, 1.0]}
    assert engine.design("x", table).X.tolist() == [[1.0], [2.0]]
    with pytest.raises(engine.DataError, match="na, row 1: na is nan; not a finite number"):
        engine.design("x + na", table)
    assert engine.design("1", table).X.shape == (2, 0)


def test_the_target_and_the_offset_are_one_expression():
    assert engine.computed("wt", TABLE)[0] == "wt"
    name, values = engine.computed("log(I(hp + 1))/wt^2", TABLE)
    assert name == "log(hp + 1)/wt^2"
    np.testing.assert_allclose(values, np.log([5.0, 1.0, 2.0]) / np.array([4.0, 9.0, 25.0]))
    with pytest.raises(engine.DataError, match="the offset is one expression, not a sum of terms"):
        engine.computed("wt + hp", TABLE, "the offset")
    with pytest.raises(engine.DataError, match="g is a column of texts"):
        engine.computed("g", TABLE)


def test_polynomials_and_quotients_of_decimal_numbers_keep_all_digits():
    table = {"x": [0.1, 0.2, 0.7], "y": [1.0, 3.0, 7.0], "g": ["a", "b", "b"]}
    found = engine.design("x^2*g + I((x - 1)/y) + log(x)", table)
    exact = dict(zip(found.names, found.exact({"x": ["0.1", "0.2", "0.7"], "y": ["1", "3", "7"]}),
                     strict=True))  # fmt: skip
    assert exact["x²"].tolist() == [Fraction(1, 100), Fraction(4, 100), Fraction(49, 100)]
    assert exact["x²:g=b"].tolist() == [0, Fraction(4, 100), Fraction(49, 100)]
    quotient = [Fraction(-9, 10), Fraction(-8, 30), Fraction(-3, 70)]
    assert exact["I((x - 1)/y)"].tolist() == quotient
    assert exact["log(x)"].dtype == np.float64
    for j, name in enumerate(found.names):
        np.testing.assert_allclose(exact[name].astype(float), found.X[:, j], rtol=1e-14)
    y = ["1", "2", "4"]
    columns = np.column_stack(found.exact({"x": ["0.1", "0.2", "0.7"]})[:1])
    assert engine.ols(columns, y).coefficients.shape == (2,)
