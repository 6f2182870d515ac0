"""The screen of a PLS fit: what must be known first, aligned numbers, no number cut off."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from jq_models.evaluate.composites.advice import Offer
from jq_models.evaluate.composites.fit import WHY_NO_TEST as CODES
from jq_models.numeric.reason import Reason
from jq_models.report.pls_record import (
    WHY_NO_TEST,
    Drawn,
    PlsRecord,
    drawn_sentences,
    offer_sentences,
    reversed_sentences,
    untested_fit_sentences,
)
from jq_models.report.pls_screen import pls_screen
from jq_models.run.plain_files import Draws
from jq_models.run.pls_file import pls_file

TEXT = "A =~ a1 + a2 + a3 + a4\nB =~ b1 + b2 + b3\nC <~ c1 + c2\nG =~ g1\nB ~ p*A\nG ~ q*B + C\nvia := p*q\n"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> PlsRecord:
    """A mixed model with a bootstrap."""
    folder = tmp_path_factory.mktemp("pls")
    (folder / "model.txt").write_text(TEXT, encoding="utf-8")
    data = Path(__file__).parents[1] / "reference" / "pls" / "data.csv"
    return pls_file(folder / "model.txt", data, consistent=True, draws=Draws(draws=40, seed=2))


def shown(record: PlsRecord, *, width: int = 100) -> list[str]:
    file = io.StringIO()
    Console(file=file, width=width, highlight=False).print(pls_screen(record))
    return [line.rstrip() for line in file.getvalue().splitlines()]


@pytest.mark.parametrize("width", [100, 80, 60, 50, 40])
def test_every_line_fits_and_no_number_is_cut(record: PlsRecord, width: int) -> None:
    lines = shown(record, width=width)
    assert max(map(len, lines)) <= width
    assert not [line for line in lines if "…" in line]
    row = next(line for line in lines if line.startswith("   B ~ A"))
    assert {len(number.split(".")[1]) for number in row.split()[3:]} == {3}


def test_all_blocks_are_there_in_order(record: PlsRecord) -> None:
    text = "\n".join(shown(record))
    titles = [
        "Method",
        "Bootstrap   40 draws, seed 2, percentile 95% intervals",
        "Saturated   SRMR",
        "Estimated   SRMR",
        " Loadings",
        " Weights",
        " Paths",
        " Indirect effects",
        " Total effects",
        " Defined parameters",
        " Constructs",
        " Pairs",
    ]
    assert sorted(titles, key=lambda title: text.index(f"\n{title}")) == titles
    assert "(HI95 ." in text


def test_what_cannot_move_has_no_interval(record: PlsRecord) -> None:
    row = next(line.split() for line in shown(record) if line.startswith("   G =~ g1"))
    assert row == ["G", "=~", "g1", "1.000"]


def test_without_draws_there_is_one_column(record: PlsRecord) -> None:
    assert record.table is not None
    bare = replace(record, drawn=None, table=record.table.assign(se=np.nan, ci_low=np.nan, ci_high=np.nan))
    lines = shown(bare)
    assert next(line.split() for line in lines if "Estimate " in f"{line} ") == ["Estimate"]
    assert not [line for line in lines if "% low" in line]


def test_a_failure_comes_first_and_shows_no_numbers(record: PlsRecord) -> None:
    failed = replace(record, table=None, distances=None, failure="It broke.", warnings=("It broke.", "Why."))
    lines = shown(failed)
    assert lines[0] == "Failed: model.txt on data.csv: It broke."
    assert lines[1] == "Warning     Why."
    assert not [line for line in lines if "Loadings" in line]


def test_draws_are_counted_in_words() -> None:
    drawn = Drawn(
        draws=50, seed=1, failed=10, fewest=40, inadmissible_share=0.25, interval="percentile", level=0.95
    )
    few, failed, impossible = drawn_sentences(drawn, clusters=5)
    assert few.startswith("The bootstrap draws from 5 clusters only")
    assert failed.startswith("10 of 50 bootstrap draws have no usable solution")
    assert impossible.startswith("10 of 50 bootstrap draws have an impossible solution")
    nothing = replace(drawn, failed=50, fewest=0, inadmissible_share=float("nan"))
    assert [s[:8] for s in drawn_sentences(nothing, clusters=None)] == ["50 of 50"]
    assert drawn_sentences(replace(drawn, failed=0, fewest=50, inadmissible_share=0.0), clusters=40) == []
    assert drawn_sentences(None, clusters=2) == []


def test_sentences_about_nothing_are_none() -> None:
    assert (reversed_sentences([]), offer_sentences(None)) == ([], [])
    assert reversed_sentences(["x"])[0].startswith("x runs against")
    assert reversed_sentences("abcdefg")[0].startswith("a, b, c, d, e and 2 more run against")


@pytest.mark.parametrize(
    ("code", "where", "unreliable", "said"),
    [
        (
            "often_above_one",
            ("B ~ A",),
            ("A",),
            ["In more than 5% of the draws", "The reliability (rho_A) of A"],
        ),
        ("often_above_one", ("B ~ A",), (), ["In more than 5% of the draws"]),
        ("inflated", ("J", "X"), (), ["J and X: the other predictors"]),
        ("path_above_one", ("B ~ A",), (), []),
    ],
)
def test_without_constructs_that_overlap_none_are_said_to(
    code: str, where: tuple[str, ...], unreliable: tuple[str, ...], said: list[str]
) -> None:
    offer = Offer(
        reasons=(Reason(code=code, where=where),),
        collinear=(),
        unreliable=unreliable,
        members=(),
        name="COMPOSITE",
        form="",
        fit=None,
    )
    found = offer_sentences(offer)
    assert len(found) == len(said)
    assert all(a.startswith(b) for a, b in zip(found, said, strict=True))
    assert "overlap" not in " ".join(found)


def test_a_test_that_could_not_be_made_says_why() -> None:
    rows = [("saturated", "srmr", "", 3, 50), ("saturated", "d_g", "too_few_draws", 49, 50)]
    rows += [("estimated", index, "implied_not_positive_definite", 0, 50) for index in ("srmr", "d_g")]
    frame = pd.DataFrame(rows, columns=["model", "index", "reason", "failed", "draws"])
    part, left_out, whole = untested_fit_sentences(frame)
    assert part.startswith("The test of fit of the saturated model by d_G could not be made: too few draws")
    assert whole.startswith("The test of fit of the estimated model could not be made: the correlations")
    assert left_out.startswith("The test of fit of the saturated model leaves out 3 of 50 draws")
    assert untested_fit_sentences(frame.assign(reason="", failed=0)) == []
    assert set(WHY_NO_TEST) == set(CODES)
