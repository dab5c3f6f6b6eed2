"""Opening and saving: experiments of the gallery, files, share codes and links."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine import DataError
from engine.atomic_files import write_whole
from engine.data.source import source
from engine.storage.file_kind import CODE_PREFIX, Kind, kind_of
from engine.wording import count, plural
from tui.actions.action import Action
from tui.commands.screens import go_to
from tui.commands.share import check, path_reader, unused_path
from tui.session.session import Session
from tui.storage.opening import experiment_of
from tui.storage.recent import recent, remember
from tui.system.paths import shortened, typed_path

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.experiments.library import Entry
    from tui.storage.saving import Opened

SESSION_ENDINGS = (".npz", ".toml")
SETTINGS_ONLY = "the settings: opened, it begins where this run began"


# opening


def ask_open(app: BaseApp) -> None:
    """Ask for a file, a share code or a link, and open it. The dialog says what is wrong."""
    from tui.dialogs.files import OpenFile

    app.session.time.playing = False
    names = tuple(map(shortened, recent()))
    app.ask(OpenFile(names, read), lambda opened: open_in_app(app, opened))


def read(text: str) -> Opened:
    """What a share code, a link or the file of a typed path contains. EngineError says what is
    wrong with it."""
    from tui.storage.saving import Opened, read_session

    if not text:
        raise DataError(f"nothing: type a file's name, or {CODE_PREFIX}…")
    kind = kind_of(text)
    if kind is Kind.SESSION:
        return read_session(typed_path(text))
    session = Session(experiment_of(text))
    if kind is Kind.CODE:
        from engine.storage.share_code import read_share_code

        return Opened(session, "the share code", expected=read_share_code(text).expected)
    if kind is Kind.LINK:
        return Opened(session, "the Playground link")
    path = typed_path(text)
    return Opened(session, shortened(path), path=path)


def open_in_app(app: BaseApp, opened: Opened) -> None:
    """Replace the session by one that the user has opened, and say what is to be noted of it."""
    use(app, opened)
    app.opened = app.session
    app.show_notes()


def use(app: BaseApp, opened: Opened) -> None:
    """Replace the session by a stored one, go to the screen where it was saved, and check the
    result that it promises."""
    if opened.place:  # it was saved in the app, and this preference with it
        app.preferences.predicting = opened.session.preferences.predicting
    app.use(opened.session)
    go_to(app, opened.place)
    step = opened.session.trainer.step_count
    message = f"opened {opened.name}{f' at step {count(step)}' if step else ''}"
    app.tell("; ".join(filter(None, (message, app.return_hint))), message)
    for remark in opened.remarks:
        app.tell_also(remark)
    if opened.path:
        remember(opened.path)
    if opened.expected:
        app.call_after_refresh(check, app, opened.expected)


# saving


def save(app: BaseApp) -> None:
    """Save the session to its file; if it has none, ask for a name."""
    if app.session.file is None:
        ask_save(app)
    else:
        _save_session(app, app.session.file)


def ask_save(app: BaseApp) -> None:
    """Ask for a name, suggest one, and save."""
    from tui.dialogs.base import Ask

    session = app.session
    app.do(lambda: None, pause=True)
    name = f"{source(session.experiment.dataset).stem}-step-{session.trainer.step_count}"
    prompt = "a file that ends in .npz for this session, in .toml for its experiment"
    suggested = shortened(session.file) if session.file else str(unused_path(name, ".npz"))
    question = Ask("Save as", prompt, path_reader(SESSION_ENDINGS, session.file), suggested)
    app.ask(question, lambda path: _save_as(app, path))


def _save_as(app: BaseApp, path: Path) -> None:
    from engine.storage.share_code import MAX_PARAMETERS
    from tui.dialogs.files import Choose

    if path.suffix.lower() == ".npz":
        _save_session(app, path)
        app.session.file = path
        return
    trainer = app.session.trainer
    if not trainer.step_count and not trainer.history.events:
        _save_experiment(app, path, with_weights=False)
        return
    size, shown = trainer.network.parameters.size, trainer.network.parameter_count
    numbers = plural(shown, "weight", "weights and biases")
    weights = f"these, and the present {numbers} to begin with"
    question = Choose("What goes into the file?", (SETTINGS_ONLY, weights), size <= MAX_PARAMETERS)
    app.ask(question, lambda line: _save_experiment(app, path, with_weights=line == 1))


def _save_session(app: BaseApp, path: Path) -> None:
    from tui.storage.saving import saved

    content = saved(app.session, path.parent, app.present_place).content()
    write_whole(path, content)
    remember(path)
    app.tell(f"saved {shortened(path)}, {count(-(-len(content) // 1000))} kB")


def _save_experiment(app: BaseApp, path: Path, with_weights: bool) -> None:
    from tui.storage.saving import experiment_text

    text = experiment_text(app.session, path.parent, with_weights)
    write_whole(path, text.encode("utf-8"))
    remember(path)
    app.tell(f"saved {shortened(path)}")


# the gallery


def open_gallery(app: BaseApp) -> None:
    """Choose an experiment of the gallery, and open it."""
    from tui.dialogs.gallery.dialog import GalleryScreen

    app.session.time.playing = False
    app.ask(GalleryScreen(app.look), lambda entry: open_entry(app, entry))


def open_entry(app: BaseApp, entry: Entry) -> None:
    """Open an experiment of the gallery; what to look for in it stands below the screens' names."""
    app.open(entry.experiment)
    app.look_for = entry.look_for
    app.show()
    if app.frame_screen and not app.frame_screen.shows_what_to_look_for:  # for want of rows
        app.tell(entry.look_for)


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "gallery",
        ("ctrl+g",),
        "ctrl+g",
        "gallery: experiments that show something",
        open_gallery,
        name="gallery of experiments",
    ),
    Action("save", ("ctrl+s",), "ctrl+s", "save the session", save),
    Action(
        "save_as",
        ("W",),
        "W",
        "write the session, or its experiment, to a file (typed)",
        ask_save,
        name="write to a file (typed)",
    ),
    Action(
        "open",
        ("ctrl+o",),
        "ctrl+o",
        "open a file, a share code or a Playground link (typed)",
        ask_open,
        name="open a file or a link",
    ),
    Action(
        "session_before",
        ("ctrl+r",),
        "ctrl+r",
        "switch between this session and the previous one",
        lambda app: app.return_to_session(),
        name="the session before",
    ),
)
