"""Frames for tests of single panes, and what panes draw of them on a bare canvas."""

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest

from engine import Experiment, MicroStep, Network, knots, linear_regions, walk
from tui.commands.keys import SHOWN
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE, Glyphs
from tui.drawing.palette import DARK
from tui.model.frame import Frame
from tui.model.regions.result import Regions
from tui.panes.base.look import Look
from tui.panes.base.pane import Pane
from tui.session.loss_surface.tracker import SurfaceTracker
from tui.session.session import Session


def framed(session: Session, screen: str = "") -> Frame:
    """What the app draws next on that screen."""
    session.advance(screen)
    return session.frame(screen)


def snapshot_of(session: Session, screen: str = "") -> Frame:
    """What the app explains numbers of on that screen."""
    session.advance(screen)
    return session.snapshot(screen)


def wait_for_count(session: Session) -> bool:
    """Wait for the count that is running; whether there was one."""
    running = session.counter._running
    if running:
        running.job.join()
    return running is not None


def finish_counting(session: Session) -> None:
    """Wait until there is nothing more to count."""
    session.advance()
    while wait_for_count(session) or session.look_back(inf):
        session.advance()


def wait_for_surface(tracker: SurfaceTracker) -> None:
    """Wait for the loss surface that is being computed."""
    if tracker._job:
        tracker._job.join()


def wait_for_samples(session: Session) -> None:
    """Wait for the repeated samples that are being drawn."""
    if session.linear.sampling._job:
        session.linear.sampling._job.join()


def current_microstep(session: Session) -> MicroStep:
    """The micro-step that the microscope is on."""
    step = session.microscope.taken_apart(session.trainer)
    return session.microscope.microstep(step)


def frame_of(steps: int = 0, **experiment: Any) -> Frame:
    session = Session(Experiment(**experiment))
    session.time.step(steps)
    return framed(session)


def with_network(frame: Frame, network: Network) -> Frame:
    """The frame with another network and its pieces."""
    view, data = frame.view, frame.data
    if view.flat:
        regions = Regions(frame.step, map=linear_regions(network, view.box, view.plane(data)))
    else:
        regions = Regions(frame.step, knots=knots(network, view.interval(data)))
    return replace(frame, network=network, regions=regions)


def with_walk(frame: Frame, start: Any, stop: Any) -> Frame:
    """The frame on a walk from one position to the cursor at another."""
    ends = frame.data.x_scale.apply(frame.view.inputs(np.stack([start, stop])))
    return replace(frame, walk=walk(frame.network, *ends), walk_start=start, cursor=stop)


def keyed(pane: Pane) -> Pane:
    """The pane, which names the keys that users have unless they choose others."""
    pane.look = Look(keys=SHOWN)
    return pane


def drawn(
    pane: Pane,
    frame: Frame,
    size: tuple[int, int] = (36, 17),
    glyphs: Glyphs = UNICODE,
    colour: bool = True,
) -> list[str]:
    """The pane's rows as text."""
    canvas = Canvas(*size, DARK, glyphs, colour)
    pane.view, pane.look = frame, Look(DARK, glyphs, colour, SHOWN)
    pane.draw(canvas, frame)
    return [line.rstrip() for line in canvas.text_lines()]


def posted(pane: Pane, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the pane posts from now on."""
    messages: list[Any] = []
    monkeypatch.setattr(pane, "post_message", messages.append)
    return messages
