"""One table in every layout that programs write; and what is told where a file can be read in two
ways."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.reading.options import ReadOptions
from engine.data.reading.read import read_table
from engine.data.reading.table import Table
from engine.errors import DataError


def read(content: str | bytes, name: str = "data.csv", **options: object) -> Table:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_table(path, ReadOptions(**options))  # type: ignore[arg-type]


def plain(table: Table) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(c.name, tuple(c.cells), c.values is not None) for c in table.columns]


WANTED = [("x", ("1.5", "-2", "3.25"), True), ("g", ("u", "v", "u"), False)]


@pytest.mark.parametrize(
    "content",
    [
        "x,g\n1.5,u\n-2,v\n3.25,u\n",
        "x;g\n1,5;u\n-2;v\n3,25;u\n",
        "x\tg\n1,5\tu\n−2\tv\n3,25\tu\n",
        '"x","g"\n"1,5","u"\n"-2","v"\n"3,25","u"\n',
        "x|g\n1.5|u\n-2|v\n3.25|u\n",
        "x g\n1.5   u\n -2 v \n3.25\tu\n",
        '"x" "g"\n1.5 "u"\n-2 "v"\n3.25 "u"\n',
        "sep=;\nx;g\n1,5;u\n-2;v\n3,25;u\n",
        '# made by hand\n# in "spring\nx,g\n1.5,u\n# and more, of it, here\n-2,v\n3.25,u\n',
        "Table 3: yields\n\nx,g\n1.5,u\n-2,v\n3.25,u\n",
        "Table 3: yields,\nx,g\n1.5,u\n-2,v\n3.25,u\n",
        "x,g\nkg,\n1.5,u\n-2,v\n3.25,u\n",
        "x,g,\n1.5,u,\n-2,v,\n3.25,u,\n",
        "x,g\n1.5,u,\n-2,v,\n3.25,u,\n",
        "x,g\n1.5,u\n,\n-2,v\n3.25,u\n,\n,\n",
        "x,g\n1.5 %,u\n-2 %,v\n3.25 %,u\n",
        "x,g\n$1.5,u\n-$2,v\n$3.25,u\n",
    ],
)
def test_the_same_table_in_every_layout(content: str) -> None:
    assert plain(read(content)) == WANTED


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_every_unicode_is_read(encoding: str) -> None:
    assert plain(read("x,g\n1.5,u\n-2,v\n3.25,u\n".encode(encoding))) == WANTED


def test_a_text_that_is_not_utf_8_is_read_as_windows_does_and_told() -> None:
    table = read("x,town\n1,Genève\n2,Köln\n3,Genève\n".encode("latin-1"))
    assert table.columns[1].levels == ("Genève", "Köln")
    assert table.notes == ("the text is not UTF-8: read as Windows-1252 (--encoding)",)
    cyrillic = "x,town\n1,Минск\n2,Омск\n".encode("koi8-r")
    assert read(cyrillic, encoding="koi8-r").columns[1].levels == ("Минск", "Омск")
    with pytest.raises(DataError, match="row 2: byte 0xed is not utf-8; name its encoding"):
        read(cyrillic, encoding="utf-8")


def test_a_header_one_cell_short_names_the_columns_beside_the_names_of_rows() -> None:
    table = read('"mpg","wt"\n"Mazda",21,2.62\n"Datsun",22.8,2.32\n')
    assert table.names == ("", "mpg", "wt")
    assert table.notes == ("row 1 is one cell short: it names the columns from the second on",)


@pytest.mark.parametrize(
    ("content", "options", "value", "note"),
    [
        ("x;y\n1.234;1\n2.345;3\n", {}, 1.234, "'1.234' is read with a decimal point (--decimal ,"),
        ("x;y\n1.234;1\n2.345;3\n", {"decimal": ","}, 1234.0, "'1.234' is read as 1234"),
        ("x;y\n1,234;1\n2,345;3\n", {}, 1.234, "(--decimal . if it is a mark between thousands)"),
        ("x;y\n1,234;1\n2,345;3\n", {"decimal": "."}, 1234.0, "'1,234' is read as 1234"),
        ("x\ty\n1,234\t1\n2,345\t3\n", {}, 1234.0, "(--decimal , if it is a decimal comma)"),
        ("x\ty\n1,234\t0,5\n2,345\t3\n", {}, 1.234, "decimal comma, cells separated by tab"),
        ("x\ty\n1,234\t0.5\n2,345\t3\n", {}, 1234.0, "'1,234' is read as 1234"),
        ('x,y\n"1,234.5",1\n"2,345.5",3\n', {}, 1234.5, "'1,234.5' is read as 1234.5"),
        ("x;y\n1.234,5;1\n2;3\n", {}, 1234.5, "'1.234,5' is read as 1234.5"),
        ("x;y\n1 234;1\n2 000 000;3\n", {}, 1234.0, "'1 234' is read as 1234"),
    ],
)
def test_of_two_readings_of_a_number_one_is_chosen_and_told(
    content: str, options: dict[str, str], value: float, note: str
) -> None:
    table = read(content, **options)
    column = table.columns[0]
    assert column.values is not None and column.values[0] == value
    assert any(note in one for one in (*table.notes, *column.notes))


def test_years_above_other_numbers_are_names_and_other_numbers_are_data() -> None:
    years = "2023,2024,2025\n10,20,30\n5,6,7\n"
    assert read(years).names == ("2023", "2024", "2025")
    (note,) = read(years).notes
    assert note == "row 1 is read as names, although all are numbers: years? (--no-header)"
    assert (len(read(years, header=False)), len(read("3,4\n1,2\n", header=True))) == (3, 1)
    assert len(read("2023,2024\n2024,2025\n1999,1998\n")) == 3  # they are years themselves
    (note,) = read("Mazda,21,6\nDatsun,22,4\n").notes
    assert note == "row 1 is read as names, although some are numbers: 21, 6 (--no-header)"


def test_dates_are_days_since_the_first_and_told() -> None:
    table = read("when,y\n2021-03-04,1\n2021-03-06,2\n2021-03-05T12:00:00Z,3\n,4\n")
    column = table.columns[0]
    np.testing.assert_array_equal(column.values, [0.0, 2.0, 1.5, np.nan])
    assert column.notes == ("column 'when': dates are read as days since 2021-03-04",)
    assert read("when,y\n2021-02-30,1\n2021-03-06,2\n").columns[0].values is None


WORDS = st.text("abcdeé αβ'.-", min_size=1, max_size=6).map(lambda w: "w" + w.strip() + "w")
NUMBERS = st.decimals(-10_000, 10_000, places=2).map(lambda d: f"{d:f}") | st.integers(
    -999, 999
).map(str)
KINDS = st.lists(st.booleans(), min_size=2, max_size=5).filter(any)
DRESS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|", " "]),
        "decimal": st.sampled_from([".", ","]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
        "quoted": st.booleans(),
        "end": st.sampled_from(["\n", "\r\n", "\r"]),
        "empty": st.sampled_from(["", "NA", "n/a", "null", "?", "#N/A"]),
    }
)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), kinds=KINDS, dress=DRESS, seed=st.integers(0, 999))
def test_no_delimiter_mark_encoding_quoting_or_order_changes_a_table(
    data: st.DataObject, kinds: list[bool], dress: dict[str, str], seed: int
) -> None:
    n = data.draw(st.integers(3, 8))
    columns = [
        [*data.draw(st.lists(NUMBERS, min_size=n, max_size=n)), "7", "12.25"]
        if kind
        else data.draw(st.lists(WORDS, min_size=n + 2, max_size=n + 2))
        for kind in kinds
    ]
    columns[kinds.index(True)][n] = None  # a row without any cell would be no row
    names = [f"name {j}" for j in range(len(kinds))]
    expected = dressed(names, columns, ",", ".", "utf-8", True, "\n", "NA")
    rng = random.Random(seed)
    rows, order = rng.sample(range(n + 2), n + 2), rng.sample(range(len(kinds)), len(kinds))
    moved = [[columns[j][i] for i in rows] for j in order]
    if dress["empty"] == "" and dress["delimiter"] == " ":
        dress = dress | {"quoted": True}
    content = dressed([names[j] for j in order], moved, **dress)  # type: ignore[arg-type]
    one, other = read(expected), read(content)
    assert {c.name for c in other.columns} == {c.name for c in one.columns}
    for column in one.columns:
        same, _ = other.without(column.name)
        assert (same.values is None) == (column.values is None)
        if column.values is None:
            assert tuple(same.cells) == tuple(column.cells[i] for i in rows)
        else:
            np.testing.assert_array_equal(same.values, column.values[rows])


def dressed(
    names: list[str],
    columns: list[list[str | None]],
    delimiter: str,
    decimal: str,
    encoding: str,
    quoted: bool,
    end: str,
    empty: str,
) -> bytes:
    """The content of a file with these columns."""

    def cell(text: str | None) -> str:
        text = empty if text is None else text
        if text[-1:].isdigit():
            text = text.replace(".", decimal)
        needed = {delimiter, '"', "'"} & {*text} or not text
        return '"' + text.replace('"', '""') + '"' if quoted or needed else text

    rows = [names, *map(list, zip(*columns, strict=True))]
    lines = [delimiter.join(map(cell, row)) for row in rows]
    return (end.join(lines) + end).encode(encoding)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode), st.integers(0, 60))
def test_a_damaged_file_is_a_table_or_one_line(damage: bytes, place: int) -> None:
    good = b"a,b,c\n1,2.5,u\n3,4.5,v\n5,6.5,u\n7,8.5,v\n9,1.5,u\n"
    try:
        table = read(good[:place] + damage + good[place:])
    except DataError as error:
        said = str(error)
        table = None
    if table is None:
        assert "\n" not in said
        return
    assert {len(column.cells) for column in table.columns} == {len(table)} == {len(table.lines)}
    for column in table.columns:
        assert "\n" not in column.fault
        if column.values is not None:
            missing = np.zeros(len(table), bool) if column.missing is None else column.missing
            assert (np.isfinite(column.values) == ~missing).all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("delimiter=ab", "it is one character"), ("decimal=x", "it is . or ,"),
        ("header=perhaps", "yes or no"), ("encoding=zlib", "no encoding of text"),
        ("encoding=nothing", "not known"), ("colour=red", "write delimiter=; decimal=,"),
        ("delimiter=, decimal=,", "a comma cannot separate"),
    ],
)  # fmt: skip
def test_options_that_are_not_possible_are_told(text: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        ReadOptions.from_text(text)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["delimiter=tab decimal=, header=no encoding=utf-16",
                                  "delimiter=blanks", "header=yes", ""])  # fmt: skip
def test_options_in_one_line_are_read_again(text: str) -> None:
    assert ReadOptions.from_text(text).text == text
