"""What stands below a dialog: dimmed as Textual dims it."""

import pytest
from screen import press, running
from textual.screen import ModalScreen

from tui.dialogs.base import Dialog


def cells(app):
    """Every cell of the screen with its style."""
    strips = app.screen._compositor.render_strips(app.size)
    return [
        [(sign, segment.style) for segment in strip for sign in segment.text] for strip in strips
    ]


@pytest.mark.parametrize("options", [{}, {"theme": "light"}, {"ascii": True}])
async def test_below_a_dialog_every_cell_is_as_textual_dims_it(options, monkeypatch):
    async with running(size=(80, 24), **options) as (app, pilot):
        await press(app, pilot, "f1")
        ours = cells(app)
    monkeypatch.setattr(Dialog, "render", ModalScreen.render)
    async with running(size=(80, 24), **options) as (app, pilot):
        await press(app, pilot, "f1")
        assert ours == cells(app)
