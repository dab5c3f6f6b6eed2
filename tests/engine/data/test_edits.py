"""Examples added, moved and deleted by hand: the others stay what they were."""

import numpy as np
import pytest
from experiments import EDITS
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.data.edits import edited
from engine.data.metrics import classes_of
from engine.training.prepare import prepare


def data_of(dataset="circle", **settings):
    return prepare(engine.Experiment(dataset=dataset, **settings)).dataset


def test_an_example_is_added_for_training_moved_and_deleted():
    plain = data_of()
    data = data_of(edits=[["add", [1, 2], [-1]], ["move", 3, [0.5, -0.5]], ["delete", 7]])
    np.testing.assert_array_equal(data.X[-1], [1.0, 2.0])
    assert data.Y[-1] == -1.0
    assert len(data.X) == 500
    assert data.train[-1] == 499
    np.testing.assert_array_equal(data.X[3], [0.5, -0.5])
    np.testing.assert_array_equal(data.X[7:-1], plain.X[8:])


@given(st.lists(EDITS, max_size=20))
def test_every_example_stays_in_its_part_and_the_parts_are_all(edits):
    plain = data_of()
    data = edited(plain, edits)
    rows = np.concatenate([data.train, data.test])
    assert sorted(rows.tolist()) == [*range(len(data.X))]
    assert (np.diff(data.train) > 0).all()
    moved = {tuple(edit[2]) for edit in edits if edit[0] == "move"}
    tests = {tuple(row) for row in plain.X[plain.test]}
    assert {tuple(row) for row in data.X[data.test]} <= tests | moved


@pytest.mark.parametrize("features", [None, ["speed"], ["speed", "speed^2"]])
def test_edits_keep_the_scales_so_that_a_network_sees_the_others_as_before(features):
    edits = [["add", [500], [1]]]
    plain, data = (data_of("cars", features=features, edits=made) for made in ((), edits))
    np.testing.assert_array_equal(data.x_scale.apply(data.X)[:-1], plain.x_scale.apply(plain.X))


@pytest.mark.parametrize(
    ("dataset", "edits", "said"),
    [
        ("circle", [["add", [1], [1]]], "x has 1 number; in circle it has 2"),
        ("circle", [["add", [1, 2], [0.5]]], "none of the classes"),
        ("circle", [["delete", 500]], "there is no example 501; there are 500"),
        ("circle", [["paint", 3]], "is not a list of edits such as"),
        ("circle", [["add", [1, "a"], [1]]], "edits = 'a' is not"),
        ("circle", "delete", "is not a list of edits"),
        ("beetles", [["delete", 0]], "trials of a group"),
        ("cars", [["delete", 0]] * 50, "the last to train on"),
    ],
)
def test_edits_that_do_not_fit_say_so(dataset, edits, said):
    with pytest.raises(engine.EngineError) as error:
        data_of(dataset, edits=edits)
    assert said in str(error.value)


def test_edits_are_kept_in_the_file():
    experiment = engine.Experiment(edits=[["add", [1, 2], [-1]], ["delete", 7]])
    assert engine.Experiment.from_toml(experiment.to_toml()) == experiment


@pytest.mark.parametrize(
    "edit",
    [
        ("move", 1, ((1.0,), (2.0,))),
        ("add", ((1.0,), (2.0,)), (1.0,)),
        ("add", (1.0, 2.0), ((1.0,),)),
    ],
)
def test_lists_in_the_place_of_numbers_are_refused(edit):
    with pytest.raises(engine.DataError, match="no list of numbers"):
        engine.Trainer(engine.Experiment(edits=(edit,)))


@pytest.mark.parametrize("gone", [-1.0, 1.0])
def test_where_a_class_has_no_examples_left_it_is_the_same_task(gone):
    data = data_of()
    rows = [row for row in reversed(range(len(data.Y))) if data.Y[row, 0] == gone]
    edits = (*(("delete", row) for row in rows), ("add", (0.0, 0.0), (gone,)))
    one, both = (
        prepare(engine.Experiment(dataset="circle", edits=part)) for part in (edits[:-1], edits)
    )
    assert (one.experiment.output, one.experiment.loss) == ("tanh", "quadratic")
    assert np.unique(one.dataset.Y).tolist() == [-gone]
    assert both.dataset.Y[-1, 0] == gone
    predicted = np.full((len(one.dataset.Y), 1), 0.4 * gone)  # on the side of the class that went
    assert set(classes_of(one.dataset, predicted)) == {int(gone > 0)}
