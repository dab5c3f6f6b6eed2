"""What has changed since a mark: against the arrays of both moments."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from frames import framed
from hypothesis import given
from hypothesis import strategies as st
from screen import press, running, text

from engine import EngineError, Experiment, Network, knots, linear_regions
from engine.network.parameters import parameter_index
from tui.dialogs.changes import changes_canvas
from tui.drawing.glyphs import ASCII
from tui.drawing.numbers import num
from tui.model.changes import NotCompared, RegionChange, changes, largest_changes, region_change
from tui.model.regions.knot_changes import paired
from tui.model.regions.result import Regions, Unknown
from tui.panes.base.look import Look
from tui.session.present_mark import present_mark
from tui.session.session import Session

pytestmark = pytest.mark.trained

SMALL = Experiment(dataset="circle", hidden=(4, 3))


def test_the_weights_that_moved_most_are_named_in_order() -> None:
    before = Network([2, 3, 1], seed=1)
    after = before.copy()
    for place, by in (
        ((1, "weight", (2, 0)), -3.0),
        ((2, "bias", 0), 2.0),
        ((1, "bias", 1), 1.0),
    ):
        after.parameters[parameter_index(after, *place)] += by  # type: ignore[arg-type]
    moved = largest_changes(before, after)
    assert [m.name for m in moved] == ["w⁽¹⁾₃₁", "b⁽²⁾₁", "b⁽¹⁾₂"]
    assert [m.difference for m in moved] == pytest.approx([-3.0, 2.0, 1.0], abs=1e-15)
    assert largest_changes(before, before) == ()
    after.parameters[0] = np.nan
    assert largest_changes(before, after)[0].name == "w⁽¹⁾₁₁"


def test_a_network_whose_squares_overflow_has_moved_as_far_as_it_has() -> None:
    session = Session(SMALL)
    before = present_mark(session)
    session.trainer.edit(1, "weight", (0, 0), 1e200)  # its square is no longer finite
    assert changes(before, present_mark(session)).layers[0].moved == 1e200


def test_layers_move_as_far_as_their_parameters_do() -> None:
    session = Session(SMALL)
    before = present_mark(session)
    session.time.step(50)
    found = changes(before, present_mark(session))
    distance = np.linalg.norm(session.trainer.network.parameters - before.network.parameters)
    assert np.hypot.reduce([layer.moved for layer in found.layers]) == pytest.approx(distance)
    assert (found.before.cost, found.after.cost) == (before.cost, framed(session).cost)


def test_regions_gained_and_lost_account_for_both_counts() -> None:
    session = Session(SMALL)
    before = present_mark(session)
    session.time.step(500)
    after = present_mark(session)
    found = changes(before, after).regions
    assert isinstance(found, RegionChange)
    maps = [linear_regions(m.network, session.selection.view.box) for m in (before, after)]
    assert found.activation == tuple(m.activation_count for m in maps)
    assert found.linear == tuple(m.linear_count for m in maps)
    old, new = ({tuple(row) for row in m.patterns.tolist()} for m in maps)
    assert (found.gained, found.lost) == (len(new - old), len(old - new))
    assert found.activation[0] - found.lost == found.activation[1] - found.gained
    assert changes(after, after).regions == RegionChange(
        (found.activation[1],) * 2, (found.linear[1],) * 2, 0, 0
    )


def test_knots_of_a_layer_move_to_where_their_units_bend() -> None:
    # relu(w x + b) bends at −b/w; two units leave the interval, one comes into it
    session = Session(Experiment(dataset="mtcars", features=("wt",), hidden=(6,)))
    first = present_mark(session)
    (low, high), scale = session.selection.view.box[0], session.prepared.dataset.x_scale
    assert not scale.is_identity
    at = np.linspace(low, high, 8)[1:-1]
    places = np.array([at, [*np.add(at[:3], [0.3, 0.1, 0.1]), high + 1.0, low - 1.0, at[5] - 0.2]])
    places[0, 2] = high + 2.0
    marks = []
    for row in (places - scale.mean) / scale.sd:
        W, v = np.full((6, 1), 2.0), np.ones((1, 6))
        network = Network.from_arrays([W, v], [-2.0 * row, np.zeros(1)])
        known = Regions(
            0, knots=knots(network, session.selection.view.interval(session.prepared.dataset))
        )
        marks.append(replace(first, network=network, regions=known))
    regions = region_change(*marks)
    assert isinstance(regions, RegionChange) and regions.knots
    found, names = regions.knots, [f"a⁽¹⁾{i}" for i in "₁₂₃₄₅₆"]
    assert [m.name for m in found.moved] == [names[0], names[5], names[1]]
    assert [m.difference for m in found.moved] == pytest.approx([0.3, -0.2, 0.1])
    assert [m.before for m in found.moved] == pytest.approx([at[0], at[5], at[1]])
    assert found.appeared == ((names[2], pytest.approx(places[1, 2])),)
    assert found.vanished == tuple((names[i], pytest.approx(at[i])) for i in (3, 4))
    lines = "\n".join(changes_canvas(changes(*marks), Look()).text_lines())
    assert "knots moved most, by unit" in lines
    assert f"knots appeared {num(places[1, 2]).strip()} {names[2]}" in lines


@given(st.lists(st.integers(-9, 9), max_size=5), st.lists(st.integers(-9, 9), max_size=5))
def test_knots_are_paired_with_the_least_moves_of_all_ways(before, after) -> None:
    before, after = sorted(before), sorted(after)
    found = paired(before, after)
    both = [(x, y) for x, y in found if x is not None and y is not None]
    assert [x for x, _ in found if x is not None] == before
    assert [y for _, y in found if y is not None] == after
    assert len(both) == min(len(before), len(after))
    few, many = sorted((before, after), key=len)
    ways = (
        sum(abs(x - y) for x, y in zip(few, some, strict=True))
        for some in permutations(many, len(few))
    )
    assert sum(abs(x - y) for x, y in both) == min(ways)


def test_where_there_are_no_regions_to_compare_it_says_why() -> None:
    curved = present_mark(Session(Experiment(dataset="circle", hidden=(3,), activation="tanh")))
    found = changes(curved, curved)
    assert found.regions == NotCompared(at_mark=True, reason=Unknown.CURVED)
    shown = " ".join(" ".join(changes_canvas(found, Look()).text_lines()).split())
    assert "regions not compared, at the mark: a hidden layer is curved, so there are" in shown
    line = present_mark(Session(Experiment(dataset="sine", hidden=(3,))))
    assert isinstance(changes(line, line).regions, RegionChange)
    session = Session(SMALL)
    before = present_mark(session)
    session.selection.look_at_plane(0)
    assert changes(before, present_mark(session)).regions == NotCompared(other_view=True)


def test_a_network_of_another_shape_cannot_be_compared() -> None:
    before, after = (present_mark(Session(Experiment(hidden=hidden))) for hidden in ((3,), (4,)))
    with pytest.raises(EngineError, match="2-3-1, this one 2-4-1"):
        changes(before, after)


def test_the_sheet_is_drawn_of_a_diverged_and_of_a_deep_network_in_ascii() -> None:
    deep = Session(Experiment(hidden=(3,) * 12))
    diverging = Session(Experiment(dataset="reg-plane", hidden=(2,), learning_rate=1e6))
    for session in (deep, diverging):
        before = present_mark(session)
        session.time.step(200)
        lines = changes_canvas(
            changes(before, present_mark(session)), Look(glyphs=ASCII)
        ).text_lines()
        assert all(" " <= char <= "~" for char in "".join(lines))
    assert "diverged" in " ".join(lines)


async def test_m_marks_and_M_tells() -> None:
    async with running(SMALL, size=(80, 24)) as (app, pilot):
        await press(app, pilot, "M")
        assert "m marks this one" in app.message
        await press(app, pilot, "m", "shift+right", "M")
        assert "What changed · step 0 → 10" in text(app)
        (furthest, *_) = largest_changes(app.session.mark.network, app.session.trainer.network)  # type: ignore[union-attr]
        assert furthest.name in text(app)
        await press(app, pilot, "escape")
        assert "What changed" not in text(app)
