"""The choice pane of screen GLM: family, link, and how the network compares with that model."""

from collections.abc import Callable
from dataclasses import replace

from engine.wording import listed, noun_for, plural
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count, first_fitting
from tui.drawing.glyphs import Glyphs
from tui.drawing.grid import cut_names
from tui.drawing.numbers import (
    NONE,
    WIDE,
    cost_text,
    difference_text,
    known,
    norm,
    percent,
)
from tui.drawing.table import Sheet, Table
from tui.drawing.text_lines import Line, Span, split_words, terms
from tui.explain.explainable import Explainable
from tui.explain.glm import deviances
from tui.model.advice.conditions import NEAR
from tui.model.frame import Frame
from tui.model.glm.choice import families, links, why_impossible
from tui.model.glm.facts import GlmFacts, coefficients_of
from tui.model.glm.formulas import INVERSE, LINK, delta_rule, spelt
from tui.model.linear.facts import readable_error
from tui.panes.base.table_pane import TablePane
from tui.panes.glm.deviance_lines import INDENT, LABEL, deviance_lines, labelled
from tui.panes.glm.fit import frame_of_model
from tui.panes.glm.link import draw_link

LEAST_NAME = 4  # cells of an input's name
TEXT, GAP = 68, 3  # cells of the lines, where the inverse link stands beside them
BESIDE = 40  # cells for it, with the gap
MAX_NAMES = 4  # of coefficients without a finite estimate


def choice_table(frame: Frame, sheet: Sheet) -> Table | None:
    """Family, link, and a part of one or more lines for each further fact."""
    facts = frame.glm
    if facts is None:
        return None
    chosen, data = facts.choice, frame.data
    if data.Y.shape[1] > 1:
        lines = [*_note(frame, facts, sheet), *_several(frame, facts, sheet)]
        return Table("GLM", "", [], len(lines), lines.__getitem__)
    lines = [
        *_options(
            "family", families(), chosen.family, lambda f: not why_impossible(data, f), sheet
        ),
        *_options("link", links(chosen.family), chosen.link, lambda _: True, sheet),
        *(line for part in PARTS for line in part(frame, facts, sheet)),
    ]
    return Table(
        title=f"GLM: {chosen.family}, {chosen.link}",
        subtitle="f family  L link  = network",
        head=[],
        count=len(lines),
        row=lines.__getitem__,
    )


def no_model(frame: Frame, sheet: Sheet) -> Table:
    """An empty table, before there are facts."""
    return Table("GLM", "", [], 0, lambda i: [])


def _options(
    name: str, options: list[str], chosen: str, allowed: Callable[[str], bool], sheet: Sheet
) -> list[Line]:
    """The options, with a mark before the chosen one."""
    palette, marker = sheet.palette, sheet.glyphs.marker_right
    parts: list[Line] = []
    for option in options:
        if option == chosen:
            parts.append([Span(f"{marker}{option}", palette.hi, True)])
        elif allowed(option):
            parts.append([Span(f" {option}", palette.mid)])
        else:
            parts.append([Span(f"({option})", palette.low)])
    return labelled(name, parts, sheet)


def _model(frame: Frame, facts: GlmFacts, sheet: Sheet) -> list[Line]:
    """The linear predictor z as a sum of terms, and the mean μ."""
    glyphs, palette, choice = sheet.glyphs, sheet.palette, facts.choice
    mu = spelt("{mu}", glyphs)
    lines: list[Line] = []
    if facts.fit is not None:
        beta = coefficients_of(facts.fit)
        room = max(LEAST_NAME, sheet.width - INDENT - WIDE - 1)
        names = cut_names(facts.fit.names[1:], room)
        z_terms = terms(beta[1:].tolist(), float(beta[0]), names, palette)
        lines += labelled("z =", z_terms, sheet)
    inverse = spelt(f"{mu} = a = {INVERSE[choice.link]}", glyphs)
    link = LINK[choice.link]
    formulas = (
        f"the inverse of the link {link} = z",
        f"inverse of link {link} = z",
        f"inverts link {link}",
    )
    forms, room = [spelt(form, glyphs) for form in formulas], sheet.width - LABEL - 2
    beside = first_fitting(forms, room - cell_count(inverse))
    said = beside or first_fitting(forms, room) or forms[-1]
    return lines + labelled(
        "mean", [[Span(inverse, palette.hi)], [Span(f"  {said}", palette.mid)]], sheet
    )


def _network(frame: Frame, facts: GlmFacts, sheet: Sheet) -> list[Line]:
    """Whether the network is this model, and at its fit; if not, the differences."""
    glyphs, palette, choice = sheet.glyphs, sheet.palette, facts.choice
    structure = f"output {choice.output}, loss {choice.loss}"
    hi, mid = palette.hi, palette.mid
    if facts.is_model:
        layers = "identity layers" if frame.network.activations else "one layer"
        sentences = [(f"{glyphs.check} is this GLM{_more(facts)}: {layers}, {structure}", hi)]
        if frame.network.activations:
            sentences.append((_affine(frame, facts, glyphs), mid))
        sentences.append((_at_fit(facts, glyphs), hi if facts.at_fit else mid))
    elif facts.is_model is None:
        sentences = [(f"{NONE} its numbers are not finite", hi)]
    else:
        sentences = [(f"{glyphs.fail} not this GLM: {'; '.join(facts.differences)}", hi)]
        if facts.z_is_affine:
            model = f": {facts.other_model}" if facts.other_model else ""
            sentences.append((f"its {_affine(frame, facts, glyphs)}{glyphs.text(model)}", mid))
        if facts.fit is not None:
            offer = f"({sheet.keys['become']} makes it: {_changes(frame, facts)})"
            sentences.append((offer, mid))
    sentences = [sentence for sentence in sentences if sentence[0]]
    ends = [";" * (not text.startswith("(")) for text, _ in sentences[1:]] + [""]
    parts: list[Line] = [
        [Span(word, ink)]
        for (text, ink), end in zip(sentences, ends, strict=True)
        for word in split_words(f"{text}{end}")
    ]
    return labelled("network", parts, sheet)


def _several(frame: Frame, facts: GlmFacts, sheet: Sheet) -> list[Line]:
    """What a network with several outputs is instead, if that has a name."""
    if not (facts.other_model and facts.z_is_affine):
        return []
    pair = f"output {frame.network.output}, loss {frame.experiment.loss}"
    formula = f"z = W_z x + b_z {sheet.glyphs.check},"
    texts = [*split_words(f"{facts.other_model}:"), formula, *split_words(pair)]
    parts: list[Line] = [[Span(text, sheet.palette.mid)] for text in texts]
    return labelled("network", parts, sheet)


def _changes(frame: Frame, facts: GlmFacts) -> str:
    """What makes the network this model."""
    choice, network = facts.choice, frame.network
    parts = {
        "one layer": len(network.weights) == 1,
        f"output {choice.output}": network.output == choice.output,
        f"loss {choice.loss}": frame.experiment.loss == choice.loss,
        "with an intercept": network.bias,
        "without penalty": frame.penalty is None,
    }
    return ", ".join(part for part, is_there in parts.items() if not is_there)


def _more(facts: GlmFacts) -> str:
    """How many parameters the network has, if they are more than the model needs."""
    if facts.fit is None or facts.parameters <= facts.fit.rank:
        return ""
    needed = f"{facts.fit.rank} {noun_for(facts.fit.rank, 'does', 'do')}"
    return f", with {plural(facts.parameters, 'parameter')} where {needed}"


def _affine(frame: Frame, facts: GlmFacts, glyphs: Glyphs) -> str:
    """That z is one affine map, and how exactly."""
    assert facts.z_error is not None
    error, is_share = readable_error(frame.network, facts.z_error, facts.rounding)
    of_terms = " of the sum of |terms|" if is_share else ""
    return f"z = W_z x + b_z {glyphs.check} off by {norm(error).strip()}{of_terms}"


def _at_fit(facts: GlmFacts, glyphs: Glyphs) -> str:
    """Whether the weights are those of the fit, by the deviance."""
    if facts.at_fit is None:
        return ""
    if facts.at_fit:
        return f"at its fit {glyphs.check}"
    assert facts.deviance is not None and facts.fit is not None
    excess = facts.deviance - facts.fit.deviance
    text = difference_text(cost_text(facts.deviance), cost_text(facts.fit.deviance), excess)
    where = "near" if abs(excess) <= NEAR * facts.fit.deviance else "not at"
    return f"{where} its fit: D {glyphs.minus} D_GLM = {text}"


def _delta(frame: Frame, facts: GlmFacts, sheet: Sheet) -> list[Line]:
    """δ of the network's output and loss: whether the short rule holds, and its largest error."""
    glyphs, palette, delta = sheet.glyphs, sheet.palette, facts.delta
    if delta is None:
        return []
    rule, gap = delta_rule(delta.factor, glyphs), known(delta.gap, norm).strip()
    relation = "=" if delta.canonical else "is not"
    mark = glyphs.mark(delta.holds)
    kind = "canonical pair" if delta.canonical else "not the canonical pair"
    pair = f"{frame.network.output} + {frame.experiment.loss}"
    parts: list[Line] = [[Span(f"{relation} {rule} {mark}", palette.hi)]]
    if delta.holds:
        parts.append([Span(f"for {plural(delta.rows, 'example')}:", palette.mid)])
    elif delta.gap > 0.0:
        parts.append([Span(f"off by up to {gap}:", palette.mid)])
    parts += [[Span(word, palette.mid)] for word in [kind, *split_words(pair)]]
    return labelled(glyphs.delta, parts, sheet)


def _accuracy(frame: Frame, facts: GlmFacts, sheet: Sheet) -> list[Line]:
    """The shares of examples on the right side: of the model and of the network."""
    palette = sheet.palette
    shares = (("GLM", facts.right), ("network", facts.network_right))
    parts: list[Line] = [
        [Span(f"{name} ", palette.low), Span(f"{known(share, percent)}  ", palette.hi)]
        for name, share in shares
        if share is not None
    ]
    return labelled("right", parts, sheet) if facts.right is not None else []


def _reason(frame: Frame, facts: GlmFacts, sheet: Sheet) -> list[Line]:
    """Why this family is the default, and what else may suit."""
    parts: list[Line] = [[Span(word, sheet.palette.mid)] for word in split_words(facts.reason)]
    return labelled("why", parts, sheet) if parts else []


def _note(frame: Frame, facts: GlmFacts, sheet: Sheet) -> list[Line]:
    """Why there is no fit, or a warning about it."""
    note = facts.note
    if facts.fit is not None and facts.fit.separation:  # the table has a longer note
        named = listed(facts.fit.infinite, MAX_NAMES)
        note = f"{facts.fit.separation} separation along {named}: no maximum of the likelihood"
    if facts.fit is None and frame.data.task != "regression" and frame.data.Y.shape[1] > 1:
        note += f"; {sheet.keys['confusion']} shows the confusion matrix"
    parts: list[Line] = [[Span(word, sheet.palette.hi)] for word in split_words(note)]
    return labelled("note", parts, sheet) if parts else []


PARTS = (_note, _network, _delta, _model, deviance_lines, _accuracy, _reason)


class GlmChoicePane(TablePane):
    """Family and link, and what they are in a network."""

    HELP = """
GLM, a generalised linear model: g(μ) = z = intercept + Xβ, the linear predictor, with y scattered
about μ as the family says. One layer is that: its z, its output activation the inverse of the
link g, its loss the family's −log-likelihood. {family} takes the next family that the targets
allow (those in brackets they do not), {link} the next link. {become} restarts the network as that
model: it starts as the null model, the intercept alone, and each step takes all examples, at a
learning rate at which descent is stable.
A stack of identities with that output and loss is the same model, written with more parameters:
its z is W_z x + b_z as well; the number beside it is the largest difference on the training data.
D is the network's deviance, D_GLM that of the fit. at its fit: they differ by less than
1e−8·(D_GLM + 0.1); near its fit: by less than 0.1 % of D_GLM.
The deviance is 2n(C − C of the saturated model, which predicts every target); with the
quadratic cost, which has no ½, it is n·C. ✓ behind it: the deviances of the examples add up to it.
A canonical pair is an output and a loss that make δ = a − y, for σ′(z) cancels in ∇C ⊙ σ′(z):
sigmoid + binary_cross_entropy, softmax + cross_entropy, exp + poisson; identity + quadratic makes
2(a − y). ✓: so it is, for each example, by the chain rule; else how far they are apart.
right: the training examples on the right side of the decision; one layer's is a straight line.
Where there is room, below: μ over z, the curve of the inverse link, through what was observed.
"""

    faces = (choice_table, no_model)

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        """The table; where there is room, beside or below it the inverse link."""
        super().draw(canvas, frame)
        facts = frame.glm
        if self._known is None or facts is None or facts.model.network is None:
            return
        model, top = frame_of_model(frame, facts), self._known[2].count
        if canvas.width < TEXT + BESIDE:
            draw_link(canvas, frame, model, top)
            return
        width = canvas.width - TEXT - GAP
        part = Canvas(width, canvas.height, canvas.palette, canvas.glyphs, canvas.colour)
        draw_link(part, frame, model, -1)
        canvas.paste(part, TEXT + GAP, 0)

    def _table(self, frame: Frame, sheet: Sheet) -> Table:
        """The table, which in a wide pane leaves room for the inverse link beside it."""
        if sheet.width >= TEXT + BESIDE:
            sheet = replace(sheet, width=TEXT)
        return super()._table(frame, sheet)

    def explainable(self, frame: Frame) -> Explainable:
        """The network's deviance."""
        return deviances(frame)
