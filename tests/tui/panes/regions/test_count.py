"""The count pane: the numbers of the present step, those of the run, and the bounds."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, frame_of, with_network

from engine import Network
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import DARK
from tui.model.regions.result import CountProgress, Regions, Unknown
from tui.model.regions.source import bounds_in, is_central
from tui.model.run_curves import CountCurve
from tui.model.view import principal_view
from tui.panes.base.look import Look
from tui.panes.base.status_bars import RegionsStatusBar
from tui.panes.regions.count import RegionCountPane, all_bounds, brief, counts_of, named_bounds
from tui.panes.regions.detail import RegionDetailPane
from tui.panes.regions.map_legend import meanings, title_forms
from tui.panes.regions.no_regions import no_regions
from tui.panes.regions.table import RegionTablePane

SIZE = (36, 10)
NO_HISTORY = CountCurve(np.zeros(0), np.zeros(0), np.zeros(0))


@pytest.fixture(scope="module")
def trained():
    frame = frame_of(300, hidden=(8, 6))
    steps = np.arange(0.0, 300.0, 10.0)
    return replace(frame, counts=CountCurve(steps, 90.0 + steps / 10.0, 80.0 + steps / 10.0))


def labels(lines):
    """Numbers by names at the right of the plot."""
    found = [re.search(r"(\S+) ([a-z ]+)$", line[17:]) for line in lines]
    return {match[2]: match[1] for match in found if match}


def test_the_present_counts_and_the_bounds_stand_at_the_right(trained):
    regions = trained.regions.map
    assert labels(drawn(RegionCountPane(), trained, SIZE)) == {
        "activation": str(regions.activation_count),
        "linear": str(regions.linear_count),
        "upper bound": "814",  # (1 + 8 + 28)(1 + 6 + 15), Serra and others 2018
        "possible": "≥352",  # (8/2)²(1 + 6 + 15), Montúfar and others 2014
    }


def test_a_wide_pane_has_every_bound_with_its_sources(trained):
    text = "\n".join(drawn(RegionCountPane(), trained, (100, 16)))
    assert "814 upper bound: Serra 2018, Montúfar 2017, Raghu 2017" in text
    assert "≥352 possible: Montúfar 2014" in text
    assert {value for _, value in all_bounds(trained, 0)} == set(trained.bounds.values())
    assert all(brief(value) in text for value in trained.bounds.values())


def test_the_plot_shows_the_run_from_its_start(trained):
    lines = drawn(RegionCountPane(), trained, SIZE)
    plot = [line[6:18] for line in lines[:-2]]
    assert any("⠀" < mark <= "⣿" for row in plot for mark in row[:3])
    assert any("⠀" < mark <= "⣿" for row in plot for mark in row[-3:])


def test_the_plot_fills_the_pane_whatever_the_terminal(trained):
    lines = drawn(RegionCountPane(), trained, (100, 50))
    assert lines[49].split()[0] == "0"  # the first label of the steps


def test_without_a_history_there_are_the_present_numbers(trained):
    frame = replace(trained, counts=NO_HISTORY)
    assert labels(drawn(RegionCountPane(), frame, SIZE))["upper bound"] == "814"
    for size in ((36, 3), (10, 10)):  # no room for a plot
        words = " ".join(drawn(RegionCountPane(), frame, size)).split()
        assert words[0] == str(frame.regions.map.activation_count)


def test_with_nothing_counted_the_pane_says_why(trained):
    frame = replace(trained, counts=NO_HISTORY, regions=Regions(300, reason=Unknown.CURVED))
    assert "curved" in drawn(RegionCountPane(), frame, SIZE)[0]


def test_with_nothing_counted_yet_the_pane_says_that_a_count_runs(trained):
    regions = Regions(300, progress=CountProgress(446_557, 0.138))
    lines = drawn(RegionCountPane(), replace(trained, counts=NO_HISTORY, regions=regions), SIZE)
    assert " ".join(" ".join(lines).split()) == "counting 446 557, 13.8 % · esc cancels"


def test_counts_without_a_map_or_over_one_input_are_taken_from_what_there_is(trained):
    counts = counts_of(replace(trained, regions=Regions(300, count=230_000)))
    assert (counts.activation, counts.linear) == (230_000, None)
    # relu(x) − relu(x): a border where nothing bends
    network = Network.from_arrays([[[1], [1], [1]], [[1, -1, 1]]], [[0, 0, -0.5], [0]])
    counts = counts_of(with_network(frame_of(dataset="sine"), network))
    assert (counts.activation, counts.linear) == (3, 2)


def test_a_bound_far_above_is_named_but_leaves_the_axis_alone(trained):
    bounds = {"serra_2018_upper": 10**400, "montufar_2014_lower": 352}
    lines = drawn(RegionCountPane(), replace(trained, bounds=bounds), SIZE)
    assert labels(lines)["upper bound"] == "1e400"
    assert " 500" in "\n".join(line[:6] for line in lines)


def test_a_bound_that_is_attained_has_one_line(trained):
    frame = replace(trained, bounds={"zaslavsky_1975": 37, "montufar_2014_lower": 37})
    assert named_bounds(frame, 0) == [("maximum", 37)]
    in_one_dimension = {"serra_2018_lower": 16, "serra_2018_upper": 16}  # Serra's two meet
    assert named_bounds(replace(trained, bounds=in_one_dimension), 0) == [("maximum", 16)]


def texts(frame, size=SIZE):
    """The pane's text, and the status line's."""
    pane, bar = RegionCountPane(), RegionsStatusBar()
    canvas = Canvas(120, 1, DARK, UNICODE, True)
    parts = {part.name: part.value for part in bar.parts(frame, canvas, wide=True)}
    return "\n".join(drawn(pane, frame, size)), parts


@pytest.mark.parametrize("size", [SIZE, (100, 16)])
def test_a_lower_bound_gives_way_once_the_count_has_passed_it(trained, size):
    # the default network after 1000 steps: 40 regions, where some weights were said to reach 28
    bounds = {"montufar_2014_lower": 28, "serra_2018_upper": 77}
    for count, is_shown in ((27, True), (28, True), (29, False), (40, False)):
        regions = Regions(300, count=count)
        frame = replace(trained, counts=NO_HISTORY, bounds=bounds, regions=regions)
        text, status = texts(frame, size)
        assert ("≥28 possible" in text) == is_shown and "reachable" not in text
        assert "upper bound" in text and status["at most"] == "77"
    earlier = CountCurve(np.array([0.0, 10.0]), np.array([40.0, 20.0]), np.array([30.0, 20.0]))
    frame = replace(frame, counts=earlier, regions=Regions(300, count=20))
    assert "possible" not in texts(frame, size)[0]  # an earlier step had more


@pytest.mark.parametrize(
    ("experiment", "name", "value"),
    [
        ({"hidden": (3,)}, "maximum", 7),  # three lines in the plane
        ({"hidden": (3,), "bias": False}, "maximum", 6),  # through one point
        ({"hidden": (4, 3)}, "upper bound", 77),
        ({"hidden": (4, 3), "bias": False}, "upper bound", 32),  # 8 cones, (1 + 3) pieces of each
        ({"hidden": (4, 3), "activation": "identity"}, "maximum", 1),  # which bends nothing
        ({"hidden": (4, 3), "activation": ("relu", "identity")}, "maximum", 11),
        ({"hidden": (4, 3), "activation": "leaky_relu"}, "upper bound", 77),
        ({"hidden": (3,), "activation": "leaky_relu"}, "maximum", 7),
        ({"hidden": (2, 3), "skips": ((0, 1),)}, "upper bound", 28),
        ({"dataset": "sine", "hidden": (5,)}, "maximum", 6),
        ({"dataset": "sine", "hidden": (5,), "bias": False}, "maximum", 2),
    ],
)
def test_what_is_called_maximum_is_attained_and_all_else_an_upper_bound(experiment, name, value):
    frame = frame_of(0, **experiment)
    text, status = texts(frame)
    other = ({"maximum", "upper bound"} - {name}).pop()
    assert labels(text.split("\n"))[name] == str(value) and other not in text
    in_status = {"maximum": "maximum", "upper bound": "at most"}
    assert status[in_status[name]] == str(value) and in_status[other] not in status
    assert counts_of(frame).activation <= value


def test_no_screen_calls_a_lower_bound_reachable_or_a_bound_just_bound():
    help_text = " ".join(RegionCountPane.HELP.split())
    assert "reachable" not in help_text
    assert "possible: a lower bound on the maximum; some weights make as many or more" in help_text


def test_of_a_network_without_biases_the_wide_pane_says_after_which_proof():
    frame = frame_of(0, hidden=(4, 3), bias=False)
    wide = "\n".join(name for name, _ in all_bounds(frame, 0))
    assert "upper bound, after Serra 2018, Montúfar 2017, Raghu 2017" in wide
    assert "upper bound: Montúfar 2014" in wide
    assert "lower" not in wide


def test_large_counts_are_short():
    texts = {1: "1", 99_999: "99999", 100_000: "1.0e5", 123_456: "1.2e5", 999_999: "1e6"}
    texts |= {10**12: "1.0e12", 2**4000: "1e1204", 2**1_000_000: "1e301030"}
    for n, text in texts.items():
        assert brief(n) == text


def test_counts_of_an_earlier_step_say_so(trained):
    later = replace(trained, step=1500)
    assert RegionCountPane().titles(later) == ("Count · step 300", "log scale")


def test_ascii_is_ascii(trained):
    assert "".join(drawn(RegionCountPane(), trained, SIZE, ASCII)).isascii()


@pytest.mark.parametrize("seed", range(3))
def test_without_biases_the_plane_of_the_means_contains_0_and_cover_bounds_its_cells(seed):
    """Four lines through the point of all means, 0 of the standardised inputs, make 8 cells, not
    11: Cover 1965, Theorem 1. A plane beside it may be cut into 11, and with biases so may this."""
    frame = frame_of(dataset="mtcars", hidden=(4,), bias=False, seed=seed)
    assert named_bounds(frame, 1) == [("maximum", 8)]
    assert counts_of(frame).activation == 8
    assert ("maximum: Cover 1965", 8) in all_bounds(frame, 1)
    beside = replace(frame.view, origin=frame.view.origin + 0.1 * frame.view.spread)
    assert not is_central(beside, frame.data)
    assert max(bounds_in(frame.network, beside, frame.data).values()) == 16
    assert bounds_in(frame.network, beside, frame.data)["zaslavsky_1975"] == 11
    through = principal_view(frame.data)
    assert is_central(through, frame.data)
    assert bounds_in(frame.network, through, frame.data)["zaslavsky_1975"] == 8
    with_biases = frame_of(dataset="mtcars", hidden=(4,), seed=seed)
    assert ("maximum: Zaslavsky 1975", 11) in all_bounds(with_biases, 1)


def test_raw_inputs_far_from_0_are_not_on_a_plane_through_it():
    frame = frame_of(dataset="mtcars", hidden=(4,), bias=False, standardize=False)
    assert not is_central(frame.view, frame.data)
    assert frame.bounds["zaslavsky_1975"] == 11


@pytest.mark.parametrize("hidden", [(3,), (4, 3), (8, 6), (2, 2, 2)])
@pytest.mark.parametrize("dataset", ["circle", "sine"])
def test_no_screen_shows_an_upper_bound_below_the_count_or_a_lower_bound_as_a_limit(
    dataset, hidden
):
    for steps in (0, 60):
        frame = frame_of(steps, dataset=dataset, hidden=hidden)
        count = counts_of(frame).activation
        for size in (SIZE, (100, 16)):
            text, status = texts(frame, size)
            for line in text.split("\n"):
                found = re.search(r"(≥?)(\d+) (upper bound|maximum|possible)", line)
                if found:
                    assert int(found[2]) >= count
                    assert (found[1] == "≥") == (found[3] == "possible")
            assert "lower" not in text
        limits = [int(status[name].replace(" ", "")) for name in ("at most", "maximum")
                  if name in status]  # fmt: skip
        assert limits and min(limits) >= count


def test_what_is_possible_is_not_told_where_the_maximum_is_known(trained):
    bounds = {"montufar_2014_lower": 72, "serra_2018_upper": 81, "serra_2018_lower": 81}
    assert named_bounds(replace(trained, bounds=bounds), 17) == [("maximum", 81)]


def test_a_low_pane_names_the_counts_and_the_lowest_bounds(trained):
    lines = drawn(RegionCountPane(), trained, (100, 5))
    assert "activation" in "\n".join(lines) and "linear" in "\n".join(lines)


def test_in_ascii_a_lower_bound_is_not_more_than_in_unicode(trained):
    assert ">=352 possible" in "\n".join(drawn(RegionCountPane(), trained, SIZE, ASCII))


CURVED = {
    "tanh": ({"activation": "tanh"}, "hidden layer 1 is curved (tanh)"),
    "second": ({"activation": ("relu", "tanh")}, "hidden layer 2 is curved (tanh)"),
    "features": ({"features": ("x1", "x1^2", "x2^2")}, "the features are curved (x₁², x₂²)"),
    "feature": ({"features": ("x1", "x1^2")}, "the feature is curved (x₁²)"),
    "curve": ({"dataset": "sine", "activation": "tanh"}, "hidden layer 1 is curved (tanh)"),
}


@pytest.mark.parametrize("kind", CURVED)
def test_where_there_are_no_linear_regions_a_sentence_says_why_and_none_that_there_is_no_map(kind):
    experiment, why = CURVED[kind]
    frame = frame_of(5, **experiment)
    panes = RegionTablePane(), RegionDetailPane()
    table, detail = (" ".join(" ".join(drawn(pane, frame, (40, 20))).split()) for pane in panes)
    pieces = "regions" if frame.view.flat else "pieces"
    assert table == f"There are no linear {pieces}: {why}."
    assert table in detail and table.count(".") == 1
    assert "is not affine here" in detail or "is affine here in the features" in detail
    assert ("would be" in detail) == ("features" not in experiment)
    assert title_forms(frame, UNICODE)[0].startswith("Output ŷ(")
    assert meanings(frame, Look()) == [f"no linear {pieces}"]
    assert "no map" not in f"{table} {detail}".lower()
    relu = frame_of(5)
    assert not no_regions(relu) and "curved" not in " ".join(drawn(panes[0], relu, (40, 20)))
