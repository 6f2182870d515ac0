"""Numbers are written as each language writes them."""

from __future__ import annotations

import math

import pytest

from jq_models.report.wording import Wording

NAN = math.nan


@pytest.mark.parametrize(
    ("method", "arguments", "english", "dutch"),
    [
        ("number", (1234.567,), "1,234.57", "1.234,57"),
        ("number", (-0.456, 1), "−0.5", "−0,5"),
        ("number", (-0.001,), "0.00", "0,00"),
        ("number", (NAN,), "–", "–"),
        ("number", (None,), "–", "–"),
        ("number", (math.inf,), "∞", "∞"),
        ("number", (-math.inf,), "−∞", "−∞"),
        ("coefficient", (0.951, 3), ".951", "0,951"),
        ("coefficient", (-0.4,), "−.40", "−0,40"),
        ("coefficient", (1.02,), "1.02", "1,02"),
        ("coefficient", (10.25, 1), "10.2", "10,2"),
        ("coefficient", (0.999,), "1.00", "1,00"),
        ("count", (3711,), "3,711", "3.711"),
        ("count", (NAN,), "–", "–"),
        ("percent", (0.0456, 1), "4.6%", "4,6%"),
        ("percent", (NAN,), "–", "–"),
        ("p_value", (0.00099,), "< .001", "< 0,001"),
        ("p_value", (0.001,), ".001", "0,001"),
        ("p_value", (0.0231,), ".023", "0,023"),
        ("p_value", (NAN,), "–", "–"),
        ("p_equals", (0.0231,), "p = .023", "p = 0,023"),
        ("p_equals", (0.0,), "p < .001", "p < 0,001"),
        ("interval", (0.1, 2.25), "[0.10, 2.25]", "[0,10; 2,25]"),
        ("interval", (NAN, 2.25), "–", "–"),
        ("coefficient_interval", (-0.1, 0.2, 3), "[−.100, .200]", "[−0,100; 0,200]"),
        ("join", (["a", "b", "c"],), "a, b and c", "a, b en c"),
        ("join", (["a"],), "a", "a"),
        ("join", ([],), "", ""),
    ],
)
def test_formats(
    en: Wording, nl: Wording, method: str, arguments: tuple[object, ...], english: str, dutch: str
) -> None:
    assert getattr(en, method)(*arguments) == english
    assert getattr(nl, method)(*arguments) == dutch


def test_counts_in_a_text_are_formatted(en: Wording, nl: Wording) -> None:
    assert en("sample.counted_all", count=3711).startswith("All 3,711 respondents")
    assert nl("sample.counted_all", count=3711).startswith("Alle 3.711 respondenten")


def test_a_sentence_begins_with_a_capital(en: Wording) -> None:
    sentence = en("effects.one_positive", source="job quality", target="SAT", estimate=".76")
    assert sentence == "Higher job quality goes with higher SAT: total effect .76."


def test_membership_tells_known_keys(en: Wording) -> None:
    assert "fit.title" in en
    assert "fit.titel" not in en
