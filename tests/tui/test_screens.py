"""The screens as text, in every size, dimension, mode and state. New: pytest --update-snapshots."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from screen import press, running, settled, text

from engine import Experiment
from engine.microsteps import PHASES
from tui.library import built_in, entry
from tui.microscope import go_to
from tui.palette import DARK, LIGHT

CIRCLE = built_in("circle")
DIVERGING = replace(built_in("reg-plane"), output="identity", learning_rate=1000.0)
WIDER = replace(CIRCLE, hidden=(8, 6))
FOUR_INPUTS = replace(built_in("mtcars"), features=("wt", "hp", "disp", "qsec"))
STACK = replace(built_in("stackloss"), hidden=(2, 2), activation="identity")
DELTA_1 = (*["right"] * 10, "down", "down")
UPDATE = (*["right"] * 18, "l")
LEFT_AND_DOWN = ("h",) * 22 + ("j",) * 10
# the second run learns faster
TWO_RUNS = ("B", "right_square_bracket", "vertical_line", *["shift+right"] * 5)
SCREENS = {  # name: (experiment, step, size, options of the app, keys)
    "circle-80x24": (CIRCLE, 200, (80, 24), {}, ()),
    "circle-120x40": (CIRCLE, 200, (120, 40), {}, ()),
    "circle-160x48": (CIRCLE, 200, (160, 48), {}, ()),
    "circle-light": (CIRCLE, 200, (120, 40), {"theme": "light"}, ()),
    "circle-ascii": (CIRCLE, 200, (120, 40), {"ascii": True}, ()),
    "circle-ascii-80x24": (CIRCLE, 200, (80, 24), {"ascii": True}, ()),
    "circle-selected": (CIRCLE, 200, (120, 40), {}, ("up", "h", "comma", "b")),
    "circle-zoomed": (CIRCLE, 200, (120, 40), {}, ("tab", "tab", "z")),
    "circle-restarted": (CIRCLE, 200, (120, 40), {}, ("R",)),
    "circle-help": (CIRCLE, 0, (120, 40), {}, ("f1",)),
    "circle-first-start": (CIRCLE, None, (120, 40), {}, ()),
    "circle-curved": (replace(CIRCLE, activation="tanh"), 100, (120, 40), {}, ()),
    "sine-120x40": (built_in("sine"), 200, (120, 40), {}, ()),
    "sine-80x24": (built_in("sine"), 200, (80, 24), {}, ()),
    "line-regression": (built_in("line"), 50, (120, 40), {}, ()),
    "mtcars-120x40": (built_in("mtcars"), 200, (120, 40), {}, ()),
    "mtcars-80x24": (built_in("mtcars"), 200, (80, 24), {}, ()),
    "two-relu": (built_in("two-relu"), 100, (120, 40), {}, ()),
    "diverged": (DIVERGING, 1000, (120, 40), {}, ()),
    "diverged-80x24": (DIVERGING, 1000, (80, 24), {}, ()),
    "deep": (Experiment(hidden=(12,) * 7), 0, (120, 40), {}, ()),
    "regions": (WIDER, 200, (120, 40), {}, ("3",)),
    "regions-80x24": (WIDER, 200, (80, 24), {}, ("3",)),
    "regions-ascii": (WIDER, 200, (120, 40), {"ascii": True}, ("3", "c")),
    "regions-selected": (WIDER, 200, (120, 40), {}, ("3", *LEFT_AND_DOWN, "tab", "tab", "down")),
    "regions-filtered": (WIDER, 200, (120, 40), {}, ("3", "slash", *"data", "enter")),
    "regions-walk": (WIDER, 200, (120, 40), {}, ("3", "w", *LEFT_AND_DOWN)),
    "regions-sine": (built_in("sine"), 200, (120, 40), {}, ("3",)),
    "regions-two-relu": (built_in("two-relu"), 100, (120, 40), {}, ("3",)),
    "regions-four-inputs": (FOUR_INPUTS, 200, (120, 40), {}, ("3",)),
    "regions-four-inputs-principal": (FOUR_INPUTS, 200, (120, 40), {}, ("3", "p", "p", "p")),
    "regions-curved": (replace(CIRCLE, activation="tanh"), 100, (120, 40), {}, ("3",)),
    "linear-cars": (built_in("cars"), 40, (120, 40), {}, ("4",)),
    "linear-longley": (built_in("longley"), 400, (120, 40), {}, ("4",)),
    "linear-longley-80x24": (built_in("longley"), 400, (80, 24), {}, ("4",)),
    "linear-solved": (built_in("stackloss"), 40, (120, 40), {}, ("4", "s")),
    "linear-stack": (STACK, 40, (120, 40), {}, ("4",)),
    "linear-broken": (STACK, 40, (120, 40), {}, ("4", "a")),
    "linear-network-ascii": (STACK, 40, (120, 40), {"ascii": True}, ("4", "d")),
    "glm-challenger": (built_in("challenger"), 40, (120, 40), {}, ("5",)),
    "glm-dobson": (built_in("dobson"), 40, (120, 40), {}, ("5",)),
    "glm-beetles": (built_in("beetles"), 40, (120, 40), {}, ("5",)),
    "glm-beetles-80x24": (built_in("beetles"), 40, (80, 24), {}, ("5",)),
    "glm-circle": (CIRCLE, 200, (120, 40), {}, ("5",)),
    "iris": (entry("iris").experiment, 200, (120, 40), {}, ()),
    "iris-80x24": (entry("iris").experiment, 200, (80, 24), {}, ()),
    "settings": (CIRCLE, 200, (120, 40), {}, ("o",)),
    "settings-80x24": (CIRCLE, 200, (80, 24), {}, ("o",)),
    "settings-ascii": (CIRCLE, 200, (120, 40), {"ascii": True}, ("o", *["down"] * 6)),
    "gallery": (CIRCLE, 0, (120, 40), {}, ("ctrl+g", *["down"] * 9)),
    "gallery-80x24": (CIRCLE, 0, (80, 24), {}, ("ctrl+g",)),
    "gallery-ascii": (CIRCLE, 0, (120, 40), {"ascii": True}, ("ctrl+g", *"xor")),
    "compare": (CIRCLE, 100, (120, 40), {}, TWO_RUNS),
    "compare-80x24": (CIRCLE, 100, (80, 24), {}, TWO_RUNS),
    "compare-ascii": (CIRCLE, 100, (120, 40), {"ascii": True}, TWO_RUNS),
    "too-small": (CIRCLE, 0, (59, 19), {}, ()),
    "backprop-ascii": (CIRCLE, 200, (120, 40), {"ascii": True}, ("2", *DELTA_1)),
    "backprop-adam": (replace(CIRCLE, optimizer="adam"), 200, (120, 40), {}, ("2", *UPDATE)),
    "backprop-batch": (CIRCLE, 200, (120, 40), {}, ("2", *DELTA_1, "b")),
    "backprop-predict": (CIRCLE, 200, (120, 40), {"predict": True}, ("2", *DELTA_1)),
    "backprop-diverged": (DIVERGING, 1000, (120, 40), {}, ("2",)),
    "backprop-zoomed": (CIRCLE, 200, (120, 40), {}, ("2", *DELTA_1, "z")),
    "backprop-1000-units": (
        replace(CIRCLE, hidden=(1000,)),
        0,
        (120, 40),
        {},
        ("2", "right", "down"),
    ),
}


def steadied(screen: str) -> str:
    """Without numbers that are rounding, such as the error of the gradient check: no two machines
    share them."""
    screen = re.sub(r"(∇ check|grad check|∇|grad) \d+e[−-]\d+ ", r"\1 ~ ", screen)
    screen = re.sub(r"relative error +\S+", lambda m: f"{m[0][:14]}{'~':>{len(m[0]) - 14}}", screen)
    return re.sub(r"[+−-]?\d(\.\d+)?e[−-](9|[1-9]\d)\b", "~", screen)


@pytest.mark.parametrize("name", [*SCREENS])
async def test_screen(name, snapshot):
    experiment, step, size, options, keys = SCREENS[name]
    async with running(experiment, size, **options) as (app, pilot):
        if step is not None:
            app.act_quietly()
            app.seek(step)
        await press(app, pilot, *keys)
        if step is not None:
            app.session.finish_counting()  # as it is once all has been counted
            app.show()
            await settled(pilot)
        snapshot(name, steadied(text(app)))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("network", ["2-4-3-1", "4-12-12-3"])
async def test_every_kind_of_micro_step(network, size, snapshot, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    experiment = replace(CIRCLE, l2=0.01) if network == "2-4-3-1" else _three_classes()
    async with running(experiment, size) as (app, pilot):
        app.act_quietly()
        await press(app, pilot, "2")
        for kind in PHASES:
            app.open(experiment)  # each is looked at afresh
            app.seek(20)
            session = app.session
            assert "-".join(map(str, session.prepared.network.sizes)) == network
            found = session.microscope.taken_apart(session.trainer).microsteps
            layer = 3 if "cost" in kind else 2
            go_to(session, [(m.kind, m.layer) for m in found].index((kind, layer)))
            await press(app, pilot, "down", "l")
            name = f"backprop-{network}-{kind}-{size[0]}x{size[1]}"
            snapshot(name.replace("_", "-"), steadied(text(app)))


def _three_classes() -> Experiment:
    """Nine examples of three classes in four columns, from a file."""
    rows = [
        ",".join([*(f"{(i * (j + 2) % 7) / 2 + (i % 3) * j}" for j in range(4)), "abc"[i % 3]])
        for i in range(9)
    ]
    Path("classes.csv").write_text("\n".join(["p,q,r,s,class", *rows]), encoding="utf-8")
    return Experiment(
        dataset="./classes.csv", hidden=(12, 12), activation="tanh", batch_size=3, l2=0.01
    )


async def test_screen_without_colour(snapshot, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(CIRCLE, (120, 40)) as (app, pilot):
        app.act_quietly()
        app.seek(200)
        await settled(pilot)
        snapshot("circle-no-colour", steadied(text(app)))


async def test_screen_while_playing(snapshot):
    async with running(CIRCLE, (120, 40)) as (app, pilot):
        app.act_quietly()
        app.seek(200)
        app.session.playing = True
        app.show()
        await settled(pilot)
        snapshot("circle-playing", steadied(text(app)))


@pytest.mark.parametrize("name", [n for n in SCREENS if "ascii" in n])
def test_ascii_screens_are_ascii(name):
    path = Path(__file__).parents[1] / "snapshots" / f"{name}.txt"
    assert path.read_text(encoding="utf-8").isascii()


@pytest.mark.parametrize(("theme", "palette"), [("dark", DARK), ("light", LIGHT)])
async def test_themes_have_their_own_ground_and_signs_their_own_colours(theme, palette):
    async with running(CIRCLE, (120, 40), theme=theme) as (app, pilot):
        app.act_quietly()
        app.seek(200)
        await settled(pilot)
        colours = {
            (segment.style.color.triplet.hex, segment.style.bgcolor.triplet.hex)
            for strip in app.screen._compositor.render_strips(app.size)
            for segment in strip
            if segment.style and segment.style.color and segment.style.bgcolor
        }
        inks = {ink for ink, _ in colours}
        grounds = {ground for _, ground in colours}
        assert f"#{palette.bg:06x}" in grounds
        assert f"#{palette.negative:06x}" in inks
        assert f"#{palette.positive:06x}" in inks
