"""Settings that must stand before Textual is imported, and the snapshot fixture."""

import gc
import os

os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
for name in ("NO_COLOR", "COLUMNS", "LINES"):
    os.environ.pop(name, None)

gc.disable()  # nothing that is imported or collected as a test is garbage

import numpy as np  # noqa: E402
import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402
from snapshot import Snapshot  # noqa: E402
from stored_runs import NUDGE  # noqa: E402
from textual import _callback  # noqa: E402
from textual.css.stylesheet import Stylesheet  # noqa: E402

import engine.training.prepare  # noqa: E402
from tui.system.job import Job  # noqa: E402

# A test says what is true, not how fast a busy machine is; and it says the same every time.
# For examples that nobody has seen yet: pytest --hypothesis-profile=explore
TIMELESS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", TIMELESS, derandomize=True)
settings.register_profile("explore", TIMELESS)
settings.load_profile("same")


def pytest_addoption(parser):
    parser.addoption(
        "--update-snapshots", action="store_true", help="write the screens as they are now"
    )
    parser.addoption(
        "--nudged", action="store_true", help="draw first weights with other last bits"
    )
    parser.addoption(
        "--pytorch", type=int, metavar="N", help="compare N drawn experiments with PyTorch"
    )


@pytest.fixture
def snapshot(request):
    """Compare a drawing with tests/snapshots/NAME.txt; the difference is the failure."""
    return Snapshot(request.config.getoption("--update-snapshots"))


def pytest_collection_modifyitems(items):
    """``-m drawn``: tests of what is drawn, which need the very versions that draw it."""
    for item in items:
        if "snapshot" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.drawn)


@pytest.fixture(autouse=True, scope="session")
def modules_are_no_garbage():
    """Each full collection would go through all that has been imported.

    What a test imports later and every app adds to it: with Python's thresholds the collector took
    a fifth of the suite's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 5)
    gc.enable()


@pytest.fixture(autouse=True)
def garbage_is_collected():
    """The command line turns collection off until the first screen, which a test may not reach."""
    yield
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def parameters_counted_once():
    """Textual would inspect the signature of each lambda, which is made anew for each call."""
    count, counted = _callback._count_parameters, {}

    def count_once(function):
        code = getattr(function, "__code__", None)
        if code is None or vars(function):  # such as __wrapped__
            return count(function)
        if code not in counted:
            counted[code] = count(function)
        return counted[code]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_callback, "_count_parameters", count_once)
        yield


@pytest.fixture(autouse=True, scope="session")
def jobs_begun():
    """The jobs that tests have begun; each test's are in there until it ends."""
    jobs = []
    start = Job.start

    def started(job):
        jobs.append(job)
        start(job)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Job, "start", started)
        yield jobs


@pytest.fixture(autouse=True)
def jobs_end_with_their_test(jobs_begun):
    """What nobody will read would still be computed, for a quarter of the suite's time."""
    yield
    for job in jobs_begun:
        job.cancel()
    jobs_begun.clear()


@pytest.fixture(autouse=True, scope="session")
def last_bits(request):
    """With --nudged first weights are drawn as if by a processor with other last bits."""
    draw = engine.training.prepare.first_network

    def nudged(experiment, *sizes):
        network = draw(experiment, *sizes)
        if experiment.weights is None:
            rng = np.random.default_rng(0)
            for layer, (W, b) in enumerate(zip(network.weights, network.biases, strict=True), 1):
                shared = layer in dict(network.convolutions)  # its weights repeat
                W *= 1.0 + NUDGE * rng.choice([-1.0, 1.0], () if shared else W.shape)
                if network.bias:
                    b *= 1.0 + NUDGE * rng.choice([-1.0, 1.0], b.shape)
        return network

    with pytest.MonkeyPatch.context() as patch:
        if request.config.getoption("--nudged"):
            patch.setattr(engine.training.prepare, "first_network", nudged)
        yield


@pytest.fixture(autouse=True, scope="session")
def style_sheets_parsed_once():
    """Each app would parse the same style sheets twice at its start, a sixth of that time."""
    parse = Stylesheet._parse_rules
    parsed = {}

    def parsed_once(sheet, css, read_from, is_default_rules=False, tie_breaker=0, scope=""):
        source = (css, read_from, is_default_rules, tie_breaker, scope)
        key = (*source, *sorted(sheet._variables.items()))
        if key not in parsed:
            parsed[key] = parse(sheet, *source)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parsed_once)
        yield
