"""Texts of agreement: one position each, or none."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest
from export_files import answers_frame, write_surveymonkey

from jq_models.data import read_table
from jq_models.data.coding import code_answers, code_table
from jq_models.data.labels import answer_code, guess_scale, is_agreement, numbered, positions, wording
from jq_models.data.simulate import MISSING_CODE
from jq_models.spec import load_instrument, load_study

# wordings as questionnaires have them, lowest first
FIVE = {
    "zeer": ["Zeer mee oneens", "Oneens", "Neutraal", "Eens", "Zeer mee eens"],
    "volledig": ["Volledig mee oneens", "Mee oneens", "Neutraal", "Mee eens", "Volledig mee eens"],
    "niet": [
        "Helemaal niet mee eens",
        "Niet mee eens",
        "Niet mee eens/niet mee oneens",
        "Mee eens",
        "Helemaal mee eens",
    ],
    "noch": ["Totaal oneens", "Oneens", "Noch eens, noch oneens", "Eens", "Totaal eens"],
    "beetje": [
        "Helemaal mee oneens",
        "Een beetje mee oneens",
        "Neutraal",
        "Een beetje mee eens",
        "Helemaal mee eens",
    ],
    "qualtrics": [
        "Strongly disagree",
        "Somewhat disagree",
        "Neither agree nor disagree",
        "Somewhat agree",
        "Strongly agree",
    ],
    "totally": ["Totally disagree", "Disagree", "Neutral", "Agree", "Totally agree"],
    "behind": ["Disagree strongly", "Disagree", "Neither agree nor disagree", "Agree", "Agree strongly"],
    "tend": [
        "Strongly disagree",
        "Tend to disagree",
        "Neither agree nor disagree",
        "Tend to agree",
        "Strongly agree",
    ],
    "mild": ["Disagree", "Slightly disagree", "Neutral", "Slightly agree", "Agree"],
}
SEVEN = {
    "enigszins": [
        "Helemaal mee oneens",
        "Mee oneens",
        "Enigszins mee oneens",
        "Neutraal",
        "Enigszins mee eens",
        "Mee eens",
        "Helemaal mee eens",
    ],
    "eerder": [
        "Zeer oneens",
        "Oneens",
        "Eerder oneens",
        "Niet eens, niet oneens",
        "Eerder eens",
        "Eens",
        "Zeer eens",
    ],
    "grotendeels": [
        "Volledig mee oneens",
        "Grotendeels mee oneens",
        "Een beetje mee oneens",
        "Neutraal",
        "Een beetje mee eens",
        "Grotendeels mee eens",
        "Volledig mee eens",
    ],
    "somewhat": [
        "Strongly disagree",
        "Disagree",
        "Somewhat disagree",
        "Neither agree nor disagree",
        "Somewhat agree",
        "Agree",
        "Strongly agree",
    ],
    "moderately": [
        "Strongly disagree",
        "Moderately disagree",
        "Slightly disagree",
        "Neutral",
        "Slightly agree",
        "Moderately agree",
        "Strongly agree",
    ],
    "slightly": [
        "Strongly disagree",
        "Somewhat disagree",
        "Slightly disagree",
        "Neutral",
        "Slightly agree",
        "Somewhat agree",
        "Strongly agree",
    ],
    "totally": [
        "Totally disagree",
        "Strongly disagree",
        "Disagree",
        "Neutral",
        "Agree",
        "Strongly agree",
        "Totally agree",
    ],
}
SCALES = [pytest.param(5, words, id=f"5 {name}") for name, words in FIVE.items()]
SCALES += [pytest.param(7, words, id=f"7 {name}") for name, words in SEVEN.items()]


def _fielded(points):
    instrument = load_instrument("ccc_job_quality")
    return instrument.with_scale(f"agree{points}") if points == 7 else instrument


@pytest.mark.parametrize(("points", "words"), SCALES)
def test_customary_wordings_have_their_position(points, words):
    cells = pd.Series([word.upper() for word in words], dtype=object)
    coded = code_answers(cells, scale=_fielded(points).items[0].scale)
    assert coded.values.tolist() == list(range(1, points + 1))
    assert dict(coded.counts) == {"label_text": points}


@pytest.mark.parametrize(("points", "words"), SCALES)
def test_a_position_never_hangs_on_who_happened_to_answer(points, words):
    """Whatever part of the texts a file holds, a text it reads has its own position, or none at all."""
    place = {word.casefold(): k for k, word in enumerate(words, start=1)}
    for size in range(1, points + 1):
        for part in combinations(words, size):
            for text, position in positions(part, points=points).items():
                later = [k for word, k in place.items() if word.replace(",", "") == text.replace(",", "")]
                assert later == [position]


@pytest.mark.parametrize(("points", "words"), [*SCALES[:10:3], *SCALES[10::3]])
def test_other_wordings_in_an_export_read_back_to_the_answers_drawn(tmp_path, points, words):
    frame, instrument = answers_frame(n=40, points=points)
    path = tmp_path / "s.csv"
    written = write_surveymonkey(frame, path, instrument=instrument, words=words)
    items = [item.code for item in instrument.items]
    study = replace(load_study("demo"), columns={code: written.columns[code] for code in items})
    coding = code_table(read_table(path), study=study, instrument=instrument)
    drawn = frame[items].astype(float)
    pd.testing.assert_frame_equal(coding.answers, drawn.mask(drawn == MISSING_CODE))


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (5, ["Strongly agree", "Agree", "Somewhat agree"]),  # three strengths a side: not five points
        (7, ["Totally agree", "Strongly agree"]),
        (7, ["Strongly agree", "Somewhat agree"]),  # with "agree", or with "slightly agree", never chosen
        (5, ["Agree", "Disagree"]),
        (7, ["Somewhat agree", "Slightly agree"]),
        (7, ["Helemaal mee eens", "Zeer mee eens", "Mee eens", "Enigszins mee eens"]),
        (7, ["Agree", "Mostly agree"]),
    ],
)
def test_texts_that_can_be_read_in_two_ways_are_not_read(points, words):
    assert positions(words, points=points) == {}


def test_what_the_file_says_elsewhere_decides():
    scale = _fielded(7).items[0].scale
    cells = pd.Series(["Slightly agree", "Slightly disagree"], dtype=object)
    assert code_answers(cells, scale=scale).counts == {"not_a_number": 2}
    for others, codes in (({"Agree", "Strongly agree"}, [5, 3]), ({"Somewhat agree", "Agree"}, [5, 3])):
        assert code_answers(cells, scale=scale, texts={*cells, *others}).values.tolist() == codes
    outer = pd.Series(["Agree", "Disagree"], dtype=object)
    texts = {*outer, "Somewhat agree", "Slightly disagree"}
    assert code_answers(outer, scale=scale, texts=texts).values.tolist() == [7, 1]


def test_the_scales_own_labels_stay_what_they_are():
    instrument = load_instrument("ccc_job_quality")
    for scale in instrument.scales:
        for words in scale.labels.values():
            for size in (1, 2):
                for part in combinations(words, size):
                    coded = code_answers(pd.Series(part, dtype=object), scale=scale)
                    assert coded.values.tolist() == [words.index(word) + 1 for word in part]


@pytest.mark.parametrize(
    "text",
    [
        "Agreed",
        "niet helemaal mee eens",
        "niet oneens",
        "I disagree strongly agree",
        "very satisfied",
        "eens per week",
        "strongly",
        "Mee",
        "",
        "somewhat",
        "agree with my team",
    ],
)
def test_other_texts_say_nothing_of_agreement(text):
    assert wording(text) is None


def test_only_agreement_scales_of_five_or_seven_points():
    gss = load_instrument("gss_quality_of_worklife")
    assert not any(is_agreement(scale) for scale in gss.scales if len(scale.values) not in (5, 7))
    for scale in load_instrument("ccc_job_quality").scales:
        assert is_agreement(scale)
        assert not is_agreement(replace(scale, labels=scale.labels | {"nl": scale.labels["nl"][::-1]}))


@pytest.mark.parametrize(
    ("cell", "code"),
    [("A1", 1), ("AO01", 1), ("AO7", 7), ("A10", 10), ("B1", None), ("A", None), ("A1x", None), (3.0, None)],
)
def test_answer_codes(cell, code):
    assert answer_code(cell) == code


def test_answer_codes_count_only_where_there_is_nothing_else():
    scale = _fielded(5).items[0].scale
    coded = code_answers(pd.Series(["A1", "A5", None, "A6"], dtype=object), scale=scale)
    assert coded.values.tolist()[:2] == [1, 5]
    assert coded.counts == {"out_of_range": 1}
    mixed = code_answers(pd.Series(["A1", "A5", "4"], dtype=object), scale=scale)
    assert mixed.counts == {"not_a_number": 2}


@pytest.mark.parametrize(("points", "words"), SCALES)
def test_the_scale_is_guessed(points, words):
    guess = guess_scale([*words, *words, None, "Weet niet"])
    assert (guess.name, guess.share, guess.kind) == (f"agree{points}", 1.0, "texts")


@pytest.mark.parametrize(
    ("cells", "name", "kind"),
    [
        (["1", "5", "3", "99"], "agree5", "codes"),
        ([1.0, 7.0, None], "agree7", "codes"),
        (["A1", "A7", None], "agree7", "answer_codes"),
        (["AO01", "AO05"], "agree5", "answer_codes"),
        (["0", "5", "10"], None, ""),
        (["Noord", "Zuid"], None, ""),
        (["3,4", "2,7", "4"], None, ""),
        ([None, "Weet niet"], None, ""),
    ],
)
def test_guesses_from_codes_and_from_nothing(cells, name, kind):
    guess = guess_scale(cells)
    assert (guess.name, guess.kind) == (name, kind)


def test_numbers_of_thousands_of_digits_are_no_codes():
    """Python refuses to read them as whole numbers; found by damaged files."""
    assert numbered("5" * 5000 + " x") is None
    assert guess_scale(["9" * 400, "5" * 5000]).name is None
