"""The session that the app starts with, and what the app does first."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from engine import Experiment
from engine.storage.file_kind import Kind, kind_of
from tui.autosave import Autosave
from tui.storage.first_start import keep, kept
from tui.storage.recent import remember
from tui.storage.recovery import crashed_sessions, message
from tui.system.paths import typed_path

if TYPE_CHECKING:
    from engine.storage.share_code import Expected
    from tui.app import NNExplore
    from tui.storage.saving import Opened


class StartingSession:
    """The session to start with. EngineError if it cannot be read.

    ``experiment`` is the one to start; None for a saved session: the one in ``file`` or, with
    ``recover``, the latest that a crash has left. ``keeps_layout``: whether the next start has the
    layout that Explore is left with.
    """

    def __init__(
        self,
        file: str | None,
        experiment: Experiment | None,
        recover: bool,
        keeps_layout: bool = False,
    ) -> None:
        self.autosave = Autosave()
        self.details = kept().details
        self._keeps_layout = keeps_layout
        self._file = file
        self._opened: Opened | None = None
        self._expected: Expected | None = None
        self._message = () if recover else message(crashed_sessions())
        if recover:
            self._opened = self.autosave.recover()
        elif experiment is None and file is not None:
            from tui.storage.saving import read_session

            self._opened = read_session(typed_path(file))
        elif file is not None and kind_of(file) is Kind.CODE:
            from engine.storage.share_code import read_share_code

            shared = read_share_code(file)
            # with other settings the result differs
            self._expected = shared.expected if shared.experiment == experiment else None
        self.experiment = self._opened.session.experiment if self._opened else experiment

    def is_first(self) -> bool:
        """Whether this is the first start that shows the introduction; not if that cannot be kept
        in mind, since then each start would be the first."""
        return not kept().intro_shown and keep(intro_shown=True)

    def begin(self, app: NNExplore) -> None:
        """Open the session, check what it promises, and begin to store it; once the app runs."""
        if self._opened:
            from tui.commands.files import use

            use(app, self._opened)
        elif self._file and os.path.isfile(self._file):
            remember(Path(self._file))
        if self._expected:
            from tui.commands.share import check

            app.call_after_refresh(check, app, self._expected)
        if self._message:
            app.tell_also(*self._message)
        if self._keeps_layout:
            app.keep_layout = lambda details: keep(details=details)
        self.autosave.watch(app)
