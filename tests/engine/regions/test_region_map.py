"""What a region map tells of its regions: areas, centres, borders, examples, inequalities."""

import numpy as np
import pytest
from random_networks import random_network

from engine import EngineError, Network, Plane, RegionMap, linear_regions

BOX = ((-1.0, 2.0), (-0.5, 1.0))


def tent(folds: int) -> Network:
    """min and max foldings of both inputs: squares whose corners are exact."""
    pair = np.array([[2.0, -4.0], [2.0, -4.0]])
    first = np.kron(np.eye(2), [[1.0], [1.0]])
    weights = [first, *[np.kron(np.eye(2), pair)] * (folds - 1), np.array([[2.0, -4.0, 2.0, -4.0]])]
    return Network.from_arrays(weights, [[0.0, -0.5, 0.0, -0.5]] * folds + [[0.0]])


PLANE = Plane(*np.random.default_rng(9).normal(size=(3, 4)))
NETWORKS = {
    "relu": (random_network(0, [2, 9, 9, 2]), None),
    "leaky": (random_network(1, [2, 8, 6, 4, 1], "leaky_relu"), None),
    "identity between": (random_network(2, [2, 7, 7, 7, 1], ["relu", "identity", "relu"]), None),
    "skips": (random_network(3, [2, 6, 3, 6, 6, 1], skips=[(1, 3), (1, 4), (3, 4)]), None),
    "input skips": (random_network(4, [2, 2, 5, 2, 1], skips=[(0, 1), (0, 3)]), None),
    "plane": (random_network(5, [4, 8, 8, 1]), PLANE),
    "plane, input skip": (random_network(6, [4, 8, 4, 5, 1], skips=[(0, 2)]), PLANE),
    "no bias": (Network([2, 6, 6, 1], bias=False, seed=2), None),
    "squares": (tent(3), None),
    "nothing hidden": (Network([2, 1]), None),
}


@pytest.fixture(scope="module", params=NETWORKS)
def case(request) -> tuple[Network, Plane | None, RegionMap]:
    network, plane = NETWORKS[request.param]
    return network, plane, linear_regions(network, BOX, plane)


def inputs(points: np.ndarray, plane: Plane | None) -> np.ndarray:
    return points if plane is None else plane.points(points)


def test_areas_are_those_of_the_polygons_and_fill_the_box(case):
    _, _, regions = case
    shoelace = [
        0.5 * (x @ np.roll(y, -1) - y @ np.roll(x, -1)) for x, y in (p.T for p in regions.polygons)
    ]
    np.testing.assert_allclose(regions.areas, shoelace, atol=1e-14)
    assert regions.areas.sum() == pytest.approx(4.5, rel=1e-12)


def test_centres_lie_in_their_regions_and_balance_the_box(case):
    _, _, regions = case
    np.testing.assert_array_equal(
        regions.locate(regions.centres), np.arange(regions.activation_count)
    )
    np.testing.assert_allclose(regions.areas @ regions.centres / 4.5, [0.5, 0.25], atol=1e-12)


def test_the_map_where_a_point_is_located_gives_its_z(case):
    network, plane, regions = case
    points = np.random.default_rng(0).uniform(*np.transpose(BOX), (100, 2))
    z = network.forward(inputs(points, plane)).z[-1]
    for i, point, expected in zip(regions.locate(points), points, z, strict=True):
        np.testing.assert_allclose(regions.affine(i)(point), expected, rtol=1e-9, atol=1e-12)


def test_each_border_lies_where_its_unit_is_zero_and_parts_regions_that_differ_in_it(case):
    network, plane, regions = case
    ends = regions.edges.reshape(-1, 2)
    zs = network.forward(inputs(ends, plane)).z
    first = np.cumsum([0, *network.sizes[1:-1]])
    assert regions.edge_units.shape == (len(regions.edges), 2)
    np.testing.assert_array_equal(regions.edge_units[:, 0], regions.edge_layers)
    for e, ((layer, unit), (i, j)) in enumerate(
        zip(regions.edge_units, regions.edge_regions, strict=True)
    ):
        np.testing.assert_allclose(zs[layer - 1][2 * e : 2 * e + 2, unit], 0.0, atol=1e-12)
        number = first[layer - 1] + unit
        assert regions.patterns[i, number] != regions.patterns[j, number]


def test_inequalities_are_the_units_z_and_with_the_box_leave_exactly_the_region(case):
    network, plane, regions = case
    points = np.random.default_rng(1).uniform(*np.transpose(BOX), (300, 2))
    located = regions.locate(points)
    zs = network.forward(inputs(regions.centres, plane)).z
    for i, centre in enumerate(regions.centres):
        sides = regions.inequalities(i)
        assert len({(side.layer, side.unit) for side in sides}) == len(sides)
        for side in sides:
            z = side.slope @ centre + side.offset
            assert z == pytest.approx(zs[side.layer - 1][i, side.unit], rel=1e-9, abs=1e-12)
            assert side.on == (z > 0.0)
        within = np.all([side.holds(points) for side in sides] or [np.full(300, True)], axis=0)
        np.testing.assert_array_equal(within, located == i)


def test_across_each_side_its_inequality_fails(case):
    _, _, regions = case
    sides = [
        {(s.layer, s.unit): s for s in regions.inequalities(i)}
        for i in range(regions.activation_count)
    ]
    for name, (i, j) in zip(regions.edge_units.tolist(), regions.edge_regions, strict=True):
        for here, there in ((i, j), (j, i)):
            if there in regions.neighbours[here]:
                assert sides[here][tuple(name)].holds(regions.centres[[here]]).all()
                assert not sides[here][tuple(name)].holds(regions.centres[[there]]).any()


def test_examples_are_listed_where_they_are_located(case):
    _, _, regions = case
    points = np.random.default_rng(2).uniform(-2.0, 3.0, (400, 2))
    located = regions.locate(points)
    listed = regions.examples(points)
    assert len(listed) == regions.activation_count
    for i, indices in enumerate(listed):
        np.testing.assert_array_equal(indices, np.flatnonzero(located == i))
    assert sum(map(len, listed)) == np.count_nonzero(located >= 0) < 400


def test_squares_have_the_areas_and_centres_of_squares():
    regions = linear_regions(tent(2), ((0.0, 1.0), (0.0, 1.0)))
    assert regions.activation_count == 16
    np.testing.assert_array_equal(regions.areas, 1 / 16)
    expected = {(x, y) for x in (0.125, 0.375, 0.625, 0.875) for y in (0.125, 0.375, 0.625, 0.875)}
    assert {tuple(centre) for centre in regions.centres} == expected


def test_a_map_does_not_change_when_the_network_is_trained_on_or_the_box_is_moved():
    network, box = random_network(7, [2, 5, 5, 1]), np.array(BOX)
    regions = linear_regions(network, box)
    before = [side.offset for side in regions.inequalities(0)]
    network.parameters[...] += 1.0
    box += 100.0
    assert [side.offset for side in regions.inequalities(0)] == before
    assert (regions.locate(regions.centres) >= 0).all()


@pytest.mark.parametrize("exponent", [-1000, 1000])
def test_a_tiny_or_a_huge_box_has_the_centres_of_the_same_box_at_size_one(exponent):
    network = random_network(0, [2, 9, 9, 2])
    biases = [np.ldexp(b, exponent) for b in network.biases]
    regions = linear_regions(network, BOX)
    scaled = linear_regions(
        Network.from_arrays(network.weights, biases), np.ldexp(np.array(BOX), exponent)
    )
    np.testing.assert_array_equal(scaled.centres, np.ldexp(regions.centres, exponent))
    np.testing.assert_array_equal(scaled.areas, 0.0 if exponent < 0 else np.inf)
    np.testing.assert_array_equal(
        scaled.locate(scaled.centres), np.arange(regions.activation_count)
    )


@pytest.mark.parametrize("i", [-1, 4, 10**9])
def test_of_no_region_there_is_neither_a_map_nor_an_inequality(i):
    """−1 is what locate says of a point outside; the last region's map would be a wrong answer."""
    network = Network.from_arrays([np.eye(2), np.ones((1, 2))], [np.zeros(2), np.zeros(1)])
    regions = linear_regions(network)
    assert regions.activation_count == 4
    assert regions.locate([[5.0, 5.0]]).tolist() == [-1]
    for ask in (regions.affine, regions.inequalities):
        with pytest.raises(EngineError, match="they are 0 to 3"):
            ask(i)
