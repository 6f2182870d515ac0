"""Every rule triggered, and not triggered by clean answers; no rule stops the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyreadstat
import pytest

from jq_models.data import RULES, Problem, check_table, prepare, read_table
from jq_models.data.validate import MINIMUM_ROWS, SEVERITY
from jq_models.errors import DataError


def _set(frame, column, cell, rows=(0,)):
    frame = frame.copy()
    frame.loc[list(rows), column] = cell
    return frame


def _straight(frame, code, rows):
    items = [c for c in frame.columns if c[:3] in ("OPP", "AMB", "SAT") or c == "v1"]
    frame = frame.copy()
    frame.loc[list(rows), items] = code
    return frame


def _turn(frame, column):
    return frame.assign(**{column: (6 - frame[column].astype(int)).astype(str)})


def _empty(frame, *columns, rows=slice(None)):
    frame = frame.copy()
    frame.loc[rows, list(columns)] = None
    return frame


def _items(frame):
    return [c for c in frame.columns if c not in ("org", "team", "contact", "remarks")]


def _thinned(frame, complete=13):
    """Take one answer from every person but some, here as many as there are items; few from each item."""
    frame, items = frame.copy(), _items(frame)
    for row in range(complete, len(frame)):
        frame.loc[row, items[row % len(items)]] = None
    return frame


# rule: (what is done to the clean answers, column, count)
CASES = {
    "no_items": (lambda f: f[["org", "team"]].rename(columns=str.upper), "", 2),
    "too_few_rows": (lambda f: f.head(MINIMUM_ROWS - 1), "", MINIMUM_ROWS - 1),
    "missing_column": (lambda f: f.drop(columns="v1"), "v1", 1),
    "group_column_missing": (lambda f: f.drop(columns="team"), "team", 1),
    "covariate_column_missing": (lambda f: f.drop(columns="contact"), "contact", 1),
    "covariate_not_a_number": (
        lambda f: _set(_set(f, "contact", "veel"), "contact", "120", (4, 5)),
        "contact",
        3,
    ),
    "not_a_number": (lambda f: _set(f, "SAT2", "best wel", (0, 5)), "SAT2", 2),
    "out_of_range": (lambda f: _set(f, "SAT2", "7", (0, 5, 6)), "SAT2", 3),
    "leftover_missing_code": (lambda f: _set(f, "v1", "999"), "v1", 1),
    "not_whole": (lambda f: _set(f, "AMB2", "3,5"), "AMB2", 1),
    "empty_item": (lambda f: _empty(f, "AMB2"), "AMB2", 1),
    "constant_item": (lambda f: f.assign(AMB2="4"), "AMB2", 60),
    "wrong_direction": (lambda f: _turn(f, "SAT3"), "SAT3", 1),
    "reversed_not_turned": (lambda f: _turn(f, "OPP4"), "OPP4", 1),
    "missing_outcome": (lambda f: f.drop(columns=[f"SAT{k}" for k in range(1, 5)]), "SAT", 4),
    "missing_construct": (lambda f: f.drop(columns=[f"AMB{k}" for k in range(1, 5)]), "AMB", 4),
    "duplicate_item": (lambda f: f.assign(SAT3=f["AMB1"]), "AMB1, SAT3", 2),
    "too_few_complete": (_thinned, "", 13),
    "no_answer_text": (lambda f: _set(f, "SAT2", "weet niet", (3, 4)), "SAT2", 2),
    "many_missing": (lambda f: _set(f, "SAT2", None, range(13)), "SAT2", 13),
    "declared_missing": (lambda f: _set(f, "v1", "99", (1, 2)), "v1", 2),
    "label_text": (lambda f: _set(f, "v1", "5 - Helemaal eens", (1, 2)), "v1", 2),
    "all_missing_row": (lambda f: _empty(f, *_items(f), rows=[0, 9]), "", 2),
    "group_missing": (lambda f: _set(f, "team", None, (0, 1)), "team", 2),
    "group_too_small": (lambda f: _set(f, "team", "Oost"), "team", 1),
    "straight_lining": (lambda f: _straight(f, "5", (0, 1)), "", 2),
    "duplicate_rows": (lambda f: f.iloc[[*range(60), 7, 7]], "", 2),
    "unknown_column": (lambda f: f.assign(opp1="x"), "opp1", 1),
}
# these need more than a changed frame: each has its own test below
APART = {"lines_above", "unfinished_row"}  # test_exports_as_made.py, test_exports_tools.py
APART |= {"duplicate_header", "long_row", "short_row", "unknown_group_label", "unnamed_column"}
APART |= {"team_in_organisations"}
APART |= {"mixed_answers", "label_conflict", "file_label"}  # which way codes count: test_file_labels.py
APART |= {"reversed_scale_suspected"}  # the same place
APART |= {"preview_row", "test_row", "spam_row"}  # what a survey tool marks: test_exports.py


def _check(read, frame, study, instrument):
    return check_table(read(frame), study=study, instrument=instrument)


def test_every_rule_has_a_case():
    assert set(CASES) | APART == set(RULES)
    assert not set(CASES) & APART
    assert set(SEVERITY.values()) == {"error", "warning", "note"}


def test_clean_answers_have_no_problem(read, answers, study, instrument):
    assert _check(read, answers, study, instrument) == ()


@pytest.mark.parametrize("rule", CASES)
def test_rule(rule, read, answers, study, instrument):
    change, column, count = CASES[rule]
    found = _check(read, change(answers), study, instrument)
    expected = Problem(severity=SEVERITY[rule], column=column, rule=rule, count=count)
    assert [p for p in found if p.rule == rule] == [expected]


@pytest.mark.parametrize("rule", sorted(set(CASES) - {"no_items", "too_few_rows", "straight_lining"}))
def test_rule_is_found_alone(rule, read, answers, study, instrument):
    found = _check(read, CASES[rule][0](answers), study, instrument)
    assert {p.rule for p in found} == {rule}


def test_teams_of_one_name_in_two_organisations_are_said_and_told_apart(read, answers, study, instrument):
    frame = _set(answers, "team", "Noord", range(2, 60, 4))  # those of "NA", in the other organisation
    (found,) = _check(read, frame, study, instrument)
    assert (found.rule, found.column, found.count) == ("team_in_organisations", "team", 1)
    teams = prepare(read(frame), study=study, instrument=instrument).groups["team"]
    assert teams.value_counts(sort=False).to_dict() == {
        "None": 15, "Noord (1)": 15, "Noord (2)": 15, "Zuid": 15,
    }  # fmt: skip


def test_one_pass_finds_everything_errors_first(read, answers, study, instrument):
    broken = answers
    rules = ["out_of_range", "wrong_direction", "no_answer_text", "group_too_small", "declared_missing"]
    for rule in rules:
        broken = CASES[rule][0](broken)
    found = _check(read, broken.drop(columns="AMB1"), study, instrument)
    assert {p.rule for p in found} >= {*rules, "missing_column"}
    order = [["error", "warning", "note"].index(p.severity) for p in found]
    assert order == sorted(order)


def test_duplicate_header_of_a_used_column_is_an_error(read, answers, study, instrument):
    for extra, severity in (("SAT1", "error"), ("other", "warning")):
        doubled = answers.assign(a="1", b="1").rename(columns={"a": extra, "b": extra})
        found = _check(read, doubled, study, instrument)
        problem = next(p for p in found if p.rule == "duplicate_header")
        assert (problem.severity, problem.column) == (severity, extra)


def test_ragged_rows_and_unnamed_columns(write, answers, study, instrument):
    path = write(answers.assign(x="z").rename(columns={"x": ""}))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[3] += ",more"
    lines[4] = lines[4].rsplit(",", 3)[0]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = check_table(read_table(path), study=study, instrument=instrument)
    counts = {p.rule: (p.severity, p.count) for p in found}
    assert counts["long_row"] == ("error", 1)
    assert counts["short_row"] == ("warning", 1)
    assert counts["unnamed_column"] == ("note", 1)


def test_group_without_a_label(read, answers, labelled, instrument):
    assert _check(read, answers, labelled, instrument) == ()
    found = _check(read, _set(answers, "org", "3", range(0, 60, 4)), labelled, instrument)
    assert [(p.rule, p.column, p.count) for p in found] == [("unknown_group_label", "org", 1)]


def test_boundaries(read, answers, study, instrument):
    enough = answers.head(MINIMUM_ROWS)
    assert "too_few_rows" not in {p.rule for p in _check(read, enough, study, instrument)}
    fifth = _set(answers, "SAT2", None, range(12))  # exactly 20 %
    assert _check(read, fifth, study, instrument) == ()
    ten = _set(answers, "team", "Oost", range(0, 40, 4))  # Oost 10, Noord 5
    small = [p for p in _check(read, ten, study, instrument) if p.rule == "group_too_small"]
    assert [p.count for p in small] == [1]


def test_persons_without_answers_do_not_count_as_rows(read, answers, study, instrument):
    broken = _empty(answers, *_items(answers), rows=list(range(40)))
    found = {p.rule: p.count for p in _check(read, broken, study, instrument)}
    assert found["too_few_rows"] == 20
    assert found["all_missing_row"] == 40


def test_empty_rows_are_not_called_copies(read, answers, study, instrument):
    frame = _empty(answers, *answers.columns.drop("org"), rows=[0, 1, 2])
    assert "duplicate_rows" not in {p.rule for p in _check(read, frame, study, instrument)}


def test_an_empty_construct_is_absent_not_broken(read, answers, study, instrument):
    found = _check(read, _empty(answers, "REC1"), study, instrument)
    assert [(p.severity, p.rule, p.column) for p in found] == [("warning", "missing_construct", "REC")]


def test_an_empty_outcome_stops_the_study(read, answers, study, instrument):
    broken = _empty(answers, *(f"SAT{k}" for k in range(1, 5)))
    found = _check(read, broken, study, instrument)
    assert [(p.severity, p.rule, p.column) for p in found] == [("error", "missing_outcome", "SAT")]
    with pytest.raises(DataError, match=r"missing_outcome SAT \(4\)"):
        prepare(read(broken), study=study, instrument=instrument)


def test_complete_persons_must_outnumber_the_items_of_the_models(read, answers, study, instrument):
    assert _check(read, _thinned(answers, 14), study, instrument) == ()
    found = _check(read, _thinned(answers, 0), study, instrument)
    assert [(p.severity, p.rule, p.count) for p in found] == [("warning", "too_few_complete", 0)]
    # what was not understood is no missing answer
    found = _check(read, _set(answers, "SAT1", "999", range(60)), study, instrument)
    assert {p.rule for p in found} == {"leftover_missing_code"}
    # an absent construct asks for no answers: nine items are left
    fewer = _thinned(answers, 9).drop(columns=[f"AMB{k}" for k in range(1, 5)])
    assert "too_few_complete" not in {p.rule for p in _check(read, fewer, study, instrument)}


def test_items_that_differ_in_one_answer_or_one_gap_are_no_copies(read, answers, study, instrument):
    copied = answers.assign(SAT3=answers["SAT1"], SAT4=answers["SAT1"])
    found = _check(read, copied, study, instrument)
    assert [(p.rule, p.column, p.count) for p in found] == [("duplicate_item", "SAT1, SAT3, SAT4", 3)]
    other = "1" if copied.loc[0, "SAT1"] != "1" else "2"
    differing = _set(_set(copied, "SAT3", other), "SAT4", None)
    assert _check(read, differing, study, instrument) == ()


def test_a_weak_item_is_not_called_wrong(read, answers, study, instrument):
    noise = np.random.default_rng(3).integers(1, 6, size=60).astype(str)
    found = _check(read, answers.assign(SAT3=noise), study, instrument)
    assert found == ()


def _pair(r, n):
    """Return two columns of codes with correlation near `r`: the smallest construct a direction has."""
    rng = np.random.default_rng(1)
    first = rng.normal(size=n)
    second = r * first + np.sqrt(1 - r**2) * rng.normal(size=n)
    return [np.clip(np.rint(3 + x), 1, 5).astype(int).astype(str) for x in (first, second)]


@pytest.mark.parametrize(("r", "n", "said"), [(-0.12, 5000, False), (-0.33, 40, False), (-0.33, 5000, True)])
def test_wrong_direction_needs_size_and_certainty(r, n, said, read, answers, study, instrument):
    one, two = _pair(r, n)
    frame = answers.iloc[np.arange(n) % 60].assign(SAT1=one, SAT2=two)
    sat = instrument.construct("SAT")
    short = replace(sat, items=sat.items[:2])
    two_items = replace(instrument, constructs=tuple(short if c is sat else c for c in instrument.constructs))
    found = [p.column for p in _check(read, frame, study, two_items) if p.rule == "wrong_direction"]
    assert found == (["SAT1", "SAT2"] if said else [])


def test_a_small_sample_does_not_convict_an_item(read, answers, study, instrument):
    few = _turn(answers, "SAT3").head(MINIMUM_ROWS - 1)
    assert "wrong_direction" not in {p.rule for p in _check(read, few, study, instrument)}


def test_the_same_code_everywhere_is_no_contradiction_without_reversed_items(
    read, answers, study, instrument
):
    plain = replace(
        instrument,
        constructs=tuple(
            replace(c, items=tuple(replace(i, reversed=False) for i in c.items))
            for c in instrument.constructs
        ),
    )
    answers = _turn(_turn(answers, "OPP4"), "AMB3")
    assert _check(read, _straight(answers, "5", (0, 1)), study, plain) == ()


def test_without_a_header_row_no_cell_is_repeated_as_a_header(write, answers, study, instrument):
    raw = read_table(write(answers, header=False))
    found = check_table(raw, study=study, instrument=instrument)
    assert [(p.rule, p.column) for p in found] == [("no_items", "")]
    assert "Noord" not in repr(raw) + repr(found)


def test_spss_declared_missing_is_a_note(tmp_path, answers, study, instrument):
    frame = answers.drop(columns=["org", "team", "remarks"]).astype(float)
    frame = frame.assign(org=answers["org"], team=answers["team"])
    frame.loc[[0, 1], "SAT1"] = 98.0
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(frame, path, missing_ranges={"SAT1": [98]})
    found = check_table(read_table(path), study=study, instrument=instrument)
    assert found == (Problem(severity="note", column="SAT1", rule="declared_missing", count=2),)
    pyreadstat.write_sav(frame, path)
    found = check_table(read_table(path), study=study, instrument=instrument)
    assert [(p.rule, p.column, p.count) for p in found] == [("leftover_missing_code", "SAT1", 2)]


def test_a_covariate_out_of_range_is_a_problem_and_a_declared_code_is_missing(
    read, answers, study, instrument
):
    beyond = _check(read, _set(answers, "contact", "120", (3,)), study, instrument)
    assert [(p.rule, p.count) for p in beyond] == [("covariate_not_a_number", 1)]
    coded = read(_set(_set(answers, "contact", "99", (3,)), "contact", "62,5", (4,)))
    responses = prepare(coded, study=study, instrument=instrument)
    contact = responses.covariates["customer_contact"]
    assert contact.isna().sum() == 1
    assert contact[4] == 62.5
    kept = responses.complete(["SAT1"]).covariates
    assert len(kept) == 60
    assert not kept.to_numpy().flags.writeable
