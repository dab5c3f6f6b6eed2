"""The list of keys and the palette: all that can be done is in them, and enter does it."""

from types import SimpleNamespace
from typing import Any

import pytest
from screen import press, running, settled, text

from engine import Experiment
from engine.training.fields import FIELDS
from tui.actions.action import NAME_CELLS, actions_on
from tui.actions.screen_keys import TITLES
from tui.actions.search import found
from tui.commands.keys import ACTIONS, BY_ID, GROUPS, SHOWN
from tui.commands.offers.actions import keys_of_screen, most_used, others
from tui.commands.offers.palette import palette_offers
from tui.commands.offers.settings import settings
from tui.dialogs.offers.key_list import NOTE, KeyList
from tui.dialogs.offers.palette import Palette
from tui.drawing.cells import most_cells
from tui.experiments.library import gallery
from tui.session.session import Session
from tui.session.settings_draft import Draft
from tui.settings.all_options import rows_of
from tui.settings.option import Option

SMALL = Experiment("xor", hidden=(3,), activation="relu", output="tanh", seed=1)


def on_screen(name: str, stage: bool = False) -> Any:
    """As much of an app as the offers of actions need."""
    screen, course = SimpleNamespace(NAME=name), SimpleNamespace(stage="scenes" if stage else None)
    return SimpleNamespace(
        frame_screen=screen, course=course, actions=ACTIONS, shown_keys=SHOWN, action_act=print
    )


@pytest.mark.parametrize("stage", [False, True])
@pytest.mark.parametrize("screen", TITLES)
def test_every_action_of_a_screen_is_in_its_list_of_keys_and_in_the_palette(screen, stage):
    here = [action for action in actions_on(screen, ACTIONS, stage) if action.id != "keys"]
    assert sum(action.on_stage for action in here) == 3 * stage
    listed = [(offer.title, offer.keys) for offer in keys_of_screen(on_screen(screen, stage))]
    assert sorted(listed) == sorted((action.title, action.shown) for action in here)
    assert len({title for title, _ in listed}) == len(listed)
    offered = [*most_used(on_screen(screen, stage)), *others(on_screen(screen, stage))]
    special = [action for action in ACTIONS if action.screens]
    missing = {a.title for a in (*here, *special)} - {offer.title for offer in offered}
    assert missing == {BY_ID["commands"].title}


async def test_the_words_of_every_action_find_it_first_in_the_palette():
    async with running(SMALL, (80, 24)) as (app, _):
        offers = palette_offers(app)
        for action in ACTIONS:
            if action.on_stage:  # nothing now, and so not there
                assert action.title not in {offer.title for offer in offers}
                continue
            assert action.id == "commands" or found(offers, action.title)[0].title == action.title


def test_the_list_of_keys_begins_with_what_is_special_on_the_screen_and_on_explore_with_time():
    first = {name: keys_of_screen(on_screen(name))[0].title for name in TITLES}
    assert first["explore"] == "play, pause"
    assert (first["linear"], first["glm"]) == ("solve by least squares", "switch the activation")
    assert [offer.title for offer in most_used(on_screen("linear"))][:4] == [
        "play, pause", "play at half the speed", "play at double the speed", "a step back",
    ]  # fmt: skip


def test_names_of_actions_fit_their_column_and_each_action_is_in_one_group():
    assert {a.id for a in ACTIONS if most_cells(a.title) > NAME_CELLS} == set()
    assert sum(map(len, GROUPS.values())) == len(BY_ID)


@pytest.mark.parametrize("dataset", ["circle", "iris", "mtcars"])
def test_the_palette_offers_every_setting_of_the_panel(dataset):
    session = Session(Experiment(dataset))
    draft = Draft(present=session.prepared)
    app: Any = SimpleNamespace(session=session, draft=draft)
    offered = " ".join(offer.title for offer in settings(app))
    facts = draft.facts(session.experiment)
    for row in rows_of(session.experiment, facts=facts):
        if isinstance(row, Option) and row.is_field and FIELDS[row.id].group:
            assert row.label.strip() in offered


async def typed(app, pilot, opener, words, *keys):
    """Open a list, and type these words in it."""
    await press(app, pilot, opener)
    app.screen.view.type(words)
    await press(app, pilot, *keys)


async def test_the_list_of_keys_is_filtered_by_typing_and_enter_does_what_is_chosen():
    async with running(SMALL, (80, 24)) as (app, pilot):
        await press(app, pilot, "4", "question_mark")
        assert isinstance(app.screen, KeyList) and "jump to the least-squares" in text(app)
        await press(app, pilot, *"epoch")
        shown = text(app)
        assert "filter: epoch" in shown and "an epoch back" in shown and "restart" not in shown
        await press(app, pilot, "enter")
        assert app.screen is app.frame_screen and app.session.trainer.step_count > 1
        for opener, kind in (("question_mark", KeyList), ("ctrl+p", Palette)):
            await press(app, pilot, opener, "z", "space", "escape")
            assert isinstance(app.screen, kind) and app.screen.view.typed == ""
            await press(app, pilot, opener)  # closes it
            assert app.screen is app.frame_screen and not app.frame_screen.is_zoomed


async def test_arrows_go_round_the_list_and_to_the_next_column_and_a_click_does_it():
    async with running(SMALL, (120, 40)) as (app, pilot):
        await press(app, pilot, "question_mark", "up")
        view = app.screen.view
        assert view.chosen == len(view.offers) - 1
        await press(app, pilot, "down", "down", "right")
        assert view.chosen > 10
        await press(app, pilot, "left")
        assert view.chosen == 1
        await press(app, pilot, "end", "pageup", "home")
        assert view.chosen == 0
        view.type("screen linear")
        await settled(pilot)
        rows = text(app).splitlines()
        y = next(y for y, row in enumerate(rows) if "screen Linear" in row)
        await pilot.click(offset=(rows[y].index("Linear"), y))
        await settled(pilot)
        assert app.frame_screen.NAME == "linear"


async def test_the_palette_shows_what_happens_in_words_and_the_key():
    async with running(SMALL, (80, 24)) as (app, pilot):
        await press(app, pilot, "ctrl+p")
        first = text(app).splitlines()[4]
        assert "play, pause" in first and "space" in first
        app.screen.view.type("largest")
        await settled(pilot)
        assert "next batch" in text(app) and " K " in text(app)
        await press(app, pilot, "end", "pageup", "home", "up")
        assert app.screen.view.offer


async def test_a_setting_is_changed_at_once_or_in_a_new_run_as_its_note_says():
    async with running(SMALL, (80, 24)) as (app, pilot):
        app.session.time.step(3)
        await typed(app, pilot, "ctrl+p", "learning rate 0.3")
        assert "from the next step on" in app.screen.view.offer.note
        await press(app, pilot, "enter")
        assert app.session.experiment.learning_rate == 0.3
        assert app.session.trainer.step_count == 3
        await typed(app, pilot, "ctrl+p", "identity")
        assert "begins a new run" in text(app)
        await press(app, pilot, "enter")
        assert app.session.experiment.activation == "identity"
        assert app.session.trainer.step_count == 0 and "a new run" in app.message
        await typed(app, pilot, "ctrl+p", "identity", "enter")
        assert app.message == "activation: identity: as it is now"
        await typed(app, pilot, "ctrl+p", "lr 0.07", "enter")
        await press(app, pilot, *["backspace"] * 9, *"0.07", "enter")
        assert app.session.experiment.learning_rate == 0.07


@pytest.mark.parametrize("keys", [(), ("escape", "escape")])
async def test_the_palette_applies_one_setting_and_what_waits_in_the_panel_waits_on(keys):
    async with running(SMALL, (80, 24)) as (app, pilot):
        await press(app, pilot, "o")
        app.draft.choose(app.session.experiment, {"hidden": (5,)})
        app.draft.choose(app.session.experiment, {"activation": "tanh"})
        if keys:
            app.frame_screen.show_settings(False)
        await typed(app, pilot, "ctrl+p", "activation identity", "enter")
        assert app.session.experiment.activation == "identity"
        assert app.session.experiment.hidden == (3,)
        assert app.draft.pending == {"hidden": (5,)}, "the activation is another one now"


async def test_no_heading_of_the_list_of_keys_is_its_last_row():
    async with running(SMALL, (100, 30)) as (app, pilot):
        await press(app, pilot, "question_mark")
        view = app.screen.view
        for _ in view.offers:
            view.move(1)
            last = view.render_line(view.size.height - NOTE - 2).text
            for at in range(len(view._columns)):
                assert last[at * view._width :].split("  ")[0] not in GROUPS


@pytest.mark.parametrize("dataset", ["circle", "iris", "challenger"])
async def test_all_activations_are_made_identity_by_one_command(dataset):
    async with running(Experiment(dataset), (80, 24)) as (app, pilot):
        await typed(app, pilot, "ctrl+p", "all identity", "enter")
        experiment = app.session.experiment
        assert (experiment.activation, experiment.output) == ("identity", "identity")


async def test_another_data_set_and_the_gallery_begin_sessions_to_which_the_key_returns():
    async with running(SMALL, (80, 24)) as (app, pilot):
        app.session.time.step(3)
        await typed(app, pilot, "ctrl+p", "dataset circle", "enter")
        assert app.session.experiment.dataset == "circle"
        assert "returns to the session before" in app.message
        await press(app, pilot, "ctrl+r")
        assert (app.session.experiment.dataset, app.session.trainer.step_count) == ("xor", 3)
        await typed(app, pilot, "ctrl+p", "xor needs hidden", "enter")
        shown = next(one for one in gallery() if one.title == "Xor needs a hidden layer")
        assert app.session.experiment.hidden == shown.experiment.hidden != SMALL.hidden


async def test_an_action_of_another_screen_goes_there_and_does_it():
    async with running(SMALL, (80, 24)) as (app, pilot):
        await typed(app, pilot, "ctrl+p", "residuals")
        assert "on 4 Linear" in text(app)
        await press(app, pilot, "enter")
        assert app.frame_screen.NAME == "linear" and app.session.selection.of_network


async def test_help_of_a_pane_names_the_key_of_the_list_which_takes_its_place():
    async with running(SMALL, (80, 24)) as (app, pilot):
        await press(app, pilot, "f1")
        assert "Help · Network" in text(app) and "? keys" in text(app)
        assert "play, pause" not in str(app.screen.query_one("Static").content)
        await press(app, pilot, "question_mark")
        assert isinstance(app.screen, KeyList) and len(app.screen_stack) == 3
        await press(app, pilot, "escape")
        assert app.screen is app.frame_screen
