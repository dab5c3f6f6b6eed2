"""What the panes of each screen show, in a few words of their help."""

from __future__ import annotations

import re
from importlib import import_module

from tui.actions.screen_keys import PANES
from tui.panes.base.pane import NAME_IN_HELP
from tui.screens.frame_screen import FrameScreen

END = re.compile(r"[.?]( |$)|; |, \{")  # of the words
ASIDE = re.compile(r" \([^)]*\{[^)]*\)")  # which names keys


def pane_words() -> dict[str, dict[str, str]]:
    """By screens, for each pane by its id what its help says first."""
    return {screen: _panes(screen) for screen in PANES}


def _panes(screen: str) -> dict[str, str]:
    module = import_module(f"tui.screens.{screen}")
    made: type[FrameScreen] = getattr(module, f"{screen.capitalize()}Screen")
    panes = made.compose_panes(made.__new__(made))  # they do not depend on it
    return {str(pane.id): first_words(pane.HELP) for pane in panes}


def first_words(help_text: str) -> str:
    """What a help says first, after the name of the pane and without keys."""
    text = ASIDE.sub("", " ".join(help_text.split()))
    *_, words = NAME_IN_HELP.split(text, maxsplit=1)
    return END.split(words.strip(), maxsplit=1)[0]
