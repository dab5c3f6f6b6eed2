"""Running the app, and storing its session whatever ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.system.output import tell
from tui.system.terminal import SignalWatch

if TYPE_CHECKING:
    from tui.app import NNExplore
    from tui.autosave import Autosave


def run(app: NNExplore, autosave: Autosave) -> int:
    """Run the app; returns the exit status. A message at the end is one line on stderr."""
    SignalWatch(autosave.call_soon, autosave.store, lambda status: app.exit(return_code=status))
    try:
        app.run()
    except Exception:
        app.exit(return_code=1)
        raise  # Python prints the traceback
    finally:
        outcome = autosave.end(app)
        if outcome.message:
            tell(outcome.message)
    return outcome.exit_status
