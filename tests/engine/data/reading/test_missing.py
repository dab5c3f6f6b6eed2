"""Rows with missing cells are left out and counted, refused, or filled in, as is told."""

from pathlib import Path

import numpy as np
import pytest

from engine.data.datasets import load_dataset
from engine.data.reading.missing import complete
from engine.data.reading.numbers import MISSING
from engine.data.reading.read import read_table
from engine.data.reading.table import Column, Table
from engine.errors import DataError

CONTENT = "id,g,x,y,z\n1,u,1,10,\n2,NA,2,20,5\n3,v,,30,oops\n4,u,4,NA,7\n5,v,9,50,8\n"


@pytest.fixture
def table(tmp_path: Path) -> Table:
    path = tmp_path / "data.csv"
    path.write_bytes(CONTENT.encode())
    return read_table(path)


def named(table: Table, *names: str) -> list[Column]:
    return [table.without(name)[0] for name in names]


@pytest.mark.parametrize("word", sorted({*MISSING, "N/A", "NaN", "None", "NULL", "#N/A"}))
def test_every_word_for_nothing_is_missing_in_numbers_and_in_text(
    tmp_path: Path, word: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(f'x,g\n1,u\n"{word}","{word}"\n3,v\n4,u\n"{word}",u\n'.encode())
    x, g = read_table(path).columns
    rows = 4 if not word else 5  # a row without any cell is no row
    assert len(x.cells) == rows
    assert x.missing is not None and x.missing.sum() == rows - 3
    assert g.levels == ("u", "v")
    assert (g.missing is None) == (not word)


def test_rows_are_left_out_for_columns_that_are_used_and_counted(table: Table) -> None:
    left = complete(table, named(table, "g", "x", "y"))
    assert left.left_out == {"g": 1, "x": 1, "y": 1}
    assert left.notes[-1] == "3 of 5 rows left out: g 1, x 1, y 1"
    assert left.columns[0].cells == ("1", "5")
    assert [*left.lines] == [2, 6]
    assert complete(table, named(table, "id")) is table


def test_a_missing_cell_can_be_refused_with_its_place(table: Table) -> None:
    with pytest.raises(DataError, match=r"data.csv, row 4, column 'x': a cell is missing"):
        complete(table, named(table, "x"), "error")


def test_a_missing_text_can_be_a_category_of_its_own(table: Table) -> None:
    left = complete(table, named(table, "g", "x"), "level")
    assert left.columns[1].cells == ("u", "NA", "u", "v")
    assert left.notes == (
        "column 'g': 'NA' is a category for 1 missing cell",
        "1 of 5 rows left out: x 1",
    )


def test_a_missing_number_can_be_the_mean_of_the_others_but_no_target_is_filled(
    table: Table,
) -> None:
    x, y = named(table, "x", "y")
    left = complete(table, [x, y], "mean", never_filled=[y])
    assert left.columns[2].cells == ("1", "2", "4.0", "9")  # (1 + 2 + 4 + 9) / 4
    assert left.left_out == {"y": 1}
    assert left.notes[0] == "column 'x': the mean, 4, is put in for 1 missing cell"


def test_no_complete_row_is_told(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"x,y\n1,\n,2\n")
    whole = read_table(path)
    with pytest.raises(DataError, match="has no complete row: missing in x 1, y 1"):
        complete(whole, whole.columns)


def test_a_data_set_has_complete_rows_and_says_what_was_left_out(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(CONTENT.encode())
    data = load_dataset(str(path), target="y", data_seed=0, split_seed=0)
    assert data.feature_names == ("id", "g=u", "g=v", "x")
    assert data.Y[:, 0].tolist() == [10.0, 50.0]
    assert "3 of 5 rows left out: y 1, g 1, x 1" in data.notes
    (fault,) = (note for note in data.notes if "'z'" in note)
    assert fault == (
        "column 'z' is left out: 'oops' is not a number, as most of the column is; correct it, "
        "or delete the row"
    )
    filled = load_dataset(str(path), target="y", na="mean", data_seed=0, split_seed=0)
    assert filled.X[1].tolist() == [3.0, 0.0, 1.0, 4.0]
    again = load_dataset(str(path), target="y", na="level", data_seed=0, split_seed=0)
    assert again.feature_names == ("id", "g=u", "g=NA", "g=v", "x")
    assert np.isfinite(again.X).all()
