"""Linear regions in the plane, against exact rational arithmetic and hand-derived answers."""

import json
import tracemalloc
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import (
    Plane,
    RegionMap,
    count_regions,
    knots,
    linear_regions,
)
from engine.errors import EngineError, NotPiecewiseLinearError, ShapeError
from engine.network.affine import affine_at
from engine.network.network import Network
from engine.regions.cells.unit_cut import _close_calls
from engine.regions.counting import counting

# True counts: nine random nets by recipe and 31 hand-derived cases (the file names its source).
REFERENCE = json.loads(
    (Path(__file__).parents[2] / "reference" / "regions.json").read_text(encoding="utf-8")
)
BOX = ((-1.0, 1.0), (-1.0, 1.0))
SQUARE = [(Fraction(x), Fraction(y)) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]

Point = tuple[Fraction, Fraction]
Row = tuple[Fraction, Fraction, Fraction]  # a, b, c of a·x + b·y + c
Cell = tuple[list[Point], list[Row]]


def he_network(hidden: list[int], seed: int, activation: str = "relu", inputs: int = 2) -> Network:
    """The recipe of regions.json: He-normal weights, biases N(0, ½²)."""
    rng = np.random.default_rng(seed)
    sizes = [inputs, *hidden, 1]
    weights, biases = [], []
    for m, n in pairwise(sizes):
        weights.append(rng.normal(0.0, np.sqrt(2.0 / m), size=(n, m)))
        biases.append(rng.normal(0.0, 0.5, size=n))
    return Network.from_arrays(weights, biases, activation)


def small_integer_network(seed: int) -> Network:
    """A net up to 2-6-6-2 with weights −2 … 2 and biases in halves: parallels, meetings, copies."""
    rng = np.random.default_rng(seed)
    sizes = [2, *rng.integers(1, 7, size=rng.integers(1, 3)), rng.integers(1, 3)]
    weights = [rng.integers(-2, 3, size=(n, m)) for m, n in pairwise(sizes)]
    biases = [rng.integers(-2, 3, size=n) / 2.0 for n in sizes[1:]]
    return Network.from_arrays(weights, biases, "leaky_relu" if seed % 4 == 0 else "relu")


def at(row: Row, point: Point) -> Fraction:
    return row[0] * point[0] + row[1] * point[1] + row[2]


def half(polygon: list[Point], row: Row, sign: int) -> list[Point]:
    """The part of a convex polygon where sign·row ≥ 0, given that the row changes sign on it."""
    part = []
    for p, q in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        zp, zq = at(row, p), at(row, q)
        if sign * zp >= 0:
            part.append(p)
        if zp * zq < 0:
            t = zp / (zp - zq)
            part.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
    return part


def exact_cells(network: Network) -> list[Cell]:
    """Every activation region in [−1, 1]² with the map of z⁽ᴸ⁾ in it, in exact rationals."""
    low = {"relu": Fraction(0), "leaky_relu": Fraction(0.01), "identity": Fraction(1)}
    x, y = (Fraction(1), Fraction(0), Fraction(0)), (Fraction(0), Fraction(1), Fraction(0))
    cells: list[Cell] = [(SQUARE, [x, y])]
    layers = zip(network.weights, network.biases, (*network.activations, "identity"), strict=True)
    for W, b, name in layers:
        done = []
        for polygon, inputs in cells:
            rows = [combined(weights, inputs, bias) for weights, bias in zip(W, b, strict=True)]
            pieces = [polygon]
            for row in rows if low[name] != 1 else []:
                pieces = [part for piece in pieces for part in parts(piece, row)]
            for piece in pieces:
                slopes = [1 if any(at(r, p) > 0 for p in piece) else low[name] for r in rows]
                bent = [(s * a, s * b, s * c) for s, (a, b, c) in zip(slopes, rows, strict=True)]
                done.append((piece, bent))
        cells = done
    return cells


def combined(weights: np.ndarray, rows: list[Row], bias: float) -> Row:
    """Σ wᵢ·rowᵢ + bias."""
    a, b, c = (
        sum((Fraction(w) * row[i] for w, row in zip(weights, rows, strict=True)), Fraction(0))
        for i in range(3)
    )
    return a, b, c + Fraction(bias)


def parts(polygon: list[Point], row: Row) -> list[list[Point]]:
    z = [at(row, p) for p in polygon]
    return [half(polygon, row, s) for s in (1, -1)] if min(z) < 0 < max(z) else [polygon]


def share_a_side(P: list[Point], Q: list[Point]) -> bool:
    """Whether two polygons that do not overlap have a segment of positive length in common."""
    for p, q in zip(P, P[1:] + P[:1], strict=True):
        dx, dy = q[0] - p[0], q[1] - p[1]
        if (dx, dy) == (0, 0):
            continue
        for r, s in zip(Q, Q[1:] + Q[:1], strict=True):
            if any(dx * (e[1] - p[1]) != dy * (e[0] - p[0]) for e in (r, s)):
                continue
            along = sorted((dx * (e[0] - p[0]) + dy * (e[1] - p[1])) for e in (r, s))
            if max(along[0], 0) < min(along[1], dx * dx + dy * dy):
                return True
    return False


def exact_linear_count(cells: list[Cell]) -> int:
    group = list(range(len(cells)))
    for i, j in combinations(range(len(cells)), 2):
        same_map = cells[i][1] == cells[j][1]
        if same_map and group[i] != group[j] and share_a_side(cells[i][0], cells[j][0]):
            group = [group[i] if g == group[j] else g for g in group]
    return len(set(group))


def assert_maps_match(network: Network, regions: RegionMap, points: np.ndarray) -> None:
    """In the region that each point is located in, the map gives z⁽ᴸ⁾ of the point."""
    expected = network.forward(points).z[-1]
    for point, i, z in zip(points, regions.locate(points), expected, strict=True):
        assert i >= 0
        np.testing.assert_allclose(regions.affine(i)(point), z, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("case", REFERENCE["degenerate"], ids=lambda case: case["name"])
def test_degenerate_cases_have_the_count_derived_by_hand(case: dict) -> None:
    network = Network.from_arrays(case["weights"], case["biases"])
    regions = linear_regions(network, case["box"])
    assert count_regions(network, case["box"]) == case["activation_regions"]
    assert regions.activation_count == case["activation_regions"]
    (x0, x1), (y0, y1) = case["box"]
    xs, ys = np.meshgrid(np.linspace(x0, x1, 9), np.linspace(y0, y1, 9))
    assert_maps_match(network, regions, np.column_stack([xs.ravel(), ys.ravel()]))


@pytest.mark.parametrize(
    "case", REFERENCE["networks"][:-1], ids=lambda c: f"{c['hidden_widths']}-seed{c['seed']}"
)
def test_random_nets_have_the_count_of_exact_arithmetic(case: dict) -> None:
    network = he_network(case["hidden_widths"], case["seed"])
    assert count_regions(network, BOX) == case["regions"]
    if case["regions"] < 10_000:
        regions = linear_regions(network)
        sides = sum(map(len, regions.polygons))  # an inner edge is a side of two regions
        assert regions.activation_count == case["regions"]
        assert len(np.unique(regions.vertices, axis=0)) == case["V"]
        assert sides - len(regions.edges) == case["E"]


@pytest.mark.parametrize("seed", range(220))
def test_small_integer_nets_agree_with_rational_arithmetic(seed: int) -> None:
    network = small_integer_network(seed)
    cells = exact_cells(network)
    regions = linear_regions(network)
    assert regions.activation_count == count_regions(network, BOX) == len(cells)
    assert regions.linear_count == exact_linear_count(cells)


@pytest.mark.parametrize("activations", [("relu", "identity"), ("identity", "relu", "leaky_relu")])
@pytest.mark.parametrize("seed", range(4))
def test_mixed_activations_agree_with_rational_arithmetic(
    activations: tuple[str, ...], seed: int
) -> None:
    random = he_network([5] * len(activations), 300 + seed)
    network = Network.from_arrays(random.weights, random.biases, activations)
    cells = exact_cells(network)
    assert linear_regions(network).activation_count == count_regions(network, BOX) == len(cells)
    assert linear_regions(network).linear_count == exact_linear_count(cells)


@pytest.mark.parametrize("seed", range(4))
def test_unit_by_unit_and_part_by_part_the_count_is_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = he_network([12, 12, 12], seed, "leaky_relu" if seed % 2 else "relu")
    at_once = count_regions(network, BOX)
    monkeypatch.setattr("engine.regions.cells.depth_first.MIN_FACES", 7)
    monkeypatch.setattr("engine.regions.cells.depth_first.PART_SIZE", 7)
    assert count_regions(network, BOX) == at_once
    monkeypatch.setattr("engine.regions.cells.active_units.DOUBT", 1e9)  # always doubtful
    assert count_regions(network, BOX) == at_once
    monkeypatch.setattr("engine.regions.cells.unit_cut.MANY_VALUES", 500)
    assert count_regions(network, BOX) == at_once
    monkeypatch.setattr("engine.regions.cells.depth_first.MIN_FACES", 10**6)
    monkeypatch.setattr("engine.regions.cells.depth_first.MANY_FACES", 10)
    monkeypatch.setattr("engine.regions.cells.depth_first.FEW_UNITS", 3)
    assert count_regions(network, BOX) == at_once
    assert linear_regions(network).activation_count == at_once


@pytest.mark.parametrize("doubt", [1e-12, 1e9])  # whole layers at a time, unit by unit
@pytest.mark.parametrize("seed", range(6))
def test_a_map_put_together_from_parts_is_the_map_built_in_one(
    seed: int, doubt: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = he_network([9, 9, 9], 20 + seed, "leaky_relu" if seed % 2 else "relu")
    whole = linear_regions(network)
    monkeypatch.setattr("engine.regions.cells.depth_first.MIN_FACES", 6)
    monkeypatch.setattr("engine.regions.cells.depth_first.PART_SIZE", 6)
    monkeypatch.setattr("engine.regions.cells.active_units.DOUBT", doubt)
    parts = linear_regions(network)

    def described(regions: RegionMap) -> dict[tuple[bool, ...], tuple[object, ...]]:
        patterns = [tuple(pattern) for pattern in regions.patterns.tolist()]
        return {
            pattern: (
                round(regions.areas[i], 9),
                len(regions.polygons[i]),
                {patterns[j] for j in regions.neighbours[i]},
                {(e.layer, e.unit) for e in regions.inequalities(i)},
            )
            for i, pattern in enumerate(patterns)
        }

    assert described(parts) == described(whole)
    assert len(parts.vertices) == len(whole.vertices)
    assert len(parts.edges) == len(whole.edges)
    assert parts.linear_count == whole.linear_count
    lengths = [
        np.hypot(*(m[:, :2] - m[:, 2:]).T).sum()
        for m in [r.zero_segments() for r in (parts, whole)]
    ]
    assert lengths[0] == pytest.approx(lengths[1], rel=1e-9)


def test_counting_tells_how_far_it_is_and_ends_with_the_count() -> None:
    network = he_network([128, 64], 0)
    counts = list(counting(network, BOX))
    assert len(counts) > 2
    assert all(a.done <= b.done and a.regions <= b.regions for a, b in pairwise(counts))
    assert (counts[-1].regions, counts[-1].done) == (count_regions(network, BOX), 1.0)
    assert counts[-1].close_calls == 0


@pytest.mark.parametrize(("off", "certain"), [(0.0, True), (1e-16, True), (1e-13, False)])
def test_three_lines_that_almost_meet_are_reported_as_close_calls(
    off: float, certain: bool
) -> None:
    W, b = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [0.0, 0.0, off]
    network = Network.from_arrays([W, [[1.0, 1.0, 1.0]]], [b, [0.0]])
    *_, last = counting(network, BOX)
    assert last.regions == (6 if certain else 7)
    assert (last.close_calls == 0) == certain
    assert linear_regions(network).close_calls == last.close_calls


def near_misses(first: float, second: float) -> Network:
    """One layer: the third line misses where x = 0 and y = ½ cross by ``first``, the last one
    where x = 0 and y = −½ do by ``second``; no other three lines are near each other."""
    W = [[1.0, 0.0], [0.0, 1.0], [2.0, 1.0], [0.0, 1.0], [2.0, -1.0]]
    b = [0.0, -0.5, first - 0.5, 0.5, second - 0.5]
    return Network.from_arrays([W, [[1.0] * 5]], [b, [0.0]])


def near_misses_in_layers(first: float, second: float) -> Network:
    """The third line of layer 1 is x + 2y + first = 0, that of layer 2 is 2x − y + second = 0;
    layer 1 also has x = 0 and y = 0, and hands on x + 2 and y + 2, which do not bend in the box."""
    W = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [1.0, 2.0]]
    second_W = [[0.0, 0.0, 2.0, -1.0, 0.0]]
    b = [[0.0, 0.0, 2.0, 2.0, first], [second - 2.0], [0.0]]
    return Network.from_arrays([W, second_W, [[1.0]]], b)


@pytest.mark.parametrize(("network", "close_calls"), [
    (near_misses(0.0, 0.0), 0),  # they meet
    (near_misses(1e-9, 1e-9), 0),  # they clearly do not
    (near_misses(1e-13, 0.0), 1),  # the vertex at (0, ½) is near the third line
    (near_misses(0.0, 1e-13), 1),
    (near_misses(1e-13, -1e-13), 2),
    (near_misses_in_layers(0.0, 0.0), 0),
    (near_misses_in_layers(0.0, 1e-13), 1),  # the vertex at (0, 0) is near the line of layer 2
    # (0, 0) is near the third line, where that crosses x = 0 and y = 0 is near that of layer 2
    (near_misses_in_layers(1e-13, 0.0), 3),
])  # fmt: skip
def test_every_close_call_is_counted_once(network: Network, close_calls: int) -> None:
    *_, last = counting(network, BOX)
    assert last.close_calls == close_calls
    assert linear_regions(network, BOX).close_calls == close_calls


@pytest.mark.parametrize("many", [8, 64])  # halved from the first line on, or after a close call
def test_counted_by_halves_no_close_call_is_lost(
    many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.regions.cells.unit_cut.MANY_VALUES", many)
    for network, least in (
        (near_misses(0.0, 0.0), 0), (near_misses(1e-13, 0.0), 1), (near_misses(1e-13, -1e-13), 2)
    ):  # fmt: skip
        *_, last = counting(network, BOX)
        assert (last.close_calls > 0) == (least > 0)
        assert last.close_calls >= least, "a vertex on the border of two halves counts in both"


def second_layer(W: list[list[float]], b: list[float], first: list[tuple[float, ...]]) -> Network:
    """Layer 1 has units a·x + b·y + c, and hands on x + 2 and y + 2; layer 2 has Wx + b."""
    rows = [*first, (1.0, 0.0, 2.0), (0.0, 1.0, 2.0)]
    W2 = [[0.0] * len(first) + row for row in W]
    b2 = [offset - 2.0 * sum(row) for row, offset in zip(W, b, strict=True)]
    weights = [[row[:2] for row in rows], W2, [[1.0] * len(W)]]
    return Network.from_arrays(weights, [[row[2] for row in rows], b2, [0.0]])


def test_counted_in_parts_a_close_call_before_counts_once_and_later_ones_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.regions.cells.depth_first.MIN_FACES", 1)  # face by face
    monkeypatch.setattr("engine.regions.cells.depth_first.PART_SIZE", 1)
    before = second_layer([[1.0, 0.25]], [0.5], [(1, 0, 0), (0, 1, 0), (1, 2, 1e-13)])
    *_, last = counting(before, BOX)
    assert last.close_calls == linear_regions(before, BOX).close_calls == 1
    for misses in ([0.0, 0.0], [1e-13, 0.0], [0.0, 1e-13], [1e-13, 1e-13]):
        # past (0, ½) and past (0, −½), each a corner of four faces
        b, first = [misses[0] - 0.5, misses[1] - 0.5], [(1, 0, 0), (0, 1, -0.5), (0, 1, 0.5)]
        later = second_layer([[2.0, 1.0], [2.0, -1.0]], b, first)
        *_, last = counting(later, BOX)
        expected = 4 * np.count_nonzero(misses)
        assert last.close_calls == linear_regions(later, BOX).close_calls == expected


def test_a_close_call_is_neither_clearly_on_the_line_nor_clearly_off_it() -> None:
    tolerance = 1e-12
    distances = np.array([0.0, 0.019, 0.021, 1.0, 49.0, 51.0]) * tolerance
    assert _close_calls(distances, tolerance) == 3


@pytest.mark.parametrize("seed", range(6))
def test_he_nets_agree_with_rational_arithmetic(seed: int) -> None:
    network = he_network([10, 6], 100 + seed, "leaky_relu" if seed % 2 else "relu")
    cells = exact_cells(network)
    regions = linear_regions(network)
    assert regions.activation_count == count_regions(network, BOX) == len(cells)
    assert regions.linear_count == exact_linear_count(cells)
    centres = np.array([np.mean(np.array(polygon, dtype=float), axis=0) for polygon, _ in cells])
    found = regions.locate(centres)
    assert sorted(found) == list(range(len(cells)))
    for i, (polygon, rows) in zip(found, cells, strict=True):
        exact = np.array(rows, dtype=float)
        np.testing.assert_allclose(np.column_stack(regions.affine(i)), exact, rtol=1e-9, atol=1e-12)
        ours = {tuple(p) for p in np.round(regions.polygons[i], 9)}
        assert {tuple(p) for p in np.round(np.array(polygon, dtype=float), 9)} <= ours


def test_a_16_16_net_has_every_region_that_a_dense_grid_can_see() -> None:
    network = he_network([16, 16], 5)
    line = np.linspace(-1, 1, 401)
    points = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    zs = network.forward(points).z[:-1]
    seen = np.unique(np.concatenate([z > 0 for z in zs], axis=1), axis=0)
    regions = linear_regions(network)
    known = {row.tobytes() for row in regions.patterns}
    assert {row.tobytes() for row in seen} <= known
    assert 0.9 * regions.activation_count < len(seen) <= regions.activation_count


@pytest.mark.parametrize("seed", range(4))
def test_cutting_the_box_adds_the_regions_on_the_cut(seed: int) -> None:
    network = he_network([24, 24], seed)
    c = 0.1 + 0.2 * seed
    left = count_regions(network, ((-1.0, c), (-1.0, 1.0)))
    right = count_regions(network, ((c, 1.0), (-1.0, 1.0)))
    W, b = network.weights, network.biases
    on_the_cut = Network.from_arrays([W[0][:, 1:], *W[1:]], [b[0] + c * W[0][:, 0], *b[1:]])
    assert left + right - count_regions(network, BOX) == knots(on_the_cut).activation_count


def rotated(network: Network, angle: float) -> tuple[Network, Plane]:
    """The network in turned inputs, and the plane that turns them back: the same, but rounded."""
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    first = network.weights[0] @ turn.T
    turned = Network.from_arrays([first, *network.weights[1:]], network.biases, network.activations)
    return turned, Plane([0.0, 0.0], turn[:, 0], turn[:, 1])


def test_rotated_tent_maps_keep_their_64_squares() -> None:
    """A tent map folds [0, 1] twice; three folds of both coordinates make 8 × 8 squares."""
    case = next(c for c in REFERENCE["degenerate"] if c["name"] == "tent^3 in x and y")
    W, b = [np.array(w) for w in case["weights"]], [np.array(v) for v in case["biases"]]
    for angle in np.linspace(0.0, 3.0, 16):
        network, plane = rotated(Network.from_arrays(W, b), angle)
        assert count_regions(network, ((0, 1), (0, 1)), plane) == 64


@pytest.mark.parametrize("seed", range(30))
def test_degenerate_nets_survive_the_rounding_of_a_rotation(seed: int) -> None:
    network = small_integer_network(seed)
    turned, plane = rotated(network, 0.3 + seed)
    before, after = linear_regions(network), linear_regions(turned, BOX, plane)
    assert after.activation_count == before.activation_count
    assert after.linear_count == before.linear_count


@pytest.mark.parametrize("seed", range(30))
def test_degenerate_nets_survive_the_rounding_of_a_plane_far_from_the_origin(seed: int) -> None:
    """There W·origin and b are large and cancel, so what is left of them is less certain."""
    network = small_integer_network(seed)
    rng = np.random.default_rng(seed)
    factors = np.exp(rng.normal(size=network.sizes[1]))
    turn = np.linalg.qr(rng.normal(size=(2, 2)))[0]
    plane = Plane(rng.normal(size=2), 1e-3 * turn[:, 0], 1e-3 * turn[:, 1])
    W, b = [w.copy() for w in network.weights], [v.copy() for v in network.biases]
    W[0] = 1e3 * (factors[:, None] * W[0]) @ turn.T
    b[0] = factors * b[0] - W[0] @ plane.origin
    W[1] = W[1] / factors
    there = Network.from_arrays(W, b, network.activations)
    before, after = linear_regions(network), linear_regions(there, BOX, plane)
    assert after.activation_count == before.activation_count == count_regions(there, BOX, plane)
    assert after.linear_count == before.linear_count


@given(shift=st.integers(-660, 660), seed=st.integers(0, 50))
def test_powers_of_two_and_permutations_of_units_change_nothing(shift: int, seed: int) -> None:
    network = small_integer_network(seed)
    rng = np.random.default_rng(seed)
    W, b = [w.copy() for w in network.weights], [v.copy() for v in network.biases]
    order = rng.permutation(len(b[0]))
    W[0], b[0], W[1] = W[0][order], b[0][order], W[1][:, order]
    powers = 2.0 ** np.where(rng.random(len(b[0])) < 0.5, shift, -(shift // 2))
    W[0], b[0], W[1] = W[0] * powers[:, None], b[0] * powers, W[1] / powers
    other = Network.from_arrays(W, b, network.activations)
    before, after = linear_regions(network), linear_regions(other)
    assert after.activation_count == before.activation_count == count_regions(other, BOX)
    assert after.linear_count == before.linear_count


NETWORKS = [
    small_integer_network(3),
    small_integer_network(8),
    he_network([8, 8], 0),
    he_network([6, 5, 4], 1, "leaky_relu"),
    Network([2, 5, 4, 3], activation=["identity", "relu"], seed=4),
    Network([2, 6, 6, 1], bias=False, seed=2),
]
MAPS = [linear_regions(network) for network in NETWORKS]
coordinate = st.one_of(st.floats(-1.0, 1.0), st.integers(-8, 8).map(lambda i: i / 8))


@given(x=coordinate, y=coordinate)
def test_the_map_where_a_point_is_located_gives_its_z(x: float, y: float) -> None:
    for network, regions in zip(NETWORKS, MAPS, strict=True):
        assert_maps_match(network, regions, np.array([[x, y]]))


@given(x=coordinate, y=coordinate)
def test_affine_at_is_the_map_of_the_region(x: float, y: float) -> None:
    for network, regions in zip(NETWORKS, MAPS, strict=True):
        here = affine_at(network, [x, y])
        np.testing.assert_allclose(here([x, y]), network.forward([[x, y]]).z[-1][0], atol=1e-12)
        pattern = np.concatenate(
            [z[0] > 0 if name != "identity" else z[0] == z[0]
             for z, name in zip(network.forward([[x, y]]).z, network.activations, strict=False)]
        )  # fmt: skip
        same = (regions.patterns == pattern).all(axis=1)
        for i in np.flatnonzero(same):  # none where the point is a corner of several regions
            np.testing.assert_allclose(regions.affine(i).W, here.W, rtol=1e-9, atol=1e-12)


def test_on_a_border_affine_at_takes_the_side_of_z_below_zero() -> None:
    for activation, slope in (("relu", 0.0), ("leaky_relu", 0.01)):
        network = Network.from_arrays([[[2.0]], [[3.0]]], [[-1.0], [0.5]], activation)
        np.testing.assert_array_equal(affine_at(network, [0.5]).W, [[6.0 * slope]])
        np.testing.assert_array_equal(affine_at(network, [0.5 + 1e-9]).W, [[6.0]])


@pytest.mark.parametrize("regions", MAPS, ids=map(repr, NETWORKS))
def test_regions_tile_the_box_and_borders_part_them(regions: RegionMap) -> None:
    areas = []
    for polygon in regions.polygons:
        x, y = polygon.T
        areas.append(0.5 * (x @ np.roll(y, -1) - y @ np.roll(x, -1)))
    assert min(areas) > 0
    assert sum(areas) == pytest.approx(4.0, rel=1e-12)
    ends = regions.edges.reshape(-1, 2, 2)
    for (i, j), segment in zip(regions.edge_regions, ends, strict=True):
        assert j in regions.neighbours[i]
        assert i in regions.neighbours[j]
        np.testing.assert_allclose(  # z⁽ᴸ⁾ is continuous across the border
            regions.affine(i)(segment), regions.affine(j)(segment), rtol=1e-9, atol=1e-12
        )
        assert (regions.linear_ids[i] == regions.linear_ids[j]) == np.allclose(
            regions.affine(i).W, regions.affine(j).W, rtol=1e-9, atol=1e-12
        )


def test_a_border_belongs_to_the_first_layer_whose_signs_differ_across_it() -> None:
    for network, regions in zip(NETWORKS, MAPS, strict=True):
        layer_of_unit = np.repeat(np.arange(1, len(network.sizes) - 1), network.sizes[1:-1])
        for (i, j), layer in zip(regions.edge_regions, regions.edge_layers, strict=True):
            assert layer_of_unit[regions.patterns[i] != regions.patterns[j]].min() == layer


@pytest.mark.parametrize("seed", range(3))
def test_zero_segments_are_met_once_for_each_sign_change_along_a_line(seed: int) -> None:
    network = he_network([12, 12], 10 + seed)
    segments = linear_regions(network).zero_segments()
    ends = network.forward(segments.reshape(-1, 2)).z[-1]
    np.testing.assert_allclose(ends, 0.0, atol=1e-12)
    for y in np.linspace(-0.95, 0.95, 12):
        x = np.linspace(-1, 1, 20_001)
        z = network.forward(np.column_stack([x, np.full_like(x, y)])).z[-1][:, 0]
        meets = (segments[:, 1] < y) != (segments[:, 3] < y)
        assert np.count_nonzero(np.diff(np.sign(z))) == np.count_nonzero(meets)


def test_zero_segments_on_a_border_are_found() -> None:
    """relu(x) − relu(−x) = x changes sign exactly where its two units do."""
    network = Network.from_arrays([[[1, 0], [-1, 0]], [[1, -1]]])
    np.testing.assert_array_equal(np.sort(linear_regions(network).zero_segments()), [[-1, 0, 0, 1]])


def test_a_plane_in_four_dimensions_shows_the_composed_network() -> None:
    network = he_network([8, 8], 7, inputs=4)
    rng = np.random.default_rng(0)
    plane = Plane(*rng.normal(size=(3, 4)))
    W, b = network.weights, network.biases
    entry = np.column_stack([plane.u, plane.v])
    flat = Network.from_arrays([W[0] @ entry, *W[1:]], [b[0] + W[0] @ plane.origin, *b[1:]])
    regions = linear_regions(network, BOX, plane)
    assert regions.activation_count == len(exact_cells(flat)) == count_regions(network, BOX, plane)
    st_points = rng.uniform(-1, 1, (50, 2))
    for p, i in zip(st_points, regions.locate(st_points), strict=True):
        here = regions.affine(i)
        np.testing.assert_allclose(here(p), network.forward(plane.points([p])).z[-1][0], rtol=1e-9)
        there = affine_at(network, plane.points([p])[0])
        np.testing.assert_allclose(here.W, there.W @ entry, rtol=1e-9, atol=1e-12)


def test_a_small_box_far_from_the_origin_and_a_flat_one_are_seen_whole() -> None:
    """Three lines x = c, y = c, x + y = 2c through one point make six regions, wherever it is."""
    c, r = 4096.0, 2.0**-10
    network = Network.from_arrays([[[1, 0], [0, 1], [1, 1]], [[1, 1, 1]]], [[-c, -c, -2 * c], [0]])
    assert count_regions(network, ((c - r, c + r), (c - r, c + r))) == 6
    flat = Network.from_arrays([[[1, 0], [0, 1]], [[1, 1]]], [[0, -1e-13], [0]])
    assert count_regions(flat, ((-1e3, 1e3), (0.0, 1e-12))) == 4


def test_the_size_of_a_plane_and_of_weights_together_does_not_matter() -> None:
    network, size = he_network([8, 8], 0), 2.0**900
    plane = Plane(np.zeros(2), *np.eye(2) * size)
    W, b = network.weights, network.biases
    assert count_regions(Network.from_arrays([W[0] / size, *W[1:]], b), BOX, plane) == 38
    through_0 = Network.from_arrays(W, [0.0 * v for v in b])
    large = Network.from_arrays([W[0] * size, *W[1:]], through_0.biases)
    assert count_regions(large, BOX, plane) == count_regions(through_0, BOX)


def test_counting_through_an_identity_layer_takes_no_more_memory_than_other_layers() -> None:
    random = he_network([160, 160, 160], 0)
    network = Network.from_arrays(random.weights, random.biases, ("relu", "identity", "relu"))
    tracemalloc.start()
    try:
        assert count_regions(network, BOX) == 25_933
        assert tracemalloc.get_traced_memory()[1] < 26 * 2**20  # what relu in all three takes
    finally:
        tracemalloc.stop()


def test_points_outside_the_box_are_in_no_region() -> None:
    assert list(MAPS[0].locate([[1.5, 0.0], [0.0, -1.001]])) == [-1, -1]


def test_without_hidden_layers_or_with_identity_there_is_one_region() -> None:
    for network in (Network([2, 3]), Network([2, 4, 4, 1], activation="identity")):
        regions = linear_regions(network)
        assert count_regions(network, BOX) == regions.activation_count == regions.linear_count == 1
        here = affine_at(network, [0.0, 0.0])
        np.testing.assert_allclose(regions.affine(0).W, here.W, rtol=1e-12, atol=1e-15)


def test_what_has_no_regions_says_why() -> None:
    curved = Network([2, 3, 3, 1], activation=["relu", "tanh"])
    with pytest.raises(NotPiecewiseLinearError, match=r"hidden layer 2 .*tanh"):
        linear_regions(curved)
    with pytest.raises(NotPiecewiseLinearError, match="tanh"):
        affine_at(curved, [0.0, 0.0])
    broken = Network([2, 3, 1])
    broken.weights[1][0, 1] = np.nan
    with pytest.raises(EngineError, match="layer 2"):
        count_regions(broken, BOX)
    with pytest.raises(ShapeError, match="knots"):
        linear_regions(Network([1, 3, 1]))
    with pytest.raises(ShapeError, match=r"3 inputs.*plane"):
        count_regions(Network([3, 3, 1]), BOX)
    with pytest.raises(ShapeError, match="2 dimensions, the inputs in 3"):
        count_regions(Network([3, 3, 1]), BOX, Plane([0, 0], [1, 0], [0, 1]))
    for box in ((-1, 1), ((1, -1), (0, 1)), ((0, 1), (0, np.inf)), ((0, 0), (0, 1)), "box", None):
        with pytest.raises(ShapeError, match="box"):
            count_regions(Network([2, 3, 1]), box)
