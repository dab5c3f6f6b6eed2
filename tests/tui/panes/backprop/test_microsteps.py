"""The micro-steps pane: a training step as a list, with the kernel's own numbers."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, framed, posted
from hypothesis import given
from hypothesis import strategies as st

from engine import Experiment
from engine.training.microsteps import PARAMETER_KINDS
from tui.drawing.glyphs import ASCII
from tui.drawing.numbers import norm, num
from tui.experiments.library import built_in
from tui.panes.backprop.microsteps import MicroStepsPane, first_row
from tui.session.session import Session

CIRCLE = replace(built_in("circle"), l2=0.01)
KINDS = ("z", "a", "example_cost", "cost", "delta", *PARAMETER_KINDS)
FIGURE = re.compile(r"\d\.\d")
WIDE, NARROW = (46, 30), (36, 7)


def at_kind(kind, experiment=CIRCLE, layer=None):
    """A session at the first micro-step of a kind, of a layer if one is given."""
    session = Session(experiment)
    session.time.step(5)
    for at, microstep in enumerate(session.microscope.taken_apart(session.trainer).microsteps):
        if microstep.kind == kind and layer in (None, microstep.layer):
            session.go_to_microstep(at)
            return session
    raise AssertionError(kind)


def test_the_list_names_every_micro_step_in_the_order_in_which_they_are_carried_out():
    rows = drawn(MicroStepsPane(), framed(at_kind("z"), "backprop"), (46, 30))
    names = [row[11:].strip() for row in rows]
    names = [name for name in names if name]
    assert " ".join(names[1:11]) == "a⁽¹⁾ z⁽²⁾ a⁽²⁾ z⁽³⁾ ŷ C_x C δ⁽³⁾ δ⁽²⁾ δ⁽¹⁾"
    forms = "∂C_x/∂W{l}, b{l}", "∂C/∂W{l}, b{l}", "∂(C + R)/∂W{l}, b{l}", "W{l}, b{l} − η ∇"
    assert names[11:] == [form.format(l=l) for form in forms for l in ("⁽³⁾", "⁽²⁾", "⁽¹⁾")]
    phases = [row[:9].strip() for row in rows if row[:9].strip()]
    assert phases == ["forward", "cost", "backward", "gradient", "update"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_done_is_ticked_and_what_is_to_come_has_no_numbers(kind):
    frame = framed(at_kind(kind), "backprop")
    facts, rows = frame.backprop, drawn(MicroStepsPane(), frame, WIDE)
    for at in range(len(facts.step.microsteps)):
        mark = rows[at][9]
        assert mark == ("▸" if at == facts.at else "✓" if at < facts.at else "·")
        assert bool(FIGURE.search(rows[at])) == (at <= facts.at)


def test_the_numbers_are_those_of_the_pass_over_the_example():
    frame = framed(at_kind("cost"), "backprop")
    rows = "\n".join(drawn(MicroStepsPane(), frame, WIDE))
    forward = frame.shown.forward
    for values in (*forward.z, *forward.a[1:]):
        assert " ".join(num(value) for value in values[0]).rstrip() in rows
    assert norm(frame.shown.loss) in rows
    assert norm(frame.batch.loss) in rows


def test_a_gradient_shows_the_norm_of_its_weights_and_an_update_how_far_it_moves():
    frame = framed(at_kind("update", layer=1), "backprop")
    step, rows = frame.backprop.step, drawn(MicroStepsPane(), frame, WIDE)
    after = step.network.with_parameters(step.parameters)
    for row, l in ((20, 3), (21, 2), (22, 1)):
        moved = np.linalg.norm(after.matrices[l - 1] - step.network.matrices[l - 1])
        assert rows[row].endswith(f"moved {norm(moved)}")
    for row, l in ((14, 3), (15, 2), (16, 1)):
        matrix = step.network.with_parameters(step.gradient).weights[l - 1]  # no biases
        assert rows[row].endswith(f"‖∂C/∂W‖ {norm(np.linalg.norm(matrix))}")


@given(count=st.integers(1, 60), height=st.integers(1, 40), data=st.data())
def test_the_current_micro_step_is_in_sight_and_no_row_is_wasted(count, height, data):
    at, before = data.draw(st.integers(0, count - 1)), data.draw(st.integers(0, 60))
    first = first_row(before, at, count, height)
    assert 0 <= first <= at < first + height
    assert first == 0 or first + height <= count
    if height >= 5:
        assert first <= max(0, at - 2)
        assert min(at + 2, count - 1) < first + height


@pytest.mark.parametrize("unit", [0, 1, 31, 62, 63])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_of_a_long_vector_the_entries_about_the_unit_in_question_are_in_sight(unit, size):
    session = at_kind("z", replace(CIRCLE, hidden=(64,)))
    session.move_component(0, unit)
    frame = framed(session, "backprop")
    rows = drawn(MicroStepsPane(), frame, size)
    assert num(frame.shown.forward.z[0][0, unit]) in rows[0]
    assert "…" in rows[0]
    assert all(len(row) <= size[0] for row in rows)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_hidden_result_is_a_question_mark_and_nothing_of_it_shows(kind, size):
    session = at_kind(kind)
    session.preferences.predicting = True
    hidden = drawn(MicroStepsPane(), framed(session, "backprop"), size)
    session.microscope.reveal(session.trainer, session.selection.looked_at)
    shown = drawn(MicroStepsPane(), framed(session, "backprop"), size)
    (different,) = (i for i, row in enumerate(hidden) if row != shown[i])
    assert "▸" in hidden[different]
    assert "?" in hidden[different]
    assert not FIGURE.search(hidden[different])


def test_an_example_that_the_step_does_not_use_is_said_to_be_outside_its_batch():
    session = at_kind("z")
    pane, rows = MicroStepsPane(), session.prepared.dataset.train
    session.selection.select_example(int(rows[session.trainer.next_rows()[0]]))
    assert "not in this batch" not in pane.titles(framed(session, "backprop"))[0]
    outside = set(rows.tolist()) - set(rows[session.trainer.next_rows()].tolist())
    session.selection.select_example(min(outside))
    title, place = pane.titles(framed(session, "backprop"))
    of = min(outside) + 1
    assert title == f"Micro-steps · example {of} is not in this batch of 10"
    assert place == "1 of 23"
    session.selection.toggle_batch_mode()
    assert pane.titles(framed(session, "backprop"))[0] == "Micro-steps · means over the batch of 10"


@pytest.mark.parametrize("kind", KINDS)
def test_in_ascii_all_is_ascii(kind):
    rows = drawn(MicroStepsPane(), framed(at_kind(kind), "backprop"), WIDE, ASCII)
    assert "".join(rows).isascii()


def test_arrows_move_the_component_and_the_wheel_goes_through_the_list(monkeypatch):
    pane = MicroStepsPane()
    pane.view = framed(at_kind("z"), "backprop")
    messages = posted(pane, monkeypatch)
    pane.move(0, 1)
    pane.on_mouse_scroll_up()  # there is none before the first
    pane.on_mouse_scroll_down()
    moved, selected = messages
    assert (moved.dx, moved.dy) == (0, 1)
    assert selected.at == 1


def test_a_diverged_run_says_why_there_is_no_list():
    session = Session(replace(built_in("reg-plane"), output="identity", learning_rate=1000.0))
    session.time.step(1000)
    rows = drawn(MicroStepsPane(), framed(session, "backprop"), NARROW)
    assert "is not finite at step" in " ".join(row.strip() for row in rows)


def test_without_biases_none_are_named():
    frame = framed(
        at_kind("update", Experiment(dataset="xor", hidden=(2,), bias=False)), "backprop"
    )
    assert not any("b⁽" in row for row in drawn(MicroStepsPane(), frame, WIDE))


def test_of_standardised_targets_the_output_is_not_called_y_hat():
    session = at_kind("a", built_in("mtcars"))
    pane = MicroStepsPane()
    assert not any("ŷ" in row for row in drawn(pane, framed(session, "backprop"), WIDE))
    assert pane.titles(framed(session, "backprop"))[1].startswith("standardised · 2 of ")


@pytest.mark.parametrize("width", range(24, 60, 5))
def test_in_ascii_a_blank_stands_between_a_name_and_its_values(width: int) -> None:
    for row in drawn(MicroStepsPane(), framed(at_kind("update"), "backprop"), (width, 30), ASCII):
        if "delta(" in row:
            assert re.search(r"delta\(\d\) +[~+ -]", row), row
