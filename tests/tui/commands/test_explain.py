"""Where a number comes from: every number of every pane is answered, and the answer is true."""

from dataclasses import replace
from importlib import import_module
from itertools import product

import numpy as np
import pytest
from frames import finish_counting, framed, snapshot_of, wait_for_surface
from screen import press, running, text

from engine import EngineError, Experiment
from engine.explain import symbols, written
from engine.notation import Name
from tui.actions.screen_keys import SCREENS
from tui.dialogs.changes import ChangesScreen
from tui.dialogs.explanation import ExplanationScreen, ExplanationView
from tui.drawing.numbers import exact, norm, num
from tui.experiments.library import built_in
from tui.explain.explainable import Explainable
from tui.explain.network import training_cost
from tui.explain.step import StepQuantity
from tui.explain.surface import surface_costs
from tui.panes.base.pane import Pane
from tui.panes.compare.differences import DifferencesPane
from tui.session.session import Session

CIRCLE = built_in("circle")
SOFTMAX = Experiment(dataset="xor", output="softmax", loss="cross_entropy", hidden=(5,))
STACK = replace(built_in("stackloss"), hidden=(2, 2), activation="identity")
DIVERGING = replace(built_in("reg-plane"), output="identity", learning_rate=1000.0)
EXPERIMENTS = {
    "flat": CIRCLE,
    "one input": built_in("sine"),
    "many inputs": built_in("mtcars"),
    "ill-conditioned": built_in("longley"),
    "curved": replace(CIRCLE, activation="tanh"),
    "no bias": built_in("two-relu"),
    "adam": replace(CIRCLE, optimizer="adam", l2=0.01, skips=((0, 2),), hidden=(4, 2)),
    "glm": built_in("challenger"),
    "linear": STACK,
    "softmax": SOFTMAX,
    "diverged": DIVERGING,
}
ANY_FRAME = framed(Session(CIRCLE))  # two quantities are compared without their frames
REGIONS = {"RegionMapPane", "RegionTablePane", "RegionDetailPane", "RegionCountPane"}
PLOTS = {"ResidualPlot", "QQPlot", "ScalePlot", "LeveragePlot"}
BACKPROP = {
    *("BackpropNetworkPane", "MicroStepsPane", "EquationPane"),
    *("ChainRulePane", "GradientPane", "SlipsPane"),
}
CURVES = {"MethodsPane", "CurvePane", "UnitsPane"}
PLANES = ("no bias", "diverged")  # two inputs and a number: towers in place of curves
SHOWN_AS_THEY_ARE = {"NetworkPane", "OutputPane", "LossPane"}  # also of a run that has diverged
UNANSWERED = {  # panes of numbers that there are not
    "curved": REGIONS,
    "ill-conditioned": {"HiddenUnitPane"},  # one layer
    "glm": {"HiddenUnitPane"},
    "softmax": {"CoefficientsPane", "AssumptionsPane", "DataPlotPane", *PLOTS},
    "diverged": {
        *("NetworkPane", "OutputPane", "LayersPane", "LossPane", *BACKPROP, *REGIONS),
        *("CollapsePane", "DistancePane", "AssumptionsPane", "DataPlotPane", "HiddenUnitPane"),
    },
}


def unanswered(name):
    """The panes that have no number of an experiment; the errors by width are not computed here."""
    return (
        UNANSWERED.get(name, set())
        | {"ErrorsPane"}
        | (CURVES if name in PLANES else {"TowersPane"})
    )


def panes():
    """Every kind of pane that a screen has."""
    named = [vars(import_module(f"tui.screens.{name}")).values() for name in SCREENS]
    kinds = {kind for kinds in named for kind in kinds if isinstance(kind, type)}
    return {kind for kind in kinds if issubclass(kind, Pane)} - {Pane}


def session_of(name):
    """A session of one of the experiments, trained a little, with its regions counted."""
    session = Session(EXPERIMENTS[name])
    session.time.step(1000 if name == "diverged" else 20)
    session.select_unit(1, 0)
    finish_counting(session)
    return session


@pytest.mark.parametrize("name", [*EXPERIMENTS])
def test_every_pane_has_a_number_that_is_explained_or_says_why_not(name):
    frame, silent = snapshot_with_all_facts(session_of(name)), set()
    for kind in panes():
        explainable = refused(lambda kind=kind: kind().explainable(frame))
        if isinstance(explainable, Explainable) and isinstance(
            refused(lambda number=explainable: number.explain()), str
        ):
            explainable = "refused"
        if not isinstance(explainable, Explainable):
            silent.add(kind.__name__)
            continue
        for one in neighbours(explainable):
            is_true(one)
    assert silent == unanswered(name)


@pytest.mark.parametrize("name", [*EXPERIMENTS])
def test_every_pane_gives_the_numbers_that_it_explains(name):
    frame, silent = snapshot_with_all_facts(session_of(name)), set()
    for kind in panes():
        numbers = refused(lambda kind=kind: kind().numbers(frame))
        if isinstance(numbers, str) or not numbers:
            silent.add(kind.__name__)
            continue
        for label, value in numbers:
            assert label
            again = float(exact(value).replace("−", "-"))
            assert again == value or np.isnan(value)
    assert silent == unanswered(name) - SHOWN_AS_THEY_ARE


def snapshot_with_all_facts(session):
    """A frame from which every pane can explain its numbers."""
    frame = snapshot_of(session, "backprop")
    others = {facts: getattr(framed(session, facts), facts) for facts in ("linear", "glm")}
    approximation = framed(session, "approximate").approximation
    return replace(frame, approximation=approximation, **others)


def neighbours(explainable):
    """The number, and some that the arrows lead to."""
    chain = [explainable, *(explainable.next_in_chain(by) for by in (-1, 1))]
    lists = [one.next_in_list(by) for one in chain for by in (-1, 1, 5, 1000)]
    return dict.fromkeys([*chain, *lists])


@pytest.mark.parametrize("name", ["flat", "many inputs", "adam", "glm", "linear"])
def test_the_explanations_of_a_snapshot_stay_while_the_session_goes_on(name):
    session = Session(EXPERIMENTS[name])
    session.time.step(5)
    session.select_unit(1, 0)
    finish_counting(session)
    snapshot = snapshot_with_all_facts(session)
    copy = replace(snapshot)  # what it computes once is not computed yet
    before = all_said(snapshot)
    session.time.step(20)
    session.change(learning_rate=0.5 * session.experiment.learning_rate, batch_size=3)
    session.edit(1, "weight", (0, 0), 7.0)
    session.selection.next_example(3)
    session.selection.toggle_batch_mode()
    session.selection.move_cursor(session.selection.cursor + 0.1)
    session.select_unit(1, 1)
    changed = all_said(snapshot_with_all_facts(session))
    assert all(changed[pane] != before[pane] for pane in ("OutputPane", "LossPane", "LayersPane"))
    assert all_said(copy) == before


def all_said(frame):
    """What each pane has to say of numbers of a frame."""
    numbers = {kind.__name__: refused(lambda k=kind: k().explainable(frame)) for kind in panes()}
    return {
        pane: [said(one) for one in neighbours(number)]
        for pane, number in numbers.items()
        if isinstance(number, Explainable)
    }


def said(explainable):
    """All that the dialog shows of a number, or why it cannot be explained."""
    explanation = refused(explainable.explain)
    if not isinstance(explanation, str):
        explanation = written(explanation)
    return explanation, explainable.description(), explainable.position()


def test_a_frame_is_drawn_without_the_training_step_that_explanations_need():
    session = Session(CIRCLE)
    assert framed(session).training_step is None
    assert snapshot_of(session).training_step.step == 0
    diverged = Session(DIVERGING)
    diverged.time.step(1000)
    assert snapshot_of(diverged).training_step is None


def refused(ask):
    """What comes of it, or the message that says why nothing does."""
    try:
        return ask()
    except EngineError as error:
        message = str(error)
    assert len(message) > 20
    return message


def is_true(explainable):
    """Its terms make its result, and it can be written down."""
    explanation = refused(explainable.explain)
    if isinstance(explanation, str):
        return
    last = explanation.definitions[-1]
    assert last.symbol == explanation.symbol or np.isnan(last.symbol.value)
    scale = max(1.0, *(abs(d.symbol.value) for d in explanation.definitions))
    assert last.expression.value == pytest.approx(explanation.symbol.value, abs=1e-9 * scale)
    assert explainable.description()
    for notation in ("unicode", "ascii", "latex"):
        lines = written(explanation, notation)
        assert lines.count("\n") > 3
        assert lines.isascii() or notation == "unicode"


async def test_enter_opens_the_explanation_in_every_pane_of_every_screen():
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        app.session.time.step(20)
        for name, (key, _) in SCREENS.items():
            await press(app, pilot, key)
            if name == "regions":
                finish_counting(app.session)
                app.show()
            for pane in app.frame_screen.query(Pane):
                if pane.id in ("errors", "towers"):  # still computed; of two inputs
                    continue
                pane.focus()
                if pane.id in ("network", "layers"):
                    await press(app, pilot, "down")
                if pane.id == "errors":
                    continue  # its number is computed in the background: see its own tests
                await press(app, pilot, "enter")
                assert isinstance(app.screen, ExplanationScreen), pane.id
                app.pop_screen()


@pytest.mark.parametrize("name", ["flat", "many inputs"])
async def test_on_the_loss_surface_the_cost_at_the_cursor_is_the_mean_of_its_examples(
    name, monkeypatch
):
    monkeypatch.setattr("tui.session.loss_surface.tracker.PAUSE", 1e9)
    async with running(EXPERIMENTS[name], (80, 24)) as (app, pilot):
        app.session.time.step(20)
        await press(app, pilot, "S", "enter")
        assert "the surface is being computed" in app.message
        tracker = app.session.surface
        tracker.compute(app.session.trainer)
        wait_for_surface(tracker)
        app.show()
        await press(app, pilot, "l", "k", "k", "enter")
        assert isinstance(app.screen, ExplanationScreen)
        facts = tracker.facts(app.session.trainer)
        explainable, costs = app.screen.explainable, facts.cursor_costs
        surface, data = facts.surface, app.session.prepared.dataset
        plane = surface.landscape.plane
        with pytest.raises(EngineError, match="not finite at the cursor"):
            surface_costs(surface.prepared, surface.network, plane, (1e200, 0.0)).explain()
        both = (explainable, data.train), (explainable.next_in_list(1), data.test)
        for (one, part), cost in zip(both, costs, strict=True):
            if not len(part):
                continue
            is_true(one)
            found = one.explain()
            assert found.symbol.value == pytest.approx(cost, rel=1e-12)
            named = symbols(found.definitions[-1].expression)
            rows = {s.name.example - 1 for s in named if s.name and s.name.example}
            assert rows == {*part.tolist()}


@pytest.mark.parametrize("name", ["flat", "no bias", "glm"])
async def test_every_difference_of_two_runs_is_explained(name):
    async with running(EXPERIMENTS[name], (80, 24)) as (app, pilot):
        session = app.session
        session.time.step(5)
        await press(app, pilot, "B", "right_square_bracket", "vertical_line", "n")
        for _ in app.screen.query(Pane):
            if not isinstance(app.focused, DifferencesPane):
                await press(app, pilot, "tab")
        await press(app, pilot, "enter")
        assert isinstance(app.screen, ExplanationScreen)
        first, found = app.screen.explainable, framed(session, "compare").comparison
        rows = [first.next_in_list(by) for by in range(first.count)]
        for row in rows:
            is_true(row)
        values = [row.explain().symbol.value for row in rows]
        expected = [
            value
            for layer in found.layers
            for value in (layer.change.moved, layer.weight.difference, layer.delta.difference)
        ]
        expected += [found.distance, *(moved.difference for moved in found.moved)]
        assert values == pytest.approx(expected, rel=1e-12)
        assert max(map(abs, values)) > 0.0


async def test_the_layers_pane_s_numbers_are_those_explained_column_by_column():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "tab", "tab", "down", "h", "h", "h", "h")
        for name in ("z", "a", "δ", "∂C/∂b", "‖∂C/∂w‖"):
            head, *_ = (line for line in text(app).splitlines() if "‖∂C/∂w‖" in line)
            row = next(line for line in text(app).splitlines() if line.startswith("│ 1 1 "))
            end = head.index(f" {name} ") + len(name) + 1
            await press(app, pilot, "enter")
            value = app.screen.explanation.symbol.value
            written_as = norm(value) if name.startswith("‖") else num(value)
            assert row[:end].endswith(written_as)
            await press(app, pilot, "escape", "l")


async def test_the_columns_end_and_the_column_keeps_its_place():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "tab", "tab", "down", *"hhhh", "down", "enter")
        assert app.screen.explainable == StepQuantity(ANY_FRAME, "z", 1, 1)
        await press(app, pilot, "escape", "up", "up", "enter")
        assert app.screen.explainable == StepQuantity(ANY_FRAME, "z", 1, 0)


async def test_nine_keys_from_the_start_answer_what_delta_of_a_hidden_unit_is_and_why():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, *"g5", "enter", "tab", "tab", "down", "down", "down", "enter")
        assert app.screen.explainable == StepQuantity(ANY_FRAME, "delta", 1, 2)
        expected = framed(app.session).shown.deltas[0][0, 2]
        assert app.screen.explanation.symbol.value == expected
        assert "δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ σ′(z⁽¹⁾) · example 5" in text(app)


async def test_left_and_right_follow_a_unit_from_z_to_its_update():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "tab", "tab", "down", *"hhhh", "enter")
        kinds = [app.screen.explainable.kind]
        for _ in range(6):
            await press(app, pilot, "right")
            kinds.append(app.screen.explainable.kind)
        assert kinds == ["z", "a", "delta", "example_gradient", "gradient", "update", "update"]
        network, after = app.session.trainer.network, app.screen.explanation.symbol.value
        await press(app, pilot, "escape", "right")
        assert app.session.trainer.network.weights[0][0, 0] == after != network.weights[0][0, 0]


@pytest.mark.parametrize("mean", ["gradient", "cost", "training data"])
def test_what_a_mean_is_of_goes_by_the_numbers_that_g_goes_to(mean):
    session = Session(CIRCLE)
    frame = snapshot_of(session)
    of_cost = mean == "training data"
    explainable = training_cost(frame) if of_cost else StepQuantity(frame, mean, 1, 2, 1)
    terms = explainable.explain().definitions[-1].expression.numerator.terms
    of_example = "example_gradient" if mean == "gradient" else "example_cost"
    for term in (*terms[:5], terms[-1]):
        number = (term.factors[0] if mean == "gradient" else term).name.example
        session.selection.select_example(number - 1)
        alone = StepQuantity(snapshot_of(session), of_example, 1, 2, 1).explain().symbol.value
        assert term.value == pytest.approx(alone, rel=1e-12)


async def test_what_was_said_before_does_not_cover_the_answer():
    async with running(CIRCLE) as (app, pilot):
        for keys, kind in ((["h", "m", "enter"], ExplanationScreen), (["m", "M"], ChangesScreen)):
            await press(app, pilot, *keys)
            assert isinstance(app.screen, kind)
            assert "is marked" not in text(app)
            await press(app, pilot, "escape")


async def test_up_and_down_go_through_the_weights_of_a_layer_and_stop_at_its_ends():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "tab", "tab", "down", "enter", "right", "right", "up")
        assert app.screen.explainable == StepQuantity(ANY_FRAME, "gradient", 1, 0, 0)
        await press(app, pilot, "down", "down", "down")
        # two weights and a bias each
        assert app.screen.explainable == StepQuantity(ANY_FRAME, "gradient", 1, 1, 0)
        await press(app, pilot, *["down"] * 20)
        assert app.screen.explainable == StepQuantity(ANY_FRAME, "gradient", 1, 3, 2)
        expected = framed(app.session).batch.bias_gradients[0][3]
        assert app.screen.explanation.symbol.value == pytest.approx(expected, rel=1e-12)


async def test_y_copies_the_text_and_shift_y_the_latex_from_pane_and_dialog_alike():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "tab", "tab", "down", "y")
        copied = app.clipboard
        assert copied.startswith("δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ σ′(z⁽¹⁾)")
        await press(app, pilot, "Y")
        assert app.clipboard.startswith(r"\begin{align*}")
        latex = app.clipboard
        await press(app, pilot, "enter", "y")
        assert app.clipboard == copied
        await press(app, pilot, "Y")
        assert app.clipboard == latex


async def test_with_nothing_selected_the_message_says_how_to_select():
    async with running(CIRCLE) as (app, pilot):
        said = []
        app.tell = lambda message, *shorter: said.append(message)
        await press(app, pilot, "y", "number_sign")
        assert len(said) == 2 and "select" in said[0]


async def test_training_pauses_for_an_explanation_and_batch_mode_explains_means():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "b", "tab", "tab", "down", "space", "enter")
        assert not app.session.time.playing
        assert app.screen.explainable == StepQuantity(ANY_FRAME, "delta", 1, 0, batch_mode=True)
        expected = np.mean(framed(app.session).shown.deltas[0][:, 0])
        assert app.screen.explanation.symbol.value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("size", "options"),
    [((60, 20), {}), ((80, 24), {"ascii": True}), ((200, 60), {"theme": "light"})],
)
async def test_the_dialog_fits_any_screen_and_can_be_read_to_its_end(size, options):
    wide = replace(CIRCLE, hidden=(64, 64))
    async with running(wide, size, **options) as (app, pilot):
        await press(app, pilot, "tab", "tab", "down", "enter")
        view = app.screen.query_one(ExplanationView)
        while view.below:
            await press(app, pilot, "pagedown")
        shown = text(app)
        assert "NumPy" in shown and "esc closes" in shown
        assert all(len(line) <= size[0] for line in shown.splitlines())
        if options.get("ascii"):
            assert shown.isascii()


async def test_in_ascii_dialogs_and_messages_are_drawn_in_ascii():
    async with running(CIRCLE, (80, 24), ascii=True) as (app, pilot):
        for keys in (
            ["2", "i", "e"],
            ["m"],
            ["M"],
            ["enter"],
            ["f"],
            ["u"],
            ["Q", "enter"],
        ):
            await press(app, pilot, *keys)
            shown = text(app)
            assert shown.isascii(), keys
            await press(app, pilot, "escape")


async def test_enter_follows_blame_to_the_output_and_escape_leads_back():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, *"g5", "enter", "tab", "tab", "down", "down", "down", "enter")
        screen, start = app.screen, app.screen.explainable
        terms = screen.explanation.definitions[-1].expression.factors[0].terms
        most = max(terms, key=lambda term: abs(term.value)).factors[1]
        assert f"enter to {most.name.written()}   tab others" in text(app)
        await press(app, pilot, "enter")
        assert screen.explanation.symbol == most
        assert screen.explainable == replace(start, layer=2, unit=most.name.indices[0] - 1)
        await press(app, pilot, "enter")
        assert screen.explainable == replace(start, layer=3, unit=0)
        await press(app, pilot, "backspace", "escape")
        assert app.screen is screen and screen.explainable == start
        await press(app, pilot, "escape")
        assert app.screen is not screen


async def test_tab_goes_through_what_enter_can_lead_to():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "tab", "tab", "down", "enter")
        first, units = app.screen.chosen, set()
        for _ in range(3):
            units.add(app.screen.chosen)
            await press(app, pilot, "tab")
        assert units == {Name("δ", 2, (j,)) for j in (1, 2, 3)}
        assert app.screen.chosen == first
        await press(app, pilot, "shift+tab", "enter")
        assert app.screen.explanation.symbol.name in units - {first}


@pytest.mark.parametrize("batch_mode", [False, True])
@pytest.mark.parametrize("experiment", [CIRCLE, SOFTMAX, EXPERIMENTS["adam"], STACK])
def test_what_enter_leads_to_is_the_number_in_the_term(experiment, batch_mode):
    session, led = Session(experiment), 0
    session.selection.batch_mode = batch_mode
    frame = snapshot_of(session)
    for microstep in frame.training_step.microsteps:
        quantity = StepQuantity(frame, microstep.kind, microstep.layer, batch_mode=batch_mode)
        explanation = quantity.explain()
        values = {s.name: s.value for s in symbols(explanation.definitions[-1].expression)}
        for name, operand in quantity.operands(explanation).items():
            symbol = operand.explain().symbol
            alone = replace(name, example=None)  # the example stands in the title
            assert (symbol.name, symbol.value) == (alone, pytest.approx(values[name], rel=1e-12))
            if name.example is not None:
                assert operand.description().startswith(f"example {name.example}")
            led += 1
    assert led > 3


@pytest.mark.parametrize("batch_mode", [False, True])
@pytest.mark.parametrize("name", ["adam", "softmax", "many inputs", "glm"])
def test_what_enter_leads_to_is_the_number_that_it_comes_from(name, batch_mode):
    session = Session(EXPERIMENTS[name])
    session.time.step(5)
    frame, sizes = snapshot_of(session), session.trainer.network.sizes
    for layer, kind in product(range(1, len(sizes)), ("z", "a", "cost", "delta", "gradient")):
        quantity = StepQuantity(frame, kind, layer, sizes[layer] - 1, batch_mode=batch_mode)
        explanation = quantity.explain()
        values = {s.name: s.value for s in symbols(explanation.definitions[-1].expression)}
        operands = quantity.operands(explanation)
        assert bool(operands) == ((kind, layer) != ("z", 1))  # made of inputs
        for name, operand in operands.items():
            value = operand.explain().symbol.value
            assert value == pytest.approx(values[name], rel=1e-9, abs=1e-12)


async def test_enter_follows_a_mean_of_the_batch_to_one_of_its_examples():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, *"g5", "enter", "b", "tab", "tab", "down", "enter")
        screen, start = app.screen, app.screen.explainable
        assert (start.kind, start.layer, start.batch_mode) == ("delta", 1, True)
        column = screen.explanation.definitions[-1].expression.numerator
        most = max(column.terms, key=lambda term: abs(term.value))
        assert f"enter to {most.name.written()}   tab others" in text(app)
        await press(app, pilot, "enter")
        row = most.name.example - 1
        assert screen.explainable == replace(start, batch_mode=False, row=row) != start
        assert screen.explanation.symbol.value == pytest.approx(most.value, rel=1e-12)
        assert f"example {row + 1}" in text(app)
        assert app.session.selection.example == 4 != row  # which one is selected stays
        await press(app, pilot, "enter")
        assert (screen.explainable.layer, screen.explainable.row) == (2, row)
        await press(app, pilot, "escape", "escape")
        assert screen.explainable == start


async def test_a_term_that_tab_lights_is_to_be_seen_however_small_it_is():
    many = replace(CIRCLE, batch_size=50)
    async with running(many) as (app, pilot):
        await press(app, pilot, *"b", "tab", "tab", "down", "enter")
        column = app.screen.explanation.definitions[-1].expression.numerator
        assert "more, together" in text(app)
        for _ in range(len(column.terms)):
            await press(app, pilot, "tab")
            assert text(app).count(app.screen.chosen.written()) == 2  # as a term and as where enter
