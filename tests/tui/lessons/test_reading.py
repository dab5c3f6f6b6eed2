"""A lesson's file is read as it is written, and each of its mistakes is told with its line."""

from pathlib import Path

import pytest

from engine.measures.claim import Claim
from tui.commands.lessons.steps import opened
from tui.lessons.checks import Known, KnownAction
from tui.lessons.lesson import Prediction
from tui.lessons.reading import LessonError, read_lesson

KNOWN = Known(
    {
        "play": KnownAction("play, pause"),
        "solve": KnownAction("solve", ("linear",)),
        "explain": KnownAction("why"),
        "train_until": KnownAction("train until (typed)", is_typed=True),
        "quit": KnownAction("quit", leaves=True),
    },
    {"linear": ("coefficients", "collapse"), "regions": ("region-map",)},
    {"line": "A line", "circle": "A circle"},
    opened,
)

GOOD = '''
title = "A line"
about = "One layer is linear regression."

[[step]]
title = "Descent"
text = """
Press {play}:
the line turns."""
experiment = "line"
settings = { learning_rate = 0.05, seed = 3 }
at = 10
screen = "linear"
pane = "collapse"
zoom = true
actions = ["solve"]
ask = "play"
until = 400
seconds = 4
train = -20

[step.predict]
question = "Where does it end?"
choices = ["at OLS", "nowhere"]
answer = "at OLS"

[step.claim]
says = "A coefficient differs from OLS by {value} at most."
measure = "ols_gap"
below = 1e-3

[[step]]
title = "Pieces"
text = "Count them."
predict = { question = "How many regions?", measure = "regions", within = 2 }

[step.claim]
says = "C of degree 9 is {value}, of the line {bound}."
measure = "polynomial_cost"
degree = 9
below = "line_cost"
'''


def lesson_of(text: str):
    return read_lesson(text, Path("folder/a-line.toml"), KNOWN)


def mistakes_of(text: str) -> list[str]:
    with pytest.raises(LessonError) as error:
        lesson_of(text)
    return str(error.value).split("\n")


def test_a_lesson_has_all_that_its_file_says():
    lesson = lesson_of(GOOD)
    assert (lesson.name, lesson.title) == ("a-line", "A line")
    first, second = lesson.steps
    assert first.text == "Press {play}: the line turns."
    assert (first.line, second.line) == (5, 32)
    assert first.settings == {"learning_rate": 0.05, "seed": 3}
    assert (first.experiment, first.at, first.screen, first.pane) == (
        "line",
        10,
        "linear",
        "collapse",
    )
    assert (first.zoom, first.actions, first.ask, first.until) == (True, ("solve",), "play", 400)
    assert (first.seconds, first.train) == (4.0, -20)
    assert first.prediction == Prediction("Where does it end?", ("at OLS", "nowhere"), "at OLS")
    assert first.claim.claim == Claim("ols_gap", "below", 1e-3)
    assert second.prediction == Prediction("How many regions?", measure="regions", within=2.0)
    assert second.claim.claim == Claim(
        "polynomial_cost", "below", "line_cost", arguments=(("degree", 9),)
    )


TWENTY = """title = "T"
abuot = "twenty mistakes"

[[step]]
titel = "A step"
text = "Press {paly}."
experiment = "circel"
screen = "liner"

[[step]]
title = "A title that is longer than the forty characters"
text = 7
experiment = "line"
settings = { learning_rat = 0.1 }
at = -1
screen = "linear"
pane = "region-map"

[step.predict]
question = "?"
choices = ["one"]
answer = "two"

[[step]]
title = "Three"
text = "A brace { here"
ask = "solv"
zoom = "yes"

[step.claim]
says = "no number"
measure = "ols_gpa"
below = 1

[[step]]
title = "Four"
text = "fine"
until = 3
pane = "collapse"

[step.settings]
learning_rate = -1

[step.claim]
says = "{value} {what}"
measure = "polynomial_cost"
below = 1
above = 0
ask = "solve"

[[step]]
title = "Five"
text = "fine"
predict = { question = "?", choices = ["a", "a"], answer = "a" }
"""


def test_twenty_mistakes_give_twenty_lines_that_say_where_and_what_would_do():
    assert mistakes_of(TWENTY) == [
        "line 2: unknown key 'abuot'; did you mean about?",
        "line 5: unknown key 'titel'; did you mean title?",
        "line 6: unknown key of an action 'paly'; did you mean play?",
        "line 7: unknown experiment 'circel'; did you mean circle?",
        "line 8: unknown screen 'liner'; did you mean linear?",
        "line 11: a title of 48 characters; 40 fit",
        "line 12: text must be text in quotes, not 7",
        "line 14: unknown setting 'learning_rat'; did you mean learning_rate?",
        "line 15: at is -1; it must be from 0 to 1 000 000 000",
        "line 17: unknown pane of linear 'region-map'; there are: coefficients, collapse",
        "line 21: 2 to 5 choices, or a measure",
        "line 26: a brace without its partner; write {{ for a brace in text",
        "line 27: unknown action 'solv'; did you mean solve?",
        "line 28: zoom must be true or false, not 'yes'",
        "line 31: says must show the measured number: write {value} in it",
        "line 32: unknown measure 'ols_gpa'; did you mean ols_gap?",
        "line 38: until says how long the asked action is done: write ask, too",
        "line 39: the pane collapse needs its screen: write screen, too",
        "line 41: settings need the experiment that they are of",
        "line 42: learning_rate = -1 is not a number above 0",
        "line 45: unknown place of a number 'what'; there are: value, bound",
        "line 46: a claim needs one of below, above, equals",
        "line 49: ask belongs to the step itself: write it above the first [step.…]",
        "line 54: two choices are the same",
    ]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "line 1: the lesson needs title"),
        ("title = [", "not valid TOML: Invalid value (at the end, line 1)"),
        ('title = "t"\nabout = "a"\nstep = []', "line 3: a lesson needs steps"),
        ('title = "t"\nabout = "a"\nstep = ["x"]', "line 3: a lesson needs steps"),
        (GOOD.replace("degree = 9\n", ""), "line 39: the measure polynomial_cost needs degree"),
        (GOOD.replace('"line_cost"', '"knots_cost"'), "the measure knots_cost needs knots"),
        (GOOD.replace("below = 1e-3", "below = true"), "below must be a number"),
        (GOOD.replace("Press {play}", "word " * 57), "a text of 61 words; a step has 60"),
        (GOOD.replace('experiment = "line"', 'experiment = "x.csv"'), "no file 'x.csv' beside"),
        (GOOD.replace("at = 10", "at = 1.5"), "at must be a whole number, not 1.5"),
        (GOOD.replace('["solve"]', "[1]"), "line 16: unknown action '1'"),
        (GOOD.replace("step", "steps"), "line 5: unknown key 'steps'; did you mean step?"),
        (
            GOOD.replace("[[step]]", "[step]", 1),
            "(at line 32, column 7); a key or a table is there twice: each step begins with",
        ),
        (
            GOOD.partition('[[step]]\ntitle = "Pieces')[0].replace("[[step]]", "[step]"),
            "line 5: a lesson needs steps: each begins with the line [[step]]",
        ),
        (
            GOOD.replace("[step.claim]", "[claim]", 1),
            "line 27: claim belongs to a step: write [step.claim] below the line [[step]]",
        ),
        (GOOD.replace("[step.claim]", "[[step.claim]]", 1), "line 27: claim must be a table, not"),
        (f'text = "x"\n{GOOD}', "line 1: text belongs to a step: write it below the line [[step]]"),
        (GOOD.replace("seconds = 4", "says = 4"), "line 19: says belongs to a part of the step"),
        (
            GOOD.replace("below = 1e-3", "below = 1e-3\nat = 7"),
            "line 31: at belongs to the step itself: write it above the first [step.…]",
        ),
        (
            GOOD.replace('experiment = "line"\n', "").replace("settings", "# settings"),
            "line 5: the first step needs experiment: nothing is shown before it",
        ),
        (GOOD.replace("below = 1e-3", "below = nan"), "line 30: below must be a finite number"),
        (GOOD.replace("below = 1e-3", "below = -inf"), "below must be a finite number, not -inf"),
        (
            GOOD.replace("below = 1e-3", "below = 1\nwithin = 2"),
            "line 31: within belongs to equals",
        ),
        (
            GOOD.replace("below = 1e-3", "equals = 1\nwithin = -2"),
            "line 31: within is -2; it must be 0 or more",
        ),
        (
            GOOD.replace("below = 1e-3", 'below = "ols_gap"'),
            "the claim compares ols_gap with itself",
        ),
        (
            GOOD.replace("degree = 9", "degree = 9.5"),
            "line 40: degree is 9.5; it must be a whole number from 0 to 30",
        ),
        (GOOD.replace("degree = 9", 'degree = "nine"'), "line 40: degree is 'nine'; it must be"),
        (GOOD.replace("{value} at", "{value:.3f} at"), "line 28: in braces stands the name alone"),
        (GOOD.replace("{play}", "{play!r}"), "line 7: in braces stands the name alone: {play}"),
        (
            GOOD.replace('"A line"', '"A \\u001b[31mline"'),
            "line 2: title has a character that is not visible: U+001B",
        ),
        (GOOD.replace('"Descent"', '" "'), "line 6: title is empty"),
        (
            GOOD.replace('"at OLS", "nowhere"', "1, 2"),
            "line 24: each choice must be text in quotes",
        ),
        (
            GOOD.replace("until = 400", "until = 10"),
            "line 18: until is 10; it must be after 10, where the step opens",
        ),
        (
            GOOD.replace("seconds = 4", "seconds = 4000"),
            "seconds is 4000; it must be from 0 to 600",
        ),
        (
            GOOD.replace('["solve"]', '["train_until"]'),
            "line 16: the action train_until waits for a typed text: ask the reader for it",
        ),
        (
            GOOD.replace('ask = "play"', 'ask = "quit"'),
            "line 17: the action quit leaves the lesson",
        ),
        (
            GOOD.replace('"linear"', '"regions"').replace('"collapse"', '"region-map"'),
            "line 16: the action solve is for linear; this step shows regions",
        ),
        (GOOD.replace("seed = 3", 'init = "hee"'), "init = 'hee' is not one of"),
        (
            GOOD.replace("seed = 3", "hidden = 4"),
            "line 11: hidden = 4 is not a list of unit counts",
        ),
        (
            GOOD.replace("seed = 3", "hidden = [2]").replace(
                "0.05", '0.05, activation = ["relu", "relu"]'
            ),
            "line 11: activation lists 2 names for 1 hidden layer",
        ),
        (
            GOOD.replace("seed = 3", 'loss = "cross_entropy"'),
            "line 11: cross_entropy needs classes",
        ),
        (
            GOOD.replace('measure = "regions", within = 2', 'measure = "coverage"'),
            "line 35: the measure coverage needs case, which only a claim's measure can have",
        ),
        (
            GOOD.replace("the line turns.", "at = 5\n[[step]]\ntitle = 3").replace(
                "at = 10", "at = -10"
            ),
            "line 14: at is -10",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(text, mistake):
    assert any(mistake in line for line in mistakes_of(text)), mistakes_of(text)
