"""Drawing of the gallery: the list of experiments, and the selected one at its right."""

from collections.abc import Sequence

from engine import DATASETS, Experiment
from engine.wording import noun_for, plural
from tui.dialogs.gallery.picture import draw_data
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.numbers import setting
from tui.drawing.text_lines import wrapped
from tui.experiments.library import Entry

LIST = 32  # cells of the list, with its margin
LABEL = 10  # cells of the labels of the selected one


def matching(entries: Sequence[Entry], typed: str) -> tuple[Entry, ...]:
    """The entries that contain each typed word, in upper or lower case."""
    words = typed.casefold().split()
    return tuple(entry for entry in entries if all(word in _text(entry) for word in words))


def _text(entry: Entry) -> str:
    parts = entry.name, entry.heading, entry.title, entry.look_for, entry.experiment.dataset
    return " ".join(parts).casefold()


def rows_of(entries: Sequence[Entry]) -> tuple[Entry | str, ...]:
    """The rows of the list: the entries, and a heading above each group."""
    rows: list[Entry | str] = []
    heading = ""
    for entry in entries:
        if entry.heading != heading:
            heading = entry.heading
            rows.append(heading)
        rows.append(entry)
    return tuple(rows)


def described(experiment: Experiment) -> tuple[tuple[str, str], ...]:
    """The settings of an experiment as labels and texts; some only if they are not the default."""
    default = Experiment(dataset=experiment.dataset)
    rows = [("data", DATASETS.get(experiment.dataset, experiment.dataset))]
    extras = []
    if experiment.noise:
        extras.append(f"noise {setting(experiment.noise)} %")
    if experiment.train_fraction is not None:
        extras.append(f"{setting(100.0 * experiment.train_fraction)} % of it to train on")
    if not experiment.standardize:
        extras.append("as measured")
    if extras:
        rows.append(("", ", ".join(extras)))
    if experiment.features is not None:
        rows.append(("inputs", ", ".join(experiment.features)))
    rows.append(("network", _network(experiment)))
    if experiment.loss is not None:
        rows.append(("loss", experiment.loss))
    if experiment.init != default.init or experiment.init_scale != default.init_scale:
        times = f", times {setting(experiment.init_scale)}" if experiment.init_scale != 1.0 else ""
        rows.append(("start", experiment.init + times))
    elif experiment.weights is not None:
        rows.append(("start", "weights of its own"))
    rate = f"{experiment.optimizer}, learning rate {setting(experiment.learning_rate)}"
    if experiment.schedule != default.schedule:
        rate += f", {experiment.schedule} over {plural(experiment.schedule_steps, 'step')}"
    rows.append(("descent", f"{rate}, {plural(experiment.batch_size, 'example')} a step"))
    penalties = [(name, getattr(experiment, name)) for name in ("l1", "l2")]
    rows += [("penalty", f"{name.upper()} {setting(value)}") for name, value in penalties if value]
    return tuple(rows)


def _network(experiment: Experiment) -> str:
    if not experiment.hidden:
        hidden = "nothing hidden"
    else:
        activation = experiment.activation
        names = activation if isinstance(activation, str) else ", ".join(activation)
        hidden = f"hidden {', '.join(map(str, experiment.hidden))} ({names})"
    output = f"; output {experiment.output}" if experiment.output else ""
    output += "" if experiment.bias else "; no bias"
    skips = [f"{s} to {t}" for s, t in experiment.skips]
    kernels = [f"kernel of {m} in layer {layer}" for layer, m in experiment.convolutions]
    if skips:
        output += f"; {noun_for(len(skips), 'skip connection')} {', '.join(skips)}"
    return "; ".join([hidden + output, *kernels])


def first_row(rows: Sequence[Entry | str], chosen: Entry | None, height: int, before: int) -> int:
    """The first row to show so that the chosen entry, and a heading above it, are among ``height``
    rows; ``before`` was the first one until now."""
    if chosen is None:
        return 0
    at = rows.index(chosen)
    top = at - 1 if isinstance(rows[at - 1], str) else at
    return max(0, at - height + 1, min(before, top))


def draw(
    canvas: Canvas, entries: Sequence[Entry], chosen: Entry | None, typed: str, first: int
) -> None:
    """Draw the list from the row ``first`` on, the filter, and the chosen entry."""
    palette = canvas.palette
    if typed:
        canvas.text(0, 0, f"filter: {typed}", palette.hi)
    else:
        canvas.text(0, 0, "type to filter", palette.low)
    for y in range(canvas.height):
        canvas.text(LIST - 2, y, UNICODE.rule, palette.line)
    for y, row in enumerate(rows_of(entries)[first : first + list_rows(canvas.height)], start=2):
        if isinstance(row, str):
            canvas.text(0, y, row, palette.low)
            continue
        selected = row is chosen
        ground = palette.sel if selected else None
        mark = UNICODE.marker_right if selected else " "
        text = f"{mark} {row.title}".ljust(LIST - 3)
        canvas.text(0, y, text, palette.hi if selected else palette.mid, ground, selected)
    if chosen is None:
        canvas.text(LIST, 0, "no experiment has that; backspace", palette.mid)
    else:
        _draw_entry(canvas, chosen)


def list_rows(height: int) -> int:
    """How many rows fit."""
    return max(1, height - 2)


def _draw_entry(canvas: Canvas, entry: Entry) -> None:
    palette, room = canvas.palette, max(12, canvas.width - LIST)
    canvas.text(LIST, 0, entry.title, palette.hi, bold=True)
    canvas.text(LIST, 1, f"--experiment {entry.name}", palette.low)
    y = 3
    for line in wrapped(canvas.glyphs.text(entry.look_for), room):
        canvas.text(LIST, y, line, palette.hi)
        y += 1
    y += 1
    for label, text in described(entry.experiment):
        canvas.text(LIST, y, label, palette.low)
        for line in wrapped(canvas.glyphs.text(text), room - LABEL):
            canvas.text(LIST + LABEL, y, line, palette.mid)
            y += 1
    picture = canvas.blank(room, max(0, canvas.height - y - 1))
    draw_data(picture, entry.name)
    canvas.paste(picture, LIST, y + 1)
