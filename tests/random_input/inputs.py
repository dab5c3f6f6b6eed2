"""What is given to the app: inputs as plain values, drawn by one generator whatever the app does.

So any of them can be left out, and the others stay what they are: that is how a failure is made
short.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from tui.commands.keys import ACTIONS

from .texts import TYPED, WHOLE, hostile

SIZES = (
    (80, 24),
    (60, 20),
    (80, 24),
    (120, 40),
    (100, 30),
    (59, 19),
    (20, 5),
    (160, 48),
    (81, 25),
    (1, 1),
)
KEYS = tuple(key for action in ACTIONS for key in action.keys if action.id != "quit")
SCREENS = ("1", "2", "3", "4", "5", "vertical_line", "S", "o", "f1")
OTHERS = (
    "enter", "escape", "tab", "shift+tab", "space", "up", "down", "left", "right", "pageup",
    "pagedown", "home", "end", "backspace", "delete", "ctrl+left", "ctrl+a", "ctrl+k", "ctrl+u",
    "ctrl+v", "ctrl+c", "ctrl+z", "f5", "insert", "x", "0", "7", "é", "日", "ctrl+p", "ctrl+end",
)  # fmt: skip


@dataclass(frozen=True)
class Given:
    """One input: its kind, a function of ``giving``, and what it takes."""

    kind: str
    arguments: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(map(repr, self.arguments))})"


def inputs(rng: Random) -> Iterator[Given]:
    """Inputs without end."""
    kinds, weights = zip(*SCRIPTS, strict=True)
    while True:
        (script,) = rng.choices(kinds, weights)
        yield from script(rng)


# scripts: one input or a few that belong together


def _key(rng: Random) -> Iterator[Given]:
    yield Given("key", (rng.choice(KEYS),))


def _screen(rng: Random) -> Iterator[Given]:
    yield Given("key", (rng.choice(SCREENS),))


def _other_key(rng: Random) -> Iterator[Given]:
    yield Given("key", (rng.choice(OTHERS),))


def _same_key(rng: Random) -> Iterator[Given]:
    """A key that is held."""
    key = rng.choice(KEYS + OTHERS)
    yield from [Given("key", (key,))] * rng.randint(2, 6)


def _click(rng: Random) -> Iterator[Given]:
    yield Given("click", (*_point(rng), rng.choice((1, 1, 1, 1, 2, 3)), rng.choice((1, 1, 2))))


def _drag(rng: Random) -> Iterator[Given]:
    yield Given("drag", (*_point(rng), *_point(rng)))


def _wheel(rng: Random) -> Iterator[Given]:
    yield Given("wheel", (*_point(rng), rng.choice((-1, 1)), rng.randint(1, 4)))


def _hover(rng: Random) -> Iterator[Given]:
    yield Given("hover", _point(rng))


def _resize(rng: Random) -> Iterator[Given]:
    size = rng.choice(SIZES) if rng.random() < 0.7 else (rng.randint(1, 200), rng.randint(1, 60))
    yield Given("resize", size)
    if min(size) < 20:  # one that nothing can be drawn in does not last
        yield Given("settle")
        yield Given("resize", rng.choice(SIZES[:5]))


def _paste(rng: Random) -> Iterator[Given]:
    yield Given("paste", (hostile(rng),))


def _play(rng: Random) -> Iterator[Given]:
    """Play, perhaps with keys meanwhile, and perhaps pause."""
    yield Given("key", (rng.choice(("space", "space", "J")),))
    for _ in range(rng.randint(1, 4)):
        yield Given("tick", (rng.randint(1, 12),))
        if rng.random() < 0.4:
            yield from _key(rng)
    if rng.random() < 0.7:
        yield Given("key", ("space",))


def _tick(rng: Random) -> Iterator[Given]:
    yield Given("tick", (rng.randint(1, 5),))


def _settle(rng: Random) -> Iterator[Given]:
    yield Given("settle")


def _scene(rng: Random) -> Iterator[Given]:
    yield Given("scene")


def _dialog(rng: Random) -> Iterator[Given]:
    """Open a dialog, fill it in, and take or leave it."""
    key, candidates = rng.choice([*TYPED.items()])
    yield Given("key", (key,))
    yield Given("settle")
    text = hostile(rng) if rng.random() < 0.25 else rng.choice(candidates)
    yield Given("fill", (str(rng.randint(0, 300)) if text == WHOLE else text,))
    yield Given("key", ("enter",))
    if rng.random() < 0.3:
        yield Given("key", ("enter",))  # once more, where that confirms
    if rng.random() < 0.7:
        yield Given("settle")
        yield Given("key", ("escape",))


def _list(rng: Random) -> Iterator[Given]:
    """Choose from a list: the palette, the gallery, the settings."""
    yield Given("key", (rng.choice(("ctrl+g", "o", "o", "ctrl+p")),))
    yield Given("settle")
    for _ in range(rng.randint(1, 8)):
        yield Given("key", (rng.choice(("down", "up", "left", "right", "pagedown", "d", "l")),))
    yield Given("key", (rng.choice(("enter", "enter", "escape")),))


def _point(rng: Random) -> tuple[float, float]:
    """A point of the screen, in parts of it."""
    return round(rng.random(), 3), round(rng.random(), 3)


SCRIPTS = (
    (_key, 42), (_screen, 7), (_other_key, 8), (_same_key, 3), (_click, 8), (_drag, 3), (_wheel, 3),
    (_hover, 1), (_resize, 2), (_paste, 1), (_play, 2), (_tick, 4), (_settle, 9), (_scene, 0.3),
    (_dialog, 4), (_list, 2),
)  # fmt: skip
