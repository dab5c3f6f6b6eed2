"""CountJob: one count in a thread of its own, of a network that nobody changes meanwhile."""

from threading import Thread
from time import perf_counter, sleep, thread_time

from engine.network.size import shape
from engine.regions import RegionCount, counting
from engine.regions.cells.part import MEMORY
from tui.drawing.numbers import large
from tui.model.measured import Regions
from tui.model.regions.source import MAP_REGIONS, Moment, most_regions, pieces
from tui.system.job import Job

STRETCH, BREATH = 0.004, 0.001  # seconds of counting in a row, then of rest: keys come between
NEEDED = ("linear_count", "areas", "centres", "edges", "neighbours", "maps")  # of a map, to show it


class CountJob(Job):
    """Counts one moment. ``found`` is the result when it has ended; None if cancelled.

    With ``seconds`` it gives up after so long, and says in a note what the whole would take.
    ``progress`` is how far it is, once that is known. It may take about ``memory`` bytes.
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
        self.progress: RegionCount | None = None
        self.found: Regions | None = None
        self.gave_up = False
        self.took = 0.0

    def run(self) -> None:
        began = thread_time()
        super().run()
        self.took = thread_time() - began  # other threads may have had their turn
        if self.note and not self.cancelled:
            self.found = Regions(self.moment.step, note=self.note)

    def work(self) -> None:
        found = None if self.cancelled else self._count()
        self.found = None if self.cancelled else found

    def _count(self) -> Regions | None:
        moment = self.moment
        if moment.view.flat and most_regions(moment) > MAP_REGIONS:
            found = self._counted()
            if found is None or found.count is None or found.count > MAP_REGIONS:
                return found
        regions = pieces(moment, self._memory)
        if regions.map is not None:
            for name in NEEDED:
                getattr(regions.map, name)
        return regions

    def _counted(self) -> Regions | None:
        """The number alone, or what it would take to have it."""
        moment, total = self.moment, 0
        began = rested = perf_counter()
        box, plane = moment.view.box, moment.view.plane(moment.data)
        for progress in counting(moment.network, box, plane, self._memory):
            self.progress, total, now = progress, progress.regions, perf_counter()
            if self.cancelled:
                return None
            if self.seconds and now - began > self.seconds and progress.done < 1.0:
                self.gave_up = True
                note = estimate(moment.network.sizes, progress, now - began)
                return Regions(moment.step, note=note)
            if now - rested > STRETCH:
                sleep(BREATH)
                rested = perf_counter()
        note = f"more than {large(MAP_REGIONS)} regions · too many to draw"
        if self.progress and self.progress.close_calls:
            note = f"{large(self.progress.close_calls)} close calls: not certain · {note}"
        return Regions(moment.step, count=total, note=note)


def estimate(sizes: tuple[int, ...], progress: RegionCount, seconds: float) -> str:
    """How large a network is, and what counting all its regions would take, by a part of them."""
    size = f"{shape(sizes)}: {large(sum(sizes[1:-1]))} hidden units"
    if progress.done > 0.0:
        regions = rounded(progress.regions / progress.done)
        size += f" · about {large(regions)} regions · about {duration(seconds / progress.done)}"
    return f"{size} · C counts once"


def rounded(number: float) -> int:
    """To two figures: it is an estimate."""
    return int(float(f"{number:.1e}"))


def duration(seconds: float) -> str:
    """A time in the unit that suits it: ``40 s``, ``3 min``, ``2 days``."""
    units = (("s", 1.0, 90.0), ("min", 60.0, 90.0), ("h", 3600.0, 36.0), ("days", 86400.0, 700.0))
    for name, unit, most in units:
        if seconds < most * unit:
            return f"{max(1, round(seconds / unit))} {name}"
    return f"{large(rounded(seconds / 31_557_600.0))} years"
