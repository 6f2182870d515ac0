"""A question's own words among what survey tools write around them."""

from __future__ import annotations

import pytest

from jq_models.data.question_text import abbreviated, likeness, normal, parts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Wat één collega ontdekt, weten we al snel.", "wat een collega ontdekt weten we al snel"),
        ("The <b>programs</b>&nbsp;I work with", "the programs i work with"),
        ("programma’s", "programma s"),
        ("  \t\n ", ""),
        ("a < b, c > d", "a b c d"),
    ],
)
def test_words_are_left(text: str, words: str) -> None:
    assert normal(text) == words


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Stem - The question", "the question"),
        ("Stem? [The question.]", "the question"),
        ("OPP1. Stem [The question.]", "the question"),
        ("Q7: The question", "the question"),
        ("The question\n(1 = no)", "the question"),
        ("De e-mail van de klant", "de e mail van de klant"),
    ],
)
def test_the_question_is_among_the_parts(text: str, part: str) -> None:
    assert part in parts(text)


def test_many_cuts_are_no_burden() -> None:
    assert len(parts("a. " * 5000)) < 100


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("In mijn werk kom..", "in mijn werk kom"),
        ("Stem: In mijn werk…", "in mijn werk"),
        ("In mijn werk.", ""),
    ],
)
def test_a_text_cut_off_is_known_by_its_dots(text: str, beginning: str) -> None:
    assert abbreviated(text) == beginning


def test_a_denial_is_not_like_what_it_denies() -> None:
    assert likeness("deze organisatie past bij mij", "deze organisatie past heel goed bij mij") > 0.8
    assert likeness("deze organisatie past bij mij", "deze organisatie past niet bij mij") == 0.0
    assert likeness("i feel connected to it", "i do not feel connected to it") == 0.0
    assert likeness("same words", "other texts") == 0.0
