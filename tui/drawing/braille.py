"""Rasterising strokes: curves into braille dots, straight lines into pixels."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STRAIGHT = 0.55  # the part of an edge between the two handles of its cubic
CURVE_SAMPLES = 48
BRAILLE = 0x2800
BRAILLE_BITS = np.array([1, 8, 2, 16, 4, 32, 64, 128])  # of a cell's dots, row by row


def edge_widths(strengths: ArrayLike) -> Ints:
    """Widths in dots for |w|/max in 0 … 1: 0 (one dot in three), 1, 2 or 3."""
    return np.searchsorted((0.15, 0.3, 0.65), np.asarray(strengths), side="right")


def curve_dots(
    width: int, height: int, starts: ArrayLike, ends: ArrayLike, widths: ArrayLike
) -> Ints:
    """Owners (4·height, 2·width) of the dots of n curves that leave and arrive level.

    ``starts`` and ``ends`` (n, 2) are x, y in dots, ``widths`` (n,) as from ``edge_widths``.
    Where curves meet, the last owns the dot: give the weakest first.
    """
    start = np.asarray(starts, dtype=np.float64).reshape(-1, 2)
    span = np.asarray(ends, dtype=np.float64).reshape(-1, 2) - start
    t, along = _curve()
    xs = start[:, :1] + span[:, :1] * along
    ys = start[:, 1:] + span[:, 1:] * t**2 * (3 - 2 * t)
    return _dots_along(width, height, xs, ys, widths)


def risen_at(shares: ArrayLike) -> Floats:
    """How far a curve of ``curve_dots`` has come from its start's y to its end's, 0 … 1, at these
    shares of its way along x."""
    t, along = _curve()
    return np.interp(np.asarray(shares, dtype=np.float64), along, t**2 * (3 - 2 * t))


def _curve() -> tuple[Floats, Floats]:
    """Samples of a curve's parameter, 0 … 1, and how far it has come along x."""
    t = np.linspace(0.0, 1.0, CURVE_SAMPLES)
    handle = (1 - STRAIGHT) / 2
    return t, 3 * t * (1 - t) * (handle * (1 - t) + (1 - handle) * t) + t**3


def line_dots(width: int, height: int, segments: ArrayLike, widths: ArrayLike) -> Ints:
    """Like ``curve_dots``, of straight ``segments`` (n, 4): x0, y0, x1, y1 in dots from the top
    left corner; dot (i, j) is the square [j, j + 1] × [i, i + 1]."""
    ends = np.asarray(segments, dtype=np.float64).reshape(-1, 4) - 0.5
    return _dots_along(width, height, ends[:, 0::2], ends[:, 1::2], widths)


def _dots_along(width: int, height: int, xs: Floats, ys: Floats, widths: ArrayLike) -> Ints:
    """Owners (4·height, 2·width) of the dots of n lines through samples x, y (n, m ≥ 2)."""
    owners = np.full((4 * height, 2 * width), -1, dtype=np.int64)
    if len(xs) == 0:
        return owners
    # In a metric in which all eight neighbours are 1 away, unit steps leave no gap and turn no
    # corner. The curves are laid end to end, so that one interpolation walks them all.
    slopes = np.abs(np.diff(xs)), np.abs(np.diff(ys))
    steps = np.concatenate([np.zeros((len(xs), 1)), np.maximum(*slopes)], axis=1)
    length = steps.sum(axis=1)
    counts = np.ceil(length).astype(np.int64) + 1
    steps[1:, 0] = 1
    travelled = np.cumsum(steps)
    curve, i = _ragged(counts)
    first = travelled.reshape(xs.shape)[:, 0]
    walk = first[curve] + i * (length / np.maximum(counts - 1, 1))[curve]
    columns = np.rint(np.interp(walk, travelled, xs.ravel())).astype(np.int64)
    rows = np.rint(np.interp(walk, travelled, ys.ravel())).astype(np.int64)
    steepness = np.abs(np.gradient(ys, axis=1)) - np.abs(np.gradient(xs, axis=1))
    steep = np.interp(walk, travelled, steepness.ravel()) > 0

    dots = np.asarray(widths)[curve]
    for offset, drawn in ((0, (dots > 0) | (i % 3 == 0)), (1, dots > 1), (-1, dots > 2)):
        r, c = rows + offset * ~steep, columns + offset * steep
        inside = drawn & (r >= 0) & (r < len(owners)) & (c >= 0) & (c < owners.shape[1])
        np.maximum.at(owners, (r[inside], c[inside]), curve[inside])
    return owners


def line_coverage(width: int, height: int, segments: ArrayLike, thickness: float = 0.9) -> Floats:
    """How much of each pixel (height, width) the lines cover, 0 … 1.

    ``segments`` (m, 4) are x0, y0, x1, y1 in pixels from the top left corner; pixel (i, j) is
    the square [j, j + 1] × [i, i + 1]. Exact for level and upright lines, except at their ends,
    which are round.
    """
    coverage = np.zeros((height, width))
    ends = np.asarray(segments, dtype=np.float64).reshape(-1, 2, 2)
    steep = np.abs(ends[:, 1, 1] - ends[:, 0, 1]) > np.abs(ends[:, 1, 0] - ends[:, 0, 0])
    ends = np.where(steep[:, None, None], ends[:, :, ::-1], ends)  # now u, v with |dv| ≤ |du|
    backwards = ends[:, 0, 0] > ends[:, 1, 0]
    ends = np.where(backwards[:, None, None], ends[:, ::-1], ends)

    # only the pixels beside a line: for each column u that it meets, a few v about its height
    sizes = np.where(steep, height, width)
    first = np.clip(np.floor(ends[:, 0, 0] - thickness), 0, sizes)
    last = np.clip(np.floor(ends[:, 1, 0] + thickness) + 1, first, sizes)
    line, i = _ragged((last - first).astype(np.int64))
    u0, v0 = ends[line, 0].T
    du, dv = (ends[line, 1] - ends[line, 0]).T
    u = first[line] + i
    v_line = np.floor(v0 + dv / np.where(du > 0, du, 1.0) * (u + 0.5 - u0))
    reach = int(np.ceil((0.5 + thickness / 2) * 2**0.5 - 0.5))
    for v in (v_line + k for k in range(-reach, reach + 1)):
        from_u, from_v = u + 0.5 - u0, v + 0.5 - v0
        along = (from_u * du + from_v * dv) / np.maximum(du**2 + dv**2, 1e-300)
        along = np.clip(along, 0.0, 1.0)
        distance = np.hypot(from_u - along * du, from_v - along * dv)
        covered = np.clip(0.5 + thickness / 2 - distance, 0.0, min(thickness, 1.0))
        row, column = np.where(steep[line], u, v), np.where(steep[line], v, u)
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        pixels = row[inside].astype(np.int64), column[inside].astype(np.int64)
        np.maximum.at(coverage, pixels, covered[inside])
    return coverage


def _ragged(counts: Ints) -> tuple[Ints, Ints]:
    """For counts (2, 3): the owners 0 0 1 1 1, and 0 1 0 1 2 within each."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)


def braille(lit: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Characters (n,) of dots (n, 8)."""
    codes: NDArray[np.uint32] = (BRAILLE + lit @ BRAILLE_BITS).astype("<u4")
    return codes.view("<U1")


def ascii_dots(lit: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Characters (n,) that show where in the cell the dots (n, 8) are."""
    upper, lower = lit[:, :4].any(axis=1), lit[:, 4:].any(axis=1)
    return np.select([lit.sum(axis=1) > 5, upper & lower, upper], ["*", ":", "'"], ".")
