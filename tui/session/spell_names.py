"""The names of a session's data, spelt for its screens."""

from functools import partial

from tui.model.shown_names import with_shown_names
from tui.session.session import Session


def spell_names(session: Session, ascii: bool) -> None:
    """Show the names of the data as the screens can draw them, also in later runs."""
    session.runs.spell_names(partial(with_shown_names, ascii=ascii))
    session.selection.rename(session.prepared.dataset)
