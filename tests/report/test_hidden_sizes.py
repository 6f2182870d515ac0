"""No table gives the size of a hidden group away, by no sum and by no subtraction: the attacks, rebuilt."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models.data import OpenStudy, open_study
from jq_models.disclosure import shown_group_sizes
from jq_models.evaluate import plan
from jq_models.evaluate.invariance import Compared, Invariance
from jq_models.evaluate.invariance.latent_means import COLUMNS
from jq_models.evaluate.nesting import icc_table
from jq_models.report import comparison_sentences, wording
from jq_models.report.figure import Drawing
from jq_models.report.sentences_nesting import nesting_views
from jq_models.report.table import Table
from jq_models.report.tables_nesting import parts_table

EN, NL = wording("en"), wording("nl")
SMALL, NEXT = 6, 12  # persons in the two hidden groups


@pytest.fixture(scope="module")
def opened() -> OpenStudy:
    """Return the demo with a group of six, which takes the next smallest, of twelve, along."""
    study = open_study("demo")
    names = study.responses.groups["organisation"].astype(str).to_numpy(dtype=object, copy=True)
    names[:SMALL], names[SMALL : SMALL + NEXT] = "Six", "Twelve"
    groups = study.responses.groups[[]].assign(organisation=pd.Categorical(names))
    return replace(study, responses=replace(study.responses, groups=groups))


@pytest.fixture(scope="module")
def exact(opened: OpenStudy) -> pd.DataFrame:
    return icc_table(opened.responses)


@pytest.fixture(scope="module")
def published(opened: OpenStudy, exact: pd.DataFrame) -> tuple[Drawing, Table]:
    views = nesting_views(
        exact, EN, parts=pd.DataFrame(), groups=opened.spec.groups, instrument=opened.instrument
    )
    _, drawing, table = views
    assert isinstance(drawing, Drawing)
    assert isinstance(table, Table)
    return drawing, table


def known(opened: OpenStudy) -> tuple[float, float]:
    """Return what a reader knows: the persons hidden, and the sum of the squared sizes shown."""
    shown = shown_group_sizes(opened.responses, minimum=opened.spec.minimum_group)["organisation"].dropna()
    hidden = opened.responses.n - float(shown.sum())
    assert hidden == SMALL + NEXT
    return hidden, float((shown**2).sum())


def splits(opened: OpenStudy, low: float, high: float) -> list[int]:
    """Return the sizes of the smaller hidden group that agree with a range for the sum of squared sizes."""
    hidden, shown = known(opened)
    return [k for k in range(1, int(hidden) // 2 + 1) if low <= k**2 + (hidden - k) ** 2 + shown <= high]


def attack(
    icc1: np.ndarray, design: np.ndarray, *, people: np.ndarray, slack: tuple[float, float]
) -> tuple[float, float]:
    """Return the range of the sum of squared sizes that all scores together leave.

    design effect = 1 + (sum n^2 / N - 1) ICC(1), each number known up to half its last decimal.
    """
    use = (icc1 - slack[0] > 0) & (design > 1)
    low = ((design - 1 - slack[1]) / (icc1 + slack[0]) + 1) * people
    high = ((design - 1 + slack[1]) / (icc1 - slack[0]) + 1) * people
    return float(low[use].max()), float(high[use].min())


def complete_scores(opened: OpenStudy, exact: pd.DataFrame) -> np.ndarray:
    """Return which scores everybody has: the others have group sizes of their own."""
    return (exact["n"] == opened.responses.n).to_numpy()


def test_exact_numbers_would_give_the_hidden_group_away(opened: OpenStudy, exact: pd.DataFrame) -> None:
    own = exact[complete_scores(opened, exact)]
    assert len(own) > 1
    icc1, design, people = own[["icc1", "design_effect", "n"]].to_numpy(dtype=float).T
    found = attack(icc1, design, people=people, slack=(1e-12, 1e-12))
    assert splits(opened, found[0] - 1e-3, found[1] + 1e-3) == [SMALL]


@pytest.mark.parametrize("kind", ["raw", "sheet"])
def test_the_files_do_not(opened: OpenStudy, exact: pd.DataFrame, published, kind: str) -> None:
    frame = getattr(published[1], kind)
    named = dict(zip(published[1].raw.columns, frame.columns, strict=True))
    own = complete_scores(opened, exact)
    people = exact["n"].to_numpy(dtype=float)[own]
    columns = ("icc1", "design_effect", "effective_n", "icc2")
    icc1, design, worth, icc2 = (frame[named[code]].to_numpy(dtype=float)[own] for code in columns)
    everything = list(range(1, (SMALL + NEXT) // 2 + 1))
    assert splits(opened, *attack(icc1, design, people=people, slack=(0.005, 0.05))) == everything
    # the same by the effective number: n / design effect
    slack = float(np.max(people / (worth - 0.5) - people / worth))
    assert splits(opened, *attack(icc1, people / worth, people=people, slack=(0.005, slack))) == everything
    # and nothing stands there that is known better than its last decimal
    for code, places in (("icc1", 2), ("ci_low", 2), ("ci_high", 2), ("icc2", 2), ("icc_reml", 2)):
        values = frame[named[code]].to_numpy(dtype=float)
        np.testing.assert_array_equal(values, np.round(values, places))
    for code, places in (("design_effect", 1), ("pvalue", 3)):
        values = frame[named[code]].to_numpy(dtype=float)
        np.testing.assert_array_equal(values, np.round(values, places))
    assert not np.array_equal(icc2, exact["icc2"].to_numpy()[own])


def test_neither_do_the_places_of_the_dots(published) -> None:
    ax = published[0].figure.axes[0]
    drawn = np.asarray(ax.collections[1].get_offsets(), dtype=float)[:, 0]
    np.testing.assert_array_equal(drawn, np.round(drawn, 2))
    ends = np.array([line[:, 0] for line in ax.collections[0].get_segments()])
    np.testing.assert_array_equal(ends, np.round(ends, 2))


def test_shares_of_three_levels_are_rounded_in_the_files(opened: OpenStudy) -> None:
    shares = pd.DataFrame({"construct": ["SUP"], "outer": [0.1234], "inner": [0.0456], "person": [0.8310]})
    pair = ("organisation", "team")
    table = parts_table(shares, EN, pair=pair, groups=opened.spec.groups, instrument=opened.instrument)
    assert table.raw.iloc[0, 1:].tolist() == [0.12, 0.05, 0.83]
    assert table.sheet.iloc[0, 1:].tolist() == [0.12, 0.05, 0.83]


def ladder_of(*sizes: int, level: str = "scalar") -> Invariance:
    return Invariance(
        group="contract",
        labels=("Permanent", "Flexible"),
        sizes=sizes,
        steps={},
        means=pd.DataFrame(columns=COLUMNS),
        level=level,
    )


def said(study: OpenStudy, ladder: Invariance, w=EN) -> str:
    one = Compared(name="contract", why="compared", ladder=ladder, aligned=None, left_out=())
    return comparison_sentences({"contract": one}, w, opened=study, plan=plan(study))


@pytest.mark.parametrize("level", ["strict", "metric", "none", "too_few"])
@pytest.mark.parametrize(("w", "pair"), [(EN, "Permanent and"), (NL, "Permanent en")], ids=["en", "nl"])
def test_complete_answers_of_a_small_group_do_not_follow_by_subtraction(w, pair: str, level: str) -> None:
    study = open_study("demo")
    text = said(study, ladder_of(330, 497 - 8 - 330, level=level), w)
    assert re.findall(r"n = (\d+)", text) == []
    assert f"** ({pair} Flexible)" in text
    # nobody left over, or ten: the sizes are told
    for rest in (0, 10):
        numbers = re.findall(r"n = (\d+)", said(study, ladder_of(330, 167 - rest, level=level), w))
        assert sum(map(int, numbers)) == study.complete.n - rest
