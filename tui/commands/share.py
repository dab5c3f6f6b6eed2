"""Sharing an experiment, and checking the result that a share code promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.storage.share_code import Expected
from tui.drawing.numbers import count
from tui.storage.sharing import in_words, verdict

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def check(app: BaseApp, expected: Expected) -> None:
    """Train to the step of an expected result, unless the user cancels it, and say whether it
    is so."""
    from tui.dialogs.sharing import Training

    session = app.session

    def arrived(there: bool | None) -> None:
        app.show()
        if there:
            says = verdict(session.trainer, expected)
            app.notify(
                says,
                severity="warning" if says.startswith("not") else "information",
                timeout=15,
            )
        else:
            at = count(session.trainer.step_count)
            app.notify(f"cancelled at step {at}: expected is {in_words(expected)}")

    if session.trainer.step_count == expected.step:
        arrived(True)
    else:
        app.push_screen(Training(session.trainer, expected.step, in_words(expected)), arrived)


def ask_share(app: BaseApp) -> None:
    """Show the share code, and copy it."""
    from tui.dialogs.sharing import Share

    app.do(lambda: None, pause=True)
    app.push_screen(Share(app.session, app.look.glyphs))
