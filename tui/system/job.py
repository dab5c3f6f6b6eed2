"""Jobs: work in a separate thread, while the app goes on."""

from threading import Thread
from time import perf_counter, sleep

from engine import EngineError

WORK_SECONDS, PAUSE_SECONDS = 0.004, 0.001  # the pauses let the app respond to keys


class Job(Thread):
    """A thread that does ``work``; if that fails, ``note`` says why.

    It starts when the thread ``after`` has ended, so that only one works at a time.
    """

    FAILED = "not done"  # the message for a bug, or too little memory

    def __init__(self, name: str, after: Thread | None = None) -> None:
        super().__init__(name=name, daemon=True)
        self.note, self.cancelled = "", False
        self._after = after
        self._paused = 0.0  # when it last paused, or began

    @property
    def busy(self) -> bool:
        """Whether it works, and is not asked to stop."""
        return self.is_alive() and not self.cancelled

    def cancel(self) -> None:
        """Ask the job to stop; ``work`` checks ``cancelled``."""
        self.cancelled = True

    def run(self) -> None:
        if self._after:
            self._after.join()
        self._after = None
        self._paused = perf_counter()
        try:
            self.work()
        except EngineError as error:
            self.note = str(error)
        except MemoryError:
            self.note = f"{self.FAILED}: there is not enough memory"
        except Exception as error:  # a bug here must not end the app
            self.note = f"{self.FAILED}: {error!r}"

    def work(self) -> None:
        """The work, in a subclass."""
        raise NotImplementedError

    def pause_briefly(self) -> None:
        """Sleep for a moment if the last pause was more than ``WORK_SECONDS`` ago."""
        if perf_counter() - self._paused > WORK_SECONDS:
            sleep(PAUSE_SECONDS)
            self._paused = perf_counter()
