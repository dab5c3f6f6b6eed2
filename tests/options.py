"""The settings panel by keys, as tests of more than one module use it."""

from screen import press, settled

from tui.settings.all_options import rows_of
from tui.settings.option import Option


async def press_quickly(app, pilot, key, times):
    """Press a key many times before the first is handled."""
    for _ in range(times):
        app.simulate_key(key)
    await settled(pilot)


async def select(app, pilot, option):
    """Go to an option by keys."""
    ids = [
        row.id
        for row in rows_of(app.session.experiment, app.draft.flags)
        if isinstance(row, Option)
    ]
    if option in ids and app.draft.option in ids:  # as quickly as keys can come
        way = ids.index(option) - ids.index(app.draft.option)
        await press_quickly(app, pilot, "down" if way > 0 else "up", abs(way))
    for _ in range(len(ids) + 20):
        if app.draft.option == option:
            return
        await press(app, pilot, "down")
    raise AssertionError(option)
