"""The settings panel has a row for each setting in a group of ``FIELDS``."""

from dataclasses import replace

from engine import Experiment
from engine.training.fields import FIELDS, GROUPS, When
from tui.settings.all_options import AT_ONCE, BY_RESTART, FIRST, MOST_USED, rows_of
from tui.settings.option import Option

GENERATED = Experiment(dataset="circle")
TABLE = replace(GENERATED, dataset="mtcars")


def groups_of(experiment):
    """The heading above each whole field."""
    groups, heading = {}, ""
    for row in rows_of(experiment):
        if isinstance(row, Option) and row.is_field:
            groups[row.id] = heading.partition(" · ")[0]
        elif isinstance(row, str):
            heading = row
    return groups


def test_each_setting_with_a_group_has_its_row_there_and_no_other_has_one():
    expected = {name: field.group for name, field in FIELDS.items() if field.group}
    expected |= dict.fromkeys(MOST_USED, BY_RESTART) | {"learning_rate": AT_ONCE}
    experiments = (
        GENERATED,
        TABLE,
        Experiment("mtcars", target="am"),
        *(replace(GENERATED, optimizer=name) for name in ("momentum", "adam")),
    )
    groups = {name: group for e in experiments for name, group in groups_of(e).items()}
    assert groups == expected


def test_groups_are_in_their_order():
    for experiment in (GENERATED, TABLE):
        headings = [row for row in rows_of(experiment) if isinstance(row, str)]
        groups = [heading.partition(" · ")[0] for heading in headings]
        assert groups == [AT_ONCE, BY_RESTART, *GROUPS, "what waits"]


def test_a_heading_says_when_what_is_below_it_applies():
    for experiment in (GENERATED, TABLE):
        heading = ""
        for row in rows_of(experiment):
            if isinstance(row, str):
                heading = row
            elif row.fields:
                assert row.needs_restart == heading.endswith(BY_RESTART)
                assert (FIELDS[row.fields[0]].when is When.STEP) == heading.endswith(AT_ONCE)


def test_what_is_used_most_comes_first():
    whole = [row.id for row in rows_of(GENERATED) if isinstance(row, Option) and row.is_field]
    assert whole[:4] == ["learning_rate", "activation", "hidden", "dataset"]


def test_settings_that_come_first_are_settings():
    assert FIELDS.keys() >= {*FIRST, *MOST_USED}
