"""The film at the top of the README: play, back in time, one step taken apart, "why?"."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from textual.pilot import Pilot

from tests.screen import StoppedClock, settled
from tests.terminal_svg import Cell, Cells, Frame, cells_of, svg
from tui.app import NNExplore
from tui.drawing.palette import DARK
from tui.experiments.library import built_in

SIZE = 80, 24
TITLE = "nn-explore: a network learns a circle, goes back in time, and shows one step in numbers"
LAST = 3000  # the step at which play ends
PLAYED = 18  # frames of play
PLAY_SECONDS = 0.22  # that a frame of it is shown
BACK_SECONDS = 0.12


@dataclass(frozen=True)
class Shot:
    """What is done, the caption, and how long it is shown."""

    seconds: float
    key: str
    caption: str
    step: int | None = None  # to go to
    backwards: bool = False
    action: str = ""  # to do, by its id


def shots() -> Iterator[Shot]:
    """The frames in order."""
    yield Shot(2.0, "", "A network before its first step.", 0)
    played = _steps(PLAYED)
    for step in played:
        yield Shot(PLAY_SECONDS, "space", "play: the border closes round the circle.", step)
    yield Shot(1.6, "", "Every number on the screen is exact.", LAST)
    for step in played[-2:3:-2]:
        yield Shot(BACK_SECONDS, "J", "back in time, the same to the last bit.", step, True)
    yield Shot(1.5, "2", "one training step, taken apart.", action="backprop")
    for _ in range(10):
        yield Shot(0.6, "→", "each number of it in turn: z, a, C, δ, ∂C/∂W.", action="microstep_on")
    yield Shot(5.0, "enter", "where does this number come from?", action="explain")


def _steps(n: int) -> list[int]:
    """n steps on the way to the last, further and further apart."""
    steps = [round(LAST ** (i / n)) for i in range(1, n + 1)]
    return [max(b, a + 1) for a, b in pairwise([0, *steps])]


async def film() -> str:
    """The film as SVG."""
    app = NNExplore(built_in("circle"), clock=StoppedClock())
    frames: list[Frame] = []
    async with app.run_test(size=SIZE) as pilot:
        app.end_demo()
        for shot in shots():
            await _act(app, pilot, shot)
            cells = {**cells_of(app), **_caption(shot)}
            frames.append(Frame(cells, shot.seconds, shot.action in ("backprop", "explain")))
    return svg(frames, TITLE)


async def _act(app: NNExplore, pilot: Pilot[None], shot: Shot) -> None:
    """Bring the app to the moment of a shot."""
    if shot.step is not None:
        app.session.time.seek(shot.step)
        app.session.time.playing = shot.key in ("space", "J")
        app.session.time.backwards = shot.backwards
        app.show()
    if shot.action:
        app.session.time.playing = False
        app.action_act(shot.action)
    await settled(pilot)


def _caption(shot: Shot) -> Cells:
    """Two rows below the screen: a blank one, then the key and what it does."""
    columns, rows = SIZE
    ground, ink = (f"#{DARK.bg:06x}", f"#{DARK.hi:06x}")
    cells = {(x, rows + y): Cell(" ", ink, ground) for x in range(columns) for y in range(2)}
    key = f" {shot.key} " if shot.key else ""
    for x, character in enumerate(key):
        cells[1 + x, rows + 1] = Cell(character, ground, ink, bold=True)
    at = 1 + len(key) + bool(key)
    for x, character in enumerate(shot.caption):
        cells[at + x, rows + 1] = Cell(character, ink, ground)
    return cells
