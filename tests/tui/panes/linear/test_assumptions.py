"""The assumptions pane: each row is the engine's diagnostic, and its mark what good looks like."""

from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, framed

from engine import Experiment, diagnose, ols
from engine.diagnostics import ABOUT, TESTS
from tui.commands.keys import SHOWN
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.numbers import norm, probability
from tui.drawing.palette import DARK
from tui.drawing.table import Sheet
from tui.drawing.text_lines import width_of
from tui.panes.linear.assumptions import AssumptionsPane, _explanation_lines
from tui.panes.linear.findings import CHECKS, Finding
from tui.session.session import Session

TALL = (46, 40)
ROW = {check.name: i for i, check in enumerate(CHECKS)}


def frame_of(**experiment):
    return framed(Session(Experiment(**experiment)), "linear")


@pytest.fixture(scope="module")
def mtcars():
    return frame_of(dataset="mtcars", hidden=(), train_fraction=0.9)


def with_fit(frame, X, y):
    """The frame with a fit of other data."""
    fit = ols(X, y)
    data = replace(frame.data, train=np.arange(len(y)))
    facts = replace(frame.linear, fit=fit, diagnosis=diagnose(fit))
    return replace(frame, data=data, linear=facts)


def rows_of(frame):
    """The words of each row after its name."""
    lines = drawn(AssumptionsPane(), frame, TALL)[1 : 1 + len(CHECKS)]
    assert all(line.startswith(check.name) for line, check in zip(lines, CHECKS, strict=True))
    return {
        check.name: line.removeprefix(check.name).split()
        for line, check in zip(lines, CHECKS, strict=True)
    }


def test_every_test_of_the_engine_has_a_row_with_its_numbers(mtcars):
    rows, diagnosis = rows_of(mtcars), mtcars.linear.diagnosis
    keys = {check.key: check.name for check in CHECKS}
    assert TESTS.keys() <= keys.keys() <= ABOUT.keys()
    for key in TESTS:
        test = diagnosis.test(key)
        words = (
            ["–", "·"]
            if test is None
            else [norm(test.statistic).strip(), probability(test.p_value)]
        )
        assert rows[keys[key]][: len(words)] == words
        if test is not None:
            assert rows[keys[key]][2] == ("✓" if test.p_value > 0.05 else "✗")


def test_the_largest_are_named_by_their_example_or_column(mtcars):
    rows, diagnosis, train = rows_of(mtcars), mtcars.linear.diagnosis, mtcars.data.train
    cook, vif = diagnosis.cooks_distance, diagnosis.vif
    assert rows["max Cook"][:2] == [norm(cook.max()), f"#{train[cook.argmax()] + 1}"]
    assert rows["max VIF"][:2] == [norm(vif.max()), mtcars.data.feature_names[vif.argmax()]]
    assert rows["max VIF"][2] == ("✓" if vif.max() <= 10.0 else "✗")
    assert rows["condition"][0] == norm(diagnosis.condition_indices[-1])


def test_durbin_watsons_mark_and_p_are_of_one_two_sided_test(mtcars):
    # R: lmtest::dwtest(lm(weight ~ group, PlantGrowth), alternative = "two.sided"): p = 0.0996
    groups = (
        (4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14),
        (4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69),
        (6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26),
    )
    X = np.repeat([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], 10, axis=0)
    rows = rows_of(with_fit(mtcars, X, np.ravel(groups)))
    assert rows["Durbin–Watson"] == ["2.7040", "0.0996", "✓"]
    assert rows["RESET"] == ["–", "·"]


def test_a_part_of_an_ordered_series_has_no_neighbours_to_test():
    """Of longley's 16 years all are tested; of a random half of them the neighbours are missing."""
    names = ("Durbin–Watson", "Breusch–Godfrey", "Ljung–Box")
    whole, part = (
        frame_of(dataset="longley", hidden=(), train_fraction=share) for share in (1.0, 0.75)
    )
    assert all(rows_of(whole)[name][-1] in "✓✗" for name in names)
    assert whole.linear.diagnosis.rows_have_order and part.linear.diagnosis.rows_have_order
    assert all(rows_of(part)[name] == ["–", "·"] for name in names)
    pane = AssumptionsPane()
    pane._chosen = ROW["Ljung–Box"]
    assert "neighbours in the data are missing" in " ".join(
        " ".join(drawn(pane, part, (80, 40))).split()
    )


@pytest.mark.parametrize(
    ("n", "extreme", "mark"),
    [
        (7, False, "·"),  # 4 coefficients: twice the mean is 8/7, which no leverage can pass
        (7, True, "✗"),  # an example that the fit goes through whatever its y
        (30, False, "✓"),
        (30, True, "✗"),
    ],
)
def test_a_leverage_is_marked_by_a_limit_that_it_can_pass(mtcars, n, extreme, mark):
    t = 2.0 * np.pi * np.arange(n) / n
    X = np.column_stack([np.cos(t), np.sin(t), np.cos(2.0 * t)])
    if extreme:
        X[:, 2] = np.arange(n) == 3
    value, _, found = rows_of(with_fit(mtcars, X, np.cos(np.arange(n) ** 2)))["max leverage"]
    assert found == mark and (float(value) == 1.0) == extreme


@pytest.mark.parametrize("dataset", ["circle", "mtcars"])
def test_of_rows_without_an_order_no_test_of_it_is_marked(dataset):
    rows = rows_of(frame_of(dataset=dataset, hidden=()))
    for name in ("Durbin–Watson", "Breusch–Godfrey", "Ljung–Box"):
        assert rows[name] == ["–", "·"]


def test_the_column_of_the_largest_vif_keeps_its_category(mtcars):
    fit = ols(
        np.eye(4)[:, 1:].repeat(3, axis=0),
        np.arange(12.0) ** 2,
        names=["age", "passengerClass=2nd", "passengerClass=3rd"],
    )
    frame = replace(mtcars, linear=replace(mtcars.linear, fit=fit, diagnosis=diagnose(fit)))
    assert rows_of(frame)["max VIF"][1] in ("age", "pa…=2nd", "pa…=3rd")


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_neighbours_that_agree_and_that_alternate_both_speak_against_independence(mtcars, sign):
    rng = np.random.default_rng(2)
    noise = rng.normal(size=60)
    for t in range(1, 60):
        noise[t] += sign * 0.8 * noise[t - 1]
    x = rng.normal(size=60)
    d, _, mark = rows_of(with_fit(mtcars, x, noise))["Durbin–Watson"]
    assert (float(d) < 2.0) == (sign > 0.0)
    assert mark == "✗"


def test_what_cannot_be_tested_has_no_number_and_says_why(mtcars):
    x = np.r_[np.full(10, 8.0), 19.0]  # as in Anscombe's fourth: powers of ŷ add nothing
    frame = with_fit(mtcars, x, np.cos(np.arange(11.0)))
    assert rows_of(frame)["RESET"] == ["–", "·"]
    pane = AssumptionsPane()
    drawn(pane, frame, TALL)
    pane._chosen = ROW["RESET"]
    said = " ".join(" ".join(drawn(pane, frame, TALL)).split())
    assert frame.linear.diagnosis.note("reset") in said


def test_an_exact_fit_has_nothing_to_test(mtcars):
    x = np.arange(8.0)
    rows = rows_of(with_fit(mtcars, x, 2.0 * x + 1.0))
    assert rows["Breusch–Pagan"] == ["–", "·"]
    assert rows["max VIF"] == ["1.0000", "x1", "✓"]


def test_below_stands_what_the_selected_test_asks_and_what_good_looks_like(mtcars):
    pane = AssumptionsPane()
    for name, i in ROW.items():
        pane._chosen = i
        said = " ".join(" ".join(drawn(pane, mtcars, TALL)[1 + len(CHECKS) :]).split())
        about = ABOUT[CHECKS[i].key]
        assert f"{about.tests} {about.good}".replace("σ̂", "σ") in said, name


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 9])
def test_every_explanation_has_a_form_that_is_whole_at_every_size(mtcars, rows):
    diagnosis, train = mtcars.linear.diagnosis, mtcars.data.train
    for width in (26, 30, 37, 60, 118):
        sheet = Sheet(DARK, UNICODE, True, width, 12, SHOWN)
        for check in CHECKS:
            finding = check.find(diagnosis, train)
            for shown in (finding, Finding(None, note="long " * 80)):
                lines = _explanation_lines(check, shown, rows, sheet)
                assert 0 < len(lines) <= rows
                assert max(map(width_of, lines)) <= width
                text = " ".join(span.text for line in lines for span in line).rstrip()
                assert not text.endswith("…")


def test_where_there_is_room_the_whole_explanation_stands_and_else_a_short_one(mtcars):
    check, finding = CHECKS[0], CHECKS[0].find(mtcars.linear.diagnosis, mtcars.data.train)
    sheet = Sheet(DARK, UNICODE, True, 36, 12, SHOWN)
    texts = [
        " ".join("".join(span.text for span in line) for line in _explanation_lines(*case, sheet))
        for case in ((check, finding, 5), (check, finding, 2), (check, finding, 1))
    ]
    about = ABOUT["breusch_pagan"]
    assert texts == [
        f"{about.tests} {about.good}",
        "is the spread constant? fine if p is above 0.05",
        "is the spread constant?",
    ]


def test_only_rows_in_sight_are_computed():
    frame = frame_of(dataset="mtcars", hidden=())
    lines = drawn(AssumptionsPane(), frame, (33, 9))
    assert len(lines) == 9
    assert frame.linear.diagnosis._outcomes.keys() == {
        *("breusch_pagan", "white", "durbin_watson", "jarque_bera", "reset")
    }


@pytest.mark.parametrize("size", [(33, 9), (18, 6), (8, 3), (46, 40)])
def test_at_every_size_the_selected_row_is_in_sight_and_marked_without_colour(mtcars, size):
    pane = AssumptionsPane()
    pane._chosen = ROW["max Cook"]
    lines = drawn(pane, mtcars, size, ASCII, colour=False)
    (row,) = [line for line in lines if line.startswith(">")]
    assert row[1:].lstrip().startswith("max Cook"[: min(6, size[0] - 2)])
    assert "".join(lines).isascii()


def test_without_a_fit_the_pane_says_why(mtcars):
    frame = replace(mtcars, linear=replace(mtcars.linear, diagnosis=None, note="3 outputs"))
    assert drawn(AssumptionsPane(), frame)[0] == "3 outputs"
    assert not any(drawn(AssumptionsPane(), replace(mtcars, linear=None)))


# the network's residuals


def of_network(frame):
    return replace(frame, linear=replace(frame.linear, of_network=True))


@pytest.fixture(scope="module")
def series():
    """A small network on an ordered series, after 50 steps."""
    session = Session(Experiment("stackloss", hidden=(3,), activation="tanh"))
    session.time.step(50)
    return framed(session, "linear")


def test_of_a_network_each_test_that_is_asked_of_its_residuals_has_its_numbers(series):
    frame = of_network(series)
    rows, facts = rows_of(frame), frame.linear
    e = facts.network_residuals
    d = np.sum(np.diff(e) ** 2) / np.sum(e**2)
    assert rows["Durbin–Watson"][0] == norm(d)
    u = e - e.mean()
    skewness, kurtosis = (np.mean(u**k) / np.mean(u**2) ** (k / 2) for k in (3, 4))
    assert rows["Jarque–Bera"][0] == norm(21 / 6 * (skewness**2 + (kurtosis - 3.0) ** 2 / 4.0))
    squares = ols(frame.data.X[frame.data.train], e**2)
    assert rows["Breusch–Pagan"][0] == norm(21 * squares.r_squared)
    for name in ("White", "BP classic", "ncv score", "White special", "Ljung–Box", "omnibus"):
        assert rows[name][0] != "–" and rows[name][-1] in "✓✗"
    of_ols = rows_of(series)
    assert rows["Jarque–Bera"] != of_ols["Jarque–Bera"]
    for name in ("max VIF", "condition"):  # of the columns alone
        assert rows[name] == of_ols[name]


def test_of_a_network_what_needs_the_hat_matrix_or_the_fit_has_no_number_and_says_so(series):
    frame, pane = of_network(series), AssumptionsPane()
    rows = rows_of(frame)
    for name, why in (
        ("max Cook", "hat matrix"),
        ("max |stud.|", "hat matrix"),
        ("max leverage", "hat matrix"),
        ("RESET", "least-squares fits"),
        ("Breusch–Godfrey", "fitted by least squares"),
    ):
        assert rows[name] == ["–", "·"]
        pane._chosen = ROW[name]
        assert why in " ".join(" ".join(drawn(pane, frame, TALL)).split())
    assert pane.titles(frame)[1].endswith("of the network")


def test_of_a_network_it_says_that_nothing_is_assumed_and_what_ols_has(series):
    frame, pane = of_network(series), AssumptionsPane()
    pane._chosen = ROW["Jarque–Bera"]
    for size, said in (
        (
            TALL,
            "are residuals normal? (OLS {jb}, p {p}) A network assumes no normal errors: it has",
        ),
        ((34, 7), "not assumed; OLS {jb}, p {p}"),
        ((26, 7), "not assumed; OLS {jb}"),
    ):
        test = frame.linear.diagnosis.jarque_bera
        numbers = {"jb": norm(test.statistic).strip(), "p": probability(test.p_value)}
        assert said.format(**numbers) in " ".join(" ".join(drawn(pane, frame, size)).split())


def test_a_network_that_is_not_finite_or_fits_exactly_has_no_results(series):
    facts = series.linear
    lost = replace(facts, of_network=True, network_fitted=None, network_residuals=None)
    exact = replace(facts, of_network=True, network_fitted=facts.fit.y.copy())
    for changed, why in ((lost, "not finite"), (exact, "a perfect fit")):
        frame, pane = replace(series, linear=changed), AssumptionsPane()
        rows = rows_of(frame)
        assert all(rows[name] == ["–", "·"] for name in ("White", "Shapiro–Wilk", "Ljung–Box"))
        pane._chosen = ROW["White"]
        assert why in " ".join(" ".join(drawn(pane, frame, TALL)).split())


def test_of_a_network_no_explanation_is_cut(series):
    frame = of_network(series)
    for width in (22, 26, 33, 46, 70):
        for height in (7, 9, 16, 30):
            for chosen in range(len(CHECKS)):
                pane = AssumptionsPane()
                pane._chosen = chosen
                lines = drawn(pane, frame, (width, height))
                assert not any(line.endswith("…") for line in lines)
