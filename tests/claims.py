"""The claims of the source texts, and what the app shows of each: tests/reference/claims.toml.

python -m tests.claims 5 27    prints the screens of these claims
"""

import ast
import asyncio
import re
import sys
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import add, eq, ge, gt, le, lt, mul, sub, truediv
from pathlib import Path
from typing import Any

from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input

sys.path += [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from frames import finish_counting
from screen import press, running, settled, text

from engine import DATASETS, Experiment
from tui.app import NNExplore
from tui.experiments.library import built_in, entry

FILE = Path(__file__).parent / "reference" / "claims.toml"
MOST_PANES = 20  # on a screen
NUMBER = r"[+−]?\d+(?:\.\d+)?(?:e[+−]?\d+)?"
OPERATORS: dict[type[ast.AST], Any] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.Div: truediv,
    ast.Lt: lt,
    ast.LtE: le,
    ast.Gt: gt,
    ast.GtE: ge,
    ast.Eq: eq,
}


class NotShownError(AssertionError):
    """What a claim says of the screen does not hold of this one."""


@dataclass(frozen=True)
class Claim:
    """A claim of a source text, and the screen that shows whether it holds.

    The experiment is one of the gallery, or a data set's built-in one, with the settings of
    ``change``, after ``step`` steps. Then ``keys`` are pressed: names of keys, single characters,
    tab:PANE for tab until it has the focus, and between quotation marks what is typed.

    ``shows`` are texts that must stand in one line of the screen each, ``hides`` texts that must
    not. Any run of blanks in them matches any other, … any text, and {name} a number, everywhere
    the same. ``where`` compares these numbers. ``waits`` says what the app does not show yet,
    ``opinion`` why there is nothing to show.
    """

    number: int
    source: str
    says: str
    holds: str
    experiment: str = ""
    change: Mapping[str, Any] = field(default_factory=dict)
    step: int = 0
    size: Sequence[int] = (120, 40)
    keys: str = ""
    shows: Sequence[str] = ()
    hides: Sequence[str] = ()
    where: Sequence[str] = ()
    waits: str = ""
    opinion: str = ""

    @property
    def presses(self) -> tuple[str, ...]:
        return tuple(re.findall(r'"[^"]*"|\S+', self.keys))

    @property
    def setup(self) -> tuple[str, str, int, tuple[int, ...]]:
        """What claims that begin with the same screen have in common."""
        return self.experiment, repr(self.change), self.step, tuple(self.size)

    def experiment_changed(self) -> Experiment:
        known = self.experiment in DATASETS
        start = built_in(self.experiment) if known else entry(self.experiment).experiment
        lists = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.change.items()
        }
        return replace(start, **lists)


def read_claims() -> list[Claim]:
    return [Claim(**row) for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["claim"]]


async def screens_of(
    claim: Claim, shorter: Collection[tuple[str, ...]] = (), added: Sequence[float] = ()
) -> dict[tuple[str, ...], str]:
    """The screen of the claim by its keys, and those after the ``shorter`` beginnings of them.

    ``added``: to the first weight of each unit of layer 1.
    """
    screens = {}
    async with running(claim.experiment_changed(), tuple(claim.size)) as (app, pilot):
        if claim.step:
            app.seek(claim.step)
        for unit, more in enumerate(added):
            trainer = app.session.trainer
            trainer.edit(1, "weight", (unit, 0), trainer.network.weights[0][unit, 0] + more)
        app.show()
        await settled(pilot)
        for i in range(len(claim.presses) + 1):
            pressed = claim.presses[:i]
            if pressed == claim.presses or pressed in shorter:
                finish_counting(app.session)
                app.show()
                await settled(pilot)
                screens[pressed] = text(app)
            for key in claim.presses[i : i + 1]:
                await give(app, pilot, key)
    return screens


async def give(app: NNExplore, pilot: Pilot[Any], key: str) -> None:
    """Press a key, or tab until a pane has the focus, or type what is between quotation marks."""
    if key.startswith("tab:"):
        for _ in range(MOST_PANES):
            await press(app, pilot, "tab")
            if app.focused and app.focused.id == key.removeprefix("tab:"):
                return
        raise ValueError(f"no {key}: the screen has no such pane")
    typed = key.strip('"')
    if typed != key and isinstance(app.focused, Input):
        app.focused.value = typed
        await settled(pilot)
    else:  # what is typed filters a list
        characters = typed if typed != key or len(key) == 1 else ()
        await press(app, pilot, *(map(_character_to_key, characters) if characters else (key,)))


def pattern(shown: str) -> re.Pattern[str]:
    """What finds a text of ``shows`` in a line."""
    written = ""
    for part in re.split(r"(\{\w+\}|\s+|…)", shown):
        name = part[1:-1]
        if part.startswith("{"):
            is_known = f"(?P<{name}>" in written
            written += f"(?P={name})" if is_known else f"(?P<{name}>{NUMBER})"
        else:
            written += ".*" if part == "…" else r"\s+" if part.isspace() else re.escape(part)
    return re.compile(written)


def find(shown: str, screen: str) -> re.Match[str] | None:
    matches = (pattern(shown).search(line) for line in screen.splitlines())
    return next((match for match in matches if match), None)


def value(number: str) -> float:
    return float(number.replace("−", "-"))


def check(claim: Claim, screen: str) -> None:
    """NotShownError where the screen is not as the claim says."""
    numbers: dict[str, float] = {}
    for shown in claim.shows:
        match = find(shown, screen)
        if not match:
            raise NotShownError(f"does not show {shown!r}:\n{screen}")
        for name, found in match.groupdict().items():
            if numbers.setdefault(name, value(found)) != value(found):
                raise NotShownError(
                    f"{name} is {found} in {shown!r}, {numbers[name]} before:\n{screen}"
                )
    for hidden in claim.hides:
        if find(hidden, screen):
            raise NotShownError(f"shows {hidden!r}:\n{screen}")
    for comparison in claim.where:
        if not holds(comparison, numbers):
            raise NotShownError(f"{comparison} does not hold with {numbers}:\n{screen}")


def holds(comparison: str, numbers: Mapping[str, float]) -> bool:
    """Whether a comparison of sums and products holds: numbers, names, + − * /, abs, < <= > >=."""
    tree = ast.parse(comparison, mode="eval").body
    if not isinstance(tree, ast.Compare):
        raise ValueError(f"{comparison!r} compares nothing")
    terms = [evaluate(term, numbers) for term in (tree.left, *tree.comparators)]
    return all(
        OPERATORS[type(operator)](left, right)
        for left, operator, right in zip(terms, tree.ops, terms[1:], strict=False)
    )


def evaluate(term: ast.expr, numbers: Mapping[str, float]) -> float:
    match term:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return numbers[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -evaluate(operand, numbers)
        case ast.BinOp(left=left, op=operator, right=right):
            return OPERATORS[type(operator)](evaluate(left, numbers), evaluate(right, numbers))
        case ast.Call(func=ast.Name(id="abs"), args=[inner]):
            return abs(evaluate(inner, numbers))
    raise ValueError(f"{ast.unparse(term)!r} is no sum, product or abs of numbers")


async def main(numbers: Iterable[str]) -> None:
    for claim in read_claims():
        if str(claim.number) in numbers:
            print(f"{claim.number} {claim.says}  [{claim.setup} {claim.keys}]")
            if claim.opinion or not claim.experiment:
                print(claim.opinion or claim.waits)
                continue
            screen = (await screens_of(claim))[claim.presses]
            print(screen)
            try:
                check(claim, screen)
            except NotShownError as error:
                print("✗", str(error).split(":\n")[0])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
