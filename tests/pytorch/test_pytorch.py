"""Drawn experiments against PyTorch: pytest tests/pytorch --pytorch 300."""

import pytest


def test_all_numbers_of_drawn_experiments_are_those_of_pytorch(request, tmp_path):
    # source: PyTorch 2.13 in float64: autograd, torch.optim, torch.nn.functional
    count = request.config.getoption("--pytorch")
    if not count:
        pytest.skip("with --pytorch N alone")
    pytest.importorskip("torch")
    from tests.pytorch.compare import compared

    assert compared(0, range(count), tmp_path).failures == []
