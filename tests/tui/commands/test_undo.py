"""One undo and one redo: also of a restart, of settings, of edits of the data, of another file."""

from dataclasses import replace

from screen import press, running

from tui.experiments.library import built_in
from tui.session import runs
from tui.session.session import Session

CIRCLE = built_in("circle")
DOUBLE = "right_square_bracket"


def hears(app):
    said = []
    app.tell = lambda message, *shorter: said.append(message)
    return said


def bits(app):
    return app.session.trainer.network.parameters.tobytes()


async def test_u_brings_back_the_run_before_a_restart_at_its_step_with_its_events():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "right", DOUBLE)
        app.seek(300)
        before, run = bits(app), app.session.trainer
        await press(app, pilot, "r")
        assert app.message == "a new run; u brings back the one before"
        await press(app, pilot, "n")
        after = bits(app)
        await press(app, pilot, "u")
        assert app.message == "undone: restart; U brings it back"
        assert app.session.trainer is run and bits(app) == before
        assert [ghost.label for ghost in app.session.runs.ghosts] == ["undone"]
        await press(app, pilot, "u")
        assert app.message.startswith("undone: η 0.03 → 0.06 at step 1; 299 steps go")
        await press(app, pilot, "U")
        assert app.session.trainer.step_count == 300
        await press(app, pilot, "U")
        assert app.message == "redone: restart"
        assert app.session.trainer.step_count == 25 and bits(app) == after
        await press(app, pilot, "u")
        assert app.session.trainer is run, "a redone restart can be undone again"


async def test_undo_says_which_settings_the_restart_has_applied():
    async with running(CIRCLE) as (app, pilot):
        said = hears(app)
        app.begin(replace(app.session.experiment, hidden=(5,), learning_rate=0.1))
        app.begin(replace(app.session.experiment, init_seed=7))
        await press(app, pilot, "u", "u", "U", "u")
        first = "restart, η 0.03 → 0.1, hidden layers 4, 3 → 5"
        assert said == [
            "undone: restart, weights' seed 0 → 7; U brings it back",
            f"undone: {first}; U brings it back",
            f"redone: {first}",
            f"undone: {first}; U brings it back",
        ]
        assert app.session.experiment.hidden == (4, 3)


async def test_u_takes_edits_of_the_data_back_to_the_run_before_and_U_makes_them_again():
    async with running(CIRCLE) as (app, pilot):
        said = hears(app)
        await press(app, pilot, "n", "a", "enter", "V", "v", "delete")
        await press(app, pilot, "u", "u", "u")
        assert [text.split(";")[0] for text in said[-3:]] == [
            "undone: an example deleted", "undone: an example moved", "undone: an example added",
        ]  # fmt: skip
        assert not app.session.experiment.edits and app.session.trainer.step_count == 25
        await press(app, pilot, "U", "U", "A", "u")
        assert said[-1] == "undone: a data edit taken back; U brings it back"
        assert [edit[0] for edit in app.session.experiment.edits] == ["add", "move"]


async def test_u_returns_from_other_data_and_U_goes_there_again():
    async with running(CIRCLE) as (app, pilot):
        app.seek(30)
        circle = app.session
        app.begin(replace(CIRCLE, dataset="xor"))
        xor, said = app.session, hears(app)
        await press(app, pilot, "u", "U", "U", DOUBLE, "u", "u", "u")
        assert [text for text in said if "η" not in text] == [
            "back in the session before", "undone: xor opened",
            "back in the session before", "redone: xor opened", "there is nothing to redo",
            "back in the session before", "undone: xor opened", "there is nothing to undo",
        ]  # fmt: skip
        assert app.session is circle and circle.trainer.step_count == 30
        assert xor.experiment.dataset == "xor"


async def test_before_the_first_event_u_names_its_step_and_changes_nothing():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "r", "n", DOUBLE, "n", "home")
        trainer = app.session.trainer
        await press(app, pilot, "u")
        assert app.message == "no event up to this step: the first one is at step 25"
        assert app.session.trainer is trainer and trainer.history.events


def test_an_event_after_an_undone_restart_ends_what_can_be_redone():
    session = Session(CIRCLE)
    session.restart(other_start=True)
    session.undo()
    session.scale_learning_rate(2.0)
    session.undo()
    assert session.redo() is not None, "the rate"
    assert session.redo() is None


def test_the_runs_that_undo_keeps_are_bounded_in_number_and_memory(monkeypatch):
    session = Session(CIRCLE)
    for _ in range(runs.MAX_REPLACED + 5):
        session.restart(other_start=False)
    assert len(session.runs.current.earlier) == runs.MAX_REPLACED
    assert not any(run.earlier for run, _ in session.runs.current.earlier)
    monkeypatch.setattr(runs, "REPLACED_BYTES", 1)
    session.restart(other_start=False)
    assert len(session.runs.current.earlier) == 1, "the last one always"


def test_a_renamed_run_keeps_its_name_and_the_other_runs_stay():
    session = Session(CIRCLE)
    session.branch_off()
    session.restart(other_start=False)
    session.runs.rename("mine")
    session.undo()
    assert [run.name for run in session.runs.live] == ["A", "mine"]
