"""Large files: the same table with and without pyarrow, and from Parquet."""

import sys
from pathlib import Path

import numpy as np
import pytest

from engine.data.reading import large, parts
from engine.data.reading.read import read_table
from engine.data.reading.table import Table
from engine.errors import DataError

ROWS = 30_000


def content(seed: int = 0) -> bytes:
    rng = np.random.default_rng(seed)
    x, k = rng.normal(size=ROWS).tolist(), rng.integers(0, 1000, ROWS).tolist()
    rows = (
        f"r{i},{x[i]},{k[i] if k[i] % 7 else 'NA'},{'uvw'[k[i] % 3]},0.1000000000000000000{i % 10}"
        for i in range(ROWS)
    )
    return ("name,x,k,g,long\n" + "\n".join(rows) + "\n").encode()


def same(one: Table, other: Table) -> None:
    assert (one.names, len(one), one.notes) == (other.names, len(other), other.notes)
    assert [*one.lines] == [*other.lines]
    for a, b in zip(one.columns, other.columns, strict=True):
        assert tuple(a.cells) == tuple(b.cells)
        if a.values is None:
            assert b.values is None
        else:
            np.testing.assert_array_equal(a.values, b.values)
        np.testing.assert_array_equal(a.missing is None, b.missing is None)
        if a.missing is not None:
            np.testing.assert_array_equal(a.missing, b.missing)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "big.csv"
    path.write_bytes(content())
    return path


def test_a_file_read_in_many_parts_is_the_table_of_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "TOP", 1 << 30)
    whole = read_table(path)
    monkeypatch.setattr(parts, "TOP", 2000)
    monkeypatch.setattr(parts, "PART", 5000)
    same(read_table(path), whole)
    column = whole.columns[4]
    assert (column.cells[7], column.cells[-1]) == ("0.10000000000000000007", column.cells[9])


@pytest.mark.parametrize(
    ("row", "said"),
    [("1,2\n", "row 30002 has 2 cells, but row 1 has 5"), ("a,b,c,d,1\n", "")],
)
def test_a_fault_far_below_is_found(path: Path, row: str, said: str) -> None:
    path.write_bytes(content() + row.encode())
    if said:
        with pytest.raises(DataError, match=said):
            read_table(path)
    else:
        assert "row 30002, column 'x': 'b' is not a number" in read_table(path).columns[1].fault


def test_pyarrow_reads_the_same_table(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow")
    own = read_table(path)
    monkeypatch.setattr("engine.data.reading.read.LARGE", 1000)
    assert large.large_table(str(path), path.read_bytes(), large.ReadOptions()) is not None
    same(read_table(path), own)
    for end in ("1,2\n", "a,b,c,d,1\n", ",,,,\n", "\n", '"a\nb",1,2,u,3\n', "# no row\n"):
        path.write_bytes(content() + end.encode())
        table = large.large_table(str(path), path.read_bytes(), large.ReadOptions())
        assert table is None, end  # it is left to the other reader


def test_without_pyarrow_parquet_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "d.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"pip install 'nn-explore\[parquet\]'"):
        read_table(tmp_path / "d.parquet")


def test_parquet_is_read_as_its_csv_is(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from datetime import date

    from pyarrow import parquet

    columns = {
        "x": pa.array([1.5, None, float("nan"), 4.0]),
        "n": pa.array([1, 2**60, 3, 4]),
        "g": pa.array(["u", "v", None, "u"]).dictionary_encode(),
        "when": pa.array([date(2021, 3, 4), date(2021, 3, 6), None, date(2021, 3, 4)]),
        "list": pa.array([[1], [2], [3], [4]]),
        "__index_level_0__": pa.array(["a", "b", "c", "d"]),
    }
    parquet.write_table(pa.table(columns), tmp_path / "d.parquet")
    names, x, n, g, when, lists = read_table(tmp_path / "d.parquet").columns
    assert (names.name, names.cells) == ("", ("a", "b", "c", "d"))
    np.testing.assert_array_equal(x.values, [1.5, np.nan, np.nan, 4.0])
    assert n.cells[1] == str(2**60)
    assert (g.levels, g.missing.tolist()) == (("u", "v"), [False, False, True, False])
    np.testing.assert_array_equal(when.values, [0.0, 2.0, np.nan, 0.0])
    assert "neither numbers nor text" in lists.fault
    (tmp_path / "e.parquet").write_bytes(b"no Parquet")
    with pytest.raises(DataError, match="is no Parquet file"):
        read_table(tmp_path / "e.parquet")
