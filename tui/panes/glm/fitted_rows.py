"""What was observed beside what the model and the network say, a row for each example or group."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, Ints
from engine.wording import count
from tui.drawing.cells import cell_count
from tui.drawing.grid import cut_names
from tui.drawing.numbers import WIDE, norm, num, spelled, tick
from tui.drawing.table import Column, Sheet, fitting
from tui.drawing.text_lines import Line, Span
from tui.model.frame import Frame
from tui.model.glm.formulas import spelt
from tui.model.glm.observed import shares_of
from tui.model.target_scale import target_of

LEAST_ROWS = 5  # a blank, the heads, and three
NAME, NUMBER = 11, 9  # cells
WIDE_PANE, LONG_NAME = 78, 16  # cells: from there on a name may be so long
DIGITS = 5  # of an input
MAX_INPUTS = 4
MAX_LOOKED_AT = 1000  # numbers of a column


@dataclass(frozen=True, eq=False)
class _Rows:
    """Of each of m groups or examples: a number, the inputs (m, d), n of the group, what was
    observed, μ and the network's ŷ (NaN: of something else). ``chosen`` is that of the example."""

    numbers: Ints
    inputs: Array
    n: Array | None
    observed: Array
    fitted: Array
    network: Array
    chosen: int | None


def fitted_lines(frame: Frame, sheet: Sheet, room: int, has_network: bool) -> list[Line]:
    """As many rows as there is room for, with their heads; the selected example is among them."""
    if room < LEAST_ROWS:
        return []
    rows, palette = _rows(frame, has_network), sheet.palette
    columns = _columns(frame, rows, sheet)
    total, shown = len(rows.observed), room - 2
    first = 0
    if rows.chosen is not None:
        first = min(max(0, rows.chosen - shown // 2), max(0, total - shown))
    lines: list[Line] = [[], [column.placed(Span(column.head, palette.low)) for column in columns]]
    for i in range(first, min(first + shown, total)):
        line = [column.placed(column.cell(i)) for column in columns]
        if i == rows.chosen:
            mark = Span(sheet.glyphs.example, palette.hi)
            line = [mark, Span(line[0].text[1:], palette.hi), *line[1:]]
        lines.append(line)
    return lines


def _rows(frame: Frame, has_network: bool) -> _Rows:
    facts, data = frame.glm, frame.data
    assert facts is not None and facts.fit is not None
    shares = shares_of(facts.model)
    predicted = frame.predicted[:, target_of(frame).unit]
    predicted = predicted if has_network else np.full(len(predicted), np.nan)
    if shares is None:
        at = np.flatnonzero(data.train == frame.example)
        return _Rows(
            numbers=data.train + 1,
            inputs=data.X[data.train],
            n=None,
            observed=facts.model.y,
            fitted=facts.fit.fitted,
            network=predicted[data.train],
            chosen=int(at[0]) if len(at) else None,
        )
    return _Rows(
        numbers=np.arange(len(shares.rows)) + 1,
        inputs=data.X[shares.rows],
        n=shares.trials,
        observed=shares.share,
        fitted=shares.fitted,
        network=predicted[shares.rows],
        chosen=shares.of_row(data.train, frame.example),
    )


def _columns(frame: Frame, rows: _Rows, sheet: Sheet) -> list[Column]:
    """The columns that fit: a number, what is compared, and as many inputs as there is room for."""
    palette, minus = sheet.palette, sheet.glyphs.minus
    mu = spelt("{mu}", sheet.glyphs)
    inputs = frame.data.feature_names
    longest = LONG_NAME if sheet.width >= WIDE_PANE or len(inputs) == 1 else NAME - 1
    names = cut_names(inputs, longest)[:MAX_INPUTS]

    def plain(values: Array, ink: int) -> Column:
        return Column("", NUMBER, lambda i: Span(norm(float(values[i])).strip(), ink))

    def place(j: int) -> Column:
        spell = _alike(rows.inputs[:, j])

        def cell(i: int) -> Span:
            return Span(spell(float(rows.inputs[i, j])), palette.mid)

        return Column(names[j], max(NUMBER, cell_count(names[j]) + 1), cell)

    def signed(i: int) -> Span:
        residual = float(rows.observed[i] - rows.fitted[i])
        return Span(num(residual, WIDE).strip(), palette.ink(residual))

    def headed(head: str, column: Column) -> Column:
        return Column(head, max(NUMBER, cell_count(head) + 1), column.cell)

    n = rows.n
    if n is None:
        columns = [Column("", 6, lambda i: Span(count(int(rows.numbers[i])), palette.mid))]
    else:  # which group it is, its inputs say
        columns = [Column("", 2, lambda i: Span("", palette.mid))]
        columns.append(Column("n", 6, lambda i: Span(count(int(n[i])), palette.mid)))
    columns += [
        headed("observed", plain(rows.observed, palette.hi)),
        headed(mu, plain(rows.fitted, palette.hi)),
        headed(f"{minus} {mu}", Column("", NUMBER, signed)),
    ]
    free = sheet.width - sum(column.width for column in columns)
    now = headed("network", plain(rows.network, palette.mid))
    if np.isfinite(rows.network).any() and free >= NAME + now.width:  # with an input at least
        columns.append(now)
        free -= now.width
    columns[1:1] = fitting([place(j) for j in range(len(names))], free)
    return fitting(columns, sheet.width)


def _alike(values: Array) -> Callable[[float], str]:
    """Writes the numbers of a column with the same decimals, if they have few."""
    texts = [tick(value, digits=DIGITS) for value in np.unique(values)[:MAX_LOOKED_AT].tolist()]
    if any("e" in text or len(text) >= NUMBER for text in texts):
        return lambda value: norm(value).strip()
    places = max((len(text.partition(".")[2]) for text in texts), default=0)
    whole = max((len(text.partition(".")[0]) for text in texts), default=1)
    if whole + 1 + places >= NUMBER:
        return lambda value: norm(value).strip()
    return lambda value: spelled(f"{value:.{places}f}")
