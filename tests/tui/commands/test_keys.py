"""The table of keys: no key does two things on one screen, unless it is listed here."""

from itertools import combinations

from tui.commands.keys import ACTIONS

OVERLAPS = {
    ("microstep_on", "on"),
    ("microstep_back", "back"),
    ("step_on", "on_ten"),
    ("step_back", "back_ten"),
    ("unit_up", "up"),
    ("unit_down", "down"),
    ("input_before", "left"),
    ("input_after", "right"),
    ("leave", "cancel"),
    ("surface_plane", "plane"),
}
"""Actions of one screen that hide an action of all screens with the same key."""


def test_only_these_actions_hide_one_of_all_screens():
    hidden = {
        (one.id, other.id)
        for one in ACTIONS
        for other in ACTIONS
        if one.screens
        and not (other.screens or other.on_map or other.on_stage)
        and {*one.keys} & {*other.keys}
    }
    assert hidden == OVERLAPS, "give the action another key, or list the pair in OVERLAPS"


def test_no_other_two_actions_of_one_screen_share_a_key():
    shared = [
        (one.id, other.id, {*one.keys} & {*other.keys})
        for one, other in combinations(ACTIONS, 2)
        if bool(one.screens) == bool(other.screens)
        and (one.on_map, one.on_stage) == (other.on_map, other.on_stage)
        and (not one.screens or {*one.screens} & {*other.screens})
        and {*one.keys} & {*other.keys}
    ]
    assert shared == []


def test_each_id_is_that_of_one_action():
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
