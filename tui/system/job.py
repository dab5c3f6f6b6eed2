"""Job: work in a thread of its own, while the app goes on."""

from threading import Thread

from engine import EngineError


class Job(Thread):
    """Does ``work``; where that fails, ``note`` says why. It begins ``after`` another has ended, so
    that never two work."""

    FAILED = "not done"  # what is said of a fault of ours

    def __init__(self, name: str, after: Thread | None = None) -> None:
        super().__init__(name=name, daemon=True)
        self.note, self.cancelled = "", False
        self._after = after

    def cancel(self) -> None:
        """Stop at the next occasion."""
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
        except Exception as error:  # a fault of ours must not take the app with it
            self.note = f"{self.FAILED}: {error!r}"

    def work(self) -> None:
        raise NotImplementedError
