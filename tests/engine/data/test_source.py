"""Data sources: which texts are files, and their paths as seen from a folder."""

import os
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import engine
from engine.data.source import Builtin, File, source

texts = st.text(st.sampled_from("ab.-/\\: é"), min_size=1) | st.sampled_from([*engine.DATASETS])
segments = st.text(st.sampled_from("ab-é"), min_size=1, max_size=3)
below = st.lists(segments, min_size=1, max_size=3).map("/".join)
"""Paths of files without an ending, as built-in sets are named."""

FOLDER = Path(os.path.abspath(os.sep), "home", "lab")


def test_a_text_with_a_separator_or_an_ending_is_a_file() -> None:
    assert {type(source(name)) for name in engine.DATASETS} == {Builtin}
    assert {type(source(name)) for name in ("./circle", "a.csv", "a/b", "d.dat", "..\\d")} == {File}


@pytest.mark.parametrize("name", ["circle", "d", "d.dat"])
def test_a_path_is_a_file_whatever_its_name(name: str) -> None:
    assert isinstance(source(Path(name)), File)
    assert Path(str(source(Path(name)))) == Path(name)


@given(texts)
def test_the_text_of_a_source_makes_the_same_source(text: str) -> None:
    assert str(source(text)) == text
    assert source(str(source(text).located(FOLDER))) == source(text).located(FOLDER)


@given(below)
def test_a_file_below_a_folder_is_found_again_by_its_path_from_there(path: str) -> None:
    file = source(Path(path)).located(FOLDER)
    assert str(file) == str(FOLDER / path)
    assert str(file.relative_to(FOLDER)) == f"./{path}"
    assert file.relative_to(FOLDER).located(FOLDER) == file


@given(below, below)
def test_a_file_elsewhere_keeps_its_absolute_path(path: str, folder: str) -> None:
    assume(not f"{path}/".startswith(f"{folder}/"))
    file = source(FOLDER / path)
    assert file.relative_to(FOLDER / folder) == file == file.located(FOLDER / folder)


@pytest.mark.parametrize(
    "text", [*engine.DATASETS, "/data/x.csv" if os.name == "nt" else r"C:\data\x.csv"]
)
def test_a_built_in_set_and_a_path_of_another_system_are_the_same_from_any_folder(text) -> None:
    assert source(text).located(FOLDER) == source(text).relative_to(FOLDER) == source(text)


def test_a_source_is_shown_without_its_folder() -> None:
    assert source("data/cars.csv").short_name == "cars.csv"
    assert source("data/cars.csv").stem == "cars"
    assert source("anscombe-1").short_name == source("anscombe-1").stem == "anscombe-1"


def test_series_are_in_the_order_of_time_and_files_have_an_order_of_their_own() -> None:
    # Longley: 1947 … 1962; Brownlee: 21 days of one plant, one after the other. All others are
    # samples, designs, or sorted by a value (cars by speed, challenger by temperature).
    # Of the generated sets only the autocorrelated one is a series.
    ordered = {name for name in engine.DATASETS if source(name).rows_have_order}
    assert ordered == {"longley", "stackloss", "autocorrelated"}
    assert source("own.csv").rows_have_order
