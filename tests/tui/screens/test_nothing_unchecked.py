"""No ✓, ✗, %, "exact", accuracy, R² or deviance on any screen that its premise does not support,
and each where it does. What holds is computed by NumPy alone: see ``bad_states``."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from bad_states import BAD, HEALTHY, Truth, truth
from screen import running, settled, text

from tui.drawing.numbers import norm
from tui.session.session import Session

SCREENS = ("glm", "linear", "regions", "backprop", "explore")  # the app begins on the last
VISITED = ("compare", "surface")
SIZES = ((120, 40), (80, 24))
SIGNS = re.compile(r"✓|✗|%|exact|\bnan\b|accuracy|R² +\d|\bcollapse [^·]|deviance [\d–]")


class Page:
    """The text of a screen, from which claims are taken one by one."""

    def __init__(self, shown: str) -> None:
        self.rest = shown

    def take(self, pattern: str) -> list[tuple[str, ...]]:
        """The groups of each match, which is removed."""
        found = [match.groups() for match in re.finditer(pattern, self.rest)]
        self.rest = re.sub(pattern, "", self.rest)
        return found


@pytest.mark.parametrize("states", [BAD, HEALTHY], ids=["bad", "healthy"])
async def test_every_mark_and_share_on_every_screen_is_supported(
    states: dict[str, Callable[[], Session]],
) -> None:
    sessions = {name: make() for name, make in states.items()}
    facts = {name: truth(session) for name, session in sessions.items()}
    seen: dict[str, set[str]] = {name: set() for name in states}
    async with running(size=SIZES[0]) as (app, pilot):
        app.end_demo()
        for size in SIZES:
            await pilot.resize_terminal(*size)
            more = VISITED if states is BAD and size == SIZES[0] else ()
            for name, session in sessions.items():
                app.use(session)
                for screen in (*SCREENS, *more):
                    where = f"{name}: {screen} at {size[0]}×{size[1]}"
                    print(where)  # read if a check fails
                    app.action_act(screen)
                    await settled(pilot)
                    assert screen == app.frame_screen.NAME
                    seen[name] |= check_screen(text(app), facts[name], screen, where)
    for name in states if states is HEALTHY else ():  # what is true is said
        expected = {"score", "collapse", "is the GLM", "check ✓"}
        assert expected <= seen[name]
        assert {"δ ✓" if facts[name].delta_is_short else "δ ✗"} <= seen[name]
        assert ({"exact ✓", "of z ✓"} & seen[name] != set()) == bool(facts[name].collapses)
        assert ("yes ✓" in seen[name]) == bool(facts[name].is_glm)


def check_screen(shown: str, facts: Truth, screen: str, where: str) -> set[str]:
    """Which claims were found; AssertionError where one is not supported."""
    *panes, status, _ = shown.splitlines()
    page, bar = Page("\n".join(panes)), Page(status)
    seen = check_status(bar, facts) | check_panes(page, facts, screen)
    left = [line for line in (*page.rest.splitlines(), bar.rest) if SIGNS.search(line)]
    assert not left, f"{where}: not supported:\n" + "\n".join(left)
    return seen


def check_status(page: Page, facts: Truth) -> set[str]:
    """The status line, and which of its claims were found."""
    seen = set()
    page.take(r"✗ diverged|\b(?:C|C_x|test) nan")
    score = "acc(?:uracy)?" if facts.is_class else "R²"
    for (value,) in page.take(rf" {score} ((?:[\d.−e]+|–)(?: / (?:[\d.−e]+|–))?(?: %)?)(?=  )"):
        assert value == written(facts.score, facts.is_class)
        seen.add("score")
    for (value,) in page.take(r"∇(?: check)? {1,2}(–|noise|[\d.e−]+ +[✓✗])"):
        assert "✗" not in value
        assert "✓" not in value or facts.cost_is_finite
        seen.add("check ✓" if "✓" in value else "check")
    for (value,) in page.take(r"collapse (exact ✓|of z ✓|broken ✗|–)"):
        holds = "exact ✓" if facts.ends_in_identity else "of z ✓"
        assert value == {True: holds, False: "broken ✗", None: "–"}[facts.collapses]
        seen |= {"collapse", value}
    for (value,) in page.take(r"GLM: (yes ✓|no ✗|–)(?: at its fit)?(?=  | ▌)"):
        assert value == {True: "yes ✓", False: "no ✗", None: "–"}[facts.is_glm]
        seen |= {"is the GLM", value}
    for (value,) in page.take(r"\bdeviance (–|[\d.e−]+)(?= )"):
        assert same(value, facts.deviance)
    for (value,) in page.take(r"excess (\S+)"):
        assert value == "–" or facts.cost_is_finite
    for (value,) in page.take(r"‖β(?:_net)? − β_OLS‖ (\S+)"):
        assert value == "–" or np.isfinite(number(value))
    return seen


def check_panes(page: Page, facts: Truth, screen: str) -> set[str]:
    """The panes of a screen, and which of their claims were found."""
    seen = set()
    page.take(r"95 % interval|95 %")
    if screen == "explore" or screen == "compare":
        for (value,) in page.take(r"× (\S+) wrong"):
            assert (value == "–") == (facts.score[0] is None)
        page.take(r"\bnan\b")  # a number of the network itself: z, a, δ, a weight, C
    if screen == "backprop":
        page.take(r"\bnan\b|[▸✓·] (?=[zaδ∂CW])")
    if screen == "regions":
        page.take(r"area%|area +[\d.<]+%|[\d.<]+ % of the box|U = .* [\d.]+ ?%")
    if screen == "linear":
        seen |= check_linear(page, facts)
    if screen == "glm":
        seen |= check_glm(page, facts)
    if screen == "surface":
        page.take(r"holds [\d.]+ % of the|computing +[\d.]+ %")
        page.take(r"\bnan\b")
    return seen


def check_linear(page: Page, facts: Truth) -> set[str]:
    equals = facts.collapses is True
    for value, mark in page.take(r"\(?W_z x \+ b_z\)?[^\n│]*? +(\S+) ([✓✗])"):
        assert (mark == "✓") == equals and np.isfinite(number(value))
        assert facts.finite
    if page.take(r"((?:minus|−) (?:its )?best[^\n│]*? [✓✗])"):
        assert facts.finite and facts.freedom > 0
    # the least-squares fit and its tests are of the data alone
    for (value,) in page.take(r"\bR² (\S+) +adj"):
        assert same(value, facts.ols_r_squared)
    page.take(r"(?:max VIF|condition) [^\n│]*[✓✗]")  # of the inputs alone
    for (row,) in page.take(
        r"((?:Breusch|BP|White|Durbin|Jarque|RESET|Ljung|Shapiro|max)[^\n│]*[✓✗])"
    ):
        assert facts.freedom > 0, row
    page.take("No collapse ·")
    return set()


def check_glm(page: Page, facts: Truth) -> set[str]:
    seen = set()
    page.take(r"net(?:work)? ŷ +nan")
    for (value,) in page.take(r"✓ +off +by +([\d.e−]+)"):
        assert facts.collapses and np.isfinite(number(value))
    if page.take(r"(at +its +fit +✓)"):
        assert facts.is_glm
    for (mark,) in page.take(r"network +(✓ is|✗ not|– \(its numbers)"):
        assert mark == {True: "✓ is", False: "✗ not", None: "– (its numbers"}[facts.is_glm]
    for (mark,) in page.take(r"δ +(?:=|is not) (?:2\()?a − y\)? ([✓✗–])"):
        expected = {True: "✓", False: "✗", None: "–"}[facts.delta_is_short]
        assert mark == expected
        seen.add(f"δ {mark}")
    if page.take(r"= +the +examples' +(sum +✓)"):
        assert facts.deviance is not None and np.isfinite(facts.deviance)
    for of_glm, of_network in page.take(r"right +GLM ([\d.]+) % +network ([\d.]+ %|–)"):
        assert of_network == ("–" if facts.right is None else f"{100.0 * facts.right:.1f} %")
        assert 0.0 <= float(of_glm) <= 100.0
    for (value,) in page.take(r"network (–|[\d.e−]+) = (?:2?n)"):
        assert same(value, facts.deviance)
    for (value,) in page.take(r"GLM ([\d.e−]+)(?= )"):  # of the fit to the data
        assert np.isfinite(number(value))
    page.take(r"deviance +[\d.e−]+")  # of the fit
    for (value,) in page.take(r"step \d+ +(\S+) ?│"):
        assert value != "nan" and "inf" not in value
    return seen


def written(scores: tuple[float | None, ...], is_class: bool) -> str:
    """``98.2 / – %``, ``0.9812``, ``–``."""
    texts = [
        "–" if s is None else f"{100.0 * s:.1f}" if is_class else norm(s).strip() for s in scores
    ]
    unit = " %" if is_class and any(s is not None for s in scores) else ""
    return " / ".join(texts) + unit


def number(shown: str) -> float:
    return float(shown.replace("−", "-"))


def same(shown: str, value: float | None) -> bool:
    """Whether a number is written, or – where it is None."""
    if value is None or shown == "–":
        return value is None and shown == "–"
    return shown == norm(value).strip() or number(shown) == pytest.approx(value, rel=1e-3)
