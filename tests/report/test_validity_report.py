"""Alpha, omega hierarchical, overlap and cross-loadings in tables and words."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from jq_models.evaluate.gates import Plan
from jq_models.evaluate.omega_hierarchical import SUBSCALE, Hierarchy
from jq_models.report import sentences_validity as words
from jq_models.report import tables_validity as tables
from jq_models.report.tables_measurement import reliability_table
from jq_models.report.wording import wording
from jq_models.spec import Gates, load_instrument

W = wording("en")


@pytest.fixture(scope="module")
def instrument():
    return load_instrument("ccc_job_quality")


def hierarchy(model: str) -> Hierarchy:
    total = pd.DataFrame(
        {"estimate": [0.95, 0.85], "ci_low": [0.94, 0.8], "ci_high": [0.96, 0.88]},
        index=["omega_total", "omega_hierarchical"],
    )
    values = {
        "omega_subscale": [0.8, 0.7],
        "omega_general_subscale": [0.5, 0.2],
        "omega_hierarchical_subscale": [0.3, 0.5],
    }
    frame = pd.DataFrame(values, index=pd.Index(["OPP", "AMB"], name="construct"))
    for key in SUBSCALE:
        frame[f"{key}_low"], frame[f"{key}_high"] = frame[key] - 0.1, frame[key] + 0.1
    return Hierarchy(model=model, total=total, subscales=frame, explained=0.6)


def pairs(**changed) -> pd.DataFrame:
    rows = [
        {
            "a": "OPP",
            "b": "AMB",
            "htmt": 0.5,
            "htmt_low": 0.4,
            "htmt_high": 0.6,
            "htmt2": 0.5,
            "htmt2_low": 0.4,
            "htmt2_high": 0.6,
        },
        {
            "a": "ENJ",
            "b": "SAT",
            "htmt": 0.7,
            "htmt_low": 0.6,
            "htmt_high": 0.8,
            "htmt2": 0.69,
            "htmt2_low": 0.6,
            "htmt2_high": 0.8,
        },
        {
            "a": "INT",
            "b": "EMP",
            "htmt": 0.88,
            "htmt_low": 0.8,
            "htmt_high": 0.95,
            "htmt2": 0.87,
            "htmt2_low": 0.8,
            "htmt2_high": 0.94,
        },
    ]
    return pd.DataFrame(rows).assign(dropped=0, draws=1000).assign(**changed)


def test_alpha_says_what_is_short_and_what_is_unsure(instrument):
    frame = pd.DataFrame(
        {
            "n": [90, 88, 90],
            "n_items": [4, 4, 1],
            "alpha": [0.65, 0.74, math.nan],
            "alpha_low": [0.5, 0.66, math.nan],
            "alpha_high": [0.75, 0.8, math.nan],
        },
        index=pd.Index(["OPP", "AMB", "SAT"], name="construct"),
    )
    text = words.alpha_sentences(frame, W, instrument=instrument)
    assert "Alpha is below .70 for opportunity and challenge (.65)." in text
    assert "reaches below .70: role clarity" in text
    table = tables.alpha_table(frame, W, instrument=instrument)
    assert table.raw["verdict"].to_list() == ["misses", "meets", "unknown"]
    assert table.frame["Alpha"].to_list() == [".65 [.50, .75]", ".74 [.66, .80]", "–"]


def test_reliability_shows_intervals_only_where_it_has_them(instrument):
    plain = pd.DataFrame(
        {"n_items": [4], "alpha": [0.8], "omega": [0.81], "composite_reliability": [0.82], "ave": [0.55]},
        index=pd.Index(["OPP"], name="construct"),
    )
    bounds = {
        f"{k}{e}": plain[k] + d for k in plain.columns[1:] for e, d in (("_low", -0.05), ("_high", 0.05))
    }
    assert reliability_table(plain, W, instrument=instrument).frame["Omega"].to_list() == [".81"]
    table = reliability_table(plain.assign(**bounds), W, instrument=instrument)
    assert table.frame["Omega"].to_list() == [".81 [.76, .86]"]
    assert "Brackets: 95% intervals" in table.note


def test_omega_shows_the_second_model_by_its_total_only(instrument):
    found = {"higher": hierarchy("higher"), "bifactor": hierarchy("bifactor")}
    table = tables.omega_table(found, W, instrument=instrument)
    assert table.frame["Score"].to_list() == [
        "Sum of all items",
        "Opportunity and challenge",
        "Role clarity (role ambiguity)",
        "Sum of all items",
    ]
    assert len(table.raw) == 6
    assert f"the table {table.name}.csv holds all" in table.note
    alone = tables.omega_table(dict(list(found.items())[:1]), W, instrument=instrument)
    assert "other model" not in alone.note
    text = words.omega_sentences(found, W, instrument=instrument)
    assert "95% is reliable, and 85% [80%, 88%]" in text
    assert "role clarity (role ambiguity) keeps most of its own (50%)" in text
    assert "In the bifactor model overall job quality explains 85%." in text
    assert "cannot be computed" in words.omega_sentences({}, W, instrument=instrument)


def test_overlap_shows_near_pairs_and_always_enjoyment_with_satisfaction(instrument):
    table = tables.overlap_table(pairs(), W, instrument=instrument)
    assert table.frame["HTMT"].to_list() == [".88 [.80, .95]", ".70 [.60, .80]"]
    assert len(table.raw) == 3
    assert table.raw["verdict"].to_list() == ["doubtful", "distinct", "distinct"]
    # the cover calls the answers the data file: a note that means a table names it
    assert f"the table {table.name}.csv holds all 3 pairs" in table.note


def test_no_note_calls_a_table_the_data_file():
    """The cover says "Data file" of the answers, which hold no pairs and no matrix."""
    for language, said in (("en", "data file holds"), ("nl", "bestand bevat")):
        texts = wording(language).texts
        notes = {key: text for key, text in texts.items() if key.endswith("note")}
        assert [key for key, text in notes.items() if said in text] == []


def test_overlap_in_words(instrument):
    effect = pd.DataFrame(
        {"kind": ["total"], "target": ["SAT"], "estimate": [0.76], "ci_low": [0.7], "ci_high": [0.8]}
    )
    effects = {"all": effect, "without": effect.assign(estimate=0.74)}
    text = words.overlap_sentences(pairs(dropped=7), W, effects=effects, instrument=instrument)
    assert "For 1 of 3 pairs the interval of the HTMT reaches above .90" in text
    assert "Enjoying the work and job satisfaction: HTMT .70 [.60, .80]" in text
    assert "In up to 7 of 1,000 resamples" in text
    assert "at .76 [.70, .80]; without enjoying the work at .74 [.70, .80]" in text
    alone = words.overlap_sentences(pairs().iloc[:2], W, effects={}, instrument=instrument)
    assert "Of none of the 2 pairs" in alone
    assert "without" not in alone


def test_cross_loadings_count_only_what_survives(instrument):
    frame = pd.DataFrame(
        {
            "item": ["SUP2", "OPP1"],
            "construct": ["SUP", "OPP"],
            "other": ["EMP", "AMB"],
            "mi": [30.0, 5.0],
            "epc": [0.4, 0.1],
            "sepc_all": [0.35, 0.1],
            "p_value": [1e-7, 0.02],
            "p_holm": [1e-5, 0.5],
        }
    )
    assert "1 stand out" in words.cross_sentences(frame, W, instrument=instrument)
    assert "none stands out" in words.cross_sentences(frame.assign(p_holm=0.5), W, instrument=instrument)
    assert len(tables.cross_loading_table(frame, W, instrument=instrument).frame) == 2


def test_the_gate_of_overlap_says_what_it_needs():
    gates = Gates()
    assert words.overlap_gate(Plan(n=99, gates=gates, sizes={}), W).endswith(
        "100 complete answers are needed, and there are 99."
    )
    assert words.overlap_gate(Plan(n=100, gates=gates, sizes={}), W) == ""
