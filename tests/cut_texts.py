"""Texts that a screen cuts: python -m tests.cut_texts [EXPERIMENT ...] prints them for many sizes.

A text is cut where it ends in ``…``, or where the canvas or the border of a pane cuts it off. The
user's own names may be cut with ``…``, and so may lists of numbers and the columns of a matrix.
"""

import asyncio
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from textual.pilot import Pilot

from engine import Experiment
from tests.recorded import recorded
from tests.screen import press, running, settled
from tui.app import NNExplore
from tui.experiments import library
from tui.panes.base.pane import CanvasWidget

SIZES = ((80, 24), (100, 30), (120, 40), (160, 48))
SCREENS = ("1", "2", "3", "4", "5", "S")
EXPERIMENTS = [
    "circle",
    "iris",
    "longley",
    "challenger",
    "sine",
    "spiral-waves",
    "adam",
    "beetles",
    "cars",
    "deep-linear",
    "convolution",
    "xor",
]
OF_NUMBERS = re.compile(r"[-−+\d.e\[\]│┌└┐┘]*")  # beside the … of a list or a matrix

Cut = tuple[str, str]
"""The id of a pane, and the text."""


def experiment_named(name: str) -> Experiment:
    entries = {entry.name: entry.experiment for entry in library.gallery()}
    return entries[name] if name in entries else library.built_in(name)


@contextmanager
def watched() -> Iterator[set[Cut]]:
    """The texts that canvases of panes cut off at their edges from now on."""
    cut: set[Cut] = set()
    redraw = CanvasWidget.redraw

    def redraw_and_note(self: CanvasWidget) -> None:
        with recorded() as texts:
            redraw(self)
        cut.update((pane_id(self), text) for text in texts.cut)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CanvasWidget, "redraw", redraw_and_note)
        yield cut


def pane_id(widget: CanvasWidget) -> str:
    return widget.id or type(widget).__name__


def cut_words(text: str, names: Iterable[str]) -> list[str]:
    """The words with ``…`` in a text, but for those that are allowed; of one that stands by itself
    with the word before."""
    return [
        word
        for word in re.findall(r"\S*[^\s│┤▀⠀-⣿]*[^\s…]…\S*|\S+ …", text)
        if not OF_NUMBERS.fullmatch(word.replace(" …", "").replace("…", ""))
        and not _is_name(word, names)
    ]


def _is_name(word: str, names: Iterable[str]) -> bool:
    """Whether a word is a name of the user's, cut, within a formula perhaps; or a list of such."""
    head, _, tail = word.partition("…")
    *before, head = re.split(r"[(|/∂:,=]|[▀⠀-⣿│]", head)
    tail = re.split(r"[)|,:▀⠀-⣿│]", tail)[0]
    if not head + tail:
        return any(part in names for part in before)
    return any((head in name or (tail and len(head) == 1)) and tail in name for name in names)


def names_of(app: NNExplore) -> set[str]:
    data = app.session.prepared.dataset
    names = {*data.feature_names, *data.column_names, *data.target_names, *(data.row_names or ())}
    return names | {name.replace("_", " ") for name in names} | {data.target}


def shown_cuts(app: NNExplore) -> set[Cut]:
    """The cut texts of the panes and bars on the screen as it is now."""
    names, cut = names_of(app), set()
    for widget in app.screen.query(CanvasWidget):
        if not widget.size or not widget.is_attached or not widget.region:
            continue
        titles = [str(title or "") for title in (widget.border_title, widget.border_subtitle)]
        room = widget.outer_size.width - 4
        cut |= {(pane_id(widget), title) for title in titles if len(title) > max(room, 0)}
        for text in (*titles, *(widget.render_line(y).text for y in range(widget.size.height))):
            cut |= {(pane_id(widget), word) for word in cut_words(text, names)}
    return cut


async def cut_texts(names: Iterable[str], size: tuple[int, int]) -> dict[str, set[Cut]]:
    """The cut texts of all screens, by experiment."""
    found: dict[str, set[Cut]] = {}
    async with running(Experiment("circle"), size) as (app, pilot):
        for name in names:
            with watched() as at_edges:
                found[name] = await _walked(app, pilot, name) | at_edges
    return found


async def _walked(app: NNExplore, pilot: Pilot, name: str) -> set[Cut]:
    app.open(experiment_named(name))
    app.seek(20)
    await settled(pilot)
    cut: set[Cut] = set()
    for key in SCREENS:
        await press(app, pilot, key)
        cut |= shown_cuts(app)
    return cut


async def main(names: list[str]) -> None:
    for size in SIZES:
        for name, cut in (await cut_texts(names or EXPERIMENTS, size)).items():
            for pane, text in sorted(cut):
                print(f"{size[0]}x{size[1]} {name:14} {pane:18} {text}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
