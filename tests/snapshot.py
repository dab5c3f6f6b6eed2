"""Snapshots: text that is compared with a file, but for cells that hang on the last bits.

Processors differ in the last bits of floating point. So a snapshot is drawn from a stored run
(``stored_runs``), and where it is written it is drawn again with the parameters nudged by 1e-12 of
themselves. What differs then, such as the error of the gradient check, is masked in the file.
"""

import difflib
from collections.abc import Callable
from inspect import isawaitable
from itertools import zip_longest
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "snapshots"
MASK = "¤"  # stands on no screen
NUDGES = (1, 2, 3, 4)  # seeds
MOST_MASKED = 60  # cells; a drawing with more of them says nothing that can be relied on

Draw = Callable[[int], Any]
"""Draws the text with the parameters nudged by this seed, 0: as they are. It may be async."""


class Snapshot:
    """Compares drawings with files; ``update`` writes these."""

    def __init__(self, update: bool) -> None:
        self.update = update

    async def __call__(self, name: str, draw: Draw) -> None:
        """AssertionError where the drawing differs from its file, or cannot be relied on."""
        text = await _drawn(draw, 0)
        path = FOLDER / f"{name}.txt"
        expected = path.read_text(encoding="utf-8") if path.exists() else ""
        if self.update:
            texts = [text, *[await _drawn(draw, nudge) for nudge in NUDGES]]
            # a file that fits stays: it may have masks that another processor asked for
            if any(differences(expected, one) for one in texts):
                expected = masked(texts)
                path.write_text(expected, encoding="utf-8", newline="\n")
        if difference := differences(expected, text):
            raise AssertionError(f"{path.name} differs:\n{difference}")


async def _drawn(draw: Draw, nudge: int) -> str:
    text = draw(nudge)
    return await text if isawaitable(text) else text


def masked(texts: list[str]) -> str:
    """The first of several drawings, with a mask on each cell in which they differ.

    AssertionError where they differ in too many cells.
    """
    drawings = [text.splitlines() for text in texts]
    width = max(len(row) for rows in drawings for row in rows)
    rows = [
        "".join(cells[0] if len({*cells}) == 1 else MASK for cells in zip(*rows, strict=True))
        for rows in zip_longest(
            *([r.ljust(width) for r in rows] for rows in drawings), fillvalue=MASK * width
        )
    ]
    count = sum(row.count(MASK) for row in rows)
    if count > MOST_MASKED:
        raise AssertionError(f"{count} cells hang on the last bits:\n" + "\n".join(rows))
    return "".join(f"{row.rstrip()}\n" for row in rows)


def differences(expected: str, text: str) -> str:
    """A difference of the lines, masked cells apart; "" where there is none."""
    wanted, found = expected.splitlines(), text.splitlines()
    if len(wanted) == len(found):
        found = [_behind_mask(*pair) for pair in zip(wanted, found, strict=True)]
    return "\n".join(difflib.unified_diff(wanted, found, "snapshot", "screen", lineterm="", n=1))


def _behind_mask(wanted: str, found: str) -> str:
    cells = zip(wanted.ljust(len(found)), found.ljust(len(wanted)), strict=True)
    return "".join(MASK if w == MASK else f for w, f in cells).rstrip()
