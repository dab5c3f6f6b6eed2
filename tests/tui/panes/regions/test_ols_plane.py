"""The one plane of least squares that stands below the cases, on the plane that is shown."""

import numpy as np
import pytest
from frames import framed

from engine import Experiment, ols
from tui.panes.regions.case_table import ols_plane
from tui.session.session import Session


def test_it_is_the_fit_to_the_data_seen_on_each_plane_in_turn() -> None:
    session = Session(Experiment(dataset="mtcars", hidden=(2,)))
    data = session.prepared.dataset
    fit = ols(data.X, data.Y[:, 0])
    planes = []
    for _ in range(3):
        frame = framed(session, "regions")
        plane = ols_plane(frame)
        points = np.array([[0.0, 0.0], [1.0, -2.0], [3.5, 0.25]])
        expected = fit.coefficients[0] + frame.view.inputs(points) @ fit.coefficients[1:]
        assert points @ plane.W.ravel() + plane.b == pytest.approx(expected, rel=1e-9)
        planes.append(plane.W.ravel().tolist())
        session.selection.next_plane()
    assert planes[0] != planes[1] != planes[2]


def test_there_is_none_where_the_output_bends() -> None:
    assert ols_plane(framed(Session(Experiment(dataset="circle", hidden=(2,))), "regions")) is None
