"""The builders write the study's models in lavaan's language."""

import pytest

from jq_models.errors import SpecError
from jq_models.spec import build_model, load_instrument


@pytest.fixture(scope="module")
def contact_center():
    return load_instrument("ccc_job_quality")


def lines_of(model):
    return model.text.splitlines()


DIMENSIONS = ["OPP", "AMB", "CON", "SUP", "ATM", "EMP", "ENJ", "TOO", "INT", "LCU", "LEM", "INF"]


def test_correlated_factors_have_loadings_only(contact_center):
    model = build_model("correlated", instrument=contact_center)
    assert model.factors == (*DIMENSIONS, "SAT", "COM", "TIN")
    assert model.higher == ()
    assert len(lines_of(model)) == 15
    assert lines_of(model)[0] == "OPP =~ OPP1 + OPP2 + OPP3 + OPP4"
    assert lines_of(model)[-1] == "TIN =~ TIN1 + TIN2 + TIN3"


def test_second_order_job_quality_leads_to_the_outcomes(contact_center):
    model = build_model("second_order", instrument=contact_center)
    assert model.higher == ("JQ",)
    assert lines_of(model)[15:] == [
        f"JQ =~ {' + '.join(DIMENSIONS)}",
        "LCU ~~ LEM + INF",
        "LEM ~~ INF",
        "SAT ~ JQ",
        "COM ~ SAT + JQ",
        "TIN ~ SAT + COM",
    ]


def test_direct_paths_from_every_dimension(contact_center):
    model = build_model("direct", instrument=contact_center)
    causes = " + ".join(DIMENSIONS)
    assert model.higher == ()
    assert lines_of(model)[15:] == [f"SAT ~ {causes}", f"COM ~ SAT + {causes}", "TIN ~ SAT + COM"]


def test_parts_can_be_left_out(contact_center):
    model = build_model(
        "second_order", instrument=contact_center, turnover=False, learning=False, without=("ENJ", "LEM")
    )
    assert model.factors == (*[d for d in DIMENSIONS if d not in ("ENJ", "LEM")], "SAT", "COM")
    assert "~~" not in model.text
    assert not {"ENJ", "LEM", "TIN"} & set(model.text.replace("=~", " ").split())


def test_the_trio_keeps_what_is_left_of_it(contact_center):
    model = build_model("second_order", instrument=contact_center, without=("LEM",))
    assert [line for line in lines_of(model) if "~~" in line] == ["LCU ~~ INF"]


def test_single_items_are_named(contact_center):
    survey = load_instrument("gss_quality_of_worklife")
    model = build_model("second_order", instrument=survey)
    assert model.single_items == ("AMB", "CON", "TOO", "INF", "SAT", "COM", "TIN")
    assert "AMB =~ AMB1" in lines_of(model)
    assert "~~" not in model.text
    assert build_model("correlated", instrument=contact_center).single_items == ()


@pytest.mark.parametrize(
    ("name", "without", "message"),
    [
        ("secondorder", (), "No model 'secondorder'. Did you mean 'second_order'"),
        ("correlated", ("EJN",), "has no construct 'EJN'. Did you mean 'ENJ'"),
        ("second_order", ("SAT",), "needs the outcomes SAT and COM; missing: SAT"),
        ("direct", ("SAT", "COM"), "missing: SAT, COM"),
    ],
)
def test_what_cannot_be_built_is_refused(contact_center, name, without, message):
    with pytest.raises(SpecError, match=message):
        build_model(name, instrument=contact_center, without=without)
