"""A map and its read-out share a canvas, the read-out beside it or else below."""

import pytest

from tui.panes.base.maps.place import curve_place, map_place


@pytest.mark.parametrize("place", [map_place, curve_place])
def test_a_read_out_stands_beside_a_map_or_below_it_and_on_the_canvas(place) -> None:
    for width in range(20, 200, 3):
        for height in range(6, 80, 3):
            found = place(width, height, 3)
            assert found.left + found.width <= width and found.height < height
            if (out := found.read_out) is not None:
                assert out.x + out.width <= width and out.y + out.height <= height
                beside = out.x >= found.left + found.width
                assert beside != (out.y > found.height)


def test_a_pane_higher_than_wide_has_the_read_out_below() -> None:
    assert map_place(44, 36, 3).read_out_below
    assert not map_place(56, 22, 3).read_out_below
