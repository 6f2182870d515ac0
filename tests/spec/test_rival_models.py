"""Rival measurement models in lavaan's language, and what a questionnaire cannot carry."""

from __future__ import annotations

import pytest

from jq_models.errors import SpecError
from jq_models.spec import build_facets, build_rival, facets_of, load_instrument
from jq_models.spec.rivals import NESTING, RIVALS, obstacle

GSS = ("OPP", "AMB", "CON", "SUP", "ATM", "EMP", "TOO", "INT", "INF")


@pytest.fixture(scope="module")
def instrument():
    return load_instrument("ccc_job_quality")


@pytest.fixture(scope="module")
def survey():
    return load_instrument("gss_quality_of_worklife")


def every(instrument):
    return tuple(c.code for c in instrument.dimensions)


def lines(name, instrument, dimensions=None):
    return build_rival(
        name, instrument=instrument, dimensions=dimensions or every(instrument)
    ).text.splitlines()


def test_all_rivals_are_of_the_same_items(instrument):
    wanted = {i.code for c in instrument.dimensions for i in c.items}
    for name in RIVALS:
        words = " ".join(lines(name, instrument)).replace("=~", " ").replace("0*", "").split()
        assert {word for word in words if word[-1].isdigit()} == wanted
    assert {name for pair in NESTING for name in pair} == set(RIVALS)


def test_three_blocks_are_ours(instrument):
    blocks = {line.split(" =~ ")[0]: line for line in lines("three_blocks", instrument)}
    assert set(blocks) == {"operational", "learning", "rest"}
    assert all(f"{code}1" in blocks["operational"] for code in ("AMB", "CON", "TOO", "SUP"))
    assert all(f"{code}1" in blocks["learning"] for code in ("LCU", "LEM", "INF"))


def test_the_learning_factor_is_three_residual_covariances(instrument):
    more = set(lines("higher_learning", instrument)) - set(lines("higher", instrument))
    assert more == {"LCU ~~ LEM + INF", "LEM ~~ INF"}


def test_the_bifactor_model_frees_no_covariance_and_no_specific_factor_of_one_item(survey):
    text = lines("bifactor", survey, GSS)
    assert "ATM =~ 1*ATM1 + 1*ATM2" in text  # two items tell one number
    assert not any(line.startswith(("AMB =~", "TOO =~")) for line in text)
    covariances = " ".join(line for line in text if "~~" in line).split()
    assert all(word.startswith("0*") for word in covariances if word[-1].isalpha() and "*" in word)
    # 6 factors, 15 pairs
    assert sum(word.startswith("0*") for word in covariances) == 15


def test_facets_split_one_dimension_only(instrument):
    found = facets_of(instrument, dimensions=every(instrument))
    # LEM has facets of a single item
    assert [f.construct for f in found] == ["SUP", "EMP", "INT", "INF"]
    model = build_facets(found[-1], instrument=instrument, dimensions=every(instrument))
    assert model.text.splitlines()[-2:] == ["INF_between =~ INF1 + INF2", "INF_within =~ INF3 + INF4"]
    assert len(model.factors) == 13
    assert "INF" not in model.factors


def test_a_questionnaire_without_facets_has_nothing_to_split(survey):
    assert facets_of(survey, dimensions=GSS) == ()


@pytest.mark.parametrize(
    ("name", "dimensions", "code"),
    [
        ("higher", ("OPP", "AMB"), "few_dimensions"),
        ("one_factor", ("OPP",), "few_dimensions"),
        ("three_blocks", ("OPP", "ATM", "EMP"), "one_block"),
        ("higher_learning", GSS, "few_new"),
        ("bifactor", ("AMB", "CON", "TOO"), "single_items"),
        ("dimensions", GSS, ""),
    ],
)
def test_what_cannot_be_told_apart_has_a_code_and_is_refused(survey, name, dimensions, code):
    assert obstacle(name, instrument=survey, dimensions=dimensions) == code
    if code:
        with pytest.raises(SpecError, match=code):
            build_rival(name, instrument=survey, dimensions=dimensions)


def test_a_misspelt_rival_gets_a_hint(instrument):
    with pytest.raises(SpecError, match=r"No rival model 'bifaktor'\. Did you mean 'bifactor'"):
        build_rival("bifaktor", instrument=instrument, dimensions=every(instrument))
