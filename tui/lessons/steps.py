"""Reading the tables of a lesson's file: a step, its prediction, its claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import EngineError, Experiment
from engine.measures.claim import RELATIONS, Claim
from engine.measures.table import MEASURES
from engine.training.fields import FIELDS
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
PLACES = ("value", "bound")  # of numbers in the sentence of a claim


def step_of(entries: Mapping[str, Any], checks: Checks) -> Step:
    """A step; its mistakes are noted in ``checks``."""
    right = checks.table(entries, STEP_KEYS, ("title", "text"))
    title, text = right.get("title", ""), " ".join(right.get("text", "").split())
    if len(title) > MAX_TITLE:
        checks.tell("title", f"a title of {len(title)} characters; {MAX_TITLE} fit")
    if len(text.split()) > MAX_WORDS:
        checks.tell("text", f"a text of {len(text.split())} words; a step has {MAX_WORDS} at most")
    checks.placeholders("text", text, checks.known.actions, "key of an action")
    _check_place(right, checks)
    _check_experiment(right, checks)
    actions = _actions(right, checks)
    return Step(
        title,
        text,
        checks.line,
        right.get("experiment", ""),
        right.get("settings", {}),
        _not_below_0(right, "at", checks),
        right.get("screen", ""),
        right.get("pane", ""),
        right.get("zoom", False),
        actions,
        right.get("ask", ""),
        _not_below_0(right, "until", checks),
        _prediction(right["predict"], checks) if "predict" in right else None,
        _claim(right["claim"], checks) if "claim" in right else None,
        float(_not_below_0(right, "seconds", checks) or 0.0),
        right.get("train", 0),
    )


def _not_below_0(right: Mapping[str, Any], key: str, checks: Checks) -> Any:
    value = right.get(key)
    if value is not None and not 0 <= value <= 10**9:
        checks.tell(key, f"{key} is {value}; it must be from 0 to 1 000 000 000")
        return None
    return value


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
    is_file = name.endswith((".toml", ".csv", ".tsv"))
    if is_file and not (checks.folder / name).is_file():
        checks.tell("experiment", f"there is no file {name} beside the lesson")
    elif name and not is_file:
        checks.name("experiment", name, checks.known.experiments, "experiment")
    if settings and not name:
        checks.tell("settings", "settings need the experiment that they are of")
    for key, value in settings.items():
        if checks.name(key, key, FIELDS, "setting", "settings"):
            try:
                FIELDS[key].check(key, value)
                Experiment(**{key: value})
            except EngineError as error:
                checks.tell(key, str(error), "settings")


def _actions(right: Mapping[str, Any], checks: Checks) -> tuple[str, ...]:
    for name in right.get("actions", ()):
        checks.name("actions", str(name), checks.known.actions, "action")
    if "ask" in right:
        checks.name("ask", right["ask"], checks.known.actions, "action")
    elif "until" in right:
        checks.tell("until", "until says how long the asked action is done: write ask, too")
    return tuple(map(str, right.get("actions", ())))


def _prediction(entries: Mapping[str, Any], checks: Checks) -> Prediction | None:
    right = checks.table(entries, PREDICT_KEYS, ("question",), "predict")
    choices = tuple(map(str, right.get("choices", ())))
    answer, measure = right.get("answer", ""), right.get("measure", "")
    if measure:
        if checks.name("measure", measure, MEASURES, "measure", "predict"):
            _check_arguments(measure, {}, checks, "predict")
        if choices or answer:
            checks.tell("measure", "either a measure, or choices and their answer", "predict")
    elif not 2 <= len(choices) <= len(CHOICES):
        checks.tell("choices", f"2 to {len(CHOICES)} choices, or a measure", "predict")
    elif answer not in choices:
        checks.tell("answer", "the answer must be one of the choices", "predict")
    within = float(right.get("within", 0.0))
    return Prediction(right.get("question", ""), choices, answer, measure, within)


def _claim(entries: Mapping[str, Any], checks: Checks) -> StatedClaim | None:
    name = entries.get("measure")
    arguments = MEASURES[name].arguments if name in MEASURES else ()
    keys = {**CLAIM_KEYS, **dict.fromkeys(arguments, (int, float, str))}
    right = checks.table(entries, keys, ("says", "measure"), "claim")
    checks.placeholders("says", right.get("says", ""), PLACES, "place of a number", "claim")
    if "{value}" not in right.get("says", "{value}"):
        checks.tell("says", "says must show the measured number: write {value} in it", "claim")
    relations = [relation for relation in RELATIONS if relation in entries]
    if len(relations) != 1:
        checks.tell("measure", "a claim needs one of below, above, equals", "claim")
        return None
    bound = right.get(relations[0])
    if isinstance(bound, str) and checks.name(relations[0], bound, MEASURES, "measure", "claim"):
        _check_arguments(bound, {}, checks, "claim", relations[0])
    if name not in MEASURES:
        if isinstance(name, str):
            checks.name("measure", name, MEASURES, "measure", "claim")
        return None
    _check_arguments(name, right, checks, "claim")
    given = tuple((argument, right[argument]) for argument in arguments if argument in right)
    within = float(right.get("within", 0.0))
    claim = Claim(name, relations[0], bound if bound is not None else 0.0, within, given)
    return StatedClaim(right.get("says", ""), claim)


def _check_arguments(
    name: str, given: Mapping[str, Any], checks: Checks, table: str, key: str = "measure"
) -> None:
    """Check that a measure is told all that it needs."""
    needed = [argument for argument in MEASURES[name].needs if argument not in given]
    if needed:
        checks.tell(key, f"the measure {name} needs {', '.join(needed)}", table)
