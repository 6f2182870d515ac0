"""What is guessed about an unknown file, and above all what is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jq_models.data import RawTable
from jq_models.data.propose import propose
from jq_models.data.propose_background import guess_covariates, guess_groups, ignored_kinds
from jq_models.data.propose_items import match_items
from jq_models.errors import DataError
from jq_models.spec import Instrument, load_instrument

ATM = {
    "ATM3": "Op onze afdeling wordt veel gelachen.",
    "ATM4": "Op onze afdeling wordt over elkaar geroddeld.",
}


@pytest.fixture(scope="module")
def ccc() -> Instrument:
    return load_instrument("ccc_job_quality")


def table(columns: Mapping[str, Any], **facts: Any) -> RawTable:
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    return RawTable(frame=frame, name="export.csv", format="csv", sha256="0", **facts)


def one_each(*headers: str, **facts: Any) -> RawTable:
    return table({header: ["4", "2", "5"] for header in headers}, **facts)


@pytest.mark.parametrize(
    ("header", "how", "confidence"),
    [
        ("OPP1", "code", 1.0),
        ("opp1", "code", 0.98),
        ("OPP 1", "code", 0.98),
        ("Q1_OPP1", "code", 0.95),
        ("OPP[OPP1]", "code", 0.95),
        ("OPP_01", "code", 0.95),
        ("OPP[1]", "code", 0.95),
        ("OPP1. Geef aan wat u vindt van de stelling hieronder.", "code", 0.95),
        ("In mijn werk kom ik vragen tegen waar ik echt mijn tanden in kan zetten.", "text", 0.97),
        ("12. in mijn WERK kom ik vragen tegen, waar ik echt mijn tanden in kan zetten", "text", 0.97),
        ("Stem [In my work I come across questions I can really get my teeth into.]", "text", 0.97),
        ("Hoe is het? - In my work I come across questions I can really get my teeth into", "text", 0.97),
        ("OPP1: In my work I come across questions I can really get my teeth into.", "code", 1.0),
        ("<p>In my work I come across&nbsp;questions I can really get my teeth into.</p>", "text", 0.97),
    ],
)
def test_a_column_is_found_by_code_or_question(
    header: str, how: str, confidence: float, ccc: Instrument
) -> None:
    (match,) = match_items(one_each(header, "remarks"), ccc).found
    assert (match.item, match.column, match.how, match.confidence) == ("OPP1", header, how, confidence)


@pytest.mark.parametrize(
    "header",
    [
        "In m'n werk kom ik vragen tegen waar ik mijn tanden in kan zetten",
        "In my work I often come across questions I can really get my teeth in",
        "Werk: In mijn werk kom ik vragen teg...",
    ],
)
def test_a_question_in_slightly_other_words_is_found_and_marked(header: str, ccc: Instrument) -> None:
    (match,) = match_items(one_each(header, "remarks"), ccc).found
    assert (match.item, match.how) == ("OPP1", "similar text")
    assert 0.8 <= match.confidence < 0.97


@pytest.mark.parametrize(
    "header",
    [
        "OPP",
        "OPP11",
        "OPP[11]",
        "OPP[SQ001]",
        "OPP1-4",
        "OPP1 OPP2",
        "SHOPP1",
        "Op onze afdeling wordt veel geroddeld.",  # as like ATM3 as ATM4
        "In mijn werk kom ik geen vragen tegen waar ik echt mijn tanden in kan zetten.",
        "Deze organisatie past niet bij mij.",
        "Mijn leidinggevende",
        "I met OPP1 people at the fair and it was fine",
    ],
)
def test_what_is_not_clearly_one_question_is_not_guessed(header: str, ccc: Instrument) -> None:
    matched = match_items(one_each(header, "remarks"), ccc)
    assert (matched.found, dict(matched.doubtful)) == ((), {})


def test_a_question_text_beside_the_name_counts_as_the_name_does(ccc: Instrument) -> None:
    raw = one_each(*ATM, "v3", questions={"v3": "De doelen die ik moet halen, gaan goed samen."})
    assert {match.item: match.column for match in match_items(raw, ccc).found} == {
        "CON3": "v3",
        "ATM3": "ATM3",
        "ATM4": "ATM4",
    }


@pytest.mark.parametrize(
    ("headers", "facts", "doubtful"),
    [
        (("T1_OPP1", "T2_OPP1"), {}, {"OPP1": ("T1_OPP1", "T2_OPP1")}),
        (("OPP1", "OPP2"), {"duplicates": {"OPP1": 2}}, {"OPP1": ("OPP1",)}),
        # the name says one thing, the question another
        (("ATM3", "x"), {"questions": {"ATM3": ATM["ATM4"]}}, {"ATM3": ("ATM3",), "ATM4": ("ATM3",)}),
        # one column has the code, another one the words
        (("ATM3", ATM["ATM3"]), {}, {"ATM3": ("ATM3", ATM["ATM3"])}),
        # the questionnaire in two languages, side by side
        (
            ("In our department you can be yourself.", "Op onze afdeling kun je jezelf zijn."),
            {},
            {"ATM1": ("In our department you can be yourself.", "Op onze afdeling kun je jezelf zijn.")},
        ),
        # two texts as like the question
        (
            ("Op de afdeling kun je jezelf zijn", "Op mijn afdeling kun je jezelf zijn"),
            {},
            {"ATM1": ("Op de afdeling kun je jezelf zijn", "Op mijn afdeling kun je jezelf zijn")},
        ),
    ],
)
def test_of_two_equal_claims_none_is_chosen(
    headers: tuple[str, ...], facts: dict[str, Any], doubtful: dict[str, tuple[str, ...]], ccc: Instrument
) -> None:
    matched = match_items(one_each(*headers, **facts), ccc)
    assert {item: tuple(sorted(columns)) for item, columns in matched.doubtful.items()} == {
        item: tuple(sorted(columns)) for item, columns in doubtful.items()
    }
    assert not {match.item for match in matched.found} & set(doubtful)


def test_the_better_claim_wins(ccc: Instrument) -> None:
    raw = table({"OPP[OPP1]": ["3", "4"], "OPP1": ["1", "2"], "Q_OPP2": [None, None], "x OPP2": ["1", "5"]})
    matched = match_items(raw, ccc)
    assert {match.item: match.column for match in matched.found} == {"OPP1": "OPP1", "OPP2": "x OPP2"}


def test_a_column_goes_to_no_item_that_has_one(ccc: Instrument) -> None:
    raw = one_each("ATM1", "Op de afdeling kun je jezelf zijn")
    assert [match.column for match in match_items(raw, ccc).found] == ["ATM1"]


# --- the whole proposal, on the small questionnaire


def test_codes_for_no_answer_are_named_only_from_a_known_list(
    instrument: Instrument, answers: pd.DataFrame, read: Callable[..., RawTable]
) -> None:
    answers.loc[:3, "OPP2"] = "99"
    answers.loc[4:5, "OPP3"] = "-9"
    answers.loc[6, "AMB1"] = "8"
    answers.loc[7, "AMB1"] = "6"  # neither an answer nor a known code
    answers.loc[8, "AMB2"] = "0"  # with answers 0 to 4 it would be one
    answers.loc[9, "REC1"] = "9"  # an answer on 0 to 10
    found = propose(read(answers), instrument).missing
    assert dict(found) == {99: 4, -9: 2, 8: 1}


@pytest.mark.parametrize(
    ("answers_given", "scale"),
    [
        ([1, 2, 3, 4, 5] * 20, None),
        ([1, 2, 3, 4, 5] * 20 + [6], None),  # a slip of the pen
        ([1, 2, 3, 4, 5] * 20 + [6] * 10, None),  # 6 = "don't know", perhaps: for the reader to say
        ([1, 2, 3, 4, 5, 6, 7] * 20, "agree7"),
        ([1, 2, 3, 4, 5, 6, 7] * 20 + [9] * 10, "agree7"),
        (["Mee eens", "Helemaal mee oneens", "Enigszins mee eens"] * 20, "agree7"),
        (["Mee eens", "Helemaal mee oneens", "Mee oneens"] * 20, None),
        (["A1", "A3", "A7", "A6"] * 20, "agree7"),
        ([None] * 10, None),
    ],
)
def test_the_answer_scale_is_guessed(answers_given: list[Any], scale: str | None, ccc: Instrument) -> None:
    cells = [None if cell is None else str(cell) for cell in answers_given]
    assert propose(table({"OPP1": cells, "OPP2": cells}), ccc).scale == scale


@pytest.fixture(scope="module")
def persons() -> Any:
    """Ten items on seven points by 200 persons who differ in how high they answer."""
    rng = np.random.default_rng(5)
    level = rng.normal(size=(200, 1))
    return np.clip(np.rint(4.3 + 1.2 * level + 0.9 * rng.normal(size=(200, 10))), 1, 7)


def _items(answers: Any, **facts: Any) -> RawTable:
    codes = [f"{construct}{k}" for construct in ("OPP", "AMB", "SUP") for k in range(1, 5)]
    return table({code: [str(int(v)) for v in answers[:, k]] for k, code in enumerate(codes[:10])}, **facts)


@pytest.mark.parametrize("share", [0.05, 0.25])
def test_codes_of_who_does_not_know_are_no_seven_points(share: float, persons: Any, ccc: Instrument) -> None:
    rng = np.random.default_rng(6)
    five = np.clip(persons, 1, 5)
    answers = np.where(rng.random(five.shape) < share, rng.choice([6, 7], five.shape), five)
    found = propose(_items(answers), ccc)
    assert found.scale is None  # so that the check stops at 6 and 7
    assert propose(_items(persons), ccc).scale == "agree7"


def test_labels_say_which_codes_are_no_answer(ccc: Instrument) -> None:
    labels = {"6": "Weet niet", "7": "N.v.t."}
    cells = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0] * 20
    raw = table({"OPP1": cells, "OPP2": cells}, value_labels={"OPP1": labels, "OPP2": labels})
    assert propose(raw, ccc).scale is None
    seven = {str(k): word for k, word in enumerate(ccc.scales[1].labels["nl"], start=1)}
    raw = table({"OPP1": [2.0, 4.0] * 9}, value_labels={"OPP1": seven})
    assert propose(raw, ccc).scale == "agree7"  # though nobody chose 6 or 7


def test_a_code_for_no_answer_is_rare_and_stands_apart(ccc: Instrument) -> None:
    ten = [str(k) for k in range(1, 11)] * 20
    assert dict(propose(table({"OPP1": ten}), ccc).missing) == {}
    half = ["3", "8"] * 50
    assert dict(propose(table({"OPP1": half}), ccc).missing) == {}
    few = ["1", "2", "3", "4", "5"] * 20 + ["8", "9", "99"]
    assert dict(propose(table({"OPP1": few}), ccc).missing) == {8: 1, 9: 1, 99: 1}


def test_what_has_no_question_at_all_is_refused_without_repeating_a_cell(ccc: Instrument) -> None:
    with pytest.raises(DataError, match="none of its 2 columns") as caught:
        propose(one_each("Kanarie Jansen", "kanarie@example.org"), ccc)
    assert "anarie" not in str(caught.value)


def test_items_without_a_column_are_listed(ccc: Instrument) -> None:
    proposal = propose(one_each("OPP1", "T1_OPP2", "T2_OPP2"), ccc)
    assert len(proposal.not_found) == 57
    assert not {"OPP1", "OPP2"} & set(proposal.not_found)
    assert proposal.ignored == {}  # what is in doubt stays in sight


@pytest.mark.parametrize(
    ("columns", "language"),
    [
        ({"In our department you can be yourself.": ["1"]}, "en"),
        ({"Op onze afdeling kun je jezelf zijn.": ["1"]}, "nl"),
        ({"ATM1": ["Mee eens", "Agree", "Helemaal mee eens"]}, "nl"),
        ({"ATM1": ["1", "2"]}, ""),
    ],
)
def test_the_language_is_that_of_questions_else_answers(
    columns: dict[str, list[str]], language: str, ccc: Instrument
) -> None:
    assert (
        propose(table({**columns, "nr": ["x"] * len(next(iter(columns.values())))}), ccc).language == language
    )


# --- groups, covariates and the rest

TEAMS = ["Noord", "Zuid", "NA"] * 10


@pytest.mark.parametrize(
    ("header", "group"),
    [
        ("Team", "team"),
        ("teamnaam", "team"),
        ("Naam van je team", "team"),
        ("In welk team werk je?", "team"),
        ("Which team do you work in?", "team"),
        ("Afdeling", "department"),
        ("Op welke afdeling werkt u?", "department"),
        ("Voor welke organisatie werkt u?", "organisation"),
        ("Wat is uw dienstverband?", "contract"),
        ("What type of contract do you have?", "contract"),
        ("Hoeveel dagen per week werkt u thuis?", "home_days"),
        ("How many days a week do you work from home?", "home_days"),
        ("thuiswerkdagen", "home_days"),
        ("Aantal thuiswerkdagen per week", "home_days"),
        ("Op hoeveel dagen per week werkt u thuis?", "home_days"),
        ("60. Hoeveel dagen per week werkt u thuis? *", "home_days"),
        ("12) Team", "team"),
        ("Wat is de naam van je organisatie?", "organisation"),
        ("Vestiging", "location"),
        ("Meting", "wave"),
        ("UserLanguage", "language"),
        ("startlanguage", "language"),
        ("Taal", "language"),
    ],
)
def test_groups_are_known_by_their_words(header: str, group: str) -> None:
    (found,) = guess_groups(table({header: TEAMS}), [header])
    assert (found.name, found.column, found.values) == (group, header, 3)
    assert set(found.labels) == {"Noord", "Zuid", "NA"}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Hoe vaak overleg je met je team?", TEAMS),
        ("What do you think of your team?", TEAMS),
        ("Naam teamleider", TEAMS),
        ("Naam leidinggevende van het team", TEAMS),
        ("Leeftijd", TEAMS),
        ("Wat is uw naam?", TEAMS),
        ("Hoeveel van je collega's werken thuis?", TEAMS),
        ("Q7", TEAMS),
        ("Team", ["Noord"] * 30),  # no groups
        ("Team", [f"T{row}" for row in range(30)]),  # no two people alike
        ("Team", [f"T{row // 4}" for row in range(30)]),  # fewer than five people a value
        ("Team", ["Noord", "Zuid"] * 5 + [None] * 20),  # most have none
    ],
)
def test_what_is_no_group_is_none(header: str, cells: list[Any]) -> None:
    assert guess_groups(table({header: cells}), [header]) == ()


def test_two_columns_for_one_group_are_none_unless_one_is_called_so() -> None:
    assert (
        guess_groups(table({"huidig team": TEAMS, "vorig team": TEAMS}), ["huidig team", "vorig team"]) == ()
    )
    both = table({"Team": TEAMS, "vorig team": TEAMS})
    assert [group.column for group in guess_groups(both, ["Team", "vorig team"])] == ["Team"]


@pytest.mark.parametrize(("small", "written"), [(9, False), (10, True)])
def test_values_are_written_only_when_ten_people_hold_each(small: int, written: bool) -> None:
    cells = ["Vast"] * (30 - small) + ["Flex"] * small
    (found,) = guess_groups(table({"contract": cells}), ["contract"])
    assert bool(found.labels) is written
    if written:
        assert dict(found.labels["Vast"]) == {"en": "Permanent", "nl": "Vast"}


def test_values_that_would_get_one_word_keep_their_own() -> None:
    (found,) = guess_groups(table({"contract": ["Vast", "vast contract"] * 15}), ["contract"])
    assert {value: words["nl"] for value, words in found.labels.items()} == {
        "Vast": "Vast",
        "vast contract": "vast contract",
    }


def test_words_of_an_spss_file_are_taken() -> None:
    raw = table({"team": [1.0, 2.0] * 15}, value_labels={"team": {"1": "Noord", "2": "Zuid"}})
    (found,) = guess_groups(raw, ["team"])
    assert {value: words["en"] for value, words in found.labels.items()} == {"1": "Noord", "2": "Zuid"}


RECOMMEND = "Hoe waarschijnlijk is het dat u ons als werkgever zou aanbevelen?"
CONTACT = "Welk deel van uw werktijd hebt u contact met klanten?"


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({RECOMMEND: ["0", "10", "8", "99", None]}, {"recommend": RECOMMEND}),
        ({"Would you recommend us?": ["1", "5", "4"]}, {}),  # five points: not 0 to 10
        ({"eNPS": ["0", "10"], "eNPS_group": ["0", "10"]}, {"recommend": "eNPS"}),
        ({"NPS 2024": ["0", "10"], "NPS 2025": ["0", "10"]}, {}),
        ({"recommend": ["Noord", "10"]}, {}),
        ({CONTACT: ["80", "100", "20,5"]}, {"customer_contact": CONTACT}),
        ({"contact": ["80", "100"]}, {"customer_contact": "contact"}),
        ({"Contact e-mail": ["80", "100"]}, {}),
        ({"contact": ["4", "5"]}, {}),
    ],
)
def test_covariates_are_numbers_in_their_range(columns: dict[str, list[Any]], found: dict[str, str]) -> None:
    assert guess_covariates(table(columns), list(columns)) == found


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("E-mailadres", ["a@b.nl"], "personal"),
        ("RecipientLastName", ["x"], "personal"),
        ("Geboortejaar", ["1980"], "personal"),
        ("Wat is uw leeftijd?", ["40"], "personal"),
        ("Tijd van voltooien", ["x"], "date"),
        ("v1", ["2025-11-03 09:12", "3-11-2025"], "date"),
        ("ResponseId", ["R_1", "R_2"], "identifier"),
        ("v2", ["a7", "b9", "c3"], "identifier"),
        ("Duration (in seconds)", ["361", "12"], "technical"),
        ("v3", ["Het is hier een gezellige boel", "Meer tijd voor klanten graag"], "free_text"),
        ("v4", ["man", "vrouw"] * 10, "few_values"),
        ("v5", [None, None], "empty"),
        ("v6", ["1.5", "2.5", "2.5"], "other"),
    ],
)
def test_columns_left_over_have_a_kind(header: str, cells: list[Any], kind: str) -> None:
    assert ignored_kinds(table({header: cells}), [header]) == {kind: (header,)}


def test_a_name_that_may_be_an_answer_is_not_repeated(ccc: Instrument) -> None:
    cells = ["4", "5", "3"]
    raw = table(
        {"OPP1": cells, "kanarie@example.org": cells, "Kanarie zei iets liefs": cells, "E-mail": cells}
    )
    proposal = propose(raw, ccc)
    assert dict(proposal.ignored) == {"personal": ("E-mail",)}
    assert proposal.unspoken == 2
    told = propose(replace(raw, tool="google_forms"), ccc)
    assert {name for names in told.ignored.values() for name in names} == {"E-mail", "Kanarie zei iets liefs"}


def test_a_header_that_looks_like_the_cells_below_is_not_repeated(ccc: Instrument) -> None:
    raw = table(
        {
            "OPP1": ["4", "5", "3"],
            "Kanarie Achternaam3": ["Kanarie Achternaam1", "Kanarie Achternaam2", "Achternaam"],
            "R_Kanarie003": ["R_Kanarie001", "R_Kanarie002", "ResponseId"],
            "Voornaam": ["Jan", "Piet", "Kees"],
        },
        tool="qualtrics",
    )
    proposal = propose(raw, ccc)
    assert dict(proposal.ignored) == {"personal": ("Voornaam",)}
    assert proposal.unspoken == 2


def test_a_wide_file_takes_seconds_not_minutes(ccc: Instrument) -> None:
    rng = np.random.default_rng(3)
    words = " ".join(item.text["nl"] for item in ccc.items).split()
    headers = [" ".join(rng.choice(words, size=12)) for _ in range(300)]
    raw = one_each("OPP1", *dict.fromkeys(headers))
    assert [match.item for match in match_items(raw, ccc).found] == ["OPP1"]
