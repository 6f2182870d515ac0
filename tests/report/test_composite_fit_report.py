"""Table and sentences on the fit of PLS models."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate.composites.fit import WHY_NO_TEST, composite_fit
from jq_models.evaluate.composites.route_result import Route
from jq_models.pls import fit_pls
from jq_models.report import composite_fit_sentences, composite_fit_table, composite_fit_views
from jq_models.report.table import Table
from jq_models.report.tables_composite_fit import fit_verdicts
from jq_models.report.wording import DASH, wording

REFERENCE = Path(__file__).parents[1] / "reference"
LANGUAGES = ("en", "nl")
SEED = 1


def rows(
    estimated: tuple[float, float, float],
    saturated: tuple[float, float, float] | None = None,
    *,
    draws: int = 500,
    reason: str = "",
    failed: int = 0,
    inadmissible: float = 0.0,
) -> pd.DataFrame:
    """Made-up rows with HI95 of .05, 1 and 2, and the values given in shares of it."""
    found = []
    lines = (0.05, 1.0, 2.0)
    for model, shares in (("saturated", saturated or estimated), ("estimated", estimated)):
        for index, line, share in zip(("srmr", "d_uls", "d_g"), lines, shares, strict=True):
            value, known = line * share, draws > 0 and not reason
            p = 0.002 if share > 1.0 else 0.2345
            test = (line, 1.2 * line, p) if known else (np.nan,) * 3
            found.append(
                (model, index, value, *test, draws, failed, inadmissible if known else np.nan, reason)
            )
    names = ["model", "index", "value", "hi95", "hi99", "pvalue", "draws", "failed", "inadmissible", "reason"]
    return pd.DataFrame(found, columns=names)


def said(frame: pd.DataFrame, language: str = "en") -> str:
    return composite_fit_sentences(frame, wording(language), model="PLS")


def test_within_chance() -> None:
    text = said(rows((0.8, 0.7, 0.9)))
    assert "chance alone can explain how far the model lies from the answers" in text
    assert "23% of samples" in text
    assert "SRMR, d_ULS and d_G stay below" in text
    assert "an SRMR of .040, where .08 or less counts as good (Hu & Bentler, 1999)" in text
    assert "scales" not in text


def test_many_impossible_samples_make_within_chance_say_little() -> None:
    weak = "That is weak evidence: in 12% of the samples"
    assert weak in said(rows((0.8, 0.7, 0.9), inadmissible=0.12))
    assert "weak evidence" not in said(rows((0.8, 0.7, 0.9), inadmissible=0.02))
    assert "weak evidence" not in said(rows((2.0, 4.0, 1.5), inadmissible=0.12))


def test_beyond_chance_says_where() -> None:
    blocks, paths = said(rows((2.0, 4.0, 1.5))), said(rows((2.0, 4.0, 1.5), (0.9, 0.8, 0.7)))
    for text in (blocks, paths):
        assert "farther from the answers than chance explains" in text
        assert "SRMR, d_ULS and d_G (SRMR: p = .002)" in text
        assert "The distance is large by the usual line: an SRMR of .100" in text
    assert "Part of it lies in the scales" in blocks
    assert "It lies in the links, not in the scales" in paths


def test_measures_that_disagree_are_named() -> None:
    text = said(rows((1.1, 1.2, 0.9)))
    assert (
        "By SRMR and d_ULS it lies farther from the answers than chance explains, by d_G it does not" in text
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", [*WHY_NO_TEST, ""])
def test_without_a_test_the_reason_and_the_distance(language: str, reason: str) -> None:
    text = said(rows((0.8, 0.7, 0.9), reason=reason, draws=500 if reason else 0), language)
    w = wording(language)
    assert w(f"composite_fit.why_{reason or 'not_asked'}", model="PLS") in text
    assert w.coefficient(0.04, 3) in text
    assert "p =" not in text


def test_the_table_shows_value_cut_offs_and_verdict() -> None:
    frame = rows((1.1, 1.2, 0.9), (0.8, 0.7, 0.9), failed=7, inadmissible=0.2)
    table = composite_fit_table(frame, wording("en"), model="PLS")
    assert list(table.frame.iloc[:, -1]) == ["within chance"] * 3 + ["beyond chance"] * 2 + ["within chance"]
    assert list(table.frame.iloc[3, 1:-1]) == ["SRMR", ".055", ".050", ".060", ".002"]
    assert list(table.raw["verdict"]) == ["kept"] * 3 + ["rejected"] * 2 + ["kept"]
    assert list(table.raw["hi95"]) == list(frame["hi95"])
    for part in ("500 samples", "does not exist there: 7", "In 20% of the samples", "Hu & Bentler, 1999"):
        assert part in table.note
    assert "Schuberth, Henseler & Dijkstra, 2018" in table.note


def test_a_note_speaks_only_of_what_happened() -> None:
    note = composite_fit_table(rows((0.8, 0.7, 0.9)), wording("en"), model="PLS").note
    assert "left out" not in note
    assert "cannot be true" not in note
    plain = composite_fit_table(rows((0.8, 0.7, 0.9), draws=0), wording("en"), model="PLS")
    assert "Schuberth" not in plain.note
    assert list(plain.frame.columns)[1:] == ["Index", "Here"]
    absent = composite_fit_table(rows((0.8, 0.7, 0.9), reason=WHY_NO_TEST[1]), wording("en"), model="PLS")
    assert set(absent.frame.iloc[:, -1]) == {"not tested"}
    assert set(absent.frame.iloc[:, 3]) == {DASH}
    assert "drawn" not in absent.note


def test_a_distance_that_most_samples_lack_is_named_in_the_note() -> None:
    frame = rows((0.8, 0.7, 0.9))
    lost = frame["index"] == "d_g"
    frame.loc[lost, ["hi95", "hi99", "pvalue"]] = np.nan
    frame.loc[lost, "reason"] = "too_few_draws"
    table = composite_fit_table(frame, wording("en"), model="PLS")
    assert "Not tested, because too few samples have that distance: d_G." in table.note
    assert "SRMR and d_ULS stay below" in said(frame)


def test_a_distance_that_does_not_exist_is_not_judged() -> None:
    frame = rows((0.8, 0.7, 0.9))
    frame.loc[frame["index"] == "d_g", "value"] = np.nan
    assert fit_verdicts(frame) == ["kept", "kept", "untested"] * 2
    assert "SRMR and d_ULS stay below" in said(frame)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["plsc", "composite", "pls"])
def test_views_of_a_route(language: str, code: str) -> None:
    data = pd.read_csv(REFERENCE / "holzinger" / "data.csv")
    fit = fit_pls("a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nc =~ x7 + x8 + x9\nb ~ a\nc ~ b", data)
    w = wording(language)
    route = Route(code=code, estimates=pd.DataFrame(), fit=fit)
    text, table = composite_fit_views(route, w, seed=SEED, draws=39)
    assert isinstance(table, Table)
    assert table.name == f"composite_fit_{code}"
    assert w(f"routes.name.{code}") in table.title
    assert isinstance(text, str)
    assert text == composite_fit_sentences(
        composite_fit(fit, draws=39, seed=SEED), w, model=w(f"routes.name.{code}")
    )
    assert not re.search(r"\d\.\d" if language == "nl" else r"\d,\d", text)


def test_nothing_is_shown_without_a_usable_fit() -> None:
    data = pd.read_csv(REFERENCE / "holzinger" / "data.csv")
    failed = fit_pls("a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nb ~ a", data, max_iterations=1)
    for route in (
        None,
        Route(code="plsc", estimates=pd.DataFrame()),
        Route(code="plsc", estimates=pd.DataFrame(), fit=failed),
    ):
        assert composite_fit_views(route, wording("en"), seed=SEED) == []
