"""Curved features: the maps are of the columns, the network sees what is made of them."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import finish_counting, framed
from screen import press, running, text

from engine import EngineError, Experiment, NotPiecewiseLinearError
from engine.training.prepare import prepare
from tui.experiments.library import built_in
from tui.model.activation_samples import rasterise
from tui.model.regions.affine_in_view import local_map
from tui.model.regions.result import Unknown
from tui.model.target_scale import scores_of
from tui.model.view import examples_view, leading_inputs, principal_view, view_of
from tui.session.session import Session

SEVEN = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")
CIRCLE = replace(built_in("circle"), features=SEVEN)
EXPERIMENTS = {
    "circle": CIRCLE,
    "spiral": replace(built_in("spiral"), features=SEVEN, activation="relu"),
    "one feature of two": replace(built_in("circle"), features=("x1*x2",)),
    "one feature of one": replace(built_in("circle"), features=("x1^2",)),
    "polynomial": replace(built_in("sine"), features=("x", "x^2", "x^3"), learning_rate=1e-5),
    "standardised": replace(built_in("mtcars"), features=("wt", "wt^2", "hp", "hp*qsec")),
    "one column": replace(built_in("mtcars"), features=("wt", "wt^2")),
    "terms": replace(built_in("mtcars"), features=("log(wt)", "C(cyl)", "I(hp/wt)", "wt:am")),
    "log beside 0": replace(built_in("mtcars"), features=("log(carb)", "C(gear)")),
    "steps": replace(built_in("mtcars"), features=("C(cyl, ref=4)",)),
}


def test_every_sample_of_a_map_is_of_the_features_of_that_point() -> None:
    prepared = prepare(replace(CIRCLE, hidden=(4, 3), activation="tanh"))
    data, network = prepared.dataset, prepared.network
    view = view_of(data)
    assert view.names == ("x₁", "x₂")
    side = 5
    raster = rasterise(network, data, view, side)
    (left, right), (bottom, top) = view.box
    for row, column in ((0, 0), (0, 4), (4, 0), (2, 3)):
        x1 = left + (right - left) * (column + 0.5) / side
        x2 = bottom + (top - bottom) * (side - row - 0.5) / side
        seen = [x1, x2, x1**2, x2**2, x1 * x2, np.sin(x1), np.sin(x2)]
        assert [a[row, column] for a in raster.layers[0]] == pytest.approx(seen, rel=1e-12)
        forward = network.forward(np.array([seen]))
        for layer, a in enumerate(forward.a):
            drawn = [values[row, column] for values in raster.layers[layer]]
            np.testing.assert_allclose(drawn, a[0], rtol=1e-10, atol=1e-12)


def test_the_curve_over_one_column_is_the_network_of_its_powers() -> None:
    prepared = prepare(EXPERIMENTS["one column"])
    data, view = prepared.dataset, view_of(prepared.dataset)
    low, high = view.box[0]
    x = low + (high - low) * (np.arange(50) + 0.5) / 50
    powers = np.column_stack([x, x**2])
    train = data.X[data.train]
    scaled = (powers - train.mean(axis=0)) / train.std(axis=0)
    y = prepared.network.predict(scaled)[:, 0] * data.y_scale.sd[0] + data.y_scale.mean[0]
    raster = rasterise(prepared.network, data, view, 50)
    np.testing.assert_allclose(raster.outputs[0], y, rtol=1e-9)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_examples_lie_where_the_map_has_what_the_network_gives_of_them(name: str) -> None:
    session = Session(EXPERIMENTS[name])
    data = session.prepared.dataset
    frame = framed(session)
    if len(frame.view.axes) == data.columns.shape[1]:  # else columns are held at their means
        on_map = frame.outputs(frame.view.coordinates(data.columns))
        np.testing.assert_allclose(on_map, frame.predicted, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(data.encode(data.columns), session.prepared.inputs, rtol=1e-12)
    assert np.isfinite(scores_of(frame).train)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_there_are_no_pieces_and_it_is_said_why(name: str) -> None:
    session = Session(EXPERIMENTS[name])
    session.count_once()
    finish_counting(session)
    frame = framed(session, "regions")
    regions = frame.regions
    assert (regions.map, regions.knots, regions.count) == (None, None, None)
    assert regions.reason is Unknown.CURVED_FEATURES
    assert (frame.bounds, len(frame.counts.steps)) == ({}, 0)
    with pytest.raises(NotPiecewiseLinearError, match="network sees"):
        local_map(frame, frame.cursor, 0)
    session.selection.toggle_walk()
    session.selection.move_cursor(np.array([hi for _, hi in frame.view.box]))
    assert framed(session).walk is None


def test_columns_chosen_as_features_leave_the_pieces_as_they_are() -> None:
    frame = framed(Session(replace(built_in("circle"), features=("x2", "x1"))))
    assert frame.regions.map is not None


def test_planes_are_laid_through_the_columns() -> None:
    data = prepare(EXPERIMENTS["standardised"]).dataset
    assert sorted(leading_inputs(data)) == [0, 1, 2]
    columns = data.columns[data.train]
    z = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    view = principal_view(data)
    spread = np.cov(view.coordinates(columns).T, bias=True)
    eigenvalues = np.linalg.eigvalsh(z.T @ z / len(z))[::-1]
    np.testing.assert_allclose(spread, np.diag(eigenvalues[:2]), atol=1e-10)
    corners = examples_view(data, (0, 4, 9)).coordinates(data.columns[[0, 4, 9]])
    np.testing.assert_allclose(corners, [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], atol=1e-12)


@pytest.mark.parametrize(
    "name", ["circle", "one feature of two", "polynomial", "standardised", "log beside 0", "steps"]
)
async def test_every_screen_shows_it_and_answers_what_it_is_asked(name: str) -> None:
    async with running(EXPERIMENTS[name]) as (app, pilot):
        app.session.time.step(20)
        for i, key in enumerate("12345", [*EXPERIMENTS].index(name)):
            await press(app, pilot, key)
            shown = text(app)
            if key == "1":
                assert "– (curved features)" in shown
            if key == "3":
                assert re.search("no linear (regions|pieces)", shown)
                assert ("steps" if name == "steps" else "curved") in shown
                await press(app, pilot, "C", "w", "c", "l", "p")
            for pane in range(3):  # each pane with two of the experiments
                await press(app, pilot, "tab", *(("enter", "escape") if (i + pane) % 2 else ()))
        await press(app, pilot, "m", "right", "M")
        assert "curved features" in text(app)


def test_the_piece_at_the_cursor_can_still_be_explained_by_its_features() -> None:
    from tui.explain.network import affine_map_entries, region_counts

    session = Session(EXPERIMENTS["one feature of two"])
    frame = framed(session, "regions")
    slope = affine_map_entries(frame, frame.cursor).explain()
    inputs = frame.data.encode(frame.view.inputs(frame.cursor[None]))
    up, down = (frame.network.forward(inputs + h).z[-1][0, 0] for h in (1e-6, -1e-6))
    assert slope.symbol.value == pytest.approx((up - down) / 2e-6, rel=1e-6)
    with pytest.raises(EngineError, match="curved features"):
        region_counts(frame)


def test_without_features_an_experiment_sees_what_it_always_did() -> None:
    data = prepare(Experiment(dataset="mtcars")).dataset
    assert np.array_equal(data.encode(data.X), data.x_scale.apply(data.X))
