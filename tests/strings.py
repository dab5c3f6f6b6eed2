"""Every text that a user can see, in one list: python -m tests.strings [--module M] [--plain].

Reads the sources of engine and tui, and the gallery with its experiments. A text is listed once,
at its first place; fields of f-strings are shown as {expression}. Rather too much than too little:

A string with a letter is a text if
- it has a space, begins with a capital, or has a letter beyond ASCII ("go on", "Output", "η"); or
- it is a word where words are shown: an f-string, a part of a sum, a choice (x if y else z, or of
  a literal table), a result of a function, an argument of a class or of a function of SPEAKERS, a
  keyword argument of SHOWN, or a value in a table at the top of a module (WORDS = ...).

Never listed: docstrings, annotations, style sheets, format codes, and strings that only the code
reads: subscripts, comparisons, patterns, words that are dictionary keys, arguments of READERS and
keyword arguments of HIDDEN, ids and keys of actions. Of .toml: comments, the gallery's texts.
"""

import argparse
import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
SPEAKERS = "tell tell_also fail write print add add_argument report_if_slow"
SHOWN = """help label labels brief shown bar title prompt description prog metavar placeholder
 message name unit nothing epilog"""
READERS = """getattr setattr hasattr delattr get pop setdefault startswith endswith split partition
 rpartition removeprefix removesuffix strip lstrip rstrip encode decode query query_one has_class
 add_class remove_class set_class show_screen visit Binding import_module later _remodel compile
 search sub match fullmatch cast TypeVar NewType open dtype astype"""
HIDDEN = """id classes encoding errors mode action screens keys dtype over divide invalid under kind
 flag module dest newline"""
CODES = r"\{[^{}]*\}|\x1b\[?[\d;?]*[a-zA-Z]"  # fields, escape sequences of a terminal
UNSEEN = ("CSS", "DEFAULT_CSS", "CSS_PATH", "__all__")  # variables


@dataclass(frozen=True)
class Text:
    """A text, and its first place."""

    module: str
    line: int
    text: str


def written(node: ast.Constant | ast.JoinedStr) -> str:
    """A string as the list shows it, with the fields of an f-string in braces."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(
        f"{{{ast.unparse(part.value)}}}" if isinstance(part, ast.FormattedValue) else written(part)
        for part in node.values
        if isinstance(part, ast.FormattedValue | ast.Constant)
    )


def is_shown(node: ast.AST, parents: dict[ast.AST, ast.AST], text: str) -> bool:
    """Whether a string is a text by the rules above: its surroundings decide, inside out."""
    sentence = " " in text.strip() or text[:1].isupper() or re.search(r"[^\W\x00-\x7f]", text)
    shown = bool(sentence) or isinstance(node, ast.JoinedStr)
    child, parent, nested = node, parents[node], False  # nested: in a tuple, list, set or dict
    while not isinstance(parent, ast.stmt):
        match parent:
            case ast.JoinedStr() if isinstance(child, ast.Constant):
                return False  # a part of the f-string
            case ast.FormattedValue(format_spec=spec):
                if child is spec:
                    return False
                shown = True
            case ast.Compare() | ast.pattern() | ast.arg():
                return False
            case ast.Subscript(slice=other) | ast.IfExp(test=other):
                if child is other:
                    return False
                shown = True
            case ast.Dict(keys=keys) if child in keys and not sentence:
                return False
            case ast.Dict() | ast.Tuple() | ast.List() | ast.Set():
                nested = True
            case ast.BinOp(op=ast.Add()):
                shown = True
            case ast.keyword(arg=name):
                return name not in HIDDEN.split() and (shown or name in SHOWN.split())
            case ast.Call() if child is not parent.func:
                name = ast.unparse(parent.func).rpartition(".")[2]
                if name == "Action" and (nested or child is parent.args[0]):
                    return False  # its keys, its id
                speaks = name in SPEAKERS.split() or (name.lstrip("_")[:1].isupper() and not nested)
                return name not in READERS.split() and (shown or speaks)
        child, parent = parent, parents[parent]
    if child in (getattr(parent, "annotation", None), getattr(parent, "returns", None)):
        return False
    match parent:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            table = nested and name.strip("_").isupper()
            return name not in UNSEEN and (shown or table)
        case ast.Return() | ast.Expr(value=ast.Yield()):
            return True
    return shown and not isinstance(parent, ast.Expr)  # a docstring


def texts_of_python(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every string of a module that a user can see."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr):
            text = written(node) if isinstance(getattr(node, "value", ""), str) else ""
            if any(map(str.isalpha, re.sub(CODES, "", text))) and is_shown(node, parents, text):
                yield node.lineno, text


def texts_of_toml(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of comments, and of headings, titles and sentences of the gallery."""
    for number, line in enumerate(source.splitlines(), start=1):
        if found := re.match(r'# *(.*)|(?:heading|title|look_for) = "(.*)"$', line):
            yield number, found[1] or found[2]


def texts(module: str = "") -> list[Text]:
    """All texts in the order of modules and lines; of one module or package alone if named."""
    found: dict[str, Text] = {}
    paths = [path for top in ("engine", "tui") for path in (ROOT / top).rglob("*.*")]
    for path in sorted(path for path in paths if path.suffix in (".py", ".toml")):
        name = ".".join(path.relative_to(ROOT).parts).removesuffix(".py").removesuffix(".__init__")
        if f"{name}.".startswith(f"{module}." if module else ""):
            read = texts_of_python if path.suffix == ".py" else texts_of_toml
            for line, text in sorted(read(path.read_text(encoding="utf-8"))):
                found.setdefault(text, Text(name, line, text))
    return [*found.values()]


def main() -> None:
    parser = argparse.ArgumentParser("python -m tests.strings", description=__doc__.splitlines()[0])
    parser.add_argument("--module", default="", help="a module or package such as tui.panes")
    parser.add_argument("--plain", action="store_true", help="the texts alone")
    options = parser.parse_args()
    for name, group in groupby(texts(options.module), lambda text: text.module):
        if not options.plain:
            print(f"\n{name}")
        for one in group:
            start = "" if options.plain else f"{one.line:5}  "
            print(start + one.text.strip("\n").replace("\n", "\n" + " " * len(start)))


if __name__ == "__main__":
    main()
