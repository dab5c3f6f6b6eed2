"""CountJob: counts the regions of one moment in a separate thread."""

from threading import Thread
from time import perf_counter, thread_time

from engine.regions.cells.part import MEMORY
from engine.regions.counting import RegionCount, counting
from tui.model.regions.result import CountProgress, Failed, Regions, TooMany, TooSlow
from tui.model.regions.source import MAP_REGIONS, Moment, max_regions, pieces
from tui.system.job import Job

DRAWN = "linear_count", "areas", "centres", "edges", "neighbours", "maps", "edge_jumps", "curvature"
"""What panes draw of a map."""


class CountJob(Job):
    """Counts one moment, whose network must not change. ``result`` is None until it has ended,
    or if it was cancelled.

    With ``seconds`` it gives up after that time, and the result is an estimate (``gave_up``).
    It may use about ``memory`` bytes.
    """

    FAILED = "not counted"

    def __init__(
        self,
        moment: Moment,
        seconds: float | None,
        after: Thread | None = None,
        memory: float = MEMORY,
    ) -> None:
        super().__init__("regions", after)
        self.moment, self.seconds, self._memory = moment, seconds, memory
        self._count: RegionCount | None = None  # of the part that is done
        self.result: Regions | None = None
        self.gave_up = False
        self.took = 0.0  # seconds of processor time

    @property
    def progress(self) -> CountProgress:
        """How far the count is."""
        count = self._count
        return CountProgress(count.regions, count.done) if count else CountProgress()

    def run(self) -> None:
        start = thread_time()
        super().run()
        self.took = thread_time() - start  # without the time that other threads have used
        if self.note and not self.cancelled:
            self.result = Regions(self.moment.step, reason=Failed(self.note))

    def work(self) -> None:
        result = None if self.cancelled else self._regions()
        self.result = None if self.cancelled else result

    def _regions(self) -> Regions | None:
        """The map or the knots; only the count where the map is too large to draw."""
        moment = self.moment
        if moment.view.flat and max_regions(moment) > MAP_REGIONS:
            counted = self._counted()
            if counted is None or counted.count is None or counted.count > MAP_REGIONS:
                return counted
        regions = pieces(moment, self._memory)
        if regions.map is not None:
            for name in DRAWN:  # computed here, so that drawing the map does not wait
                getattr(regions.map, name)
        return regions

    def _counted(self) -> Regions | None:
        """The count without a map, or an estimate of it; None if cancelled."""
        moment, total, start = self.moment, 0, perf_counter()
        box, plane = moment.view.box, moment.view.plane(moment.data)
        for count in counting(moment.network, box, plane, self._memory):
            self._count, total = count, count.regions
            if self.cancelled:
                return None
            seconds = perf_counter() - start
            if self.seconds and seconds > self.seconds and count.done < 1.0:
                self.gave_up = True
                return Regions(moment.step, reason=too_slow(moment, count, seconds))
            self.pause_briefly()
        close_calls = self._count.close_calls if self._count else 0
        return Regions(moment.step, count=total, reason=TooMany(MAP_REGIONS, close_calls))


def too_slow(moment: Moment, count: RegionCount, seconds: float) -> TooSlow:
    """An estimate of the whole count from a part of it, which took so many seconds."""
    sizes = moment.network.sizes
    if count.done <= 0.0:
        return TooSlow(moment.step, sizes)
    return TooSlow(moment.step, sizes, count.regions / count.done, seconds / count.done)
