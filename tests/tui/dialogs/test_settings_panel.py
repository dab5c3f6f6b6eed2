"""The settings panel driven by keys: what applies, what waits, and what is said of it before."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import framed
from mouse import at, click
from options import select
from screen import press, running, settled, text
from textual.keys import key_to_character
from textual.widgets import Input

from engine import DATASETS, Experiment, Trainer, collapse
from engine.network.activations import ACTIVATIONS
from tui.actions.screen_keys import SCREENS
from tui.dialogs.settings_panel import MAX_TYPED, SettingsPanel
from tui.experiments.library import built_in
from tui.screens.layout.arrange import PANEL
from tui.session.session import Session
from tui.session.settings_draft import Draft
from tui.settings.all_options import rows_of, waiting
from tui.settings.option import Option

CIRCLE = built_in("circle")


def panel(app):
    return app.frame_screen.query_one(SettingsPanel)


def told(app):
    """The words of the panel."""
    strips = map(panel(app).render_line, range(panel(app).size.height))
    return " ".join(" ".join(strip.text for strip in strips).split())


async def test_o_opens_the_panel_beside_every_screen_and_esc_closes_it():
    async with running(CIRCLE) as (app, pilot):
        for key, _ in SCREENS.values():
            await press(app, pilot, key, "o")
            assert panel(app).size.width > 0
            assert app.focused is panel(app)
            assert "learning rate 0.03" in told(app)
            await press(app, pilot, "escape")
            assert not panel(app).display
            assert "learning rate" not in text(app)
            assert app.focused is not panel(app)


async def test_no_printable_key_and_no_key_of_a_list_acts_on_the_world_from_the_panel():
    """Every key of every action that can be printed, in one go: they are typed."""
    async with running(CIRCLE) as (app, pilot):
        app.seek(30)
        await press(app, pilot, "o")
        before = world(app)
        keys = [key for action in app.actions for key in action.keys]
        printable = [key for key in keys if (key_to_character(key) or "\n").isprintable()]
        assert {"space", "l", "r", "q", "question_mark", "a", "x"} <= {*printable}
        for key in {*printable, "home", "end", "pageup", "pagedown"} - {"plus", "minus"}:
            app.simulate_key(key)
        await settled(pilot)
        assert world(app) == before
        assert app.focused is panel(app) and app.draft.shown
        assert app.draft.pending == {} and len(app.draft.typed) == MAX_TYPED


def world(app):
    trainer = app.session.trainer
    return (
        *(app.screen, trainer.step_count, trainer.history.latest_step, app.session.experiment),
        *(app.session.time.playing, app.preferences, app.screen.place["zoomed"], app.is_running),
        *(len(app.session.runs.live), app.session.selection.unit),
    )


async def test_what_is_typed_filters_the_options_and_backspace_or_esc_shows_all_again():
    async with running(CIRCLE, size=(80, 24)) as (app, pilot):
        await press(app, pilot, "o")
        for typed, option in (
            ("learn", "learning_rate"), ("lr", "learning_rate"), ("XOR", "dataset"),
            ("rmsprop", "optimizer"), ("identity", "identity"), ("batch size", "batch_size"),
            ("optimizer", "optimizer"), ("overfit", None), ("sigmoid", "activation"),
        ):  # fmt: skip
            for letter in typed:
                app.simulate_key("space" if letter == " " else letter)
            await settled(pilot)
            assert f"filter: {typed}" in told(app)
            if option:
                assert app.draft.option == option and "type to filter" not in told(app)
            else:
                assert "No setting has that" in told(app)
                await press(app, pilot, "right", "enter", "down", "end", "delete")
            await press(app, pilot, "escape")
            assert "type to filter" in told(app) and app.draft.shown
        await press(app, pilot, *"ac", "backspace", "backspace")
        assert app.draft.typed == "" and app.draft.pending == {}
        assert app.session.experiment == built_session().experiment


async def test_a_choice_that_is_typed_is_the_first_that_the_arrows_choose():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o", *"tanh", "right")
        assert "activation → tanh" in told(app)
        await press(app, pilot, "right")
        assert "activation → sigmoid" in told(app)
        await press(app, pilot, "delete", *["backspace"] * 4, *"adam")
        await select_by_arrows(app, pilot, "optimizer")
        await press(app, pilot, "left")
        assert app.session.experiment.optimizer == "adam"


async def select_by_arrows(app, pilot, option):
    while app.draft.option != option:
        await press(app, pilot, "down")


async def test_a_list_that_is_filtered_leaves_its_room_to_the_choices():
    async with running(CIRCLE, size=(80, 24)) as (app, pilot):
        await press(app, pilot, "o", *"mtcars")
        assert all(name in told(app) for name in DATASETS) and "more" not in told(app)


async def test_the_arrows_go_round_and_page_keys_move_by_pages():
    async with running(CIRCLE, size=(80, 24)) as (app, pilot):
        await press(app, pilot, "o", "up")
        assert app.draft.option == "restart"
        await press(app, pilot, "down")
        assert app.draft.option == "learning_rate"
        await press(app, pilot, "pagedown")
        first = [row.id for row in panel(app)._content.options].index(app.draft.option)
        assert 6 <= first <= 12
        await press(app, pilot, "pageup")
        assert app.draft.option == "learning_rate"
        for key, option in (("end", "restart"), ("pagedown", "restart"), ("home", "learning_rate")):
            await press(app, pilot, key)
            assert app.draft.option == option


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_choices_of_an_option_are_listed_and_the_present_one_is_marked(size):
    async with running(CIRCLE, size=size) as (app, pilot):
        await press(app, pilot, "o")
        assert "0.01 [0.03] 0.1" in told(app)
        await press(app, pilot, "down")
        names = " ".join(ACTIVATIONS).replace("relu", "[relu]", 1)
        assert names in told(app)
        await press(app, pilot, "left")
        assert "[identity] relu" in told(app)
        await press(app, pilot, "delete")
        await select(app, pilot, "dataset")
        assert "[circle] xor gauss" in told(app)
        assert re.search(r"and \d+ more", told(app))
        await select(app, pilot, "train_fraction")
        assert "[50 %] 60 %" in told(app)


async def test_all_layers_become_identity_by_one_option_at_a_rate_that_holds():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o", *"identity", "right")
        assert "learning rate 0.03 → 0.003" in told(app)
        assert app.session.experiment.learning_rate == 0.03
        await press(app, pilot, "left")  # back again: the rate too
        assert app.draft.pending == {}
        await press(app, pilot, "right", "enter")
        e = app.session.experiment
        assert (e.activation, e.output, e.loss) == ("identity", "identity", "quadratic")
        assert e.hidden == CIRCLE.hidden
        app.session.time.step(3000)
        assert app.session.trainer.divergence is None
        assert collapse(app.session.trainer.network).W.shape == (1, 2)


def test_a_rate_that_is_chosen_while_a_linear_network_waits_is_kept():
    draft, e = Draft(), built_session().experiment
    draft.choose(e, {"activation": "identity", "output": "identity"})
    assert draft.wanted(e).learning_rate == 0.003
    assert draft.choose(e, {"learning_rate": 0.1}) == {"learning_rate": 0.1}
    now = replace(e, learning_rate=0.1)
    draft.choose(now, {"hidden": (3, 3)})
    assert draft.wanted(now).learning_rate == 0.1
    draft.choose(now, {"activation": "relu"})
    draft.choose(now, {"activation": "identity"})
    assert draft.wanted(now).learning_rate < 0.01
    draft.choose(now, {"output": "tanh"})
    assert draft.wanted(now).learning_rate == 0.1


async def test_delete_takes_back_the_change_of_one_option_that_waits():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o", "down", "right")
        await select(app, pilot, "noise")
        await press(app, pilot, "right", "delete")
        assert app.session.experiment.noise == 0.0
        assert [label for label, *_ in waiting(app.draft, app.session.experiment)] == ["activation"]
        await press(app, pilot, "delete")
        assert app.draft.pending


async def test_delete_on_a_data_set_takes_back_what_it_has_reset_and_nothing_else():
    start = replace(
        CIRCLE, loss="binary_cross_entropy", features=("x1", "x1*x2"), train_fraction=0.5
    )
    async with running(start) as (app, pilot):
        await press(app, pilot, "o", "down", "right")  # another activation
        await select(app, pilot, "dataset")
        await press(app, pilot, "right", "right")
        assert {"dataset", "loss", "features"} <= app.draft.pending.keys()
        await press(app, pilot, "delete")
        assert app.draft.pending.keys() == {"activation"}
        await press(app, pilot, "right", "left")  # as delete does
        assert app.draft.pending.keys() == {"activation"}


def key_line(app):
    return " ".join(panel(app).render_line(panel(app).size.height - 1).text.split())


def built_session():
    return Session(CIRCLE)


async def test_clicks_that_come_before_a_closed_panel_is_gone_do_nothing():
    async with running(built_in("cars")) as (app, pilot):
        await press(app, pilot, "o")
        panel = app.screen.query_one(SettingsPanel)
        heading = next(i for i, row in enumerate(panel._rows) if i and isinstance(row, str))
        option = panel.draft.option
        panel.draft.shown = False  # the screen follows a moment later
        for _ in range(2):
            await click(app, pilot, at(panel, 3, heading))
        assert panel.draft.option == option
        assert app.is_running


async def test_the_panel_takes_its_room_from_the_panes_and_gives_it_back():
    async with running(CIRCLE, size=(160, 48)) as (app, pilot):
        await press(app, pilot, "tab")
        before = text(app)
        await press(app, pilot, "o")
        panes = [p for p in app.screen.query("Pane") if p is not panel(app)]
        assert max(p.region.right for p in panes) <= 160 - PANEL[0]
        assert not app.screen.has_class("compact")
        await press(app, pilot, "escape")
        assert text(app) == before


async def test_a_setting_applies_from_the_next_step_bit_for_bit_without_a_restart():
    trainer = Trainer(CIRCLE)
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "o")
        await select(app, pilot, "learning_rate")
        await press(app, pilot, "plus", "plus", "right")
        trainer.step(app.session.trainer.step_count)
        for rate in (0.06, 0.12, 0.3):
            trainer.change(learning_rate=rate)
        assert app.session.experiment.learning_rate == 0.3
        await press(app, pilot, "escape", "n")
        trainer.seek(app.session.trainer.step_count)
        assert np.array_equal(app.session.trainer.network.parameters, trainer.network.parameters)
        assert app.draft.pending == {}


async def test_quick_presses_are_all_counted():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o")
        await select(app, pilot, "batch_size")
        for _ in range(3):
            app.simulate_key("plus")
        await settled(pilot)
        assert app.session.experiment.batch_size == CIRCLE.batch_size + 3


async def test_what_needs_a_restart_waits_is_told_and_is_applied_by_esc_and_enter():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "o")
        await select(app, pilot, "hidden")
        assert "needs a restart" in told(app)
        await press(app, pilot, "enter", *"8,8", "enter")
        assert app.session.experiment.hidden == (4, 3)
        assert "hidden layers 4, 3 → 8, 8" in told(app)
        await press(app, pilot, "escape")
        assert "enter restart esc discard o keep" in told(app)
        assert app.session.experiment.hidden == (4, 3)
        await press(app, pilot, "enter")
        assert app.session.experiment.hidden == (8, 8)
        assert app.session.trainer.step_count == 0
        assert len(framed(app.session).ghosts) == 1
        assert not app.draft.shown
        assert app.draft.pending == {}


@pytest.mark.parametrize(
    ("size", "asking"), [((80, 24), False), ((120, 40), True), ((60, 20), False)]
)
async def test_the_key_that_is_named_restarts_with_what_waits(size, asking):
    async with running(CIRCLE, size=size) as (app, pilot):
        await press(app, pilot, "n", "o")
        await select(app, pilot, "noise")
        await press(app, pilot, "right")
        assert "enter restarts to apply, deletes all runs:" in told(app)
        assert " enter" in told(app).split("noise")[1]  # in its row
        assert app.session.experiment.noise == 0.0 and app.session.trainer.step_count
        if asking:
            await press(app, pilot, "down")
            assert "esc, then enter restarts to apply" in told(app)
            await press(app, pilot, "escape")
        await press(app, pilot, "enter")
        assert app.session.experiment.noise == 5.0
        assert app.session.trainer.step_count == 0
        assert app.draft.pending == {} and app.draft.shown != asking and not app.draft.asking
        assert "restarts to apply" not in told(app) or asking


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_the_keys_of_every_row_fit_into_the_panel(size, ascii):
    async with running(CIRCLE, size=size, ascii=ascii) as (app, pilot):
        await press(app, pilot, "o")
        for option in ("dataset", "bias", "predict", "restart", "noise"):
            await select(app, pilot, option)
            assert re.search(" (close|type)$", key_line(app)), option  # no word is cut
        await press(app, pilot, *"noise")
        assert re.search(" (all|all settings|type)$", key_line(app))
        await press(app, pilot, "right")
        assert re.search(" (all|all settings|restart)$", key_line(app))
        await press(app, pilot, "escape", "escape")
        assert "enter restarts to apply" in told(app)
        assert key_line(app).endswith("esc discard o keep")


async def test_r_restarts_with_what_waits_only_where_the_panel_is_open():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "o", *"noise", "right", "escape", "tab", "r")
        assert app.session.experiment.noise == 5.0 and not app.draft.pending
        await press(app, pilot, "n", "o", *"noise", "left", "escape", "escape", "o", "r")
        assert app.session.experiment.noise == 5.0 and app.draft.pending


async def test_o_goes_back_to_a_panel_that_was_left_open():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o", "tab")
        assert app.focused is not panel(app)
        await press(app, pilot, "o")
        assert app.focused is panel(app) and app.draft.shown


async def test_a_closed_panel_keeps_what_waits():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "o", *"noise", "right", "escape", "escape", "o", "r")
        assert app.session.experiment.noise == 0.0 and app.draft.pending
        assert app.session.trainer.step_count == 0


@pytest.mark.parametrize(("option", "enter"), [
    ("noise", "enter type"), ("bias", "enter change"), ("predict", "enter change"),
    ("restart", "enter restart"), ("hidden", "enter type"),
])  # fmt: skip
async def test_the_key_line_says_what_enter_does_on_the_selected_row(option, enter):
    async with running(CIRCLE, size=(80, 24)) as (app, pilot):
        await press(app, pilot, "o", "down", "right")
        await select(app, pilot, option)
        assert enter in told(app).split("restarts to apply")[-1]
        assert ("← →" in told(app)) == (option != "restart")
        dialog = app.screen
        before = app.draft.pending, app.session.experiment, app.preferences.predicting
        await press(app, pilot, "enter")
        changed = (app.draft.pending, app.session.experiment, app.preferences.predicting) != before
        assert changed == (enter != "enter type")
        assert (app.screen is not dialog) == (enter == "enter type")


async def test_the_last_row_restarts_and_the_panel_stays():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o")
        await select(app, pilot, "noise")
        await press(app, pilot, "right", "right")
        await select(app, pilot, "restart")
        assert "restart enter: 1 change" in told(app)
        await press(app, pilot, "enter")
        assert app.session.experiment.noise == 10.0
        assert app.draft.shown
        assert "nothing waits" in told(app)


async def test_esc_discards_what_waits_and_then_closes():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o", *"data", "right", "escape")
        assert app.draft.pending and app.draft.shown
        await press(app, pilot, "escape")
        assert app.draft.pending and app.draft.asking
        await press(app, pilot, "escape")
        assert app.draft.pending == {}
        assert not app.draft.shown
        assert app.session.experiment.dataset == "circle"


async def test_letters_that_are_typed_start_nothing_and_a_refused_value_is_kept_to_be_mended():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o")
        await select(app, pilot, "learning_rate")
        await press(app, pilot, "enter", *"nqro1")
        assert app.screen.query_one(Input).value == "nqro1"
        assert app.session.trainer.step_count == 0
        await press(app, pilot, "enter")
        assert "type a number such as 0.5" in text(app)
        await press(app, pilot, *["backspace"] * 5, *"-1", "enter")
        assert "learning_rate = -1.0 is not a number above 0" in text(app)
        await press(app, pilot, *["backspace"] * 2, *"0.5", "enter")
        assert app.session.experiment.learning_rate == 0.5


async def test_a_choice_the_engine_refuses_is_explained_in_place_and_nothing_is_lost():
    async with running(built_in("sine")) as (app, pilot):
        await press(app, pilot, "o")
        await select(app, pilot, "noise")
        await press(app, pilot, "right")
        pending = dict(app.draft.pending)
        await select(app, pilot, "feature x")
        await press(app, pilot, "right")
        assert "name at least one input" in told(app)
        assert app.draft.pending == pending
        await press(app, pilot, "down")
        assert "name at least one input" not in told(app)


async def test_another_data_set_comes_with_its_own_options():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o", *"set", "enter", *"mtcars", "enter")
        assert "data set circle → mtcars" in told(app)
        await press(app, pilot, "enter")
        assert app.session.prepared.dataset.name == "mtcars"
        assert app.session.experiment.output == "identity"


@pytest.mark.parametrize(
    ("option", "typed", "runs", "loss"), [("seed", "7", 1, True), ("init_seed", "7", 2, False)]
)
async def test_that_other_data_end_all_runs_is_said_before(option, typed, runs, loss):
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "B", "n", "o")
        await select(app, pilot, option)
        assert ("needs a restart, which deletes all runs" in told(app)) == loss
        await press(app, pilot, "enter", *["backspace"] * 2, *typed, "enter")
        assert ("enter restarts to apply, deletes all runs: " in told(app)) == loss
        await press(app, pilot, "enter")
        assert len(app.session.runs.live) == runs
        assert len(app.session.runs.ghosts) == (not loss)


async def test_inputs_that_can_be_large_warn_of_the_learning_rate():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o")
        for option, warns in (("degree", True), ("feature x₁²", True), ("feature x₁", False)):
            await select(app, pilot, option)
            assert ("smaller η" in told(app)) == warns


async def test_what_waits_stays_when_the_screen_changes_and_tab_leaves_the_panel():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o")
        await select(app, pilot, "dataset")
        await press(app, pilot, "right", "tab", "3")
        assert "data set circle → xor" in told(app)
        assert app.focused is not panel(app)
        await press(app, pilot, "o")
        assert app.focused is panel(app)
        await press(app, pilot, "tab")
        assert app.focused is not panel(app)
        assert app.draft.shown


async def test_training_plays_on_while_settings_change():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "space", "o")
        await select(app, pilot, "l2")
        await press(app, pilot, "right")
        assert app.session.time.playing
        assert app.session.experiment.l2 > 0.0


async def test_predict_first_is_switched_from_the_panel():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "o")
        await select(app, pilot, "predict")
        await press(app, pilot, "right")
        assert app.session.preferences.predicting


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_every_option_can_be_reached_and_is_marked_without_colour_in_ascii(size):
    async with running(CIRCLE, size=size, ascii=True) as (app, pilot):
        await press(app, pilot, "o")
        seen = set()
        while app.draft.option not in seen:
            assert text(app).isascii()
            seen.add(app.draft.option)
            await press(app, pilot, "down")
        ids = {row.id for row in rows_of(CIRCLE, app.draft.flags) if isinstance(row, Option)}
        assert ids - seen <= {"learning_rate"}  # where the panel begins


async def test_the_panel_stays_beside_a_zoomed_pane_and_is_none_itself():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "z", "o")
        assert panel(app).region.right == 120
        assert app.screen.query_one("#network").region.right == 120 - PANEL[0]
        await press(app, pilot, "escape", "z")
        assert not app.screen.place["zoomed"]
        assert "step 0" in text(app)


async def test_features_of_long_names_are_told_apart_and_the_help_has_the_whole_name(tmp_path):
    path = tmp_path / "houses.csv"
    rows = ["2104,3,399900", "1600,3,329900", "2400,3,369000", "1416,2,232000", "3000,4,539900"]
    path.write_text("\n".join(["size of house,no of bedrooms,price", *rows]), encoding="utf-8")
    async with running(Experiment(dataset=str(path)), size=(120, 70)) as (app, pilot):
        await press(app, pilot, "o")
        lines = [line[80:] for line in text(app).splitlines()]
        labels = [line[1:17].rstrip() for line in lines if re.search(r" (yes|no) ", line)]
        features = [label for label in labels if "…" in label]
        assert len(features) == len({*features}) == 9
        while not app.draft.option.startswith("feature size of house²"):
            await press(app, pilot, "down")
        shown = " ".join(" ".join(line[81:] for line in text(app).splitlines()).split())
        assert "size of house²: ← → use this input" in shown


def test_a_change_that_only_follows_from_another_does_not_wait_by_itself():
    """Without a seed of their own the weights have that of the data."""
    session = Session(CIRCLE)
    for changes, labels in (
        ({"seed": 1}, ["seed"]),
        ({"seed": 1, "init_seed": 5}, ["weights' seed", "seed"]),
    ):
        draft = Draft()
        draft.choose(session.experiment, changes)
        assert [label.strip() for label, *_ in waiting(draft, session.experiment)] == labels


async def test_the_key_bar_offers_no_letter_while_letters_are_typed():
    async with running(CIRCLE, size=(120, 40)) as (app, pilot):
        await press(app, pilot, "o")
        assert text(app).splitlines()[-1].split() == [
            "tab",
            "pane",
            "ctrl+p",
            "commands",
            "F1",
            "this",
            "pane",
        ]
        await press(app, pilot, "tab")
        assert "space play" in text(app).splitlines()[-1]


async def test_terms_of_the_columns_are_typed_as_inputs_and_a_faulty_one_is_named():
    async with running(Experiment(dataset="mtcars"), size=(80, 24)) as (app, pilot):
        await press(app, pilot, "o")
        await select(app, pilot, "features")
        await press(app, pilot, "enter")
        app.screen.query_one(Input).value = "wt, C(cyl"
        await press(app, pilot, "enter")
        assert "mtcars has no input 'C(cyl', at character 6: ')'" in text(app)
        app.screen.query_one(Input).value = "log(wt), C(cyl, ref=6), hp:wt"
        await press(app, pilot, "enter", "enter")
        names = app.session.prepared.dataset.feature_names
        assert names == ("log wt", "cyl=4", "cyl=8", "hp·wt")
        assert app.session.experiment.features == names
