"""Networks and tables of any size: shown at once, or refused by an estimate that is told."""

from dataclasses import replace
from itertools import product
from math import comb

import numpy as np
import pytest
from frames import drawn, finish_counting, framed, wait_for_count
from screen import press, running, text

import engine
from engine import Experiment, Network, count_regions, region_bounds
from engine.errors import MemoryBoundError
from engine.network.size import Size, check_memory
from engine.training.optimizers import optimizer_named
from tui.experiments.library import built_in
from tui.model.regions.result import Failed
from tui.panes.glm.stack import StackPane
from tui.session.limits import check_size
from tui.session.session import Session
from tui.settings.feature_choices import degree_of, feature_names, powers

CIRCLE = built_in("circle")


@pytest.mark.parametrize("sizes", [*product((1, 2, 3), (1, 2, 5), (1, 4), (1,)), (2, 7, 6, 5, 1)])
def test_the_bound_of_serra_is_its_sum_over_all_dimensions(sizes: tuple[int, ...]) -> None:
    # Serra, Tjandraatmadja & Ramalingam 2018, theorem 1: Σ over j of Π C(n_l, j_l), with
    # j_l ≤ min(n_0, n_1 − j_1, …, n_(l−1) − j_(l−1), n_l)
    def count(room: int, hidden: tuple[int, ...]) -> int:
        if not hidden:
            return 1
        n = hidden[0]
        return sum(
            comb(n, j) * count(min(room, n - j), hidden[1:]) for j in range(min(room, n) + 1)
        )

    assert region_bounds(sizes)["serra_2018_upper"] == count(sizes[0], sizes[1:-1])


def test_a_layer_of_a_million_units_has_bounds_too() -> None:
    bounds = region_bounds((2, 10**6, 1))
    assert 1 + 10**6 + comb(10**6, 2) in bounds.values()  # lines in the plane (Zaslavsky 1975)


@pytest.mark.parametrize("hidden", [(3000, 3000, 3000), (1,) * 100_000])
def test_a_network_too_large_to_be_shown_is_refused_with_its_estimate(hidden) -> None:
    with pytest.raises(MemoryBoundError) as error:
        Session(replace(CIRCLE, hidden=hidden))
    says = str(error.value)
    assert "parameters" in says and "memory" in says and "for the first screen" in says
    assert says.endswith("use fewer or narrower layers")
    assert len(says) < 400


def test_the_estimate_is_of_memory_and_of_time() -> None:
    small, large = (Size((2, n, 1), 500, 10) for n in (4, 4000))
    check_size(small)
    check_size(large, memory=large.memory)
    with pytest.raises(MemoryBoundError, match=r"at most"):
        check_size(large, memory=large.memory - 1)
    with pytest.raises(MemoryBoundError, match=r"at most 0 s"):
        check_size(small, seconds=0)
    check_memory(large, large.memory)
    with pytest.raises(MemoryBoundError, match=r"a run takes .* fewer or narrower layers"):
        check_memory(large, large.memory - 1)
    adam = Size((2, 4000, 1), 500, 10, optimizer_named("adam").slots)
    assert adam.memory > large.memory  # it keeps two numbers more for each parameter


def test_a_change_to_a_network_too_large_leaves_the_session_as_it_is() -> None:
    session = Session(CIRCLE)
    run = session.runs.current
    with pytest.raises(MemoryBoundError):
        session.begin(replace(CIRCLE, hidden=(3000, 3000, 3000)))
    assert session.runs.current is run


async def test_a_layer_of_10000_units_is_shown() -> None:
    session = Session(replace(CIRCLE, hidden=(10_000,)))
    session.counter.memory = 1000  # else its count goes on for 20 s, beside the tests after this
    async with running(session, (100, 24)) as (app, pilot):
        assert "2-10000-1" in text(app)
        await press(app, pilot, "right", "2", "1")
        assert app.session.trainer.step_count == 1


def test_hundreds_of_layers_are_shown() -> None:
    session = Session(replace(CIRCLE, hidden=(1,) * 200))
    screens = ("explore", "regions", "glm")
    for screen in screens:
        framed(session, screen)
    session.time.step(1)
    finish_counting(session)
    for screen in screens:
        assert framed(session, screen).network.sizes == (2, *(1,) * 200, 1)


def test_a_count_that_does_not_fit_is_refused_and_the_reason_is_plain() -> None:
    with pytest.raises(MemoryBoundError) as error:
        count_regions(Network([2, 400, 1], seed=0), memory=10_000)
    says = str(error.value)
    assert says.startswith("too many for the memory: ") and says.endswith("10 kB is the most")


def test_within_little_memory_the_count_is_the_same() -> None:
    network = Network([2, 16, 16, 1], seed=3)
    box = ((-6, 6), (-6, 6))
    assert count_regions(network, box, memory=400_000) == count_regions(network, box)


def test_a_table_of_more_columns_than_rows_is_fitted_by_as_many_as_there_are_rows(tmp_path) -> None:
    rng = np.random.default_rng(1)
    path = tmp_path / "wide.csv"
    rows = [",".join(f"c{i}" for i in range(2000)), *(
        ",".join(f"{x:.6f}" for x in row) for row in rng.normal(size=(6, 2000))
    )]  # fmt: skip
    path.write_text("\n".join(rows), encoding="utf-8")
    session = Session(Experiment(dataset=str(path), hidden=()))
    data = session.prepared.dataset
    fit = engine.ols(data.X, data.Y[:, 0])
    assert fit.rank == 6
    assert len(fit.dropped) == 2000 - 6
    np.testing.assert_allclose(fit.fitted, data.Y[:, 0], atol=1e-9)
    for screen in ("explore", "linear", "glm"):
        framed(session, screen)


def test_of_many_layers_the_stack_says_which_are_moved() -> None:
    for layers, says in ((60, "moving the first and the last of 61 layers"), (8, "")):
        frame = framed(Session(replace(CIRCLE, hidden=(3,) * layers)), "glm")
        shown = "\n".join(drawn(StackPane(), frame, (60, 30)))
        assert ("moving the first" in shown) == bool(says) and says in shown


async def test_a_count_that_does_not_fit_says_so_on_the_screen() -> None:
    async with running(replace(CIRCLE, hidden=(60, 40))) as (app, pilot):
        app.session.time.step(3)
        app.session.counter.memory = 1000  # bytes
        await press(app, pilot, "3", "C")
        wait_for_count(app.session)
        app.show()
        await press(app, pilot)
        reason = framed(app.session).regions.reason
        assert isinstance(reason, Failed)
        assert reason.message.startswith("too many for the memory: ")
        assert "too many for the memory" in " ".join(text(app).split())


def test_the_panel_offers_the_inputs_of_ten_thousand_columns() -> None:
    names = [f"c{i}" for i in range(10_000)]  # pairs of all of them would be 50 million texts
    assert powers(names, 1) == tuple(names)
    assert powers(names, 2) == ()
    assert degree_of(names, names[:-1]) is None
    assert feature_names(names, names) == tuple(names)


def test_what_overflows_in_the_stack_is_no_nan() -> None:
    weights = (((5e299, -2e299),) * 3, ((3e299, -2e299, 1e299),))
    huge = replace(CIRCLE, hidden=(3,), output="identity", weights=weights)
    frame = framed(Session(huge), "glm")
    assert frame.glm is not None
    assert not any(bend.straight for bend in frame.glm.stack.bends if np.isnan(bend.size))
    assert "nan" not in " ".join(drawn(StackPane(), frame, (60, 12)))
