"""Data sets: the geometry of the generated, the figures of the published, and users' files."""

import math
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.data.dataset import Dataset, Scale
from engine.data.datasets import load_dataset
from engine.data.generators import FORMULAS
from engine.errors import DataError
from engine.network.network import Network

GENERATED = (*FORMULAS,)


def load(name: str, seed: int = 0, **options: Any) -> Dataset:
    return load_dataset(name, **{"data_seed": seed, "split_seed": 1000 + seed, **options})


def load_text(folder: Path, text: str, **options: Any) -> Dataset:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return load(str(path), **options)


# Playground's sets: https://github.com/tensorflow/playground, src/dataset.ts


def test_circle_is_a_disc_in_a_ring_labelled_by_distance() -> None:
    data = load("circle")
    r = np.sqrt((data.X**2).sum(axis=1))
    inside = data.Y[:, 0] == 1.0
    assert inside.sum() == 250 and (data.Y[~inside] == -1.0).all()
    assert r[inside].max() < 2.5 and r[~inside].min() >= 3.5 and r.max() < 5.0
    # r itself is uniform, so points crowd towards the centre: mean ½·2.5, not ⅔·2.5
    assert r[inside].mean() == pytest.approx(1.25, abs=4 * 2.5 / math.sqrt(12 * 250))


def test_xor_labels_by_the_sign_of_the_product_and_keeps_off_the_axes() -> None:
    data = load("xor")
    np.testing.assert_array_equal(data.Y[:, 0], np.sign(data.X[:, 0]) * np.sign(data.X[:, 1]))
    assert 0.3 <= np.abs(data.X).min() < 0.35 and 5.2 < np.abs(data.X).max() <= 5.3


def test_noise_flips_xor_labels_as_often_as_the_integral_says() -> None:
    # a coordinate u ~ U(0.3, 5.3) changes sign under U(−2.5, 2.5) with p = ∫(2.5 − u)₊/5 du/5
    p = 2.2**2 / 2 / 25
    flips = [load("xor", s, noise=50).Y != load("xor", s).Y for s in range(20)]
    expected = 2 * p * (1 - p)
    assert np.mean(flips) == pytest.approx(expected, abs=4 * math.sqrt(expected / 10_000))


def test_noise_pushes_circle_labels_out_as_often_as_a_grid_says() -> None:
    steps = (np.arange(30) + 0.5) / 30
    r, angle, u, v = np.meshgrid(2.5 * steps, 2 * np.pi * steps, 5 * steps - 2.5, 5 * steps - 2.5)
    expected = np.mean(np.hypot(r * np.sin(angle) + u, r * np.cos(angle) + v) >= 2.5)
    out = [load("circle", s, noise=50).Y[:250] < 0.0 for s in range(20)]
    assert np.mean(out) == pytest.approx(expected, abs=4 * math.sqrt(expected / 5_000))


@pytest.mark.parametrize(("noise", "variance"), [(0, 0.5), (25, 2.25), (50, 4.0)])
def test_gauss_has_two_clouds_whose_variance_grows_with_noise(noise: int, variance: float) -> None:
    sets = [load("gauss", s, noise=noise) for s in range(10)]
    off = np.concatenate([data.X - 2.0 * data.Y for data in sets]).ravel()
    assert all(data.Y.sum() == 0.0 for data in sets)
    assert off.mean() == pytest.approx(0.0, abs=4 * math.sqrt(variance / off.size))
    assert off.var() == pytest.approx(variance, abs=4 * variance * math.sqrt(2 / off.size))


def test_spiral_arms_turn_seven_quarters_and_noise_moves_the_points() -> None:
    data = load("spiral")
    for sign, arm in ((1.0, data.X[:250]), (-1.0, data.X[250:])):
        for i in (0, 1, 100, 249):
            r, t = 5 * i / 250, 1.75 * i / 250 * 2 * math.pi
            expected = [sign * r * math.sin(t), sign * r * math.cos(t)]
            np.testing.assert_allclose(arm[i], expected, atol=1e-13)
    np.testing.assert_array_equal(data.Y[:, 0], [1.0] * 250 + [-1.0] * 250)
    moved = np.abs(load("spiral", noise=50).X - data.X)
    assert 0.49 < moved.max() <= 0.5


def test_reg_plane_is_a_tenth_of_the_sum_of_the_noised_point() -> None:
    data, noised = load("reg-plane"), load("reg-plane", noise=50)
    assert data.X.shape == (1200, 2) and 5.9 < np.abs(data.X).max() <= 6.0
    np.testing.assert_allclose(10 * data.Y[:, 0], data.X @ [1.0, 1.0], atol=1e-14)
    np.testing.assert_array_equal(noised.X, data.X)
    assert 0.5 < np.abs(noised.Y - data.Y).max() <= 0.6


def test_reg_gauss_is_a_chequerboard_of_cones() -> None:
    data = load("reg-gauss")
    for point, y in zip(data.X.tolist(), data.Y[:, 0], strict=True):
        cones = [
            (-1) ** (column + row) * max(0.0, 1 - math.dist(point, (x1, x2)) / 2)
            for column, x1 in enumerate((-4, 0, 4))
            for row, x2 in enumerate((2.5, -2.5))
        ]
        assert y == pytest.approx(max(cones, key=abs), abs=1e-14)
    assert data.Y.min() < -0.9 and data.Y.max() > 0.9


# the other generated sets


def test_two_relu_units_without_bias_are_two_relu_exactly() -> None:
    data = load("two-relu")
    weights = [[[1.0, 0.5], [-0.5, 1.0]], [[1.5, -1.0]]]
    network = Network.from_arrays(weights, activation="relu")
    np.testing.assert_allclose(network.predict(data.X), data.Y, atol=1e-15)


def test_line_sine_and_step_are_their_formulas() -> None:
    line, sine, step = load("line"), load("sine"), load("step")
    slope, intercept = np.polyfit(line.X[:, 0], line.Y[:, 0], 1)
    error = line.Y[:, 0] - 0.5 * line.X[:, 0] - 1.0
    assert (slope, intercept) == (pytest.approx(0.5, abs=0.03), pytest.approx(1.0, abs=0.1))
    assert error.std() == pytest.approx(0.25, abs=4 * 0.25 / math.sqrt(200))
    np.testing.assert_allclose(sine.Y, np.sin(sine.X), rtol=1e-15)
    np.testing.assert_array_equal(step.Y, np.where(step.X > 0.0, 1.0, -1.0))
    assert [len(data.X) for data in (line, sine, step)] == [100, 200, 200]


# sets in which one assumption of least squares is broken on purpose


def pooled_errors(name: str, **options: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """x, and y − (x/2 + 1), of forty draws."""
    sets = [load(name, seed, **options) for seed in range(40)]
    return [(data.X[:, 0], data.Y[:, 0] - data.X[:, 0] / 2.0 - 1.0) for data in sets]


@pytest.mark.parametrize("name", ["heteroskedastic", "autocorrelated", "heavy-tails"])
def test_the_lines_of_broken_assumptions_are_the_same_line_with_errors_of_one_size(
    name: str,
) -> None:
    errors = np.concatenate([e for _, e in pooled_errors(name)])
    assert len(errors) == 4000
    assert errors.mean() == pytest.approx(0.0, abs=0.08)
    assert errors.std() == pytest.approx(0.4, rel=0.15)


def test_heteroskedastic_errors_grow_with_the_square_of_x() -> None:
    for x, e in pooled_errors("heteroskedastic"):
        assert x.min() >= 0.0 and x.max() <= 6.0
        assert np.abs(e[x < 2.0]).max() < np.abs(e[x > 4.0]).max()
    pairs = pooled_errors("heteroskedastic")
    x, e = (np.concatenate(values) for values in zip(*pairs, strict=True))
    size = 0.1 + (x / 6.0) ** 2
    standardised = e / size
    bands = [standardised[(x > start) & (x < start + 2)].std() for start in (0.0, 2.0, 4.0)]
    assert max(bands) / min(bands) == pytest.approx(1.0, abs=0.1)


def test_autocorrelated_errors_follow_one_another_in_the_order_of_the_rows() -> None:
    pairs = pooled_errors("autocorrelated")
    np.testing.assert_allclose(pairs[0][0], np.linspace(-3.0, 3.0, 100))
    before = np.concatenate([e[:-1] for _, e in pairs])
    after = np.concatenate([e[1:] for _, e in pairs])
    assert np.corrcoef(before, after)[0, 1] == pytest.approx(0.8, abs=0.04)


def test_heavy_tails_have_more_large_errors_than_the_normal_distribution() -> None:
    errors = np.concatenate([e for _, e in pooled_errors("heavy-tails")]) / 0.4
    # beyond four sd: 6·10⁻⁵ of a normal distribution, P(|t₃| > 4√3) = 0.0062 of Student's t
    assert np.mean(np.abs(errors) > 4.0) == pytest.approx(0.0062, abs=0.004)


def test_collinear_inputs_are_almost_the_same_and_a_plane_fits() -> None:
    X, y = (np.concatenate([load("collinear", s).__dict__[k] for s in range(20)]) for k in "XY")
    assert np.corrcoef(X.T)[0, 1] == pytest.approx(0.99, abs=0.002)
    assert (y[:, 0] - X.sum(axis=1)).std() == pytest.approx(0.5, rel=0.07)
    vif = engine.diagnose(engine.ols(load("collinear").X, load("collinear").Y)).vif
    assert (vif > 25.0).all()


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("heteroskedastic", "breusch_pagan"),
        ("autocorrelated", "durbin_watson_test"),
        ("heavy-tails", "jarque_bera"),
    ],
)
def test_the_test_of_each_broken_assumption_finds_it_and_the_line_has_none(
    name: str, test: str
) -> None:
    def share_rejected(name: str) -> float:
        sets = [load(name, seed) for seed in range(40)]
        results = [getattr(engine.diagnose(engine.ols(d.X, d.Y)), test) for d in sets]
        return float(np.mean([result.p_value < 0.05 for result in results]))

    assert share_rejected(name) > 0.8
    assert share_rejected("line") < 0.2


def test_runge_is_the_function_of_his_paper_at_equally_spaced_points() -> None:
    data = load("runge")
    x = data.X[:, 0]
    np.testing.assert_allclose(x, np.arange(-20, 21) / 20, atol=1e-15)
    errors = data.Y[:, 0] - 1.0 / (1.0 + 25.0 * x**2)
    assert errors.std() == pytest.approx(0.02, rel=0.4)
    # interpolation at eleven of its points is off by almost 2 near the ends
    clean = 1.0 / (1.0 + 25.0 * x[::4] ** 2)
    swing = engine.polynomial(x[::4], clean, 10).coefficients @ (0.95 ** np.arange(11))
    assert abs(swing - 1.0 / (1.0 + 25.0 * 0.95**2)) > 1.8


@pytest.mark.parametrize("name", ["sine", "step", "two-relu"])
def test_noise_is_a_percentage_of_the_targets_sd(name: str) -> None:
    pairs = [(load(name, s), load(name, s, noise=20)) for s in range(10)]
    ratios = [(noised.Y - clean.Y).std() / clean.Y.std() for clean, noised in pairs]
    assert np.mean(ratios) == pytest.approx(0.2, rel=0.07)


@pytest.mark.parametrize("name", GENERATED)
def test_a_seed_decides_every_bit_and_the_split_leaves_the_data_alone(name: str) -> None:
    one, same = load(name, 3, noise=10), load(name, 3, noise=10)
    split = load(name, 3, noise=10, split_seed=4)
    other = load(name, 5, noise=10)
    for data in (same, split):
        assert data.X.tobytes() == one.X.tobytes() and data.Y.tobytes() == one.Y.tobytes()
    assert same.train.tobytes() == one.train.tobytes()
    assert split.train.tobytes() != one.train.tobytes()
    assert (other.X != one.X).any() or name in ("autocorrelated", "runge")  # equally spaced
    assert (other.X != one.X).any() or (other.Y != one.Y).any()
    np.testing.assert_array_equal(one.x_scale.apply(one.X), one.X)  # its own coordinates
    assert not any(array.flags.writeable for array in (one.X, one.Y, one.train, one.test))


@pytest.mark.parametrize("fraction", [1e-9, 0.1, 0.5, 0.9, 1 - 1e-9, 1.0])
def test_train_and_test_share_all_rows_between_them(fraction: float) -> None:
    data = load("line", train_fraction=fraction)
    assert sorted([*data.train, *data.test]) == list(range(100))
    assert len(data.train) == (100 if fraction == 1.0 else min(max(fraction * 100, 1), 99))


# published sets


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_anscombes_sets_share_the_figures_in_his_paper(number: int) -> None:
    # Anscombe (1973), The American Statistician 27(1), p. 19
    data = load(f"anscombe-{number}")
    x, y = data.X[:, 0], data.Y[:, 0]
    slope, intercept = np.polyfit(x, y, 1)
    assert len(x) == len(data.train) == 11
    assert x.mean() == 9.0 and round(y.mean(), 1) == 7.5
    assert ((x - 9.0) ** 2).sum() == 110.0
    assert round(slope, 2) == 0.5 and round(intercept, 1) == 3.0
    assert round(np.corrcoef(x, y)[0, 1] ** 2, 3) in (0.666, 0.667)


def test_mtcars_gives_the_coefficients_r_prints_for_all_ten_inputs() -> None:
    data = load("mtcars")
    columns = np.column_stack([np.ones(32), data.X])
    beta, *_ = np.linalg.lstsq(columns, data.Y[:, 0])
    names = ("(Intercept)", *data.feature_names)
    # R: coef(lm(mpg ~ ., data = mtcars))
    assert dict(zip(names, beta.round(5).tolist(), strict=True)) == {
        "(Intercept)": 12.30337,
        "cyl": -0.11144,
        "disp": 0.01334,
        "hp": -0.02148,
        "drat": 0.78711,
        "wt": -3.71530,
        "qsec": 0.82104,
        "vs": 0.31776,
        "am": 2.52023,
        "gear": 0.65541,
        "carb": -0.19942,
    }
    assert data.target == "mpg" and data.row_names is not None
    assert data.row_names[0] == "Mazda RX4" and data.row_names[-1] == "Volvo 142E"


@pytest.mark.parametrize(
    ("name", "certified"),
    [
        # NIST StRD, Longley.dat: B0 … B6
        (
            "longley",
            "-3482258.63459582 15.0618722713733 -0.0358191792925910 -2.02022980381683 "
            "-1.03322686717359 -0.0511041056535807 1829.15146461355",
        ),
        ("cars", "-17.5791 3.9324"),  # R: lm(dist ~ speed, cars)
        ("stackloss", "-39.9197 0.7156 1.2953 -0.1521"),  # R: lm(stack.loss ~ ., stackloss)
        # R: ?glm; Dalal et al. (1989); Dobson, ch. 7: in units of the last digit
        ("challenger", "15.0429 -0.2322"),
        ("dobson", "3.0445 -0.4543 -0.2930 0.0000 0.0000"),
        ("beetles", "-60.717 34.270"),
    ],
)
def test_published_sets_give_the_published_coefficients(name: str, certified: str) -> None:
    data = load(name)
    if data.family == "gaussian":
        fit = engine.ols(data.X, data.Y)
    else:
        X, y, trials = data.grouped(data.train)
        fit = engine.glm(X, y, data.family, trials=trials if data.groups is not None else None)
    for value, digits in zip(fit.coefficients, certified.split(), strict=True):
        unit = 10.0 ** -len(digits.partition(".")[2])
        assert value == pytest.approx(float(digits), abs=0.501 * unit)


def test_every_beetle_is_an_example_and_the_groups_are_bliss_s_table() -> None:
    data = load("beetles", train_fraction=1.0)
    X, died, exposed = data.grouped(data.train)
    # Bliss (1935), as in Dobson (1990), table 8.1
    assert X[:, 0].tolist() == [1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839]
    assert died.tolist() == [6, 13, 18, 28, 52, 53, 61, 60]
    assert exposed.tolist() == [59, 60, 62, 56, 63, 59, 62, 60]
    assert len(data.X) == 481 and data.target_names == ("survived", "died")
    half = load("beetles", train_fraction=0.5)
    parts = [half.grouped(rows) for rows in (half.train, half.test)]
    assert sum(part[1].sum() for part in parts) == 291
    assert sum(part[2].sum() for part in parts) == 481


@pytest.mark.parametrize(
    ("name", "task", "family"),
    [
        ("line", "regression", "gaussian"),
        ("circle", "binary", "binomial"),
        ("challenger", "binary", "binomial"),
        ("dobson", "regression", "poisson"),
    ],
)
def test_a_set_says_which_model_suits_it(name: str, task: str, family: str) -> None:
    data = load(name)
    assert (data.task, data.family) == (task, family)


def test_another_target_of_a_published_set_suits_what_its_numbers_suit() -> None:
    assert load("dobson", target="outcome2").family == "binomial"  # 0 and 1
    assert load("mtcars", target="carb").family == "gaussian"
    with pytest.raises(DataError, match="counts died of exposed"):
        load("beetles", target="dose")


@pytest.mark.parametrize("name", ["cars", "stackloss", "challenger", "dobson", "beetles"])
def test_one_layer_descends_to_the_published_model(name: str) -> None:
    from tui.experiments.library import built_in

    trainer = engine.Trainer(built_in(name)).step(2_000)
    prepared = trainer.prepared
    inputs, targets = prepared.inputs, prepared.targets[:, 0]
    family = prepared.dataset.family
    if family == "gaussian":
        expected = engine.ols(inputs, targets).coefficients
    else:
        expected = engine.glm(inputs, targets, family).coefficients
    reached = np.concatenate([trainer.network.biases[0], trainer.network.weights[0][0]])
    np.testing.assert_allclose(reached, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


# scales


@pytest.mark.parametrize(
    "column",
    [
        [1.0, 2.0, 4.0],
        [1e9, 1e9 + 1e-6, 1e9 + 3e-6],
        [-1e300, 5e299, 1e300],
        [1e-300, 3e-300, 2e-300],
        [0.1, 0.1 + 2**-55, 0.1 - 2**-55],
    ],
    ids=["plain", "offset", "huge", "tiny", "last-bit"],
)
def test_mean_and_sd_are_those_of_exact_arithmetic(column: list[float]) -> None:
    scale = Scale.of(np.array(column)[:, None])
    exact = [Fraction(value) for value in column]
    mean = sum(exact) / len(exact)
    variance = sum((value - mean) ** 2 for value in exact) / len(exact)
    assert scale.mean[0] == pytest.approx(float(mean), rel=1e-15)
    assert float(Fraction(scale.sd[0]) ** 2 / variance) == pytest.approx(1.0, rel=1e-12)
    raw = np.array(column)[:, None]
    np.testing.assert_allclose(scale.undo(scale.apply(raw)), raw, rtol=1e-15)


def test_files_are_standardised_by_their_training_rows() -> None:
    data = load("mtcars", train_fraction=0.5)
    x, y = data.x_scale.apply(data.X), data.y_scale.apply(data.Y)
    np.testing.assert_allclose(x[data.train].mean(axis=0), 0.0, atol=1e-14)
    np.testing.assert_allclose(x[data.train].std(axis=0), 1.0)
    np.testing.assert_allclose([y[data.train].mean(), y[data.train].std()], [0.0, 1.0], atol=1e-14)
    assert np.abs(x[data.test].mean(axis=0)).max() > 0.1


def test_standardising_can_be_refused() -> None:
    plain = load("mtcars", standardize=False)
    np.testing.assert_array_equal(plain.x_scale.apply(plain.X), plain.X)
    np.testing.assert_array_equal(plain.y_scale.apply(plain.Y), plain.Y)


def test_a_column_alike_in_the_training_rows_alone_still_scales() -> None:
    scale = Scale.of(np.array([[7.0, 1.0], [7.0, 3.0]]))
    np.testing.assert_array_equal(
        scale.apply(np.array([[7.0, 3.0], [8.0, 1.0]])), [[0, 1], [1, -1]]
    )


# files

PETS = """name,kind,legs,tail,weight
Rex,dog,4,yes,30
Tom,cat,4,yes,5
Polly,parrot,2,yes,1
Fido,dog,4,yes,20
"""


def test_a_file_becomes_inputs_names_and_notes(tmp_path: Path) -> None:
    data = load_text(tmp_path, PETS)
    assert data.feature_names == ("kind=dog", "kind=cat", "kind=parrot", "legs")
    np.testing.assert_array_equal(data.X, [[1, 0, 0, 4], [0, 1, 0, 4], [0, 0, 1, 2], [1, 0, 0, 4]])
    np.testing.assert_array_equal(data.Y, [[30], [5], [1], [20]])
    assert data.task == "regression" and data.target == "weight" and data.target_names == ()
    assert data.row_names == ("Rex", "Tom", "Polly", "Fido")
    assert [("'name'" in note, "'tail'" in note) for note in data.notes] == [(1, 0), (0, 1)]
    assert len(data.test) == 0 and "own.csv" in data.source


def test_an_unnamed_first_column_names_the_rows_even_with_numbers(tmp_path: Path) -> None:
    data = load_text(tmp_path, ",x,y\n0,5,6\n1,7,9\n2,3,1\n")
    assert data.feature_names == ("x",) and data.row_names == ("0", "1", "2")


@pytest.mark.parametrize(
    ("target", "found"),
    [(None, "weight"), ("legs", "legs"), (3, "legs"), ("3", "legs"), (-1, "weight"), (-3, "legs")],
)
def test_a_target_is_chosen_by_name_or_place(
    tmp_path: Path, target: str | int | None, found: str
) -> None:
    data = load_text(tmp_path, PETS, target=target)
    assert data.target == found
    assert found not in data.feature_names


def test_a_column_named_with_digits_is_found_by_name_first(tmp_path: Path) -> None:
    assert load_text(tmp_path, "a,b,1\n1,2,3\n4,5,7\n", target="1").target == "1"
    assert load_text(tmp_path, "a,b,1\n1,2,3\n4,5,7\n", target=1).target == "a"


def test_two_labels_are_0_and_1_and_more_are_one_hot(tmp_path: Path) -> None:
    two = load_text(tmp_path, "x,sick\n1,yes\n2,no\n3,yes\n")
    assert (two.task, two.target_names) == ("binary", ("no", "yes"))
    np.testing.assert_array_equal(two.Y, [[1], [0], [1]])
    three = load_text(tmp_path, PETS, target="kind")
    assert (three.task, three.target_names) == ("classes", ("cat", "dog", "parrot"))
    np.testing.assert_array_equal(three.Y, [[0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0]])
    for data in (two, three):
        np.testing.assert_array_equal(data.y_scale.apply(data.Y), data.Y)


def test_inputs_can_be_picked_in_another_order_with_their_scales() -> None:
    cars = load("mtcars")
    picked = cars.with_features(("wt", "hp"))
    assert picked.feature_names == ("wt", "hp")
    np.testing.assert_array_equal(picked.X, cars.X[:, [4, 2]])
    np.testing.assert_allclose(picked.x_scale.apply(picked.X).std(axis=0), 1.0)
    assert load("circle").with_features(("x2",)).feature_names == ("x₂",)
    for wrong in ((), ("wt", "wt"), ("weight",)):
        with pytest.raises(DataError):
            cars.with_features(wrong)


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("circel", {}, "did you mean circle?"),
        ("circel", {}, "mtcars"),
        ("zzz", {}, "there are: circle, xor"),
        ("./absent", {}, "there is no file"),
        ("circle", {"noise": 51}, "noise 51"),
        ("circle", {"noise": math.nan}, "noise nan"),
        ("mtcars", {"noise": 5}, "noise is for generated data"),
        ("circle", {"target": "y"}, "a target is chosen for files only"),
        ("mtcars", {"target": "mgp"}, "no column 'mgp' for a target; did you mean mpg?"),
        ("mtcars", {"target": 0}, "there are: model, mpg, cyl"),
        ("mtcars", {"target": 13}, "no column 13"),
        ("circle", {"train_fraction": 0.0}, "train_fraction 0.0"),
        ("circle", {"train_fraction": 50}, "train_fraction 50"),
        ("circle", {"train_fraction": math.nan}, "train_fraction nan"),
    ],
)
def test_a_wrong_choice_is_told_in_one_line(name: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError) as caught:
        load(name, **options)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x\n1\n2\n", "has one column"),
        ("x,y\n1,5\n2,5.0\n", "the target 'y' is constant"),
        ("x,y\n3,1\n3,2\n", "no input left beside 'y'"),
        ("x,y\na,1\nb,2\n", "no input left beside 'y'"),
        (
            "x,y\n" + "\n".join(f"c{i % 51},{i}" for i in range(60)),
            "column 'x' is left out: it has 51 categories",
        ),
        ("x,y\n" + "\n".join(f"{i},c{i % 51}" for i in range(60)), "'y': it has 51 categories"),
    ],
)
def test_a_file_without_a_problem_to_learn_says_why(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        load_text(tmp_path, text)
    assert said in str(caught.value)
    assert "own.csv" in str(caught.value)


def test_data_sets_need_neither_scipy_nor_a_screen() -> None:
    heavy = "{'scipy', 'textual', 'plotext'}"
    code = f"import sys, engine.data.datasets; print({heavy} & set(sys.modules))"
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
