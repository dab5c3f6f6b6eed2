"""The post-mortem of a run."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from tui.dialogs.base import Report
from tui.dialogs.postmortem_report import PostMortemView
from tui.panes.base.look import Look
from tui.session.postmortem import LowerRate, PostMortemJob

LOOK = 0.1  # seconds between checks whether the examination has ended


class PostMortemScreen(Report[LowerRate]):
    """What ``post_mortem`` found; enter returns the cure, where there is one."""

    CSS = """
    PostMortemView {
        width: 96%; max-width: 102; height: 94%; max-height: 32;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "cure", "go back and set the suggested learning rate"),
    ]
    APP_ACTIONS: ClassVar[Mapping[str, str]] = {"postmortem": "dismiss(None)"}

    def __init__(self, job: PostMortemJob, look: Look) -> None:
        super().__init__()
        self.job, self._look = job, look

    def compose(self) -> ComposeResult:
        yield PostMortemView(self._look)

    def on_mount(self) -> None:
        clock = self.app.clock
        self._timer = clock.every(self, LOOK, self.look_again)
        self.look_again()

    def look_again(self) -> None:
        """Show the result once there is one."""
        view, job = self.query_one(PostMortemView), self.job
        text = self._look.glyphs.text
        view.border_title = Content(text("Post-mortem" if job.diverged else "Stability"))
        if not job.is_alive():
            self._timer.stop()
            view.border_subtitle = Content(text(f"{self._offer()}esc closes"))
            view.result, view.lead_up, view.note = job.found, job.lead_up, job.note
            view.cure = job.cure
            view.redraw()

    def _offer(self) -> str:
        found, cure = self.job.found, self.job.cure
        if found is None or cure is None:
            return ""
        back = "goes back and " if cure.step < found.steps[-1] else ""
        return f"enter {back}sets {self._look.glyphs.eta}   "

    def action_cure(self) -> None:
        if self.job.found is not None:
            self.dismiss(self.job.cure)
