"""nn-explore fit: the summary as text and as JSON, and what every wrong wish says."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.diagnostics import TESTS
from tui.cli import main as cli
from tui.cli import open_app
from tui.cli.fit.data import FitRequest, read_data
from tui.cli.fit.formatting import figure, p_value
from tui.cli.fit.json_values import GLM, OLS
from tui.cli.fit.model import fit
from tui.drawing.cells import cell_count

ROOT = Path(__file__).parents[3]
DATA = ROOT / "engine" / "data" / "csv"
AIR = str(ROOT / "tests" / "reference" / "data" / "cases" / "airquality.csv")


@pytest.fixture
def printed(capsys):
    """What a command line prints."""

    def run(*arguments, status=0):
        if status:
            with pytest.raises(SystemExit) as stop:
                cli.main(["fit", *arguments])
            assert stop.value.code == status
        else:
            cli.main(["fit", *arguments])
        out, err = capsys.readouterr()
        assert bool(err) == bool(status)
        return out

    return run


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Write a file in the working folder, and give back its name."""
    monkeypatch.chdir(tmp_path)

    def write(content):
        (tmp_path / "own.csv").write_text(content, encoding="utf-8")
        return "own.csv"

    return write


# text


@pytest.mark.parametrize("name", ["longley", "challenger"])
async def test_the_summary_of_a_published_set(name, printed, snapshot):
    await snapshot(f"fit-{name}", lambda _: printed(name))


@pytest.mark.parametrize(
    "arguments",
    [
        ["longley"],
        ["mtcars", "--robust", "hc2"],
        ["beetles"],
        ["dobson", "--family", "gamma"],
        ["anscombe-4"],
        ["cars", "--degree", "7"],
        ["circle"],
    ],
)
def test_no_line_is_wider_than_80_columns(arguments, printed):
    assert max(map(len, printed(*arguments).splitlines())) <= 80


def test_the_place_of_probability_one_half_is_where_the_fit_says_so(printed):
    found = json.loads(printed("challenger", "--json"))
    intercept, slope = found["coefficients"]
    place = found["half_probability_at"]
    assert intercept + slope * place == pytest.approx(0.0, abs=1e-12)
    assert f"the probability is 0.5 at temperature = {place:.4f}" in printed("challenger")
    assert json.loads(printed("dobson", "--json")).get("half_probability_at") is None


@pytest.mark.parametrize("digits", [4, 5, 6])
@pytest.mark.parametrize("x", [-1.23456789e-300, 1 / 3, -98765.4321, 1e22 / 7, -np.inf])
def test_a_figure_keeps_the_digits_that_its_width_leaves(x, digits):
    text = figure(x, digits, 11)
    assert len(text) <= 11
    np.testing.assert_allclose(float(text), x, rtol=10.0 ** -min(digits - 1, 3))


def test_what_does_not_exist_is_a_dash_and_no_nan():
    assert figure(np.nan) == p_value(np.nan) == "–"


def test_a_p_value_is_never_rounded_to_0():
    assert [p_value(p) for p in (1.0, 0.04795, 0.0009, 5.4e-71, 0.0)] == [
        "1.0000", "0.0479", "9.0e-04", "5.4e-71", "0",
    ]  # fmt: skip


# numbers


def cells(name):
    """The columns of a data file, as written."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    return dict(zip(header, zip(*rows, strict=True), strict=True))


def same(plain, values):
    """Whether what JSON brought back is bit for bit what the engine has."""
    expected = np.array(values, dtype=float)
    got = np.array([np.nan if v is None else v for v in np.ravel(plain)], dtype=float)
    return got.tobytes() == expected.ravel().tobytes()


def test_json_holds_every_digit_of_least_squares(printed):
    columns = cells("longley")
    y = columns.pop("employed")
    expected = engine.ols(np.array([*columns.values()]).T, y, names=[*columns])
    diagnosis = engine.diagnose(expected)
    found = json.loads(printed("longley", "--json", "--robust", "hc3"))
    assert found["names"] == ["intercept", *columns]
    for name in set(OLS) - {"method", "dropped"}:
        assert same(found[name], getattr(expected, name)), name
    assert same(found["confidence_intervals"], expected.confidence_intervals())
    assert same(found["robust"]["standard_errors"], np.sqrt(np.diag(expected.covariance("hc3"))))
    assert [*found["diagnostics"]["tests"]] == [*TESTS]
    for key, test in found["diagnostics"]["tests"].items():
        known = diagnosis.test(key)
        if known is None:
            assert (test["p_value"], test["note"]) == (None, diagnosis.note(key))
        else:
            assert (test["statistic"], test["p_value"]) == (known.statistic, known.p_value)
    for key in ("vif", "condition_indices", "leverage", "cooks_distance", "studentised_external"):
        assert same(found["diagnostics"][key], getattr(diagnosis, key)), key


def test_json_holds_every_digit_of_a_generalised_linear_model(printed):
    columns = {name: np.array(column, dtype=float) for name, column in cells("beetles").items()}
    expected = engine.glm(columns["dose"], columns["died"], trials=columns["exposed"])
    found = json.loads(printed("beetles", "--json"))
    words = {"family", "link", "output", "loss", "dropped", "note", "separation", "infinite"}
    for name in set(GLM) - words:
        assert same(found[name], getattr(expected, name)), name
    assert [found[word] for word in ("family", "output", "trials")] == [
        "binomial", "sigmoid", "exposed",
    ]  # fmt: skip
    assert same(found["history"][-1]["coefficients"], expected.coefficients)


def test_no_digit_is_lost_on_the_way_in(file, printed):
    # y = 3x in decimals, which is false of the nearest floats
    found = json.loads(printed(file("x,y\n0.1,0.3\n0.2,0.6\n0.7,2.1\n1.1,3.3\n"), "--json"))
    assert found["coefficients"] == [0.0, 3.0]
    assert found["ssr"] == 0.0
    assert found["t_values"] == [None, "inf"]  # 0/0, 3/0
    assert engine.ols([0.1, 0.2, 0.7, 1.1], [0.3, 0.6, 2.1, 3.3]).ssr > 0.0


def test_an_exponent_beyond_float64_is_0_at_once(file, printed):
    found = json.loads(printed(file("x,y\n1e-999999999,1\n2,2\n3,5\n"), "--json"))
    np.testing.assert_array_equal(
        found["coefficients"], engine.ols([0.0, 2.0, 3.0], [1, 2, 5]).coefficients
    )


def test_a_polynomial_names_its_powers(printed):
    found = json.loads(printed("cars", "--degree", "2", "--json"))
    assert found["names"] == ["intercept", "speed", "speed^2"]
    # R: lm(dist ~ speed + I(speed^2), cars)
    np.testing.assert_array_equal(np.round(found["coefficients"], 5), [2.47014, 0.91329, 0.09996])


PETS = "kind,legs,weight,times\n" + "".join(
    f"{kind},{legs},{weight},{times}\n"
    for kind, legs, weight, times in (
        ("dog", 4, 30, 1), ("cat", 4, 5, 2), ("hen", 2, 2, 1),
        ("dog", 3, 22, 1), ("cat", 3, 4, 3), ("hen", 1, 1, 2),
    )
)  # fmt: skip


def test_categories_are_compared_with_the_first_in_the_alphabet(file, printed):
    name = file(PETS)
    text = printed(name, "--target", "weight", "--weights", "times")
    assert "Note: kind: compared with 'cat'." in text
    assert "weight on kind=dog, kind=hen, legs, weighted by times" in text
    request = FitRequest(name, "weight", intercept=False)
    whole = fit(read_data(request), request)
    assert whole.names == ("kind=cat", "kind=dog", "kind=hen", "legs", "times")
    weighted = json.loads(printed(name, "--target", "3", "--weights", "times", "--json"))
    rows = [row.split(",") for row in PETS.splitlines()[1:]]
    repeated = [row for row in rows for _ in range(int(row[3]))]
    X = [[row[0] == "dog", row[0] == "hen", float(row[1])] for row in repeated]
    expected = engine.ols(np.array(X, dtype=float), [float(row[2]) for row in repeated])
    np.testing.assert_allclose(weighted["coefficients"], expected.coefficients, rtol=1e-13)


def test_two_labels_are_a_binomial_and_separation_is_told_first(file, printed):
    text = printed(file("x,ok\n1,no\n2,no\n3,yes\n4,yes\n"), status=3)
    assert text.startswith("Binomial model, logit link: ok (1 is yes) on x\n")
    assert "Family binomial: ok has two classes (--family gaussian fits least squares).\n" in text
    warning = "Warning: complete separation along intercept, x"
    assert text.index(warning) < text.index("Deviance residuals")


# the model, and what is said of the target


@pytest.mark.parametrize(
    ("y", "options", "says"),
    [
        ("1 0 1 1", [], "Binomial model, logit link: y on x"),
        (
            "1 0 1 1",
            [],
            "Family binomial: every y is 0 or 1 (--family gaussian fits least squares)",
        ),
        ("1 0 1 1", ["--family", "gaussian"], "Least squares: y on x"),
        ("1 0 2 7", [], "Least squares: y on x"),
        ("1 0 2 7", [], "y is a number; if y counts events, poisson may suit it better"),
        ("1 0 2.5 7", [], "Family gaussian: y is a number.\n"),
        ("1 0 2 -7", [], "Family gaussian: y is a number.\n"),
    ],
)
def test_the_family_follows_from_the_target_and_is_told(y, options, says, file, printed):
    rows = "".join(f"{x},{value}\n" for x, value in zip([1, 2, 4, 3], y.split(), strict=True))
    assert says in printed(file("x,y\n" + rows), *options)


def test_a_family_that_is_asked_for_needs_no_reason(printed):
    assert "Family" not in printed("cars", "--family", "gamma", "--link", "log")
    assert json.loads(printed("cars", "--family", "poisson", "--json"))["reason"] is None


SHARES = "p,n,x\n" + "".join(
    f"{p},{n},{x}\n"
    for x, (p, n) in enumerate(
        [(0.708333333333333, 24), (1, 29), (0.666666666666667, 27), (1, 20),
         (0.0833333333333333, 12), (0.9375, 16), (0, 28), (0.25, 4)], start=1)
)  # fmt: skip


def test_shares_with_trials_are_shares(file, printed):
    # R 4.2: glm(p ~ x, binomial, weights = n): slope −0.5544, z −5.79, deviance 85.6, AIC 102.31
    own = file(SHARES)
    text = printed(own, "--target", "p", "--trials", "n")
    assert "x            -0.554389   0.095769   -5.789" in text
    assert "deviance = 85.617 on 6 degrees of freedom" in text
    assert "log-likelihood = -49.1552\nAIC = 102.31, BIC = 102.469 (as in R)" in text
    assert "Note: y is read as shares of the trials" in text
    assert "row 2 (0.708333) and 4 more rows." in text
    weighted = printed(own, "--target", "p", "--family", "binomial", "--weights", "n")
    assert "AIC = 102.31, BIC = 102.469 (as in R)" in weighted


def test_an_estimated_dispersion_is_tested_by_f(file, printed):
    # R 4.2: anova(glm(s ~ x, Gamma), test = "F"): F(1, 2) = 3.351, p = 0.2086
    own = file("s,x\n5,1\n2,2\n3,3\n1,4\n")
    arguments = own, "--target", "s", "--family", "gamma"
    assert "F(1, 2) = 3.35105, p = 0.2086: are all slopes 0?" in printed(*arguments)
    found = json.loads(printed(*arguments, "--json"))
    assert (found["f_freedom"], round(found["f_p_value"], 4)) == ([1, 2], 0.2086)


def test_counts_that_are_not_whole_are_told(printed):
    # R: AIC is Inf, with 28 warnings
    text = printed("mtcars", "--family", "poisson")
    assert "28 of 32 values of y are not whole numbers, first in row 4 ('Datsun 710')" in text
    assert "AIC = inf, BIC = inf (as in R)" in text
    assert "goodness of fit" not in text
    assert "goodness of fit" in printed("dobson")


def test_a_separated_fit_is_printed_and_ends_with_3(file, printed):
    # R 4.2: glm(y ~ g + x, binomial): intercept −11.3523033
    own = file("g,x,y\na,11,0\na,12,1\na,13,0\na,14,1\nb,11,1\nb,12,1\nb,13,1\nb,14,1\nb,13,1\n")
    found = json.loads(printed(own, "--json", status=3))
    assert (found["converged"], found["infinite"]) == (False, ["g=b"])
    assert round(found["coefficients"][0], 6) == -11.352303
    assert "Warning: quasi-complete separation along g=b:" in printed(own, status=3)


# wrong wishes


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "the following arguments are required: DATA (nn-explore fit --help"),
        (["nowhere"], "there is no data set 'nowhere'"),
        (["nowhere.csv"], "there is no file nowhere.csv"),
        (["longly"], "did you mean longley?"),
        (["longley", "--target", "gmp"], "no column 'gmp' for a target; did you mean gnp?"),
        (["longley", "--family", "weibull"], "unknown family 'weibull'; there are: gaussian"),
        (["dobson", "--link", "logit"], "family poisson goes with link log or identity"),
        (["longley", "--robust", "hc4"], "invalid choice: 'hc4'"),
        (["challenger", "--degree", "2"], "--degree is for least squares"),
        (["longley", "--degree", "2"], "--degree takes one input, here 6"),
        (["cars", "--degree", "0"], "'0' is not a whole number from 1 to 30"),
        (["cars", "--degree", "2", "--no-intercept"], "leave out --no-intercept"),
        (["cars", "--features", "sped"], "cars has no input 'sped'; there are: speed"),
        (["longley", "--features", "gnp,gnp"], "a name comes twice"),
        (["longley", "--family", "binomial"], "row 2, column 'employed': it is 60323; binom"),
        (["longley", "--family", "binomial"], "where 'employed' counts successes, add --trials"),
        (["beetles", "--family", "gaussian"], "counts successes of trials: family binomial only"),
        (["beetles", "--trials", "died"], "column 'died' cannot be trials as well"),
        (["challenger", "--weights", "distress"], "is text; weights are numbers"),
        (
            ["own.csv", "--target", "weight", "--trials", "times"],
            "own.csv, row 2, column 'weight': 30 successes of 1 trial; y counts successes",
        ),
        (["own.csv", "--target", "weight", "--trials", "times"], "(4 more rows like it)"),
        (
            ["mtcars", "--target", "am", "--family", "gamma"],
            "mtcars, row 5 ('Hornet 4 Drive'), column 'am': it is 0; gamma takes targets above 0 "
            "(18 more rows like it)",
        ),
        (["own.csv", "--target", "kind"], "the target 'kind' has 3 labels (cat, dog, hen)"),
        (["own.csv", "--target", "weight", "--weights", "w"], "no column 'w' for weights"),
        (["mazur"], "mazur: a fit is for one target, not o1, o2; choose one with --target"),
        (["cars", "--target", "speed,distance"], "one target, not speed, distance; choose one"),
        (["circle", "--target", "y"], "circle is drawn from a formula"),
        (["line", "--frobnicate"], "unrecognized arguments: --frobnicate"),
    ],
)
def test_every_wrong_wish_is_one_line(arguments, says, file, capsys):
    file(PETS)
    with pytest.raises(SystemExit) as stop:
        cli.main(["fit", *arguments])
    out, err = capsys.readouterr()
    assert stop.value.code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert says in err


def test_a_constant_target_advises_nothing_that_fit_has_not(file, capsys):
    with pytest.raises(SystemExit):
        cli.main(["fit", file("a,b\n1,2\n2,2\n3,2\n")])
    said = capsys.readouterr().err
    assert "the target 'b' is constant; choose another column (--target)" in said
    assert "keep" not in said


def test_fit_comes_first():
    with pytest.raises(SystemExit):
        open_app.experiment_for(open_app.parser().parse_args(["fit"]))


def test_a_fit_needs_no_terminal_and_loads_no_screen():
    program = (
        "import sys; from tui.cli.main import main; main(['fit', 'challenger']); "
        "assert not {'textual', 'plotext', 'rich'} & set(sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "temperature    -0.232163" in run.stdout


def test_numbers_near_the_end_of_the_range_are_fitted_without_a_word_beside(file, printed):
    text = printed(file("x,y\n1,1e308\n2,-1e308\n3,1.5e308\n4,3\n"))
    assert "intercept       5e+307" in text


def test_a_dash_is_the_standard_input():
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tui", "fit", "-"],
        cwd=ROOT, input=PETS, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "rows of /dev/stdin" in run.stdout


# what can be said, and what cannot

ONE_FACTOR = """group,y
a,23.4
a,20.5
a,18.6
a,26.4
a,19.1
b,21.0
b,20.4
b,18.7
b,22.6
b,23.2
"""


def test_one_factor_has_koenkers_test_as_whites_special_form_and_no_reset(file, printed):
    # R: lmtest::bptest(m, ~ fitted(m) + I(fitted(m)^2)) of m = lm(y ~ group)
    text = printed(file(ONE_FACTOR))
    assert re.search(r"White \(special form\) +χ²\(1\) = 2.1612 +p = 0.1415", text)
    assert "RESET (Ramsey): not made, ŷ takes 2 different values" in text
    tests = json.loads(printed("own.csv", "--json"))["diagnostics"]["tests"]
    assert tests["reset"]["statistic"] is None and "2 different values" in tests["reset"]["note"]


def test_of_rows_without_an_order_no_test_of_it_is_printed(printed):
    text = printed("mtcars")
    assert "No test: the order of the rows means nothing in these data." in text
    assert "Durbin" not in text
    tests = json.loads(printed("circle", "--family", "gaussian", "--json"))["diagnostics"]["tests"]
    assert tests["durbin_watson"]["p_value"] is None


def test_a_residual_of_zero_is_printed_as_0(file, printed):
    # closed form: the line is y = x/5 − 1/5, and the middle residuals are 0
    text = printed(file("x,y\n1,0\n2,0\n3,1\n4,0\n5,1\n6,1\n"), "--family", "gaussian")
    assert re.search(r"\n +-0\.6 +-0\.15 +0 +0\.15 +0\.6\n", text)
    found = json.loads(printed("own.csv", "--family", "gaussian", "--json"))
    assert found["residuals"] == [0.0, -0.2, 0.6, -0.6, 0.2, 0.0]


def test_numbers_that_float64_does_not_tell_apart_are_not_called_constant(file, printed):
    text = printed(
        file(
            "x,z,y\n12345678901234567890,1,1\n12345678901234567894,2,3\n"
            "12345678901234567892,4,4\n12345678901234567891,3,5\n"
        )
    )
    assert "Note: column 'x' is left out: it is constant to the 16 digits of float64;" in text
    assert "left out: it is constant." in printed(file("x,z,y\n5,1,1\n5.0,2,3\n5,4,4\n5,3,5\n"))


def test_weights_are_said_to_be_precision_weights(capsys):
    with pytest.raises(SystemExit):
        cli.main(["fit", "--help"])
    assert "precision weights" in capsys.readouterr().out


ROWS = "52.3,3,3180 70.1,12,5200 45,2,1780 88.5,20,8900 61.2,7,2950 39,1,1100"
WIDE = "\n".join(["面积（平方米）,楼层,価格", *ROWS.split()])


def test_the_columns_of_names_in_wide_scripts_stand_below_each_other(tmp_path, printed):
    path = tmp_path / "houses.csv"
    path.write_text(WIDE, encoding="utf-8")
    lines = printed(str(path), "--target", "価格").splitlines()
    head = next(line for line in lines if "estimate" in line)
    ends = {cell_count(head[: head.index("estimate") + 8])}
    for name, value in (("面积（平方米）", 1), ("楼层", 1), ("intercept", 1)):
        row = next(line for line in lines if line.startswith(name))
        ends.add(cell_count(row[: row.index(row.split()[value]) + len(row.split()[value])]))
    assert len(ends) == 1
    assert max(map(cell_count, lines)) <= 80


def test_the_level_of_the_intervals_can_be_chosen(printed):
    # R: confint(lm(mpg ~ wt + hp, mtcars), level = 0.9)
    fit = ("mtcars", "--features", "wt,hp", "--level", "0.9")
    found = json.loads(printed(*fit, "--json"))
    assert found["confidence_level"] == 0.9
    assert found["confidence_intervals"][1] == pytest.approx(
        [-4.95292532329, -2.80273616152], abs=1e-10
    )
    assert "90 % from" in printed(*fit)


def test_the_coefficients_are_a_markdown_table(printed):
    head, rule, first, *_ = printed("mtcars", "--features", "wt", "--markdown").splitlines()
    assert head.count("|") == rule.count("|") == first.count("|")
    assert first.startswith("| intercept | 37.2851 |")


def test_residuals_are_written_with_names_and_all_digits(printed, tmp_path):
    path = tmp_path / "out.csv"
    for name, column in (("mtcars", "residual"), ("challenger", "deviance_residual")):
        kept = json.loads(printed(name, "--residuals", str(path), "--json"))
        rows = [*csv.DictReader(path.read_text(encoding="utf-8").splitlines())]
        assert [float(row["fitted"]) for row in rows] == kept["fitted"]
        assert all(row[column] for row in rows)
        assert [row.get("name") for row in rows] == (kept["row_names"] or [None] * len(rows))


def test_residuals_never_replace_the_data(file, capsys):
    name = file("x,y\n1,2\n2,3\n3,5\n")
    with pytest.raises(SystemExit) as stop:
        cli.main(["fit", name, "--residuals", f"./{name}"])
    assert stop.value.code == 2
    assert "is the file of the data" in capsys.readouterr().err
    assert Path(name).read_text(encoding="utf-8").startswith("x,y")


OZONE = ("--target", "Ozone", "--features", "Temp,Wind")


def test_a_quasi_likelihood_has_rs_dispersion_and_t_tests(printed):
    # R: glm(Ozone ~ Temp + Wind, quasipoisson, airquality)
    found = json.loads(printed(AIR, *OZONE, "--family", "quasi_poisson", "--json"))
    r = [0.571381968917, 0.005942703852, 0.015315998131]
    np.testing.assert_allclose(found["standard_errors"], r, rtol=1e-7)
    assert found["dispersion"] == pytest.approx(8.797258599, rel=1e-8)
    assert (found["left_out"], found["n"]) == ({"Ozone": 37}, 116)
    assert found["aic"] is None and "loss" not in found
    shown = printed(AIR, *OZONE, "--family", "quasi_poisson")
    assert "no AIC" in shown and "goodness of fit" not in shown and "as a network" not in shown


def test_too_large_a_spread_of_counts_is_told_with_what_answers_it(printed):
    told = "(--family quasi_poisson or negative_binomial)"
    assert told in " ".join(printed(AIR, *OZONE, "--family", "poisson").split())
    for family in ("quasi_poisson", "negative_binomial"):
        assert "over-dispersion" not in printed(AIR, *OZONE, "--family", family)
    for data in ("dobson", "challenger", "beetles"):  # φ is near 1, or says nothing
        assert "over-dispersion" not in printed(data)


def test_a_negative_binomial_has_rs_theta(printed):
    # R: MASS::glm.nb(Ozone ~ Temp + Wind, airquality, control = glm.control(1e-14, 100))
    found = json.loads(printed(AIR, *OZONE, "--family", "negative_binomial", "--json"))
    assert found["theta"] == pytest.approx(4.936171124, rel=1e-8)
    r = [0.29717236422, 0.04971792187, -0.06257277590]
    np.testing.assert_allclose(found["coefficients"], r, rtol=1e-7)
    assert "θ = 4.93617" in printed(AIR, *OZONE, "--family", "negative_binomial")


def test_robust_errors_of_a_logit_and_its_odds_ratios_are_rs(printed):
    # R: sandwich::vcovHC(m, "HC0"); exp(cbind(coef(m), confint.default(m)))
    found = json.loads(printed("challenger", "--robust", "hc0", "--json"))
    r = [5.91899091131, 0.09073589571]
    np.testing.assert_allclose(found["robust"]["standard_errors"], r, rtol=1e-7)
    assert set(found["robust"]) >= {"z_values", "covariance"}
    usual = json.loads(printed("challenger", "--json"))
    assert usual["exp_coefficients"][1] == pytest.approx(0.7928170864, rel=1e-8)
    assert usual["exp_intervals"][1] == pytest.approx([0.6412714528, 0.9801760702], rel=1e-7)
    assert "odds ratio for one unit more" in printed("challenger")
    assert "exp(coefficient)" not in printed("longley")


def test_terms_are_fitted_and_tested_as_in_r(printed):
    # R: m <- lm(mpg ~ wt*hp + factor(cyl) + log(disp) + I(qsec^2), mtcars); car::Anova(m)
    wish = ("mtcars", "--terms", "wt*hp + C(cyl) + log(disp) + qsec^2")
    found = json.loads(printed(*wish, "--json"))
    assert found["names"] == [
        "intercept", "wt", "hp", "cyl=6", "cyl=8", "log(disp)", "qsec²", "wt:hp",
    ]  # fmt: skip
    r = [
        50.4639923762905, -7.6220307896774, -0.0970184748769, 0.0338693028894, 0.8119655563425,
        -1.5946520902500, 0.0117103889686, 0.0246297050064,
    ]  # fmt: skip
    np.testing.assert_allclose(found["coefficients"], r, rtol=1e-8)
    rows = {row["term"]: row for row in found["terms"]["rows"]}
    anova = {
        "wt": (1, 22.17454244029, 0.0451151059884),
        "hp": (1, 9.93263101793, 0.1699958644495),
        "C(cyl)": (2, 0.81116480372, 0.9217809962740),
        "log(disp)": (1, 1.47233042161, 0.5910008948663),
        "qsec²": (1, 4.91927617837, 0.3293742791589),
        "wt:hp": (1, 26.43362444112, 0.0299369051390),
    }
    assert {name: row["freedom"] for name, row in rows.items()} == {
        name: freedom for name, (freedom, *_) in anova.items()
    }
    for name, (_, squares, p) in anova.items():
        assert rows[name]["sum_of_squares"] == pytest.approx(squares, rel=1e-7)
        assert rows[name]["p_value"] == pytest.approx(p, rel=1e-7)
    shown = printed(*wish)
    assert "(type II)" in shown and "all digits are right" not in shown
    assert "(type II)" not in printed("mtcars", "--features", "wt")


def test_terms_of_counts_are_tested_by_the_likelihood_ratio(printed):
    # R: car::Anova(glm(count ~ ., poisson, dobson))
    found = json.loads(printed("dobson", "--terms", ".", "--json"))
    assert found["terms"]["test"] == "chi2"
    one = found["terms"]["rows"][0]
    assert one["statistic"] == pytest.approx(5.17947947449, rel=1e-8)


def test_only_the_columns_of_the_terms_are_checked_and_counted(printed):
    shown = printed(AIR, "--target", "Temp", "--terms", "Ozone:Wind + Month")
    assert "37 of 153 rows left out: Ozone 37." in shown and "Solar.R" not in shown


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ("wgt + hp", "no column 'wgt'"),
        ("wt + mpg", "column 'mpg' has another use"),
        ("wt + (hp", "at character"),
        ("log(vs)", "row"),
        ("C(cyl, ref=5)", "5"),
    ],
)
def test_a_wrong_term_is_one_line_with_its_place(terms, says, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["fit", "mtcars", "--target", "mpg", "--terms", terms])
    out, err = capsys.readouterr()
    assert (stop.value.code, out, err.count("\n")) == (2, "", 1)
    assert says in err
