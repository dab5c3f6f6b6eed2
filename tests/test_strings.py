"""The list of all texts has those of screens, help and errors, and no docstrings."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.training.fields import FIELDS
from tests.strings import Text, texts, texts_of_python
from tui.actions.screen_keys import SCREENS
from tui.commands.keys import ACTIONS
from tui.drawing.glyphs import ASCII, ascii_text
from tui.experiments.library import gallery

ROOT = Path(__file__).parents[1]
PLURAL = re.compile(  # a field and a plural, with up to two words between: {n} of the rows
    r"\{(?P<field>[^{}]*)\}[ \N{NO-BREAK SPACE}](?:[a-z]+ ){0,2}?(?P<word>[a-z]+)\b"
)
VERBS = {"are", "were", "have", "do"}
NEVER_ONE = {  # fields with a plural that are never 1, and names, beside UPPERCASE constants
    "engine.data.reading.layout": ("{position} are",),
    "engine.data.default_model": ("{data.Y.shape[1]} columns of numbers",),
    "engine.data.edits": ("{data.name} are trials",),
    "engine.data.table_to_dataset": (
        "{shown} names the rows",
        "{len(column.levels)} categories, more than",
    ),
    "engine.diagnostics.variance": ("{count} columns of {n} rows are too large",),
    "engine.explain.models.linear_pieces": (
        "the {units} units",
        "{local.layer} linear layers, one after the other",
    ),
    "engine.network.structure.convolutions": ("{convolutions} are",),
    "engine.network.structure.skips": ("{skips} are not pairs",),
    "engine.storage.matrix_file": ("{len(shape)} dimensions",),
    "tui.commands.weights": ("{' and '.join(scaled)} are",),
    "engine.network.parameter_linearity": ("{layer_a} and {layer_b} have more than",),
    "engine.regions.cells.part": ("{regions} regions of {units} units take",),
    "engine.regions.knots": ("{network.sizes[0]} inputs, and knots are for one",),
    "engine.regions.plane": ("{self.v.size} entries", "{d} inputs: pass plane="),
    "engine.storage.checkpoint": ("{experiment.dataset} have another shape",),
    "engine.storage.share_code": ("{parameters.size} parameters are too many",),
    "tui.cli.fit.data": ("{use} are numbers", "{len(labels)} labels"),
    "tui.dialogs.postmortem_report": ("{ratio} times",),
    "tui.dialogs.sharing": ("{count(len(code))} characters", "{toggle} the present weights"),
    "tui.explain.network": ("{frame.step} are not counted",),
    "tui.model.advice.situations": ("{layer} are all the same", "{batch} of {n} examples"),
    "tui.model.advice.values": ("{outputs} outputs",),
    "tui.model.glm.compute_facts": ("{network.sizes[-1]} outputs", "{pull} weights"),
    "tui.model.glm.stack": ("{count} layers",),
    "tui.model.linear.closed_form": ("{y.shape[1]} outputs",),
    "tui.panes.glm.irls": ("{become} changes that",),
    "tui.panes.regions.map_legend": ("{fill} {glyphs.dot} regions{", "{glyphs.network} knots{"),
    "tui.screens.frame_screen": ("{needed} cells",),
}


@pytest.fixture(scope="module")
def all_texts() -> list[Text]:
    return texts()


@pytest.fixture(scope="module")
def listed(all_texts: list[Text]) -> set[str]:
    return {one.text for one in all_texts}


@pytest.fixture(scope="module")
def trees() -> list[ast.Module]:
    paths = [path for top in ("engine", "tui") for path in sorted((ROOT / top).rglob("*.py"))]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in paths]


@pytest.mark.parametrize(
    ("snapshot", "phrases"),
    [
        ("explore-in-every-size", ("Network", "Layers", "region", "epoch", "log scale")),
        ("circle-help", ("Status line", "each picture is a", "Edges are weights:")),
        ("backprop-in-every-size", ("cost", "C_x")),
        ("regions", ("activation regions", "bound", "colour by", "filter")),
        ("linear-longley", ("Ordinary least squares", "95 % interval")),
        ("glm-challenger", ("family", "deviance", "logit", "link")),
        (
            "settings",
            ("activation", "all identity", "needs a restart", "learning rate"),
        ),
        ("gallery", ("A plane out of bends", "type to filter", "nothing hidden")),
        ("postmortem-120x40", ("is the first number that is not finite", "Post-mortem")),
        ("fit-longley", ("Least squares", "std. error", "Solved in integers: all digits are")),
    ],
)
def test_phrases_on_screens_are_listed(
    listed: set[str], snapshot: str, phrases: tuple[str, ...]
) -> None:
    screen = (ROOT / "tests/snapshots" / f"{snapshot}.txt").read_text(encoding="utf-8")
    everything = " ".join("\0".join(listed).split())  # lines are wrapped anew on a screen
    for phrase in phrases:
        assert phrase in screen
        assert phrase in everything


def test_help_labels_and_titles_are_listed(listed: set[str]) -> None:
    words = [word for action in ACTIONS for word in (action.help, action.brief)]
    words += [word for field in FIELDS.values() for word in (field.label, field.help)]
    words += [title for _, title in SCREENS.values()]
    words += [word for entry in gallery() for word in (entry.title, entry.look_for)]
    made = FIELDS["schedule"].help  # of the table of schedules
    assert {w for w in words if any(map(str.isalpha, w)) and w not in (*listed, made)} == set()


def test_messages_of_errors_are_listed(listed: set[str], trees: list[ast.Module]) -> None:
    raised = [
        node.exc.args[0]
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args
    ]
    literals = [node.value for node in raised if isinstance(node, ast.Constant)]
    parts = [
        part.value
        for node in raised
        if isinstance(node, ast.JoinedStr)
        for part in node.values
        if isinstance(part, ast.Constant) and part.value.strip()
    ]
    assert len(literals) > 20
    assert len(parts) > 100
    assert [text for text in literals if text not in listed] == []
    everything = "\0".join(listed)
    assert [part for part in parts if part not in everything] == []


def test_docstrings_are_not_listed(listed: set[str], trees: list[ast.Module]) -> None:
    definitions = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, definitions)]
    docstrings = {ast.get_docstring(node, clean=False) for node in nodes}
    assert docstrings & listed == set()


def test_strings_that_only_the_code_reads_are_not_listed() -> None:
    source = """
MAP = {"key": "a word", "two words": 1}
CSS = "Pane { width: auto; }"
def f(x: "some type") -> "some type":
    "What f does."
    if x == "not said" or x.startswith("nor this"):
        query_one(f"#{x}").add_class("class")
        raise DataError(f"{x:.3g} is odd: {'so' if x else y['field']}")
    note = "word"
    note += ", and more"
    widget(id="left pane", label="Left")
    return f"{x:>5}", "word"
"""
    said = ["a word", "two words", "{x} is odd: {'so' if x else y['field']}", "so", ", and more"]
    listed = [text for _, text in texts_of_python(source)]
    assert sorted(listed) == sorted([*said, "Left", "word"])


def test_a_module_can_be_listed_by_itself_and_plainly() -> None:
    command = [sys.executable, "-m", "tests.strings", "--module", "tui.actions", "--plain"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    assert "Explore" in done.stdout.splitlines()
    assert {text.module.rpartition(".")[0] for text in texts("tui.actions")} == {"tui.actions"}
    assert texts("tui.key") == []


def counted_nouns(trees: list[ast.Module]) -> set[str]:
    """The plurals of all nouns that ``plural`` and ``noun_for`` are called with."""
    nouns = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("plural", "noun_for"):
                words = [a.value for a in node.args[1:] if isinstance(a, ast.Constant)]
                nouns |= {words[0].split()[-1] + "s", *words[1:]} if words else set()
    return {noun for noun in nouns if noun.endswith("s")}


def unhelped_plurals(text: str, nouns: set[str]) -> list[str]:
    """Fields of a text that a plural follows, without the helper that knows 1."""
    return [
        found[0]
        for found in PLURAL.finditer(text)
        if found["word"] in nouns
        and not re.fullmatch(r"[A-Z_]+|(count|thousands)\([A-Z_]+\)", found["field"])
    ]


def test_every_plural_after_a_number_comes_from_the_helper_or_is_never_1(
    all_texts: list[Text], trees: list[ast.Module]
) -> None:
    nouns = counted_nouns(trees) | VERBS
    assert {"examples", "units", "iterations", "columns", "degrees"} <= nouns
    assert unhelped_plurals("of {n} rows, {off} are", nouns) == ["{n} rows", "{off} are"]
    assert unhelped_plurals("{plural(n, 'example')} of {name}", nouns) == []
    found = {}
    for one in all_texts:
        text = one.text
        for allowed in NEVER_ONE.get(one.module, ()):
            text = text.replace(allowed, "")
        if unhelped := unhelped_plurals(text, nouns):
            found[f"{one.module}:{one.line}"] = unhelped
    assert found == {}


def test_what_is_allowed_to_go_without_the_helper_still_stands_there(
    all_texts: list[Text],
) -> None:
    stand = [(one.module, one.text) for one in all_texts]
    for module, parts in NEVER_ONE.items():
        for part in parts:
            assert any(m == module and part in text for m, text in stand), (module, part)


def test_every_sign_that_the_app_writes_has_a_spelling_in_ascii(listed: set[str]) -> None:
    signs = {char for text in listed for char in text if ord(char) > 127}
    assert len(signs) > 60
    assert {sign for sign in signs if "?" in ascii_text(sign) + ASCII.prose(sign)} == set()
