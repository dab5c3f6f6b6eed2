"""The pictures in screenshots/, made by the app itself: python -m tests.screenshots [NAME ...].

Without a name all of them: whole screens, the README's single panes, and its film.
"""

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", "truecolor")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from textual.geometry import Region
from textual.pilot import Pilot

from engine import Experiment
from tests.film import film
from tests.frames import finish_counting
from tests.screen import settled
from tests.terminal_svg import Frame, cells_of
from tests.terminal_svg import svg as drawn
from tui.app import NNExplore
from tui.experiments.library import built_in, entry

FOLDER = Path(__file__).parents[1] / "screenshots"
FONT = "Fira Code, DejaVu Sans Mono, monospace"


@dataclass(frozen=True)
class Picture:
    """One screen: what runs, at which step and size, after which keys."""

    name: str
    experiment: Experiment
    step: int
    size: tuple[int, int] = (120, 40)
    keys: tuple[str, ...] = ()
    theme: str = "dark"
    ascii: bool = False
    no_color: bool = False
    seconds: float = 0.0  # that work beside the app takes after the keys
    pane: str = ""  # the id of the pane that alone is drawn, zoomed
    title: str = ""  # of the drawing of a pane, for screen readers


CIRCLE = built_in("circle")
WIDER = replace(CIRCLE, hidden=(8, 6))
STACK = replace(built_in("stackloss"), hidden=(2, 2), activation="identity")
DIVERGING = replace(built_in("reg-plane"), output="identity", learning_rate=1000.0)
TWO_RATES = ("B", "right_square_bracket", "vertical_line", *["shift+right"] * 20)
TO_DELTA = ("right",) * 10  # δ of the first layer, and its third unit
TO_A_LARGE_REGION = ("j",) * 10 + ("h",) * 22
PICTURES = (
    Picture("explore-80x24", CIRCLE, 3000, (80, 24)),
    Picture("explore-120x40", CIRCLE, 3000),
    Picture("explore-160x48", CIRCLE, 3000, (160, 48)),
    Picture("explore-120x40-light", CIRCLE, 3000, theme="light"),
    Picture("explore-no-colour", CIRCLE, 3000, no_color=True),
    Picture("explore-ascii", CIRCLE, 3000, ascii=True),
    Picture("explore-selected", CIRCLE, 3000, keys=("up", "up")),
    Picture("explore-sine", built_in("sine"), 20_000),
    Picture("explore-mtcars", built_in("mtcars"), 5000),
    Picture("explore-spiral", built_in("spiral"), 40_000),
    Picture("explore-diverged", DIVERGING, 100),
    Picture("backprop-120x40", CIRCLE, 3000, keys=("pagedown", "2", *TO_DELTA, "down", "down")),
    Picture("backprop-120x40-light", CIRCLE, 3000, keys=("2", *TO_DELTA), theme="light"),
    Picture("backprop-80x24", CIRCLE, 3000, (80, 24), keys=("2", *TO_DELTA)),
    Picture("backprop-predict", CIRCLE, 3000, keys=("2", "Q", *TO_DELTA)),
    Picture("explanation", CIRCLE, 3000, keys=("tab", "tab", "down", "down", "down", "enter")),
    Picture("regions-120x40", WIDER, 3000, keys=("3", "shift+tab", *TO_A_LARGE_REGION)),
    Picture("regions-120x40-light", WIDER, 3000, keys=("3", "c"), theme="light"),
    Picture("regions-80x24", WIDER, 3000, (80, 24), keys=("3",)),
    Picture("regions-walk", WIDER, 3000, keys=("3", "shift+tab", "w", *TO_A_LARGE_REGION)),
    Picture("regions-two-relu", built_in("two-relu"), 300, keys=("3",)),
    Picture("regions-sine", built_in("sine"), 20_000, keys=("3",)),
    Picture("linear-120x40", built_in("stackloss"), 40, keys=("4",)),
    Picture("linear-120x40-light", built_in("mtcars"), 400, keys=("4",), theme="light"),
    Picture("linear-80x24", built_in("longley"), 400, (80, 24), keys=("4",)),
    Picture("linear-stack", STACK, 40, keys=("4",)),
    Picture("linear-broken", STACK, 40, keys=("4", "a")),
    Picture("glm-challenger", built_in("challenger"), 40, keys=("5",)),
    Picture("glm-circle", CIRCLE, 300, keys=("5",)),
    Picture("approximate", built_in("sine"), 2000, keys=("6",), seconds=6.0),
    Picture("lesson", CIRCLE, 0, keys=("t",), seconds=1.0),
    Picture("settings", CIRCLE, 3000, keys=("o", "down")),
    Picture("settings-80x24", CIRCLE, 3000, (80, 24), keys=("o",)),
    Picture("compare", CIRCLE, 100, keys=TWO_RATES),
    Picture("compare-80x24", CIRCLE, 100, (80, 24), keys=TWO_RATES),
    Picture("surface", CIRCLE, 3000, keys=("S",), seconds=8.0),
    Picture("postmortem", DIVERGING, 100, keys=("X",), seconds=3.0),
    Picture("gallery", CIRCLE, 3000, keys=("ctrl+g", *["down"] * 14)),
    Picture("iris", entry("iris").experiment, 3000),
    Picture(
        "pane-equation",
        CIRCLE,
        3000,
        (78, 24),
        ("2", *TO_DELTA),
        pane="equation",
        title="δ of a layer: matrices with their numbers, and one δ term by term",
    ),
    Picture(
        "pane-regions",
        WIDER,
        3000,
        (72, 32),
        ("3",),
        pane="region-map",
        title="the linear regions of a network, exactly",
    ),
    Picture(
        "pane-coefficients",
        entry("mtcars-ols").experiment,
        400,
        (78, 20),
        ("4",),
        pane="coefficients",
        title="the coefficients of least squares with their intervals, beside the network's",
    ),
    Picture(
        "pane-curve",
        built_in("sine"),
        20_000,
        (78, 24),
        ("3",),
        pane="region-map",
        title="a sine made of straight pieces, with the knot of each unit",
    ),
    Picture("regions-mtcars", built_in("mtcars"), 5000, keys=("3", *"ppppppppp")),
)


async def svg(picture: Picture) -> str:
    """The screen as SVG."""
    if picture.no_color:
        os.environ["NO_COLOR"] = "1"
    app = NNExplore(picture.experiment, ascii=picture.ascii, theme=picture.theme)
    os.environ.pop("NO_COLOR", None)
    async with app.run_test(size=picture.size) as pilot:
        app.end_demo()
        app.seek(picture.step)
        for key in picture.keys:
            await pilot.press(key)
        await pilot.pause(picture.seconds)
        finish_counting(app.session)
        app.show()
        await pilot.pause()
        if picture.pane:
            region = await _zoomed(pilot, picture.pane)
            return drawn([Frame(cells_of(app, region), 1.0)], picture.title)
        drawing = app.export_screenshot(title="nn-explore")
    # no fonts from afar: a picture shows itself with what its reader has
    drawing = re.sub(r"@font-face \{.*?\}|<!--.*?-->", "", drawing, flags=re.DOTALL)
    return drawing.replace("font-family: Fira Code, monospace", f"font-family: {FONT}")


async def _zoomed(pilot: Pilot[None], pane_id: str) -> Region:
    """Give a pane the whole screen; where it is there."""
    app = pilot.app
    pane = app.screen.query_one(f"#{pane_id}")
    pane.focus()
    app.action_act("zoom")
    await settled(pilot)
    return pane.region


def main(names: Sequence[str]) -> None:
    """Make the pictures of these names; without names all."""
    FOLDER.mkdir(exist_ok=True)
    makers = {picture.name: partial(svg, picture) for picture in PICTURES} | {"film": film}
    for name in names or makers:
        path = FOLDER / f"{name}.svg"
        path.write_bytes(asyncio.run(makers[name]()).encode("utf-8"))
        print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
