"""What has changed since a mark: against the arrays of both moments."""

import numpy as np
import pytest
from screen import press, running, text

from engine import EngineError, Experiment, Network, linear_regions
from engine.parameters import parameter_index
from tui.changes import RegionChange, changes, moment, moved_most
from tui.glyphs import ASCII
from tui.panes.pane import Look
from tui.screens.changes import sheet
from tui.session import Session

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
    moved = moved_most(before, after)
    assert [m.name for m in moved] == ["w⁽¹⁾₃₁", "b⁽²⁾₁", "b⁽¹⁾₂"]
    assert [m.by for m in moved] == pytest.approx([-3.0, 2.0, 1.0], abs=1e-15)
    assert moved_most(before, before) == ()
    after.parameters[0] = np.nan
    assert moved_most(before, after)[0].name == "w⁽¹⁾₁₁"


def test_layers_move_as_far_as_their_parameters_do() -> None:
    session = Session(SMALL)
    before = moment(session)
    session.step(50)
    found = changes(before, moment(session))
    distance = np.linalg.norm(session.trainer.network.parameters - before.network.parameters)
    assert np.hypot.reduce([layer.moved for layer in found.layers]) == pytest.approx(distance)
    assert (found.before.cost, found.after.cost) == (before.cost, session.frame().cost)


def test_regions_gained_and_lost_account_for_both_counts() -> None:
    session = Session(SMALL)
    before = moment(session)
    session.step(500)
    after = moment(session)
    found = changes(before, after).regions
    assert isinstance(found, RegionChange)
    maps = [linear_regions(m.network, session.view.box) for m in (before, after)]
    assert found.activation == tuple(m.activation_count for m in maps)
    assert found.linear == tuple(m.linear_count for m in maps)
    old, new = ({tuple(row) for row in m.patterns.tolist()} for m in maps)
    assert (found.gained, found.lost) == (len(new - old), len(old - new))
    assert found.activation[0] - found.lost == found.activation[1] - found.gained
    assert changes(after, after).regions == RegionChange(
        (found.activation[1],) * 2, (found.linear[1],) * 2, 0, 0
    )


def test_where_there_are_no_regions_to_compare_it_says_why() -> None:
    curved = moment(Session(Experiment(dataset="circle", hidden=(3,), activation="tanh")))
    assert "curved" in str(changes(curved, curved).regions)
    line = moment(Session(Experiment(dataset="sine", hidden=(3,))))
    assert isinstance(changes(line, line).regions, RegionChange)
    session = Session(SMALL)
    before = moment(session)
    session.look_at_plane(0)
    assert "another view" in str(changes(before, moment(session)).regions)


def test_a_network_of_another_shape_cannot_be_compared() -> None:
    before, after = (moment(Session(Experiment(hidden=hidden))) for hidden in ((3,), (4,)))
    with pytest.raises(EngineError, match="2-3-1, this one 2-4-1"):
        changes(before, after)


def test_the_sheet_is_drawn_of_a_diverged_and_of_a_deep_network_in_ascii() -> None:
    deep = Session(Experiment(hidden=(3,) * 12))
    diverging = Session(Experiment(dataset="reg-plane", hidden=(2,), learning_rate=1e6))
    for session in (deep, diverging):
        before = moment(session)
        session.step(200)
        lines = sheet(changes(before, moment(session)), Look(glyphs=ASCII)).text_lines()
        assert all(" " <= char <= "~" for char in "".join(lines))
    assert "diverged" in " ".join(lines)


async def test_m_marks_and_M_tells() -> None:
    async with running(SMALL, size=(80, 24)) as (app, pilot):
        await press(app, pilot, "M")
        assert "m marks this one" in [*app._notifications][-1].message
        await press(app, pilot, "m", "shift+right", "M")
        assert "What changed · step 0 → 10" in text(app)
        (furthest, *_) = moved_most(app.session.mark.network, app.session.trainer.network)  # type: ignore[union-attr]
        assert furthest.name in text(app)
        await press(app, pilot, "escape")
        assert "What changed" not in text(app)
