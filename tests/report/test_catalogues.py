"""The catalogues say the same things in every language, and say all that the code can ask of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jq_models.data.responses import LOG_RULES
from jq_models.data.validate import RULES
from jq_models.errors import SpecError
from jq_models.evaluate.agreement import OUTCOMES
from jq_models.evaluate.judge import DIRECTIONS, LEVELS, SOURCES
from jq_models.report.wording import placeholders, wording
from jq_models.sem import REASONS
from jq_models.spec import LANGUAGES

# keys put together from a code: w(f"problem.{rule}.what")
FAMILIES = {
    "problem.{}.what": RULES,
    "problem.{}.do": RULES,
    "log.{}": LOG_RULES,
    "reason.{}": REASONS,
    "direction.{}": DIRECTIONS,
    "level.{}": LEVELS,
    "source.{}": SOURCES,
    "agreement.{}": (
        *OUTCOMES,
        "same",
        "other",
        "estimates",
        "standard_errors",
        "chi_square",
        "jq",
        "semopy",
    ),
    "gate.{}": ("score_path", "second_order", "full", "group", "alignment"),
    "severity.{}": ("error", "warning", "note"),
    "model.{}": ("correlated", "second_order", "direct"),
    "verdict.{}": ("meets", "misses", "unknown", "distinct", "doubtful", "overlap"),
    "status.{}": ("not_fitted", "not_identified", "not_converged", "inadmissible", "admissible"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_has_its_words(family: str, language: str) -> None:
    w = wording(language)
    assert [code for code in FAMILIES[family] if family.format(code) not in w] == []


def test_the_catalogues_have_the_same_keys_and_placeholders() -> None:
    first, *others = (wording(language).texts for language in LANGUAGES)
    for other in others:
        assert first.keys() == other.keys()
        assert [key for key in first if placeholders(first[key]) != placeholders(other[key])] == []


def test_no_text_is_empty_or_left_in_the_other_language() -> None:
    en, nl = wording("en").texts, wording("nl").texts
    assert [key for key in en if not en[key].strip() or not nl[key].strip()] == []
    same = {key for key in en if en[key] == nl[key] and not key.startswith("source.")}
    words = {key: re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", en[key])) for key in same}
    assert {key for key in same if len(words[key]) > 2} == set()


def test_dutch_texts_hold_no_english_number_and_the_reverse() -> None:
    assert [k for k, text in wording("nl").texts.items() if re.search(r"(?<![\w.-])\d*\.\d", text)] == []
    assert [k for k, text in wording("en").texts.items() if re.search(r"\d,\d(?!\d\d)", text)] == []


def test_every_key_is_used(checkout: Path) -> None:
    files = [*checkout.glob("jq_models/**/*.py"), *checkout.glob("jq_models/**/*.j2"), checkout / "do.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files if path.is_file())
    patterns = [
        part.replace(".", r"\.") for part in re.findall(r"\bf[\"']([a-z]\w*\.[\w.]*\{[^\"'\n]*)", code)
    ]
    built = [re.compile(re.sub(r"\{[^{}]*\}", r"\\w+", p)) for p in patterns]
    built += [re.compile(re.escape(f).replace(r"\{\}", r"\w+")) for f in FAMILIES]
    unused = [
        key
        for key in wording("en").texts
        if not re.search(rf"\b{re.escape(key)}\b", code) and not any(b.fullmatch(key) for b in built)
    ]
    assert unused == []


def test_a_missing_key_names_key_and_language_and_the_likely_one() -> None:
    with pytest.raises(SpecError, match=r"'nl' catalogue has no 'fit.titel'. Did you mean 'fit.title'\?"):
        wording("nl")("fit.titel")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(SpecError, match=r"'table.masked' \('en'\) needs a value for \['minimum'\]"):
        wording("en")("table.masked")


def test_an_unformatted_number_is_refused() -> None:
    with pytest.raises(TypeError, match="Format float values"):
        wording("en")("publish.table", number=1.5)  # type: ignore[arg-type]  # wrong on purpose


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(SpecError, match="No words in the language 'de'"):
        wording("de")
