"""The table and the sentence on what two engines make of one model, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_up import ended

from jq_models.evaluate import OUTCOMES, Agreement, Difference, SecondEngine
from jq_models.report.overview import agreement_views
from jq_models.report.sentences_structure import agreement_sentence
from jq_models.report.table import Table
from jq_models.report.tables_fit import agreement_table
from jq_models.report.wording import Wording
from jq_models.sem import Reason


def difference(
    largest: float = 4e-7,
    *,
    line: float = 1e-4,
    where: str = "SAT ~ JQ",
    first: float = 0.5,
    compared: int = 138,
) -> Difference:
    return Difference(
        largest=largest, line=line, compared=compared, where=where, first=first, second=first + largest
    )


CHI = difference(5e-14, line=1e-6, where="", first=1776.61, compared=1)
CLOSE = Agreement(estimates=difference(), standard_errors=difference(1e-8, first=0.07), chi_square=CHI)
FAR = replace(
    CLOSE,
    estimates=difference(0.0123, first=-0.5),
    chi_square=replace(CHI, largest=3.1e-5, second=1776.67),
)
AGREED = SecondEngine(model="second_order", outcome="agree", agreement=CLOSE, status=ended())
FAILED = ended(
    Reason(code="not_converged"), Reason(code="negative_variance", where=("x ~~ x",)), converged=False
)


def test_where_two_engines_agree_only_chi_square_is_shown_in_numbers(en: Wording, nl: Wording) -> None:
    english = agreement_table(CLOSE, en, model="second_order")
    assert english.title == "Agreement of two engines"
    assert english.frame.to_numpy().tolist() == [
        ["Estimates", "138", "–", "–", "< .0001", "equal"],
        ["Standard errors", "138", "–", "–", "< .0001", "equal"],
        ["χ²", "1", "1,776.61", "1,776.61", "< .000001", "equal"],
    ]
    assert "Second-order job quality" in english.note
    dutch = agreement_table(CLOSE, nl, model="second_order")
    assert dutch.title == "Overeenstemming van twee rekenkernen"
    assert dutch.frame.to_numpy().tolist() == [
        ["Schattingen", "138", "–", "–", "< 0,0001", "gelijk"],
        ["Standaardfouten", "138", "–", "–", "< 0,0001", "gelijk"],
        ["χ²", "1", "1.776,61", "1.776,61", "< 0,000001", "gelijk"],
    ]
    assert "minder dan 0,0001 verschillen en χ² minder dan 0,000001" in dutch.note


def test_where_they_differ_the_place_and_both_values_are_shown(en: Wording) -> None:
    table = agreement_table(FAR, en, model="second_order")
    assert table.frame.columns.tolist()[-1] == "Where"
    assert table.frame.to_numpy().tolist() == [
        ["Estimates", "138", "−0.5000", "−0.4877", ".0123", "different", "SAT ~ JQ"],
        ["Standard errors", "138", "–", "–", "< .0001", "equal", "–"],
        ["χ²", "1", "1,776.61", "1,776.67", ".000031", "different", "–"],
    ]


@pytest.mark.parametrize("agreement", [CLOSE, FAR])
def test_files_hold_every_difference_in_full(agreement: Agreement, en: Wording) -> None:
    table = agreement_table(agreement, en, model="second_order")
    parts = agreement.parts
    assert table.raw.columns.tolist() == [
        "quantity", "compared", "jq", "semopy", "largest", "verdict", "where"
    ]  # fmt: skip
    assert table.raw["quantity"].tolist() == list(parts)
    assert table.raw["largest"].tolist() == [part.largest for part in parts.values()]
    assert table.raw["semopy"].tolist() == [part.second for part in parts.values()]
    assert table.raw["where"].tolist() == ["SAT ~ JQ", "SAT ~ JQ", ""]
    assert len(table.formats) == len(table.sheet.columns)
    assert len(table.align) == len(table.frame.columns)


def test_a_difference_that_cannot_be_computed_is_no_agreement(en: Wording) -> None:
    gone = replace(CLOSE, estimates=difference(float("nan")))
    shown = agreement_table(gone, en, model="second_order").frame.iloc[0].tolist()
    assert shown == ["Estimates", "138", "0.5000", "–", "–", "different", "SAT ~ JQ"]


def test_agreement_is_said_in_words(en: Wording, nl: Wording) -> None:
    assert agreement_sentence(AGREED, en) == (
        "**Two engines agree.** The model “Second-order job quality” was estimated twice: by jq_models and "
        "by semopy, an independent program. Estimates and standard errors differ by less than .0001, χ² by "
        "less than .000001 of its size."
    )
    dutch = agreement_sentence(AGREED, nl)
    assert dutch.startswith("**Twee rekenkernen stemmen overeen.** Het model ‘Overkoepelende kwaliteit")
    assert dutch.endswith("verschillen minder dan 0,0001, χ² minder dan 0,000001 van zijn grootte.")


def test_disagreement_is_said_with_what_differs(en: Wording, nl: Wording) -> None:
    found = replace(AGREED, outcome="differ", agreement=FAR)
    text = agreement_sentence(found, en)
    assert text.startswith("**Read with care: two engines disagree.**")
    assert "More than rounding differs: estimates .0123 and χ² .000031." in text
    assert "schattingen 0,0123 en χ² 0,000031." in agreement_sentence(found, nl)


def test_a_failed_second_fit_is_said_and_has_no_numbers(en: Wording, nl: Wording) -> None:
    found = replace(AGREED, outcome="unusable", agreement=None, status=FAILED)
    for w, program in ((en, "The second engine, semopy"), (nl, "De tweede rekenkern, semopy")):
        (text,) = agreement_views(found, w)
        assert isinstance(text, str)
        assert text.startswith(program)
        assert w("reason.not_converged") in text
        assert f"{w('reason.negative_variance')} (x ~~ x)" in text
        assert w("model.second_order") in text
        assert not any(character.isdigit() for character in text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": "slow", "seconds": 60.0}, ("after 60 seconds", "na 60 seconden")),
        (
            {"outcome": "stopped", "error": "LinAlgError"},
            ("an error (LinAlgError)", "een fout (LinAlgError)"),
        ),
        ({"outcome": "refused"}, ("in the way chosen here", "op de manier die hier is gekozen")),
        ({"outcome": "no_solution"}, ("has no usable solution", "heeft geen bruikbare oplossing")),
    ],
)
def test_why_nothing_was_compared_is_said(
    changes: dict, said: tuple[str, str], en: Wording, nl: Wording
) -> None:
    found = replace(AGREED, agreement=None, status=None, **changes)
    for w, words in zip((en, nl), said, strict=True):
        (text,) = agreement_views(found, w)
        assert words in text
        assert w("model.second_order") in text


@pytest.mark.parametrize("agreement", [CLOSE, FAR])
def test_sentence_and_table_stand_together(agreement: Agreement, en: Wording) -> None:
    found = replace(AGREED, agreement=agreement, outcome="agree" if agreement.agrees else "differ")
    text, table = agreement_views(found, en)
    assert isinstance(text, str)
    assert isinstance(table, Table)
    assert ("disagree" in text) is ("different" in table.frame["Verdict"].tolist())


def test_every_outcome_has_its_sentence(en: Wording, nl: Wording) -> None:
    assert all(f"agreement.{outcome}" in w for w in (en, nl) for outcome in OUTCOMES)
