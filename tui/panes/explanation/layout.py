"""An explanation as lines and on a canvas: the equation with its matrices, one component term by
term, what it means, the line of NumPy and the check. Drawn from its data alone."""

from collections.abc import Sequence
from textwrap import wrap

from engine.explain import Explanation, Matrix, equation_text, meaning_text
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import Glyphs
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span, words
from tui.panes.explanation.equation_extent import HEAD, full_width, is_whole, tallest
from tui.panes.explanation.equation_layout import draw_lit, equation_lines
from tui.panes.explanation.view_state import ALL_VISIBLE, ViewState
from tui.panes.explanation.worked_terms import (
    FEWEST,
    TOGETHER,
    least_height,
    natural_width,
    term_lines,
)

TERMS = (40, 60)  # cells of the terms beside the equation, at least and at most
GUTTER = 5  # cells between the two, with the rule in their middle
FEWEST_ROWS = 5  # of matrices, with ⋮, that prose gives way to
TIGHT = ((FEWEST, FEWEST_ROWS), (FEWEST, 3), (3, 3))  # terms of a sum, rows of matrices, ever fewer
PROSE = 5  # lines of prose that more rows of matrices give way to
FOR_PROSE = 26  # cells for prose that exact digits of the terms give way to
NARROW = 20  # below so many cells prose is not worth while
CODE = 4  # lines of NumPy, if it has more it is left out
NO_LIMIT = 1000  # lines
OMISSIONS = ("⋯", "⋮", "…")  # in matrices
MARGIN = 2  # cells at the left where there are plenty
READABLE = 66  # cells of a line of prose, at the most


def title_of(explanation: Explanation, glyphs: Glyphs) -> str:
    """The equation in names: ``δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ σ′(z⁽¹⁾)``."""
    return glyphs.text(glyphs.formula(equation_text(explanation)).replace("√ ", "√"))


def lines_of(
    explanation: Explanation, sheet: Sheet, rows: int, most: int, state: ViewState = ALL_VISIBLE
) -> list[Line]:
    """All of it one below the other, ``sheet.width`` wide and as long as it takes (its height is
    not looked at): of matrices ``rows`` rows, of the terms ``most`` lines, or as many as their
    formulas with numbers take. For ``draw_lines``."""
    lines_of_terms = max(most, least_height(explanation, sheet))
    blocks = [
        _equation(explanation, rows, sheet, state, height=NO_LIMIT),
        term_lines(explanation, _sized(sheet, sheet.width, lines_of_terms), state),
        _paragraph(_meanings(explanation, state)[0], sheet),
        _code(explanation, sheet),
    ]
    lines: list[Line] = []
    for block in blocks:
        if block:
            lines += [*([[]] if lines else []), *block]
    return lines


def draw_lines(canvas: Canvas, lines: Sequence[Line], x: int = 0, y: int = 0) -> None:
    """Draw lines, parts of which may be lit, from a cell on."""
    for row, line in enumerate(lines, start=y):
        draw_lit(canvas, row, line, x)


def draw_explanation(
    canvas: Canvas, explanation: Explanation, state: ViewState = ALL_VISIBLE
) -> bool:
    """Fill a canvas: matrices, meaning and NumPy at the left, at the right term by term. Where
    there is no room the terms come first, then the matrices, then the prose. Whether all of the
    matrices, all terms and some prose are there."""
    sheet = _sheet_of(canvas)
    left, right = _columns(explanation, sheet)
    above = _above_both(explanation, sheet, (left, right), state)
    beside, matrices = above is None, above or []
    draw_lines(canvas, matrices)
    place = len(matrices), left, right
    others = _draw_beside(canvas, explanation, sheet, place, beside, state)
    return _is_complete([*matrices, *others], explanation, sheet, state)


def may_be_complete(canvas: Canvas, explanation: Explanation) -> bool:
    """Whether all terms have room on a canvas, as ``draw_explanation`` would place them: a quick
    answer that may only be wrong in saying yes."""
    sheet = _sheet_of(canvas)
    left, right = _columns(explanation, sheet)
    width = sheet.width if left < NARROW else right
    return least_height(explanation, _sized(sheet, width), NO_LIMIT) <= sheet.height


def _is_complete(
    lines: Sequence[Line], explanation: Explanation, sheet: Sheet, state: ViewState
) -> bool:
    """Whether lines have the whole matrices, all terms and a form of the meaning."""
    spans = [span.text for line in lines for span in line]
    if any(span.strip() in OMISSIONS or TOGETHER in span for span in spans):
        return False
    matrices = any(isinstance(part, Matrix) for part in explanation.equation)
    if matrices and not any(span in ("[", sheet.glyphs.left_bracket[0]) for span in spans):
        return False
    text = " ".join(" ".join(spans).split())
    forms = map(sheet.glyphs.formula, _meanings(explanation, state))
    return any(" ".join(form.split()) in text for form in forms)


def _columns(explanation: Explanation, sheet: Sheet) -> tuple[int, int]:
    """The cells of the prose at the left, and of the terms at the right."""
    low, high = TERMS
    right = min(max(low, natural_width(explanation, sheet, high)), sheet.width)
    if sheet.width - right - GUTTER < FOR_PROSE:
        usual = natural_width(explanation, sheet, high, exact=False)
        right = min(max(low, usual), sheet.width)
    return min(sheet.width - right - GUTTER, _left_width(explanation, sheet)), right


def _left_width(explanation: Explanation, sheet: Sheet) -> int:
    """The cells that matrices and prose make use of: the terms stand beside them."""
    return max(READABLE, MARGIN + full_width(explanation.equation, sheet.glyphs))


def natural_cells(canvas: Canvas, explanation: Explanation) -> int:
    """The cells that an explanation makes use of on a canvas."""
    left, right = _columns(explanation, _sheet_of(canvas))
    return left + GUTTER + right if left > 0 else canvas.width


def _sheet_of(canvas: Canvas) -> Sheet:
    return Sheet(canvas.palette, canvas.glyphs, canvas.colour, canvas.width, canvas.height)


def _above_both(
    explanation: Explanation, sheet: Sheet, widths: tuple[int, int], state: ViewState
) -> list[Line] | None:
    """The matrices above both columns; None if they are to be in the left one: they are whole
    there, or there is room for some of their columns, and they are not whole above either."""
    equation, (left, right) = explanation.equation, widths
    if left <= 0:
        return _above(explanation, sheet, widths, state)
    beside = _sized(sheet, left)
    one_line = _equation(explanation, 1, beside, state) is not None
    rows = min(FEWEST_ROWS, tallest(equation))
    if one_line and is_whole(equation, rows, beside):
        return None
    above = _above(explanation, sheet, widths, state)
    all_terms = least_height(explanation, _sized(sheet, right), sheet.height)
    roomy = len(above) >= HEAD + tallest(equation) and len(above) + all_terms <= sheet.height
    if roomy and is_whole(equation, 1, sheet, HEAD, len(above)):
        return above
    fits = one_line or is_whole(equation, rows, beside, HEAD, sheet.height - PROSE - 1)
    return None if fits else above


def _above(
    explanation: Explanation, sheet: Sheet, widths: tuple[int, int], state: ViewState
) -> list[Line]:
    """The matrices over the full width, above prose and terms of those widths; none where there
    is not even room for a few rows."""
    left, right = widths
    for terms, rows in TIGHT:
        room = sheet.height - least_height(explanation, _sized(sheet, right), terms)
        matrices = _matrices(explanation, _sized(sheet, sheet.width, room), state, rows)
        if matrices and left >= NARROW:
            prose = _prose(explanation, _sized(sheet, left, PROSE), state)
            less = _sized(sheet, sheet.width, min(room, sheet.height - len(prose)))
            matrices = _matrices(explanation, less, state, rows) or matrices
        elif matrices:
            shortest = _paragraph(_meanings(explanation, state)[-1], sheet)
            less = _sized(sheet, sheet.width, room - len(shortest))
            matrices = _matrices(explanation, less, state, rows) or matrices
        if matrices:
            return matrices
    return []


def _matrices(explanation: Explanation, sheet: Sheet, state: ViewState, fewest: int) -> list[Line]:
    """The matrices, with a blank line below and their sizes where there is room for at least
    ``fewest`` of their rows."""
    full = tallest(explanation.equation)
    for head, gap in ((HEAD, 1), (HEAD, 0), (HEAD - 1, 0)):
        most = min(full, sheet.height - head - gap)
        for rows in range(most, min(full, fewest) - 1, -1):
            lines = _equation(explanation, rows, sheet, state, head, sheet.height - gap)
            if lines:
                return [*lines, *([[]] if gap else [])]
    return []


def _draw_beside(
    canvas: Canvas,
    explanation: Explanation,
    sheet: Sheet,
    place: tuple[int, int, int],
    matrices: bool,
    state: ViewState,
) -> list[Line]:
    """From row ``top`` on the terms at the right of what else there is; what was drawn."""
    top, left, right = place
    height = sheet.height - top
    if left < NARROW:
        shortest = _paragraph(_meanings(explanation, state)[-1], sheet)
        room = max(height - len(shortest), least_height(explanation, sheet))
        lines = term_lines(explanation, _sized(sheet, sheet.width, min(room, height)), state)
        prose = _prose(explanation, _sized(sheet, sheet.width, height - len(lines)), state)
        gap: list[Line] = [[]] if len(lines) + len(prose) < height else []
        lines += [*gap, *prose]
        draw_lines(canvas, lines, 0, top)
        return lines
    margin = MARGIN if left > 2 * NARROW and matrices else 0
    beside = _sized(sheet, left - margin, height)
    lines = _left(explanation, beside, matrices, state)
    terms = term_lines(explanation, _sized(sheet, right, height), state)
    roomy = max(len(lines), len(terms)) < height
    draw_lines(canvas, lines, margin, top + roomy)
    draw_lines(canvas, terms, left + GUTTER, top + roomy)
    for y in range(top, sheet.height):
        canvas.text(left + GUTTER // 2, y, canvas.glyphs.rule, canvas.palette.line)
    return [*lines, *terms]


def _left(explanation: Explanation, sheet: Sheet, matrices: bool, state: ViewState) -> list[Line]:
    """The matrices, where they belong here, above the prose."""
    prose = _prose(explanation, _sized(sheet, sheet.width, 1000), state)
    if not matrices:
        return prose if len(prose) <= sheet.height else _prose(explanation, sheet, state)
    full = tallest(explanation.equation)
    rows = max(min(full, FEWEST_ROWS), min(full, sheet.height - HEAD - 1 - len(prose)))
    lines: list[Line] | None = None
    for most in range(max(1, min(rows, sheet.height - HEAD)), 0, -1):
        room = max(HEAD + most, sheet.height - 1 - min(PROSE, len(prose)))
        if lines := _equation(explanation, most, sheet, state, height=room):
            break
    lines = lines or []
    room = sheet.height - len(lines) - 1
    if room > 0:
        lines = [*lines, [], *_prose(explanation, _sized(sheet, sheet.width, room), state)]
    return lines


def _prose(explanation: Explanation, sheet: Sheet, state: ViewState) -> list[Line]:
    """What it means and its NumPy, on at most ``sheet.height`` lines, each whole or not at all:
    the longest form of the meaning that leaves room for the NumPy, else that fits alone."""
    code = _code(explanation, sheet)
    forms = [_paragraph(form, sheet) for form in _meanings(explanation, state)]
    if len(code) <= CODE:
        for meaning in forms:
            if len(meaning) + len(code) <= sheet.height:
                gap: list[Line] = [[]] if len(meaning) + len(code) < sheet.height else []
                return [*meaning, *gap, *code]
    return next((meaning for meaning in forms if len(meaning) <= sheet.height), [])


def _equation(
    explanation: Explanation,
    rows: int,
    sheet: Sheet,
    state: ViewState,
    head: int = HEAD,
    height: int = 0,
) -> list[Line] | None:
    if not any(isinstance(part, Matrix) for part in explanation.equation):
        return None  # the title says all of it
    unknown = () if state.revealed is None else _unknown(explanation)
    known = state.revealed or ()
    return equation_lines(explanation.equation, rows, sheet, unknown, known, head, height)


def _unknown(explanation: Explanation) -> list[int]:
    """Which parts of the equation the micro-step works out."""
    equation = explanation.equation
    symbols = [d.symbol.name for d in explanation.definitions[:-1]]
    names = {(name.base.lower(), name.mark) for name in symbols if name and not name.function}
    end = equation.index("=") if "=" in equation else 0
    return [
        i
        for i, part in enumerate(equation)
        if isinstance(part, Matrix)
        and (i < end or (part.name.base.lower(), part.name.mark) in names)
    ]


def _meanings(explanation: Explanation, state: ViewState) -> list[str]:
    """What it means, the longest form first; while the result waits for a guess, the question."""
    if not state.hidden:
        return [meaning_text(explanation), *explanation.short_meanings]
    name, action = explanation.symbol.name, "enter: type a guess, or see it."
    return [f"What will {name.written() if name else 'it'} be? {action}", action, "enter: guess"]


def _paragraph(text: str, sheet: Sheet) -> list[Line]:
    return words(sheet.glyphs.formula(text), sheet.palette.mid, sheet.width)


def _code(explanation: Explanation, sheet: Sheet) -> list[Line]:
    """NumPy  delta[0] = (delta[1] @ W[1]) * (z[0] > 0); none where a name would be broken."""
    label = "NumPy  "
    room = max(2, sheet.width - len(label))
    lines = wrap(explanation.code, room, break_on_hyphens=False, break_long_words=False)
    if any(len(line) > room for line in lines):
        return []
    return [
        [
            Span(label if i == 0 else " " * len(label), sheet.palette.low),
            Span(line, sheet.palette.mid),
        ]
        for i, line in enumerate(lines)
    ]


def _sized(sheet: Sheet, width: int, height: int | None = None) -> Sheet:
    height = sheet.height if height is None else height
    return Sheet(sheet.palette, sheet.glyphs, sheet.colour, width, height)
