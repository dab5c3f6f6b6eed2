"""Categories in closed forms: one is left out, the first in alphabetical order."""

import numpy as np
import pytest

from engine.data.categories import coded_columns, coded_levels

NAMES = ("x", "kind=dog", "kind=cat", "kind=hen")
X = np.column_stack([np.arange(6.0), np.tile(np.eye(3), (2, 1))])


def test_levels_are_in_alphabetical_order_and_the_first_is_the_reference():
    levels, notes = coded_levels([("kind", ("dog", "cat")), ("size", ("s", "l", "m"))], True)
    assert levels == [["dog"], ["m", "s"]]
    assert notes == ["kind: compared with 'cat'", "size: compared with 'l'"]
    levels, notes = coded_levels([("kind", ("dog", "cat")), ("size", ("s", "l", "m"))], False)
    assert levels == [["cat", "dog"], ["m", "s"]]
    assert notes == ["size: compared with 'l'"]


def test_indicators_of_all_categories_lose_the_first():
    assert coded_columns(X, NAMES, intercept=True) == ([0, 1, 3], ("kind: compared with 'cat'",))
    assert coded_columns(X, NAMES, intercept=False) == ([0, 2, 1, 3], ())


def test_a_category_without_a_row_has_no_term_and_is_no_reference():
    rows = X[X[:, 2] == 0.0]
    assert coded_columns(rows, NAMES, intercept=True) == ([0, 3], ("kind: compared with 'dog'",))


@pytest.mark.parametrize("change", ["some", "moved", "numbers"])
def test_what_are_not_all_the_indicators_of_a_column_are_numbers(change):
    columns, names = X.copy(), NAMES
    if change == "some":  # of the categories are inputs
        columns, names = X[:, :3], NAMES[:3]
    elif change == "moved":  # an example moved by hand
        columns[0, 1:] = 0.5, 0.3, 0.2
    else:
        names = ("x", "a=1", "b=1", "c=1")
    every = list(range(len(names)))
    assert coded_columns(columns, names, intercept=True) == (every, ())
