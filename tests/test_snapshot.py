"""Snapshots hide what hangs on the last bits, and nothing else."""

import numpy as np
import pytest
from snapshot import MASK, MOST_MASKED, Snapshot, differences, masked
from stored_runs import RUNS, stored


def test_a_cell_that_differs_with_the_last_bits_is_masked_and_no_other():
    written = masked(["C 0.10  7e-11\nend", "C 0.10  9e-11\nend", "C 0.10  1e-10\nend"])
    assert written == f"C 0.10  {MASK}e-1{MASK}\nend\n"
    assert not differences(written, "C 0.10  4e-12\nend\n")
    assert "C 0.11" in differences(written, "C 0.11  4e-12\nend\n")
    assert "ends" in differences(written, "C 0.10  4e-12\nends\n")
    assert "more" in differences(written, "C 0.10  4e-12\nend\nmore\n")


def test_at_the_end_of_a_row_blanks_may_differ():
    written = masked(["by 6e-14)", "by 0.0000)"])
    assert not differences(written, "by 6e-14)\n")
    assert not differences(written, "by 0.0000)\n")
    assert differences(written, "by 0.0000) or more\n")


def test_a_drawing_of_which_too_much_differs_is_refused():
    with pytest.raises(AssertionError, match="hang on the last bits"):
        masked(["7" * (MOST_MASKED + 1), "8" * (MOST_MASKED + 1)])


async def test_a_drawing_without_a_file_fails():
    with pytest.raises(AssertionError, match="differs"):
        await Snapshot(update=False)("no-such-file", lambda _: "text")


@pytest.mark.parametrize("name", RUNS)
def test_a_stored_run_opens_where_it_was_stored_and_a_nudge_changes_it_as_little_as_it_says(name):
    as_it_is, nudged = stored(name), stored(name, nudge=1)
    for one, other in zip(as_it_is.runs.live, nudged.runs.live, strict=True):
        assert one.live.step_count == other.live.step_count
        if one.live.divergence:
            assert other.live.divergence
            continue
        p, q = one.live.network.parameters, other.live.network.parameters
        assert one.live.step_count in (0, *one.live.history.checkpoints)
        np.testing.assert_allclose(p, q, rtol=1e-11)
        assert not np.array_equal(p, q)
