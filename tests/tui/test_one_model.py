"""``nn-explore fit`` and screens 4 and 5: one model of one file, and the published one."""

import json
from pathlib import Path

import numpy as np
import pytest
from frames import framed

from engine import Experiment
from tui.cli import main as cli
from tui.model.glm.choice import GlmChoice, links
from tui.model.glm.compute_facts import glm_facts
from tui.session.session import Session

FOLDER = Path(__file__).parents[1] / "reference" / "published"
SETS = json.loads((FOLDER / "answers.json").read_text(encoding="utf-8"))["sets"]


def test_there_are_20_published_data_sets():
    assert len({answer["data"] for answer in SETS.values()}) >= 20


@pytest.mark.parametrize("name", [*SETS])
def test_fit_and_both_screens_have_the_published_model(name, capsys):
    answer = SETS[name]
    file = answer["data"].endswith(".csv")
    data = str(FOLDER / answer["data"]) if file else answer["data"]
    target = answer["target"] if file else None
    arguments = [data, "--json"] + (["--target", target] if file else [])
    cli.main(["fit", *arguments, *(["--family", answer["asked"]] if answer["asked"] else [])])
    printed = json.loads(capsys.readouterr().out)

    session = Session(Experiment(dataset=data, target=target, hidden=()))
    facts = glm_facts(framed(session), asked_for(answer))
    shown = facts.model.grouped or facts.fit
    line = framed(session, "linear").linear.fit

    # the published model
    assert printed["family"] == facts.choice.family == answer["family"]
    assert printed["link"] == facts.choice.link == links(answer["family"])[0]
    agree_as_printed(printed["coefficients"], answer["coefficients"])
    if answer["aic"]:
        agree_as_printed([printed["aic_r"]], [answer["aic"]])

    # the same on screen 5: coding, numbers, reason
    assert tuple(printed["names"]) == shown.names
    np.testing.assert_allclose(shown.coefficients, printed["coefficients"], rtol=1e-6, atol=1e-9)
    assert shown.aic_r == pytest.approx(printed["aic_r"], rel=1e-9)
    assert facts.reason == "" if answer["asked"] else printed["reason"].startswith(facts.reason)

    # and on screen 4, which is least squares
    if answer["family"] != "gaussian":
        return
    assert tuple(printed["names"]) == line.names
    np.testing.assert_allclose(line.coefficients, printed["coefficients"], rtol=1e-9, atol=1e-9)
    assert line.aic_r == pytest.approx(printed["aic_r"], rel=1e-12)
    assert printed["aic_r"] == pytest.approx(gaussian_aic(session.prepared.dataset), rel=1e-9)


def asked_for(answer):
    family = answer["asked"]
    return GlmChoice(family, links(family)[0]) if family else None


def agree_as_printed(values, texts):
    """The values round to the printed numbers; their last digit may be one off."""
    assert len(values) == len(texts)
    for value, text in zip(values, texts, strict=True):
        digits = len(text.partition(".")[2])
        assert abs(value - float(text)) <= 0.51 * 10.0**-digits, (value, text)


def gaussian_aic(data):
    """R's AIC of least squares, σ counted: n(log(2π·RSS/n) + 1) + 2(p + 1)."""
    X = np.column_stack([np.ones(len(data.X)), data.X])
    scaled = X / np.abs(X).max(axis=0)
    _, _, rank, _ = np.linalg.lstsq(scaled, data.Y[:, 0])
    residuals = data.Y[:, 0] - scaled @ np.linalg.lstsq(scaled, data.Y[:, 0])[0]
    n = len(residuals)
    return n * (np.log(2.0 * np.pi * (residuals @ residuals) / n) + 1.0) + 2.0 * (rank + 1)
