"""Names of the data as the screens draw them: wide ones keep their characters, none is ?????."""

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from screen import press, running, text

from engine import Experiment, load_dataset
from engine.data.dataset import Dataset
from tui.drawing.cells import cell_count, unpadded
from tui.model.shown_names import with_shown_names

HEAD = ["面积（平方米）", "楼层", "築年数", "色", "価格"]
ROWS = [
    [52, 3, 12, "赤", 31],
    [70, 12, 5, "青", 52],
    [45, 2, 30, "赤", 17],
    [88, 20, 3, "青", 89],
    [61, 7, 18, "緑", 29],
    [39, 1, 41, "緑", 11],
    [77, 9, 9, "赤", 54],
    [95, 15, 2, "青", 91],
]


@pytest.fixture
def houses(tmp_path: Path) -> str:
    path = tmp_path / "houses.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *ROWS])
    return str(path)


@cache
def loaded(name: str) -> Dataset:
    return load_dataset(name, data_seed=0, split_seed=0)


def test_names_take_a_character_a_cell_and_stay_what_they_are(houses: str) -> None:
    data = loaded(houses)
    shown = with_shown_names(data, ascii=False)
    names = shown.feature_names
    assert [unpadded(name) for name in names] == [*data.feature_names]
    assert all(len(name) == cell_count(name) for name in names)
    assert with_shown_names(shown, ascii=False) is shown
    circle = loaded("circle")
    assert with_shown_names(circle, ascii=False) is circle


def test_in_ascii_a_name_that_it_cannot_spell_is_called_by_its_place(houses: str) -> None:
    shown = with_shown_names(loaded(houses), ascii=True)
    assert shown.feature_names == (
        *("col1", "col2", "col3"),
        *("col4=c1", "col4=c2", "col4=c3"),
    )
    assert shown.target == "target"
    assert with_shown_names(shown, ascii=True) is shown
    assert shown.notes[-1] == "col1, col2, col3: columns of the file that ASCII cannot spell"
    assert with_shown_names(loaded(houses), ascii=False).notes == loaded(houses).notes
    curved = loaded("circle").with_features(("x1", "x1^2", "x1*x2", "sin(x2)"))
    assert with_shown_names(curved, ascii=True).feature_names == ("x1", "x1^2", "x1x2", "sin x2")


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=4)


@settings(max_examples=20)
@given(st.lists(NAMES, min_size=2, max_size=4, unique=True))
def test_in_ascii_names_stay_different(names: list[str]) -> None:
    data = loaded("longley")
    count = len(data.feature_names)
    features = (*names, *(f"other {i}" for i in range(count)))[:count]
    shown = with_shown_names(replace(data, feature_names=features), ascii=True).feature_names
    assert len(set(shown)) == count
    assert all(name.isascii() for name in shown)


@pytest.mark.parametrize("ascii", [False, True])
async def test_every_screen_has_the_names_and_no_row_is_shifted(houses: str, ascii: bool) -> None:
    experiment = Experiment(dataset=houses, hidden=(3,))
    async with running(experiment, (100, 30), ascii=ascii) as (app, pilot):
        for screen in "15" if ascii else "14":
            await press(app, pilot, screen)
            shown = text(app)
            for strip in app.screen._compositor.render_strips(app.size):
                assert strip.cell_length == cell_count(strip.text) == 100
            assert "???" not in shown
            if screen != "2":
                assert any(name in shown for name in (["col"] if ascii else HEAD[:3]))
            assert shown.isascii() or not ascii
        await press(app, pilot, "1", "o", *"feature")
        assert ("col3" if ascii else "築年数") in text(app)
        await press(app, pilot, "escape", "escape", "a")  # its target is typed as a number
        assert app.screen is not app.frame_screen
        await press(app, pilot, *"3100", "enter")
        assert len(app.session.prepared.dataset.X) == len(ROWS) + 1
        await press(app, pilot, "B")
        assert app.session.prepared.dataset.feature_names[0] == (
            "col1" if ascii else with_shown_names(loaded(houses), ascii=False).feature_names[0]
        )
