"""No screen and no dialog cuts a sentence. ``python -m tests.cut_texts`` looks at more of them."""

import re

import pytest
from screen import press, running, text

from engine import Experiment
from tests.cut_texts import cut_texts, cut_words
from tui.dialogs.base import Ask, Page


@pytest.mark.parametrize(
    ("size", "names"),
    [
        ((80, 24), ("iris",)),
        ((100, 30), ("circle",)),
    ],
)
async def test_no_screen_cuts_a_text(size: tuple[int, int], names: tuple[str, ...]) -> None:
    for name, cut in (await cut_texts(names, size)).items():
        assert cut == set(), name


def test_only_names_and_numbers_may_be_cut() -> None:
    names = {"petal_length", "petal_width"}
    assert cut_words("pe…gth ∂z/∂pe…dth [+0.1 …] petal_len… 58 59 …", names) == []
    assert cut_words("each times its … screen has a b…", names) == ["its …", "b…"]
    assert cut_words("Breusch–P… 3.7", names) == ["Breusch–P…"]


DIALOGS = {
    "a step": ("G",),
    "an example": ("g",),
    "a point": ("at",),
    "a new example": ("a",),
    "a weight": ("i", "e"),
    "a file to save": ("W",),
    "a filter": ("3", "slash"),
    "help": ("f1",),
    "the keys": ("question_mark",),
    "the palette": ("ctrl+p",),
    "an explanation": ("up", "enter"),
    "a long explanation": ("up", "up", "up", "enter"),
    "the gallery": ("ctrl+g",),
    "confusion": ("percent_sign",),
    "what to open": ("ctrl+o",),
    "the share code": ("x",),
    "changes": ("m", "M"),
}


async def test_every_dialog_has_a_title_its_keys_and_whole_texts() -> None:
    size, scrolls = (60, 20), set()
    async with running(Experiment("circle"), size) as (app, pilot):
        for name, keys in DIALOGS.items():
            await press(app, pilot, *keys)
            assert app.screen is not app.frame_screen, name
            box = next(w for w in app.screen.walk_children() if w.border_title)
            assert box.styles.padding.width == 4, name
            assert box.styles.border_title_style.bold, name
            assert re.search("esc (closes|cancels)", str(box.border_subtitle)), name
            if isinstance(app.screen, Page):  # only one that scrolls says so
                assert ("scroll" in str(box.border_subtitle)) == (box.max_scroll_y > 0), name
                scrolls.add(box.max_scroll_y > 0)
            rows = text(app).splitlines()[box.region.y : box.region.bottom]
            shown = [row[box.region.x : box.region.right] for row in rows]
            assert not any("…" in row for row in shown), (name, shown)
            if isinstance(app.screen, Ask):
                assert " ".join(app.screen.prompt.split()) in " ".join(
                    " ".join(row.strip("│ ") for row in shown).split()
                )
            assert box.region.bottom <= size[1] and box.region.right <= size[0]
            while app.screen is not app.frame_screen:
                await press(app, pilot, "escape")
            await press(app, pilot, "1")
    assert scrolls == {True, False}
