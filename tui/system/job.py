"""Jobs: work in a separate thread, while the app goes on."""

from threading import Thread

from engine import EngineError


class Job(Thread):
    """A thread that does ``work``; if that fails, ``note`` says why.

    It starts when the thread ``after`` has ended, so that only one works at a time.
    """

    FAILED = "not done"  # the message for a bug, or too little memory

    def __init__(self, name: str, after: Thread | None = None) -> None:
        super().__init__(name=name, daemon=True)
        self.note, self.cancelled = "", False
        self._after = after

    def cancel(self) -> None:
        """Ask the job to stop; ``work`` checks ``cancelled``."""
        self.cancelled = True

    def run(self) -> None:
        if self._after:
            self._after.join()
        self._after = None
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
