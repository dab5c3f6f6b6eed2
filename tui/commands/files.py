"""Opening and saving by the user: what a typed line stands for, and where a session goes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine import DataError, Experiment
from engine.atomic_files import write_whole
from engine.data.source import source
from engine.storage.file_kind import CODE_PREFIX, Kind, kind_of
from engine.storage.share_code import MAX_PARAMETERS, read_share_code
from tui.commands.place import go_to
from tui.commands.screenshot import unused
from tui.dialogs.base import Ask
from tui.dialogs.files import Choose, OpenFile
from tui.drawing.numbers import count
from tui.session.session import Session
from tui.storage.recent import recent, remember
from tui.storage.saving import Opened, experiment_text, read_experiment, read_session, saved
from tui.system.paths import absolute, shortened, typed_path

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.experiments.library import Entry

SETTINGS_ONLY = "the settings: opened, it begins where this run began"


# opening


def ask_open(app: BaseApp) -> None:
    """Ask for a file, or a share code, and open it; whatever is wrong with it is said there."""
    app.session.time.playing = False
    names = tuple(map(shortened, recent()))

    def chosen(opened: Opened | None) -> None:
        if opened is not None:
            opened_by(app, opened)

    app.push_screen(OpenFile(names, read), chosen)


def read(text: str) -> Opened:
    """What a line stands for: a share code or the path of a file. EngineError says what is wrong
    with it."""
    kind = kind_of(text)
    if kind is Kind.CODE:
        shared = read_share_code(text)
        session = Session(shared.experiment)
        return Opened(session, "the share code", expected=shared.expected)
    if not text:
        raise DataError(f"nothing: type a file's name, or {CODE_PREFIX}…")
    path = typed_path(text)
    if kind is Kind.SESSION:
        return read_session(path)
    if kind is Kind.EXPERIMENT:
        experiment = read_experiment(path)
    else:
        experiment = Experiment(dataset=str(source(path)))
    return Opened(Session(experiment), shortened(path), path=path)


def opened_by(app: BaseApp, opened: Opened) -> None:
    """Go on with what the user has opened, in place of the present session."""
    use(app, opened)
    app.say_notes()


def use(app: BaseApp, opened: Opened) -> None:
    """Put a session in the place of the present one, where on the screen it was; check what it
    promises."""
    from tui.commands.share import check

    if opened.place:  # it was saved in the app, with this preference
        app.preferences.predicting = opened.session.preferences.predicting
    app.use(opened.session)
    go_to(app, opened.place)
    step = opened.session.trainer.step_count
    said = f"opened {opened.name}{f' at step {count(step)}' if step else ''}"
    app.tell("; ".join(filter(None, (said, app.way_back))))
    for remark in opened.remarks:
        app.notify(remark, severity="warning", timeout=12)
    if opened.path:
        remember(opened.path)
    if opened.expected:
        app.call_after_refresh(check, app, opened.expected)


# saving


def save(app: BaseApp) -> None:
    """Save the session where it has been saved before; else ask for a name."""
    if app.session.file is None:
        ask_save(app)
    else:
        _save_session(app, app.session.file)


def ask_save(app: BaseApp) -> None:
    """Ask for a name, suggest one, and save; EngineError where that fails."""
    session = app.session
    app.do(lambda: None, pause=True)
    name = f"{source(session.experiment.dataset).stem}-step-{session.trainer.step_count}"
    prompt = "Save as: .npz is this session, .toml its experiment"

    def chosen(path: Path | None) -> None:
        if path is not None:
            app.attempt(lambda: _save_as(app, path))

    suggested = shortened(session.file) if session.file else str(unused(name, ".npz"))
    app.push_screen(Ask(prompt, new_file(session.file), suggested), chosen)


def new_file(own: Path | None) -> Callable[[str], Path]:
    """A reader of names of files to be written: one that is there already, but for the session's
    own, must be confirmed by a second time."""
    asked: set[Path] = set()

    def read(text: str) -> Path:
        path = absolute(typed_path(text))
        if not text or path.suffix.lower() not in (".npz", ".toml"):
            raise ValueError(f"{text or 'nothing'}: type a name that ends in .npz or .toml, or esc")
        if os.path.isdir(path):
            raise ValueError(f"{text} is a directory")
        if not os.path.isdir(path.parent):
            raise ValueError(f"there is no folder {path.parent}")
        if not os.access(path.parent, os.W_OK):
            raise ValueError(f"nothing can be written to the folder {path.parent}")
        if os.path.exists(path) and path != own and path not in asked:
            asked.add(path)
            raise ValueError(f"{text} is there already: enter again writes over it")
        return path

    return read


def _save_as(app: BaseApp, path: Path) -> None:
    if path.suffix.lower() == ".npz":
        _save_session(app, path)
        app.session.file = path
        return
    trainer = app.session.trainer
    if not trainer.step_count and not trainer.history.events:
        _save_experiment(app, path, with_weights=False)
        return
    size = trainer.network.parameters.size
    weights = f"these, and the present {count(size)} weights and biases to begin with"
    question = Choose("What goes into the file?", (SETTINGS_ONLY, weights), size <= MAX_PARAMETERS)

    def chosen(which: int | None) -> None:
        if which is not None:
            app.attempt(lambda: _save_experiment(app, path, with_weights=which == 1))

    app.push_screen(question, chosen)


def _save_session(app: BaseApp, path: Path) -> None:
    content = saved(app.session, path.parent, app.present_place).content()
    write_whole(path, content)
    remember(path)
    app.tell(f"saved {shortened(path)}, {count(-(-len(content) // 1000))} kB")


def _save_experiment(app: BaseApp, path: Path, with_weights: bool) -> None:
    text = experiment_text(app.session, path.parent, with_weights)
    write_whole(path, text.encode("utf-8"))
    remember(path)
    app.tell(f"saved {shortened(path)}")


# the gallery


def open_gallery(app: BaseApp) -> None:
    """Choose an experiment of the gallery, in place of this one."""
    from tui.dialogs.gallery import GalleryScreen

    def begin(chosen: Entry | None) -> None:
        if chosen:
            app.attempt(lambda: app.open(chosen.experiment))

    app.session.time.playing = False
    app.clear_notifications()  # they would cover the list
    app.push_screen(GalleryScreen(app.look), begin)
