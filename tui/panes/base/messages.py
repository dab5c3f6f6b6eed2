"""Base classes of the messages of panes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

if TYPE_CHECKING:
    from tui.model.frame import Frame


class FrameMessage(Message):
    """A message that is meaningless once the frame that its pane showed is out of date.

    ``REFERS_TO`` names what of the frame its numbers refer to: "network" (the layer sizes), "view"
    or "data". The app ignores the message if that has changed since.
    """

    REFERS_TO: ClassVar[tuple[str, ...]] = ()
    frame: Frame | None = None  # set when the pane posts it


class SelectionMessage(Message):
    """A message on what was selected. It is acted on at once, so that keys and turns of the wheel
    right behind go on from there."""
