"""The checklist for privacy officers: the study's facts, no advice, two languages, nothing from elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from jq_models.report.page import _FOREIGN
from jq_models.report.privacy import NEVER, POINTS, STORED, privacy_page
from jq_models.report.wording import wording
from jq_models.spec import Study, load_instrument, load_study


@pytest.fixture(scope="module")
def demo() -> Study:
    return load_study("demo")


def page(study: Study, language: str = "nl") -> str:
    return privacy_page(study, instrument=load_instrument(study.instrument), w=wording(language))


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_says_first_that_it_is_no_legal_advice(demo: Study, language: str) -> None:
    body = page(demo, language).split("<main>")[1]
    assert 0 < body.index(wording(language)("privacy.no_advice")) < body.index("<h2>")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_point_stands_once_with_its_article(demo: Study, language: str) -> None:
    made, w = page(demo, language), wording(language)
    law = re.search(r'<table class="points law">(.*?)</table>', made)
    assert law is not None
    assert law[1].count("<tr>") == len(POINTS) + 1
    assert law[1].count('class="tick"') == len(POINTS)
    assert re.search(r'<table class="points stored">(.*?)</table>', made)[1].count("<tr>") == len(STORED) + 1
    assert all(w(f"privacy.store.{key}_what") in made for key in STORED)
    assert "27 lid 1 onder k" in page(demo, "nl")
    assert "27(1)(k)" in page(demo, "en")


def test_the_studys_own_numbers_are_filled_in(demo: Study) -> None:
    other = replace(demo, name="acme", minimum_group=17, ignore=("a", "b", "c"), file="data/raw/acme.xlsx")
    made = page(other)
    assert "17 personen" in made
    assert ">10 personen" not in made
    assert made.count("ten minste 17 personen") == 3
    assert "3 (zoals open antwoorden" in made
    assert "<code>jq-models purge acme</code>" in made
    assert "<code>data/raw/acme.xlsx</code>" in made
    assert "<code>data/raw/acme.issued.json</code>" in made
    assert len(NEVER) == 8


def test_a_file_that_purge_does_not_reach_is_to_be_deleted_by_hand(demo: Study) -> None:
    inside, outside = replace(demo, file="data/raw/acme.csv"), replace(demo, file="data/rawer/acme.csv")
    assert wording("nl")("privacy.store.export_until_outside") not in page(inside)
    assert wording("nl")("privacy.store.export_until_outside") in page(outside)


def test_names_of_groups_and_files_are_escaped(demo: Study) -> None:
    odd = type(demo.title)(en="<script>x</script>", nl="<script>x</script> & zoon")
    made = page(replace(demo, title=odd, file="data/raw/<b>.csv"))
    assert "<script" not in made
    assert "&lt;script&gt;" in made
    assert "<b>" not in made


@pytest.mark.parametrize("language", ["en", "nl"])
def test_nothing_is_loaded_from_elsewhere(demo: Study, language: str) -> None:
    body = page(demo, language).split("<body>")[1]
    assert _FOREIGN.search(body) is None
    assert "default-src 'none'" in page(demo, language)
