"""Scores beside a norm and the wave before: what is said, what is refused, what is corrected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from survey_frames import SUP3, changes, compared, judged

from jq_models.data import OpenStudy, open_study
from jq_models.evaluate.survey import NormComparison
from jq_models.report.figure import Drawing
from jq_models.report.sentences_survey import (
    norm_sentences,
    trend_sentences,
)
from jq_models.report.survey_views import (
    norm_views,
    trend_views,
    wave_views,
)
from jq_models.report.table import Table
from jq_models.report.wording import Wording
from jq_models.spec import Instrument


@pytest.fixture(scope="module")
def demo() -> OpenStudy:
    return open_study("demo", language="nl")


def tables(views: list[Table | Drawing | str]) -> list[Table]:
    return [view for view in views if isinstance(view, Table)]


def drawings(views: list[Table | Drawing | str]) -> list[Drawing]:
    return [view for view in views if isinstance(view, Drawing)]


# norm


def test_what_lies_above_and_below_the_norm_is_said_and_what_is_refused_and_why(
    instrument: Instrument, nl: Wording, en: Wording
) -> None:
    text = norm_sentences(compared(instrument), nl, instrument=instrument)
    assert "Norm: Branche (01-05-2023). Een onderzoek." in text
    assert "Duidelijk hoger dan de norm: kansen en uitdaging (0,25 [0,17; 0,33])." in text
    assert "Duidelijk lager dan de norm: leren van klanten (−0,30 [−0,38; −0,22])." in text
    assert "omdat de vragen van de norm anders luiden: leren van medewerkers." in text
    assert "op een andere schaal is beantwoord of gescoord: delen van informatie." in text
    assert "omdat de norm ze niet heeft: vertrekintentie." in text
    assert "gesimuleerd" not in text
    assert "2023-05-01" in norm_sentences(compared(instrument), en, instrument=instrument)


def test_a_simulated_norm_is_called_so(instrument: Instrument, nl: Wording) -> None:
    found = compared(instrument)
    found = NormComparison(norm=replace(found.norm, simulated=True), table=found.table)
    assert "**Deze norm is gesimuleerd**" in norm_sentences(found, nl, instrument=instrument)


def test_no_clear_difference_from_the_norm(instrument: Instrument, nl: Wording) -> None:
    found = compared(instrument)
    found = NormComparison(norm=found.norm, table=found.table.assign(p_holm=found.table["p_holm"] * 0 + 0.4))
    text = norm_sentences(found, nl, instrument=instrument)
    assert "Geen enkele score wijkt duidelijk af van de norm, na correctie voor 12 vergelijkingen." in text
    assert "hoger" not in text


def test_scores_of_too_few_people_are_not_shown_beside_the_norm(demo: OpenStudy, nl: Wording) -> None:
    found = compared(demo.instrument)
    table = found.table.copy()
    table.loc["OPP", "n"] = 9
    views = norm_views(NormComparison(norm=found.norm, table=table), nl, opened=demo)
    (shown,) = tables(views)
    assert "OPP" not in set(shown.raw["construct"])
    assert "te weinig mensen een score hebben: kansen en uitdaging" in str(views[0])
    assert norm_views(None, nl, opened=demo) == []


def test_the_norm_table_holds_every_compared_scale(
    instrument: Instrument, demo: OpenStudy, en: Wording
) -> None:
    (table,) = tables(norm_views(compared(instrument), en, opened=demo))
    assert len(table.frame) == 12
    row = table.frame[table.frame.iloc[:, 0].str.startswith("Learning from customers")].iloc[0]
    assert list(row[1:7]) == ["500", "3.50", "3.80", "900", "−0.30 [−0.38, −0.22]", "−0.40"]
    assert "people of one team resemble each other (51 teams)" in table.note
    flat = compared(instrument)
    flat = replace(flat, table=flat.table.assign(clusters=float("nan")))
    (table,) = tables(norm_views(flat, en, opened=demo))
    assert "People are taken as independent" in table.note


# trend


def test_changes_are_said_with_their_basis(demo: OpenStudy, nl: Wording) -> None:
    text = trend_sentences(
        changes(demo.instrument, demo), nl, instrument=demo.instrument, label="team", needs=150
    )
    assert "Duidelijk hoger dan de vorige keer: leren van klanten (0,23 [0,13; 0,33])." in text
    assert "Duidelijk lager dan de vorige keer: vertrekintentie (−0,20 [−0,30; −0,10])." in text
    assert "na correctie voor 14 vergelijkingen" in text
    assert "(team: 51 groepen in beide metingen samen)" in text
    assert "omdat de vragen in de vorige meting anders luidden: leren van medewerkers." in text
    assert "is niet getoetst: daarvoor zijn in elke meting 150 volledige antwoorden nodig." in text


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("strict", "**De vragen betekenen in beide metingen hetzelfde**"),
        ("metric", "**Veranderingen kunnen komen doordat vragen anders worden gelezen**"),
        ("none", "is niet te zeggen: het model van twee metingen"),
    ],
)
def test_what_the_questions_mean_is_said(demo: OpenStudy, nl: Wording, level: str, words: str) -> None:
    found = replace(changes(demo.instrument, demo), invariance=judged(level))
    text = trend_sentences(found, nl, instrument=demo.instrument, label="team", needs=150)
    assert words in text
    assert "niet goed te vergelijken" not in text


def test_a_question_read_otherwise_is_named_and_its_scale_corrected(demo: OpenStudy, nl: Wording) -> None:
    found = replace(changes(demo.instrument, demo), invariance=judged("partly", SUP3))
    text = trend_sentences(found, nl, instrument=demo.instrument, label="team", needs=150)
    assert "behalve SUP3 (leidinggevende en feedback)**" in text
    assert "De score van leidinggevende en feedback is niet goed te vergelijken." in text
    assert "leidinggevende en feedback 0,03 [−0,11; 0,17]." in text


def test_a_wave_that_cannot_be_shown_is_said_so(demo: OpenStudy, nl: Wording) -> None:
    gone = replace(
        changes(demo.instrument, None), why="no_data", table=changes(demo.instrument, None).table[:0]
    )
    views = trend_views(gone, nl, opened=demo)
    assert views == ["De vorige meting kan niet worden getoond: de antwoorden ervan zijn er niet meer."]
    other = changes(demo.instrument, demo)
    other = replace(other, why="questionnaire", table=other.table.assign(state="scale"))
    (text,) = trend_views(other, nl, opened=demo)
    assert "geen enkele schaal is met dezelfde woorden" in str(text)
    assert trend_views(None, nl, opened=demo) == []
    assert wave_views(None, nl) == []


def test_the_latent_change_stands_only_where_means_may_be_compared(demo: OpenStudy, en: Wording) -> None:
    plain = changes(demo.instrument, demo)
    headings = [
        list(tables(trend_views(found, en, opened=demo))[0].frame.columns)
        for found in (
            plain,
            replace(plain, invariance=judged("metric")),
            replace(plain, invariance=judged("partly", SUP3)),
        )
    ]
    assert [any("Latent" in name for name in names) for names in headings] == [False, False, True]


def test_scores_of_too_few_people_are_not_shown_beside_the_wave_before(demo: OpenStudy, nl: Wording) -> None:
    found = changes(demo.instrument, demo)
    table = found.table.copy()
    table.loc["OPP", "n_before"] = 9.0
    views = trend_views(replace(found, table=table), nl, opened=demo)
    (shown,) = tables(views)
    assert "OPP" not in set(shown.raw["construct"])
    assert "te weinig mensen een score hebben: kansen en uitdaging" in str(views[0])
