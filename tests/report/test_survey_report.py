"""An employee survey as a reader sees it: what is said, what is hidden, what vanishes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from survey_frames import differences, shares

from jq_models.data import OpenStudy, open_study
from jq_models.disclosure import release
from jq_models.evaluate import survey
from jq_models.evaluate.survey import Enps, Response
from jq_models.evaluate.survey.enps import enps
from jq_models.report.figure import Drawing
from jq_models.report.sentences_survey import (
    enps_sentence,
    favourable_sentence,
    response_caution,
    response_sentence,
    segment_sentence,
)
from jq_models.report.survey_views import (
    enps_views,
    favourable_item_views,
    favourable_views,
    response_views,
    segment_tables,
    segment_views,
    shares_shown,
)
from jq_models.report.table import Table
from jq_models.report.wording import Wording
from jq_models.spec import Instrument, load_instrument


@pytest.fixture(scope="module")
def demo() -> OpenStudy:
    return open_study("demo", language="nl")


def tables(views: list[Table | Drawing | str]) -> list[Table]:
    return [view for view in views if isinstance(view, Table)]


def drawings(views: list[Table | Drawing | str]) -> list[Drawing]:
    return [view for view in views if isinstance(view, Drawing)]


# response


def test_the_response_is_said_with_its_interval(nl: Wording, en: Wording) -> None:
    found = Response(
        invited=785, read=580, answered=577, used=497, rate=0.735, ci_low=0.703, ci_high=0.765, state="known"
    )
    assert response_sentence(found, nl) == (
        "Van de 785 uitgenodigde mensen hebben er **577 geantwoord: 74%** (95%-interval [70; 76]). "
        "497 van hen beantwoordden elke vraag van de modellen."
    )
    assert "**577 answered: 74%** (95% interval [70, 76])" in response_sentence(found, en)
    low = replace(found, answered=392)  # 49.9 %
    assert response_sentence(low, nl).endswith("lees elke uitkomst in dit rapport met dat voorbehoud.")
    assert response_caution(393, 785, en) == response_caution(96, None, en) == ""


def test_a_wrong_number_of_invited_people_is_said_and_an_absent_one_is_not(en: Wording) -> None:
    nothing = float("nan")
    found = Response(
        invited=500, read=577, answered=577, used=497,
        rate=nothing, ci_low=nothing, ci_high=nothing, state="more_than_invited",
    )  # fmt: skip
    assert "577 people answered" in response_sentence(found, en)
    assert "one of the two numbers is wrong" in response_sentence(found, en)
    assert response_sentence(replace(found, invited=None, state="not_given"), en) == ""


def test_the_way_from_invited_to_used_is_a_table(demo: OpenStudy, nl: Wording) -> None:
    (table,) = tables(response_views(survey.response(demo), {}, nl, opened=demo))
    assert list(table.frame.iloc[:, 1]) == ["785", "577", "497"]
    assert list(table.frame.iloc[:, 2]) == ["100%", "74%", "63%"]
    more = replace(survey.response(demo), state="more_than_invited")
    assert tables(response_views(more, {}, nl, opened=demo)) == []


def test_groups_that_may_not_be_shown_have_no_response_either(demo: OpenStudy, nl: Wording) -> None:
    shown = release(demo.responses, minimum=50)
    rows = {
        name: shown.mask(frame, group=name, construct=None)
        for name, frame in survey.group_response(demo).items()
    }
    (drawing,) = drawings(response_views(survey.response(demo), rows, nl, opened=demo))
    assert drawing.chart is not None
    assert "Organisatie 5" not in drawing.chart.categories  # 42 people
    assert "Organisatie 1" in drawing.chart.categories
    assert "Organisatie 5" not in drawing.alt


# favourable


def test_the_most_and_the_least_favourable_dimension_are_named(instrument: Instrument, nl: Wording) -> None:
    text = favourable_sentence(shares(instrument), nl, instrument=instrument)
    assert text == (
        "Het gunstigst: delen van informatie, met 63% van de antwoorden; "
        "het minst: kansen en uitdaging, met 30%."
    )


def test_few_answers_and_answers_all_alike_are_masked(instrument: Instrument) -> None:
    rows = shares(instrument)
    rows.loc["LCU", "n"] = 49
    rows.loc["LEM", ["favourable", "neutral", "unfavourable"]] = [1.0, 0.0, 0.0]
    shown = shares_shown(rows)
    assert (
        shown.loc[["LCU", "LEM"], ["favourable", "neutral", "unfavourable", "ci_low"]].isna().to_numpy().all()
    )
    assert shown["favourable"].notna().sum() == len(rows) - 2


def test_below_fifty_there_are_words_and_no_number(instrument: Instrument, nl: Wording) -> None:
    views = favourable_views(shares(instrument, n=49), nl, instrument=instrument)
    assert drawings(views) == []
    (table,) = tables(views)
    assert list(table.frame.iloc[:, 1])[:3] == ["een kwart tot de helft"] * 3
    assert set(table.raw["band"]) <= {"first", "second", "third", "last"}
    assert not any(character.isdigit() for character in " ".join(table.frame.iloc[:, 1]))


def test_words_tell_no_more_than_a_quarter_and_nothing_of_what_few_answered(
    instrument: Instrument, en: Wording
) -> None:
    rows = shares(instrument, n=45)
    whole = [1.0, 0.0, 0.0]
    rows.loc[["SUP", "LEM", "OPP"], ["favourable", "neutral", "unfavourable"]] = whole
    rows.loc["SUP", "n"] = 2
    rows.loc["OPP", "n"] = 9
    rows.loc["LCU", ["favourable", "neutral", "unfavourable"]] = [0.0, float("nan"), 1.0]
    rows.loc["INF", ["n", "favourable", "neutral", "unfavourable"]] = float("nan")  # masked
    (table,) = tables(favourable_views(rows, en, instrument=instrument))
    told = dict(zip(rows.index, table.raw["band"], strict=True))
    assert [told[code] for code in ("SUP", "OPP", "INF")] == ["unknown"] * 3
    assert (told["LEM"], told["LCU"]) == ("last", "first")
    assert "nearly all" not in table.html()
    (other,) = tables(favourable_views(rows, en, instrument=instrument, minimum=9))
    assert dict(zip(rows.index, other.raw["band"], strict=True))["OPP"] == "last"


def test_items_of_fewer_than_fifty_people_show_nothing(demo: OpenStudy, nl: Wording) -> None:
    few = replace(demo.responses, items=demo.responses.items.head(40))
    assert favourable_item_views(survey.favourable_items(few), nl, instrument=demo.instrument) == []


# eNPS


def test_the_score_is_said_with_its_verdict(nl: Wording) -> None:
    found = Enps(
        n=566,
        promoters=0.242,
        passives=0.459,
        detractors=0.299,
        score=-5.65,
        se=3.1,
        ci_low=-11.6,
        ci_high=0.4,
    )
    text = enps_sentence(found, nl, least=50)
    assert text.startswith(
        "**eNPS −6** [95%-interval −12 tot 0], uit 566 antwoorden: 24% promotors min 30% criticasters."
    )
    assert text.endswith("het interval bevat nul.")
    assert "duidelijk meer criticasters" in enps_sentence(replace(found, ci_high=-0.2), nl, least=50)
    assert "duidelijk meer promotors" in enps_sentence(replace(found, ci_low=0.3), nl, least=50)


def test_a_small_sample_has_a_direction_and_no_shares(demo: OpenStudy, nl: Wording) -> None:
    found = enps(np.array([9.0] * 30 + [5.0] * 5))
    views = enps_views(found, {}, nl, opened=demo)
    assert len(views) == 1
    text = str(views[0])
    assert "35 mensen antwoordden" in text
    assert "%" not in text
    assert "eNPS" not in text


def test_too_few_or_no_answers_show_nothing(demo: OpenStudy, nl: Wording) -> None:
    assert enps_views(None, {}, nl, opened=demo) == []
    assert enps_views(enps(np.array([9.0] * 9)), {}, nl, opened=demo) == []


def test_groups_below_fifty_answers_stand_nowhere(demo: OpenStudy, nl: Wording) -> None:
    shown = release(demo.responses, minimum=50)
    rows = {
        name: shown.mask(frame, group=name, of="recommend")
        for name, frame in survey.group_enps(demo.responses).items()
    }
    views = enps_views(survey.study_enps(demo.responses), rows, nl, opened=demo)
    (drawing,), (table,) = drawings(views), tables(views)
    assert drawing.chart is not None
    for name in ("Organisatie 5", "Organisatie 6"):  # 40 and 46 answers
        assert name not in drawing.chart.categories
        assert not table.frame.iloc[:, 0].str.contains(name).any()
    unmasked = enps_views(
        survey.study_enps(demo.responses), survey.group_enps(demo.responses), nl, opened=demo
    )
    assert tables(unmasked)[0].raw["n"].min() >= 50  # whatever the mask lets through
    assert "Organisatie: Organisatie 4" in list(table.frame.iloc[:, 0])
    assert table.raw["n"].min() >= 50
    # exact shares would give exact numbers of people; files hold what the page shows
    assert (table.raw["promoters"] * 100 % 1).round(6).isin([0.0, 1.0]).all()


# segments


def test_a_clear_difference_is_named_and_drawn(demo: OpenStudy, nl: Wording) -> None:
    rows = differences(demo.instrument, ("Organisatie 1", "Organisatie 2", "Organisatie 3"))
    views = segment_views({"organisation": rows}, nl, opened=demo)
    assert views[0] == (
        "**Naar organisatie** is één van de 45 verschillen met de rest duidelijk na correctie: "
        "Organisatie 1, leren van klanten (0,70)."
    )
    (drawing,) = drawings(views)
    assert drawing.chart is not None
    assert drawing.chart.kind == "heat"


def test_masked_groups_are_neither_named_nor_counted(demo: OpenStudy, nl: Wording) -> None:
    rows = differences(demo.instrument, ("Organisatie 1", "Organisatie 2", "Organisatie 3"))
    rows.loc[rows["group"] == "Organisatie 2", rows.columns[2:]] = np.nan
    views = segment_views({"organisation": rows}, nl, opened=demo)
    assert "van de 30 verschillen" in str(views[0])
    (drawing,), (table,) = drawings(views), tables(segment_tables({"organisation": rows}, nl, opened=demo))
    assert drawing.chart is not None
    assert [series.name for series in drawing.chart.series] == ["Organisatie 1", "Organisatie 3"]
    assert "Organisatie 2" not in set(table.raw["group"])


def test_of_two_groups_the_second_is_not_told_over_again(demo: OpenStudy, nl: Wording) -> None:
    rows = differences(demo.instrument, ("Vast", "Flexibel"))
    views = segment_views({"contract": rows}, nl, opened=demo)
    assert "één van de 15 verschillen" in str(views[0])
    (drawing,) = drawings(views)
    assert drawing.chart is not None
    assert [series.name for series in drawing.chart.series] == ["Vast"]


def test_nothing_clear_is_said_without_a_picture(demo: OpenStudy, nl: Wording) -> None:
    rows = differences(demo.instrument, ("Vast", "Flexibel")).assign(p_value=0.3)
    views = segment_views({"contract": rows}, nl, opened=demo)
    assert views == [
        "**Naar contract** verschilt geen groep op enige schaal duidelijk van de rest, "
        "na correctie voor 15 vergelijkingen."
    ]
    nothing = rows.assign(**dict.fromkeys(rows.columns[2:], np.nan))
    assert segment_views({"contract": nothing}, nl, opened=demo) == []


def test_several_clear_differences_are_counted(demo: OpenStudy, en: Wording) -> None:
    rows = survey.corrected(differences(demo.instrument, ("A", "B", "C")).assign(p_value=1e-9))
    text = segment_sentence(rows, en, group=demo.spec.group("organisation"), instrument=demo.instrument)
    assert text.startswith(
        "**By organisation**, 45 of 45 differences from the rest are clear after correction."
    )
    assert text.count(";") == 4  # five named


# a questionnaire with scales of several lengths


def test_scales_without_a_middle_are_shown(en: Wording) -> None:
    gss = load_instrument("gss_quality_of_worklife")
    rows = shares(gss)
    rows["neutral"] = np.nan
    (drawing,), (table,) = (
        drawings(favourable_views(rows, en, instrument=gss)),
        tables(favourable_views(rows, en, instrument=gss)),
    )
    assert drawing.figure is not None
    assert set(table.frame["Neutral"]) == {"–"}
