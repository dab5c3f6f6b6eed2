"""The values of all settings as offers, and a value that is typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from engine import DATASETS, EngineError, Experiment
from engine.training.fields import FIELDS, PAUSE
from tui.actions.offer import Offer
from tui.commands.training import change
from tui.session.settings_draft import DATA, STOPS, Changes, DataFacts, Draft, is_all_identity
from tui.settings.all_options import MOST_USED, rows_of
from tui.settings.network_options import ALL_IDENTITY
from tui.settings.option import MAX_RUNGS, YES_NO, Option
from tui.settings.value_ladders import number_text

if TYPE_CHECKING:
    from tui.base_app import BaseApp

FIRST = (*MOST_USED, "optimizer", "batch_size")
"""The settings that are changed most, which come first."""
GROUP = "settings"


def settings(app: BaseApp) -> list[Offer]:
    """The values of each setting of the present experiment, those of ``FIRST`` before others."""
    experiment = app.session.experiment
    facts = _draft(app).facts(experiment)
    offers: list[tuple[int, Offer]] = []
    parent = ""
    for row in rows_of(experiment, facts=facts):
        if not isinstance(row, Option) or not row.fields:
            continue
        name = row.label.strip()
        if row.label == name:
            parent = name
        else:  # its label follows that of the setting that it belongs to
            name = f"{parent}, {name}"
        if row.is_field and FIELDS[row.id].group == PAUSE:
            name = f"pause, {name}"
        at = FIRST.index(row.id) if row.id in FIRST else len(FIRST)
        offers += [(at, offer) for offer in _of_option(app, row, name, experiment, facts)]
    if experiment.hidden:
        offers.append((FIRST.index("activation"), _all_identity(app, experiment, facts)))
    return [offer for _, offer in sorted(offers, key=lambda one: one[0])]


def _all_identity(app: BaseApp, experiment: Experiment, facts: DataFacts) -> Offer:
    is_so = is_all_identity(experiment)
    title, when = "all activations: identity", "as it is now" if is_so else _when(ALL_IDENTITY)
    note = f"hidden layers and output: the network is then one linear map; {when}"
    changes: Iterable[Changes] = [{}] if is_so else ALL_IDENTITY.turn(experiment, facts, 1)
    return Offer(title, note, partial(_choose, app, title, [*changes]), group=GROUP)


def _of_option(
    app: BaseApp, option: Option, name: str, experiment: Experiment, facts: DataFacts
) -> list[Offer]:
    """The values of a setting, and a typed one: first where these are numbers."""
    offers = [
        _of_value(app, option, f"{name}: {text}", value, experiment)
        for value, text in _values(option, experiment)
    ]
    if option.read:
        note = f"now {option.show(experiment, facts)}; {_when(option)}"
        typed = Offer(f"{name}: type it", note, partial(_ask, app, option, name), group=GROUP)
        has_names = option.is_field and FIELDS[option.id].names
        offers.insert(len(offers) if has_names else 0, typed)
    return offers


def _of_value(
    app: BaseApp, option: Option, title: str, value: Any, experiment: Experiment
) -> Offer:
    what = DATASETS[value] if option.id == "dataset" else FIELDS[option.id].help
    when = "as it is now" if getattr(experiment, option.id) == value else _when(option)
    run = partial(_choose, app, title, [{option.id: value}])
    return Offer(title, f"{what}; {when}", run, group=GROUP)


def _values(option: Option, experiment: Experiment) -> Iterator[tuple[Any, str]]:
    """The values of a setting that are offered, and how they are written."""
    if not option.is_field:
        return
    field, present = FIELDS[option.id], getattr(experiment, option.id)
    if field.names:
        yield from ((name, name) for name in field.names)
    elif field.ladder and len(field.ladder.rungs) <= MAX_RUNGS:
        if field.ladder.nothing:
            yield None, field.ladder.nothing
        yield from ((value, number_text(value)) for value in field.ladder.rungs)
    elif isinstance(present, bool):
        yield from zip((True, False), YES_NO, strict=True)


def _when(option: Option) -> str:
    """When a change takes effect."""
    if option.needs_restart:
        return "begins a new session" if set(DATA) & {*option.fields} else "begins a new run"
    return "at once" if STOPS.issuperset(option.fields) else "from the next step on"


def _draft(app: BaseApp) -> Draft:
    """A draft of its own: what waits in the settings panel still waits."""
    return Draft(present=app.session.prepared)


def _choose(app: BaseApp, title: str, candidates: Iterable[Changes]) -> None:
    draft = _draft(app)
    _apply(app, title, draft, draft.choose_first(app.session.experiment, candidates))


def _ask(app: BaseApp, option: Option, name: str) -> None:
    from tui.dialogs.base import Ask

    draft, experiment = _draft(app), app.session.experiment
    facts, read = draft.facts(experiment), option.read
    assert read is not None

    def typed(text: str) -> Changes:
        return draft.choose(experiment, read(text, experiment, facts))

    prompt = app.look.glyphs.keys(option.help)
    question = Ask(name, prompt, typed, option.text(experiment, facts))
    app.ask(question, lambda changes: _apply(app, name, draft, changes))


def _apply(app: BaseApp, title: str, draft: Draft, changes: Changes) -> None:
    """Apply changes that need no restart, or begin a new run with what the draft has."""
    session, panel = app.session, app.draft
    if changes:
        panel.choose(session.experiment, changes)
        change(app, **changes)
        return
    if not draft.pending:
        app.tell(f"{title}: as it is now")
        return
    waiting = [one for one in panel.chosen if not one.keys() & draft.chosen[-1].keys()]
    app.begin(draft.wanted(session.experiment))
    if app.session is not session:
        return
    for one in waiting:
        with suppress(EngineError):  # it does not go with what was chosen
            panel.choose(session.experiment, one)
    app.show()
    text = f"{title}: a new run"
    app.tell(f"{text}; {app.shown_keys['undo']} brings back the run before", text)
