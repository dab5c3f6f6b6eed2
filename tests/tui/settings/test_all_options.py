"""The settings panel has a row for each setting in a group of ``FIELDS``."""

from dataclasses import replace

from engine import Experiment
from engine.training.fields import FIELDS, GROUPS
from tui.settings.all_options import FIRST, rows_of
from tui.settings.option import Option

GENERATED = Experiment(dataset="circle")
TABLE = replace(GENERATED, dataset="mtcars")


def groups_of(experiment):
    """The heading above each whole field."""
    groups, heading = {}, ""
    for row in rows_of(experiment):
        if isinstance(row, Option) and row.is_field:
            groups[row.id] = heading
        elif isinstance(row, str):
            heading = row
    return groups


def test_each_setting_with_a_group_has_its_row_there_and_no_other_has_one():
    expected = {name: field.group for name, field in FIELDS.items() if field.group}
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
        assert headings == [*GROUPS, "what waits"]


def test_settings_that_come_first_are_settings():
    assert FIELDS.keys() >= {*FIRST}
