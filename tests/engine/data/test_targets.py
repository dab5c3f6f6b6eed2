"""Several targets, numbers as labels of classes, a single row, and constant columns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine

MAZUR = "i1,i2,o1,o2\n0.05,0.10,0.01,0.99\n"  # mattmazur.com, A step by step example, 2015


def written(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("targets") / "data.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def file(tmp_path_factory):
    return lambda text: written(tmp_path_factory, text)


def loaded(path, **options):
    return engine.load_dataset(path, data_seed=0, split_seed=0, **options)


@pytest.mark.parametrize("target", ["o1,o2", "o1, o2", ("o1", "o2"), (3, 4), (-2, "o2")])
def test_one_row_with_two_targets_keeps_its_numbers(file, target):
    data = loaded(file(MAZUR), target=target)
    assert data.X.tolist() == [[0.05, 0.10]]
    assert data.Y.tolist() == [[0.01, 0.99]]
    assert data.task == "regression"
    assert data.target == "o1, o2"
    assert data.x_scale.is_identity
    assert data.y_scale.is_identity


def test_a_column_whose_name_has_a_comma_is_one_target(file):
    data = loaded(file('x,"a,b",a,b\n1,2,3,4\n2,3,5,9\n'), target="a,b")
    assert data.Y.tolist() == [[2.0], [3.0]]


@given(seed=st.integers(0, 2**32 - 1), columns=st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_the_scaled_cost_of_several_targets_times_cost_scale_is_that_in_their_own_units(
    tmp_path_factory, seed, columns
):
    rng = np.random.default_rng(seed)
    spread = 10.0 ** rng.uniform(-3.0, 3.0, columns)
    rows = np.column_stack([rng.normal(size=9), rng.normal(size=(9, columns)) * spread + spread])
    names = [f"t{k}" for k in range(columns)]
    text = "\n".join([",".join(["x", *names]), *(",".join(map(repr, r)) for r in rows.tolist())])
    path = written(tmp_path_factory, text)
    experiment = engine.Experiment(dataset=path, target=tuple(names), hidden=(3,))
    trainer = engine.Trainer(experiment).step(3)
    prepared = trainer.prepared
    scaled = trainer.network.predict(prepared.inputs)
    own = prepared.dataset.y_scale.undo(scaled)
    expected = np.square(own - rows[:, 1:]).sum(axis=1).mean()
    assert trainer.costs()[0] * prepared.cost_scale == pytest.approx(expected, rel=1e-9)


def test_several_targets_must_be_numbers_and_different(file):
    path = file("x,a,b\n1,2,red\n2,3,blue\n3,5,red\n")
    with pytest.raises(engine.DataError, match="the target 'b' is text; of several targets each"):
        loaded(path, target="a,b")
    with pytest.raises(engine.DataError, match="name a column twice"):
        loaded(path, target=("a", 2))
    with pytest.raises(engine.DataError, match="no column 'c' for a target"):
        loaded(path, target="a,c")


LABELS = [
    ("0 1 1 0", None, "binary", ("0", "1"), (0.0, 1.0)),
    ("-1 1 1 -1", None, "binary", ("-1", "1"), (-1.0, 1.0)),
    ("0 1 2 1", None, "classes", ("0", "1", "2"), (0.0, 1.0)),
    ("1 2 2 1", None, "regression", (), (0.0, 1.0)),
    ("1 2 2 1", True, "binary", ("1", "2"), (0.0, 1.0)),
    ("0 1 1 0", False, "regression", (), (0.0, 1.0)),
    ("0 1 3 1", None, "regression", (), (0.0, 1.0)),
    ("0.5 1 3 1", True, "classes", ("0.5", "1", "3"), (0.0, 1.0)),
]


@pytest.mark.parametrize(("y", "classes", "task", "labels", "levels"), LABELS)
def test_plain_labels_are_classes_and_others_when_asked(file, y, classes, task, labels, levels):
    rows = [f"{i},{value}" for i, value in enumerate(y.split())]
    data = loaded(file("\n".join(["x,y", *rows])), classes=classes)
    assert (data.task, data.target_names, data.levels) == (task, labels, levels)
    if task == "classes":
        assert data.Y.sum(axis=1).tolist() == [1.0] * 4
        assert [labels[k] for k in data.Y.argmax(axis=1)] == y.split()


@pytest.mark.parametrize(
    ("choice", "task", "output", "loss"),
    [
        ({}, "binary", "sigmoid", "binary_cross_entropy"),
        ({"output": "sigmoid"}, "binary", "sigmoid", "binary_cross_entropy"),
        ({"loss": "cross_entropy"}, "binary", "softmax", "cross_entropy"),
        ({"output": "sigmoid", "loss": "half_quadratic"}, "binary", "sigmoid", "half_quadratic"),
        ({"output": "identity"}, "regression", "identity", "quadratic"),
        ({"loss": "quadratic"}, "regression", "identity", "quadratic"),
        ({"loss": "poisson"}, "regression", "exp", "poisson"),
        ({"classes": False}, "regression", "identity", "quadratic"),
    ],
)
def test_output_and_loss_decide_whether_0_and_1_are_classes(file, choice, task, output, loss):
    path = file("a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n")
    trainer = engine.Trainer(engine.Experiment(dataset=path, **choice))
    chosen = trainer.prepared.experiment
    assert trainer.prepared.dataset.task == task
    assert (chosen.output, chosen.loss) == (output, loss)


def test_a_target_of_too_many_numbers_is_refused_as_classes_with_what_would_do(file):
    path = file("\n".join(["x,y", *(f"{i},{i}" for i in range(60))]))
    with pytest.raises(engine.DataError, match=r"60 different numbers; classes are 2 to 50: leave"):
        loaded(path, classes=True)


def test_constant_columns_are_kept_as_they_are_when_asked(file):
    path = file("c,x,y\n5,1,2\n5,2,4\n5,3,5\n")
    assert loaded(path).feature_names == ("x",)
    data = loaded(path, keep_constant=True)
    assert data.feature_names == ("c", "x")
    assert data.x_scale.apply(data.X)[:, 0].tolist() == [5.0, 5.0, 5.0]


ONE_OF_THREE = "x,red,green,blue\n1,0,0,1\n2,1,0,0\n3,0,1,0\n4,1,0,0\n"


def test_several_targets_are_classes_when_asked_and_each_row_is_in_one(file):
    path, target = file(ONE_OF_THREE), ("red", "green", "blue")
    data = loaded(path, target=target, classes=True)
    assert (data.task, data.target_names) == ("classes", target)
    assert [target[k] for k in data.Y.argmax(axis=1)] == ["blue", "red", "green", "red"]
    assert loaded(path, target=target).task == "regression"
    two = loaded(file("x,no,yes\n1,0,1\n2,1,0\n"), target="no,yes", classes=True)
    assert (two.task, two.target_names, two.Y.tolist()) == ("binary", ("no", "yes"), [[1.0], [0.0]])


@pytest.mark.parametrize("row", ["1,1,0", "0,0,0", "0.5,0.5,0", "2,-1,0"])
def test_several_targets_that_are_no_classes_say_what_would_be(file, row):
    path = file(f"{ONE_OF_THREE}5,{row}\n")
    with pytest.raises(engine.DataError, match="only if each row has one 1, in the column of its"):
        loaded(path, target="red,green,blue", classes=True)


@pytest.mark.parametrize("fraction", [0.01, 0.5, 0.99, 1.0])
def test_a_single_row_is_for_training_whatever_the_share(file, fraction):
    data = loaded(file(MAZUR), target="o1,o2", train_fraction=fraction)
    assert (data.train.tolist(), data.test.tolist()) == ([0], [])
