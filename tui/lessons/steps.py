"""Reading the tables of a lesson's file: a step, its prediction, its claim."""

from __future__ import annotations

from collections.abc import Mapping
from os.path import isfile
from typing import Any

from engine import EngineError, Trainer
from engine.measures.claim import RELATIONS, Claim
from engine.measures.table import MEASURES
from engine.quoting import shown
from engine.training.fields import FIELDS
from engine.wording import count
from tui.lessons.checks import BOUND, NUMBER, Checks, Kinds
from tui.lessons.lesson import CHOICES, MAX_TITLE, MAX_WORDS, Prediction, StatedClaim, Step

TOP_KEYS: dict[str, Kinds] = {"title": str, "about": str, "step": list}
STEP_KEYS: dict[str, Kinds] = {
    "title": str,
    "text": str,
    "experiment": str,
    "settings": dict,
    "at": int,
    "screen": str,
    "pane": str,
    "zoom": bool,
    "actions": list,
    "ask": str,
    "until": int,
    "predict": dict,
    "claim": dict,
    "seconds": NUMBER,
    "train": int,
}
PREDICT_KEYS: dict[str, Kinds] = {
    "question": str,
    "choices": list,
    "answer": str,
    "measure": str,
    "within": NUMBER,
}
CLAIM_KEYS: dict[str, Kinds] = {
    "says": str,
    "measure": str,
    "within": NUMBER,
    **dict.fromkeys(RELATIONS, BOUND),
}
PARTS = {"predict": PREDICT_KEYS, "claim": CLAIM_KEYS}
IN_STEPS = {
    key: f"{key} belongs to a step: write {f'[step.{key}]' if kind is dict else 'it'} below the "
    "line [[step]]"
    for key, kind in STEP_KEYS.items()
}
IN_PARTS = {
    key: f"{key} belongs to a part of the step: write it below [step.{part}]"
    for part, keys in PARTS.items()
    for key in keys
}
OF_STEP = {
    key: f"{key} belongs to the step itself: write it above the first [step.…]" for key in STEP_KEYS
}
"""Where keys belong that stand in another table."""
MOST_SECONDS, MOST_TRAINED = 600, 1_000_000
DATA = "dataset"  # the setting that the experiment of a step decides
FILES = (".toml", ".csv", ".tsv")  # how names of experiments in files end
PLACES = ("value", "bound")  # of numbers in the sentence of a claim


def step_of(entries: Mapping[str, Any], checks: Checks) -> Step:
    """A step; its mistakes are noted in ``checks``."""
    right = checks.table(entries, STEP_KEYS, ("title", "text"), elsewhere=IN_PARTS)
    title, text = one_line(right.get("title", "")), one_line(right.get("text", ""))
    if len(title) > MAX_TITLE:
        checks.tell("title", f"a title of {len(title)} characters; {MAX_TITLE} fit")
    if len(text.split()) > MAX_WORDS:
        checks.tell("text", f"a text of {len(text.split())} words; a step has {MAX_WORDS} at most")
    checks.placeholders("text", text, checks.known.actions, "key of an action")
    _check_place(right, checks)
    _check_experiment(right, checks)
    _check_begin(entries, checks)
    actions = _actions(right, checks)
    at, until = _in_range(right, "at", checks), _in_range(right, "until", checks)
    _check_order(right, at, until, checks)
    return Step(
        title,
        text,
        checks.line,
        right.get("experiment", ""),
        right.get("settings", {}),
        at,
        right.get("screen", ""),
        right.get("pane", ""),
        right.get("zoom", False),
        actions,
        right.get("ask", ""),
        until,
        _prediction(right["predict"], checks) if "predict" in right else None,
        _claim(right["claim"], checks) if "claim" in right else None,
        float(_in_range(right, "seconds", checks, 0, MOST_SECONDS) or 0.0),
        _in_range(right, "train", checks, -MOST_TRAINED, MOST_TRAINED) or 0,
    )


def one_line(text: str) -> str:
    """A text whose lines follow each other, with single spaces."""
    return " ".join(text.split())


def _in_range(
    right: Mapping[str, Any], key: str, checks: Checks, least: int = 0, most: int = 10**9
) -> Any:
    value = right.get(key)
    if value is not None and not least <= value <= most:
        checks.tell(
            key, f"{key} is {shown(value)}; it must be from {count(least)} to {count(most)}"
        )
        return None
    return value


def _check_begin(entries: Mapping[str, Any], checks: Checks) -> None:
    """The first step opens an experiment on a screen: none is there before it."""
    for key in ("experiment", "screen"):
        if not checks.step and not entries.get(key):
            checks.tell(key, f"the first step needs {key}: nothing is shown before it")


def _check_order(
    right: Mapping[str, Any], at: int | None, until: int | None, checks: Checks
) -> None:
    """A step ends after it begins."""
    begin = 0 if at is None and right.get("experiment") else at
    if until is not None and begin is not None and until <= begin:
        checks.tell("until", f"until is {until}; it must be after {begin}, where the step opens")


def _check_place(right: Mapping[str, Any], checks: Checks) -> None:
    panes, screen, pane = checks.known.panes, right.get("screen", ""), right.get("pane")
    if screen and not checks.name("screen", screen, panes, "screen"):
        return
    if pane and not screen:
        checks.tell("pane", f"the pane {pane} needs its screen: write screen, too")
    elif pane:
        checks.name("pane", pane, panes[screen], f"pane of {screen}")
    if right.get("zoom") and not pane:
        checks.tell("zoom", "zoom needs the pane that is to fill the screen: write pane, too")


def _check_experiment(right: Mapping[str, Any], checks: Checks) -> None:
    name, settings = right.get("experiment", ""), right.get("settings", {})
    is_file, before = name.endswith(FILES), len(checks.mistakes)
    if is_file and not isfile(checks.folder / name):
        checks.tell("experiment", f"there is no file {shown(name)} beside the lesson")
    elif name and not is_file:
        checks.name("experiment", name, checks.known.experiments, "experiment")
    if settings and not name:
        checks.tell("settings", "settings need the experiment that they are of")
    if DATA in settings:
        checks.tell(DATA, f"{DATA}: name the data as the experiment of the step", "settings")
    for key, value in settings.items():
        if checks.name(key, key, FIELDS, "setting", "settings"):
            try:
                FIELDS[key].check(key, value)
            except EngineError as error:
                checks.tell(key, one_line(str(error)), "settings")
    if len(checks.mistakes) == before and (settings or is_file):
        try:  # whether the settings fit each other, and the data
            Trainer(checks.known.opened(name, settings, checks.folder))
        except EngineError as error:
            checks.tell("settings" if settings else "experiment", one_line(str(error)))


def _actions(right: Mapping[str, Any], checks: Checks) -> tuple[str, ...]:
    """The actions of the set-up; they, and the one that is asked, are checked."""
    checks.screen = right.get("screen", "") or checks.screen
    actions = tuple(map(str, right.get("actions", ())))
    for name in actions:
        _check_action("actions", name, checks)
    if "ask" in right:
        _check_action("ask", right["ask"], checks)
    elif "until" in right:
        checks.tell("until", "until says how long the asked action is done: write ask, too")
    return actions


def _check_action(key: str, name: str, checks: Checks) -> None:
    """Check an action, and note the screen where it leads."""
    known = checks.known
    if not checks.name(key, name, known.actions, "action"):
        return
    action = known.actions[name]
    if action.leaves:
        checks.tell(key, f"the action {name} leaves the lesson or its run")
    elif action.is_typed and key == "actions":
        checks.tell(key, f"the action {name} waits for a typed text: ask the reader for it")
    elif action.screens and checks.screen and checks.screen not in action.screens:
        screens = " or ".join(action.screens)
        checks.tell(key, f"the action {name} is for {screens}; this step shows {checks.screen}")
    if name in known.panes:
        checks.screen = name
    elif name in ("leave", "cancel"):
        checks.screen = ""


def _prediction(entries: Mapping[str, Any], checks: Checks) -> Prediction | None:
    right = checks.table(entries, PREDICT_KEYS, ("question",), "predict", OF_STEP)
    choices, answer = right.get("choices", []), right.get("answer", "")
    measure, within = right.get("measure", ""), _within(right, "predict", checks)
    if "measure" in entries:
        if measure and checks.name("measure", measure, MEASURES, "measure", "predict"):
            _check_alone("measure", measure, checks, "predict")
        if choices or answer:
            checks.tell("measure", "either a measure, or choices and their answer", "predict")
    elif not all(isinstance(choice, str) and choice.strip() for choice in choices):
        checks.tell("choices", "each choice must be text in quotes", "predict")
    elif not 2 <= len(choices) <= len(CHOICES):
        checks.tell("choices", f"2 to {len(CHOICES)} choices, or a measure", "predict")
    elif len({*choices}) < len(choices):
        checks.tell("choices", "two choices are the same", "predict")
    elif answer not in choices:
        checks.tell("answer", "the answer must be one of the choices", "predict")
    elif "within" in right:
        checks.tell("within", "within belongs to a measure, not to choices", "predict")
    question = one_line(right.get("question", ""))
    return Prediction(question, tuple(map(str, choices)), answer, measure, within)


def _claim(entries: Mapping[str, Any], checks: Checks) -> StatedClaim | None:
    name = entries.get("measure")
    measure = MEASURES.get(name) if isinstance(name, str) else None
    arguments = measure.arguments if measure else ()
    keys = {**CLAIM_KEYS, **dict.fromkeys([one.name for one in arguments], BOUND)}
    right = checks.table(entries, keys, ("says", "measure"), "claim", OF_STEP)
    says = one_line(right.get("says", ""))
    checks.placeholders("says", says, PLACES, "place of a number", "claim")
    if says and "{value" not in says:
        checks.tell("says", "says must show the measured number: write {value} in it", "claim")
    relations = [relation for relation in RELATIONS if relation in entries]
    if len(relations) != 1:
        checks.tell("measure", "a claim needs one of below, above, equals", "claim")
        return None
    relation, within = relations[0], _within(right, "claim", checks)
    if "within" in right and relation != "equals":
        checks.tell("within", f"within belongs to equals, not to {relation}", "claim")
    bound = right.get(relation, 0.0)
    if isinstance(bound, str) and checks.name(relation, bound, MEASURES, "measure", "claim"):
        _check_alone(relation, bound, checks, "claim")
        if bound == name:
            checks.tell(relation, f"the claim compares {bound} with itself", "claim")
    if measure is None:
        if isinstance(name, str):
            checks.name("measure", name, MEASURES, "measure", "claim")
        return None
    _check_arguments(str(name), right, checks)
    given = tuple((one.name, right[one.name]) for one in arguments if one.name in right)
    return StatedClaim(says, Claim(str(name), relation, bound, within, given))


def _within(right: Mapping[str, Any], table: str, checks: Checks) -> float:
    within = right.get("within", 0.0)
    if within < 0:
        checks.tell("within", f"within is {shown(within)}; it must be 0 or more", table)
    return float(within)


def _check_arguments(name: str, given: Mapping[str, Any], checks: Checks) -> None:
    """Check what the measure of a claim is told."""
    measure = MEASURES[name]
    if needed := [argument for argument in measure.needs if argument not in given]:
        checks.tell("measure", f"the measure {name} needs {', '.join(needed)}", "claim")
    for argument in measure.arguments:
        if argument.name in given:
            try:
                argument.check(given[argument.name])
            except EngineError as error:
                checks.tell(argument.name, str(error), "claim")


def _check_alone(key: str, name: str, checks: Checks, table: str) -> None:
    """Check that a measure needs no arguments, for which there is no place here."""
    if needed := MEASURES[name].needs:
        told = (
            f"the measure {name} needs {', '.join(needed)}, which only a claim's measure can have"
        )
        checks.tell(key, f"{told}; take a number, or another measure", table)
