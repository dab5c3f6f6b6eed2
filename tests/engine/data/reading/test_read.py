"""Tables from files: what is read as what, and what a user is told about a bad file."""

import os
from pathlib import Path

import numpy as np
import pytest

from engine.data.reading.missing import complete
from engine.data.reading.read import read_table
from engine.data.reading.table import Table
from engine.errors import DataError


def table_of(folder: Path, content: str | bytes, name: str = "data.csv") -> Table:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data.csv", "a,b\n1,2.5\n-3,4e2\n"),
        ("data.csv", "a;b\n1;2.5\n-3;4e2\n"),
        ("data.txt", "a\tb\n1\t2.5\n-3\t4e2\n"),
        ("data.TSV", "a\tb\n1\t2.5\n-3\t4e2\n"),
        ("data.csv", '"a", "b"\r\n"1", 2.5\r\n\r\n -3 ,"4e2"'),
        ("data.csv", "\ufeffa,b\n1,2.5\n-3,4e2\n"),
        ("data.csv", "a,b\r1,2.5\r-3,4e2\r"),
        ("data.csv", "a,b\n1,2.5\n−3,4e2\n"),
    ],
    ids=["comma", "semicolon", "tab", "tsv", "quotes-crlf-blank-line", "bom", "cr", "minus sign"],
)
def test_the_same_table_in_every_dress(tmp_path: Path, name: str, content: str) -> None:
    table = table_of(tmp_path, content, name)
    assert table.names == ("a", "b")
    assert len(table) == 2
    values = [column.values for column in table.columns]
    np.testing.assert_array_equal(values, [[1.0, -3.0], [2.5, 400.0]])


def test_every_digit_of_the_text_is_kept(tmp_path: Path) -> None:
    table = table_of(tmp_path, "x,y\n0.10000000000000000001,1\n2,3\n")
    assert table.columns[0].cells == ("0.10000000000000000001", "2")


@pytest.mark.parametrize(
    ("content", "names", "rows"),
    [
        ("1,2\n3,4\n", ("x1", "x2"), 2),
        ("1,red\n2,blue\n3,red\n", ("x1", "x2"), 3),  # red recurs: a category, not a name
        ("country,1990\nChad,2\nPeru,4\n", ("country", "1990"), 2),
        (",1990\na,2\nb,4\n", ("", "1990"), 2),
        ("a,b\nu,v\nw,v\n", ("a", "b"), 2),
        ("a,b\na,v\nw,b\n", ("a", "b"), 2),  # only text: the first row names
        ("n,,y\n1,2,3\n4,5,6\n", ("n", "x2", "y"), 2),
    ],
)
def test_the_first_row_is_names_unless_it_could_be_data(
    tmp_path: Path, content: str, names: tuple[str, ...], rows: int
) -> None:
    table = table_of(tmp_path, content)
    assert (table.names, len(table)) == (names, rows)


@pytest.mark.parametrize("name", ["2020-01-31", "31.1.2020", "12:30", "10.0.0.1", "v2", "<5"])
def test_what_only_begins_like_a_number_is_text(tmp_path: Path, name: str) -> None:
    assert table_of(tmp_path, f"when,y\n{name},1\n{name}x,2\n").columns[0].values is None


def test_a_first_row_that_is_data_is_told(tmp_path: Path) -> None:
    assert table_of(tmp_path, "a,b\n2019,2020\n1,2\n").notes == ()
    (note,) = table_of(tmp_path, "219,220\n1,2\n").notes
    assert note == "row 1 is read as data, not as names: the columns are x1 … x2 (--header)"


def test_a_column_with_few_numbers_is_text(tmp_path: Path) -> None:
    table = table_of(tmp_path, "rooms,y\nNA,1\none,2\n2,3\n3+,4\n")
    assert table.columns[0].values is None
    assert table.columns[0].levels == ("one", "2", "3+")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"PK\x03\x04\0\0", "is binary"),
        ("a,b\n", "no rows of data"),
        ("a,b,c\n1,2,3\n4,5\n", "row 3 has 2 cells, but row 1 has 3"),
        ('a,b\n"two\nlines",2\n4,5,6\n', "row 4 has 3 cells, but row 1 has 2"),
        ("a,b,c\n1,2\n3,4\n", "row 2 has 2 cells, but row 1 has 3"),
        ("a,b,a\n1,2,3\n4,5,6\n", "columns 1 and 3 are both named 'a'"),
        ('x,y\n1,2\n3,"4\n5,6\n', "row 3: unexpected end of data"),
        ('x y\n1 2\n3 "4\n5 6\n', "row 3: check its quotation marks"),
    ],
)
def test_what_is_no_table_is_told_in_one_line_with_its_place(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    with pytest.raises(DataError) as caught:
        table_of(tmp_path, content)
    is_one_line(str(caught.value), said, tmp_path)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("x,y\n1,2\n3,4\n1O,6\n", "x", "row 4, column 'x': '1O' is not a number"),
        ("x,y\n1,-inf\n3,4\n", "y", "row 2, column 'y': '-inf' is not a finite number"),
        ("x,y\n1,1e999\n3,4\n", "y", "row 2, column 'y': '1e999' is not a finite number"),
        ("x;y\n1.5;2,5\n3;4.25\n", "y", "row 2, column 'y': '2,5' has a decimal comma"),
        ("x,y\n1,2\n3," + "q" * 500 + "\n", "y", "row 3, column 'y': 'qqqq"),
        ("x,y\n1,a\n2,5\n3,b\n4,6\n", "y", "as most of the column is; correct it, or delete"),
    ],
)
def test_a_fault_is_kept_in_its_column_and_said_where_that_is_used(
    tmp_path: Path, content: str, name: str, said: str
) -> None:
    table = table_of(tmp_path, content)
    faulty, others = table.without(name)
    assert not any(column.fault for column in others.columns)
    complete(table, others.columns)
    with pytest.raises(DataError) as caught:
        complete(table, [faulty])
    is_one_line(str(caught.value), said, tmp_path)


def is_one_line(message: str, said: str, folder: Path) -> None:
    assert said in message
    assert "data.csv" in message
    assert "\n" not in message
    assert len(message) < 220 + len(str(folder))


@pytest.mark.parametrize(
    ("name", "said"),
    [("absent.csv", "there is no file"), (".", "is a folder"), ("\0.csv", "cannot be read")],
)
def test_a_path_that_is_no_file_is_told_in_one_line(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        read_table(f"{tmp_path}/{name}")
    assert "\n" not in str(caught.value)


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, flags: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "data.csv").touch()
    monkeypatch.setattr(os, "open", refuse)  # chmod would not stop a superuser
    with pytest.raises(DataError, match="may not be read"):
        read_table(tmp_path / "data.csv")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DataError, match="is a pipe"):
        read_table(tmp_path / "pipe.csv")
