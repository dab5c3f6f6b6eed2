"""Files from R, pandas and Excel as they are: the fit that R makes of them."""

from pathlib import Path

import numpy as np
import pytest

from engine.data.reading.options import ReadOptions
from engine.errors import DataError
from tui.cli.fit.data import FitRequest, read_data
from tui.cli.fit.model import fit

CASES = Path(__file__).parents[2] / "reference" / "data" / "cases"

# R 4.2: sprintf("%.12g", coef(lm(...))) and nobs; a <- read.csv("airquality.csv", row.names = 1)
REFERENCE = {
    # lm(Ozone ~ Solar.R + Wind, a)
    ("airquality.csv", "Ozone", "Solar.R,Wind", "drop"): (
        111, [77.2460423977, 0.100350617897, -5.40179727279],
    ),
    # lm(Temp ~ Wind + Month, a): missing cells of other columns have no effect
    ("airquality.csv", "Temp", "Wind,Month", "drop"): (
        153, [72.0874941692, -1.06261551399, 2.341596381],
    ),
    # lm(Ozone ~ ifelse(is.na(Solar.R), mean(Solar.R, na.rm = TRUE), Solar.R), a)
    ("airquality.csv", "Ozone", "Solar.R", "mean"): (116, [18.6221376459, 0.127168567083]),
    # lm(weight ~ height, read.table("blanks.txt", header = TRUE))
    ("blanks.txt", "weight", "height", "drop"): (15, [-87.5166666667, 3.45]),
    # lm(weight ~ height, read.table("pipes.dat", sep = "|", header = TRUE))
    ("pipes.dat", "weight", "height", "drop"): (15, [-87.5166666667, 3.45]),
    # lm(score ~ age + group, read.csv2("decimal_comma.csv"))
    ("decimal_comma.csv", "score", "age,group", "drop"): (
        6, [-1.25847457627, 0.138014527845, -0.319410815174],
    ),
    # lm(mpg ~ wt + hp, read.table("header_one_short.csv", sep = ",", header = TRUE))
    ("header_one_short.csv", "mpg", "wt,hp", "drop"): (
        32, [37.2272701164, -3.8778307424, -0.0317729469822],
    ),
    # lm(X2025 ~ X2023 + X2024, read.csv("years_as_header.csv"))
    ("years_as_header.csv", "2025", "2023,2024", "drop"): (
        5, [-2.57623037658, -0.491669074449, 1.85351054608],
    ),
    # n <- function(x) as.numeric(gsub("[%, ]", "", x))
    # lm(n(churn) ~ n(lost), read.csv("thousands_and_percent.csv"))
    ("thousands_and_percent.csv", "churn", "lost", "drop"): (
        5, [46.5026363924, -1.22691250357e-07],
    ),
    # lm(y ~ country, read.csv("na_in_text.csv", na.strings = ""))
    ("na_in_text.csv", "y", "country", "level"): (5, [2.66666666667, 0.833333333333]),
}  # fmt: skip


@pytest.mark.parametrize("case", REFERENCE, ids=lambda case: f"{case[0]}-{case[1]}-{case[3]}")
def test_a_file_of_another_program_gives_the_fit_that_r_makes_of_it(case):
    name, target, features, na = case
    rows, coefficients = REFERENCE[case]
    request = FitRequest(str(CASES / name), target, (features,), na=na)
    data = read_data(request)
    assert len(data) == rows
    np.testing.assert_allclose(fit(data, request).coefficients, coefficients, rtol=1e-10)


def request_of(tmp_path, content, *arguments, **options):
    path = tmp_path / "own.csv"
    path.write_bytes(content.encode())
    return FitRequest(str(path), *arguments, **options)


def test_what_was_left_out_is_counted_and_told():
    request = FitRequest(str(CASES / "airquality.csv"), "Ozone", ("Solar.R", "Wind"))
    data = read_data(request)
    assert data.left_out == {"Ozone": 37, "Solar.R": 7}
    assert "42 of 153 rows left out: Ozone 37, Solar.R 7" in data.notes
    assert data.row(4) == "row 8 ('7')"  # rows 5 and 6 of the table are left out


def test_only_columns_that_are_used_are_checked(tmp_path):
    cities = "".join(
        f"c{i % 59},{i},{i * i},{'rotary' if i == 7 else i % 5},\n" for i in range(118)
    )
    request = request_of(tmp_path, "city,x,y,cyl,empty\n" + cities, "y", ("x",))
    assert [column.name for column in read_data(request).inputs] == ["x"]
    with pytest.raises(DataError, match="'city': it has 59 categories, more than 50"):
        read_data(request_of(tmp_path, "city,x,y,cyl,empty\n" + cities, "y", ("x", "city")))
    with pytest.raises(DataError, match=r"row 9, column 'cyl': 'rotary' is not a number"):
        read_data(request_of(tmp_path, "city,x,y,cyl,empty\n" + cities, "y", ("x", "cyl")))
    with pytest.raises(DataError, match="'empty' is empty; choose another one"):
        read_data(request_of(tmp_path, "city,x,y,cyl,empty\n" + cities, "empty", ("x",)))


@pytest.mark.parametrize("features", [("Weight, kg", "g"), ("Weight, kg,g",), ("g,Weight, kg",)])
def test_names_may_have_commas_in_them(tmp_path, features):
    content = '"Weight, kg",g,y\n1,2,3\n2,1,5\n3,5,4\n4,3,9\n'
    data = read_data(request_of(tmp_path, content, "y", features))
    assert {column.name for column in data.inputs} == {"Weight, kg", "g"}
    with pytest.raises(DataError, match="there are: 'Weight, kg', g"):
        read_data(request_of(tmp_path, content, "y", ("h",)))


def test_how_a_file_is_read_can_be_said(tmp_path):
    content = "2023;2024\n1,234;5\n2,345;7\n3,456;8\n"
    options = ReadOptions(decimal=".", header=False)
    data = read_data(request_of(tmp_path, content, options=options))
    assert data.inputs[0].values.tolist() == [2023.0, 1234.0, 2345.0, 3456.0]
