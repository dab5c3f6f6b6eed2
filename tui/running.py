"""Running: the app from its first paint to its end, whatever ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.system.output import tell
from tui.system.terminal import Watch

if TYPE_CHECKING:
    from tui.app import NNExplore
    from tui.keeper import Keeper


def run(app: NNExplore, keeper: Keeper) -> int:
    """Run the app, and keep its session; returns the exit status.

    What is to be told at the end is one line on stderr.
    """
    Watch(keeper.soon, keeper.keep, lambda status: app.exit(return_code=status))
    try:
        app.run()
    except Exception:
        app.exit(return_code=1)
        raise  # Python says where it was
    finally:
        ended = keeper.end(app)
        if ended.message:
            tell(ended.message)
    return ended.status
