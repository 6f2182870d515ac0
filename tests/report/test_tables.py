"""Tables: what is shown is rounded and worded, what is stored is exact."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from made_up import ended, made_fit

from jq_models.data.responses import LogEntry
from jq_models.data.validate import Problem
from jq_models.errors import RunError
from jq_models.report.columns import numbers, words
from jq_models.report.table import Table, build
from jq_models.report.tables_fit import fit_table
from jq_models.report.tables_measurement import (
    fornell_table,
    higher_table,
    htmt_table,
    loading_table,
    reliability_table,
)
from jq_models.report.tables_sample import (
    construct_table,
    group_table,
    item_table,
    missing_table,
    problem_table,
    sample_table,
)
from jq_models.report.tables_structure import (
    effect_table,
    method_table,
    path_table,
    r_squared_table,
    status_table,
)
from jq_models.report.wording import Wording, wording
from jq_models.sem import Reason
from jq_models.spec import Group, Instrument, Text


def small(w: Wording, **changes: object) -> Table:
    options: dict[str, object] = {"title": "A <b>title</b>", "note": "A note", **changes}
    columns = [
        words("name", heading="Name", shown=["a", "=1+1"]),
        numbers("x", heading="X", values=[1234.5678, -0.1], w=w),
    ]
    return build("small", columns=columns, **options)  # type: ignore[arg-type]


def test_a_table_shows_rounded_text_and_keeps_full_precision(en: Wording) -> None:
    table = small(en)
    assert table.frame["X"].tolist() == ["1,234.57", "−0.10"]
    assert table.raw["x"].tolist() == [1234.5678, -0.1]
    assert table.sheet["X"].tolist() == [1234.5678, -0.1]


def test_plain_text_is_aligned(en: Wording) -> None:
    assert small(en).plain().split("\n") == [
        "A <b>title</b>",
        "",
        "Name         X",
        "a     1,234.57",
        "=1+1     −0.10",
        "",
        "A note",
    ]


def test_html_is_the_same_each_time_escaped_and_asks_for_nothing(en: Wording) -> None:
    html = small(en).html()
    assert html == small(en).html()
    assert "A &lt;b&gt;title&lt;/b&gt;" in html
    assert not re.search(r"<script|http|@import|url\(", html)
    assert 'id="table-small' in html
    assert '<th scope="row"' in html


def test_hidden_rows_stay_in_the_files(en: Wording) -> None:
    table = small(en, rows=[True, False])
    assert len(table.frame) == 1
    assert len(table.raw) == len(table.sheet) == 2


def test_more_than_ten_columns_are_refused(en: Wording) -> None:
    columns = [words(f"c{k}", heading=f"C{k}", shown=["x"]) for k in range(11)]
    with pytest.raises(RunError, match="'wide' has 11 columns; a page holds 10"):
        build("wide", title="Wide", columns=columns)


def test_a_name_that_is_no_file_name_is_refused() -> None:
    with pytest.raises(RunError, match=r"cannot be named '\.\./x'"):
        build("../x", title="X", columns=[words("a", heading="A", shown=["x"])])


def test_hidden_counts_stay_whole_numbers(en: Wording) -> None:
    column = numbers("n", heading="n", values=[12, np.nan], w=en, kind="count")
    table = build("counts", title="Counts", columns=[words("a", heading="A", shown=["x", "y"]), column])
    assert table.raw.to_csv(index=False) == "a,n\nx,12\ny,\n"


def test_sample_table_adds_up_a_rule_over_columns(en: Wording) -> None:
    log = [LogEntry(rule="turned", column=f"OPP{k}", count=10) for k in range(5)]
    log += [LogEntry(rule="label_text", column="AMB1", count=0)]
    table = sample_table(log, en, n_read=100, n=99, n_used=80)
    assert table.frame.to_numpy().tolist()[1] == [
        "Answers of reverse-scored items reversed",
        "5 columns",
        "50",
    ]
    assert table.raw["step"].tolist() == ["read", "turned", "kept", "used"]
    assert table.raw["column"][1] == "OPP0 OPP1 OPP2 OPP3 OPP4"


def test_a_column_without_a_word_is_left_out(en: Wording) -> None:
    table = sample_table(
        [LogEntry(rule="row_dropped", column=None, count=2)], en, n_read=100, n=98, n_used=80
    )
    assert list(table.frame.columns) == ["Step", "Count"]
    assert list(status_table({"correlated": ended()}, en).frame.columns) == ["Model", "Outcome"]


def test_group_table_masks_what_may_not_be_shown(nl: Wording) -> None:
    group = Group(
        name="home-days",
        column="h",
        label=Text(en="Home days", nl="Thuiswerkdagen"),
        labels={"0": Text(en="None", nl="Geen")},
    )
    sizes = pd.Series({"0": 1200.0, "Mevrouw Jansen": np.nan, "2": 30.0, "De Vries": 4.0})
    table = group_table(sizes, nl, group=group, minimum=10)
    rows = [["Geen", "1.200"], ["2", "30"], ["2 andere groepen", "niet getoond"]]
    assert table.frame.to_numpy().tolist() == rows
    assert table.raw["n"].tolist() == [1200, 30, None]
    assert "Jansen" not in table.html() + table.raw.to_csv()
    small = group_table(pd.Series({"Geen": np.nan, "1": 30.0}), nl, group=group, minimum=10)
    assert small.frame.to_numpy().tolist() == [["1", "30"], ["1 andere groep", "niet getoond"]]
    assert table.name == "group_home_days"


def test_item_table_groups_by_construct_and_marks_reversed_items(en: Wording, instrument: Instrument) -> None:
    codes = [item.code for item in instrument.constructs[0].items]
    frame = pd.DataFrame(0.5, index=codes, columns=["missing_share", "mean", "sd", "floor_share"])
    frame = frame.assign(construct="OPP", n=570, ceiling_share=0.1, item_rest=np.nan)
    table = item_table(frame, en, instrument=instrument)
    assert len(table.frame.columns) == 10
    reversed_items = [item.reversed for item in instrument.constructs[0].items]
    assert [text.endswith("\u00a0↔") for text in table.frame["Question"]] == reversed_items
    assert set(table.frame["Item\u2011rest\u00a0r"]) == {"–"}
    assert table.html().count("gt_group_heading_row") == 1


def test_missing_and_construct_tables_say_shares_and_meanings(nl: Wording, instrument: Instrument) -> None:
    missing = pd.DataFrame(
        {"missing_share": [0.021], "persons_share": [0.1], "complete_cases": [520]}, ["LEM"]
    )
    cells = missing_table(missing, nl, instrument=instrument).frame.iloc[0].tolist()
    assert cells == ["Leren van medewerkers\u00a0*", "2,1%", "10,0%", "520"]
    summary = pd.DataFrame([[577, 3.61, 0.85, 3.54, 3.68]], ["AMB"], ["n", "mean", "sd", "ci_low", "ci_high"])
    row = construct_table(summary, nl, instrument=instrument).frame.iloc[0].tolist()
    assert row[1] == instrument.construct("AMB").high["nl"]
    assert row[2:] == ["577", "3,61", "0,85", "[3,54; 3,68]"]


def test_problem_table_puts_errors_first_and_words_every_rule(nl: Wording) -> None:
    found = [
        Problem(severity="note", column="x", rule="unknown_column", count=1),
        Problem(severity="error", column="OPP1", rule="out_of_range", count=12),
    ]
    table = problem_table(found, nl)
    assert table.raw["rule"].tolist() == ["out_of_range", "unknown_column"]
    assert table.frame.iloc[0].tolist()[:4] == ["fout", "OPP1", "Getallen buiten de antwoordschaal", "12"]
    assert problem_table([], nl).frame.empty


def loadings() -> tuple[pd.DataFrame, pd.DataFrame]:
    keys = {"lhs": ["OPP", "OPP", "JQ"], "op": ["=~"] * 3, "rhs": ["OPP1", "OPP2", "OPP"]}
    estimates = pd.DataFrame({**keys, "est": [1.0, 1.1, 1.0], "se": [0.0, 0.05, 0.0]})
    standard = pd.DataFrame(
        {**keys, "est_std": [0.8, 0.845, 0.75], "ci_low": [0.75, 0.8, 0.7], "ci_high": [0.85, 0.9, 0.8]}
    )
    return estimates, standard


def test_loading_tables_leave_a_marker_without_standard_error(en: Wording, instrument: Instrument) -> None:
    estimates, standard = loadings()
    table = loading_table(estimates, en, standardized=standard, instrument=instrument)
    assert table.frame["Item"].tolist() == ["OPP1", "OPP2"]
    assert table.frame["SE"].tolist() == ["–", "0.05"]
    assert table.frame["95% interval"].tolist() == ["[.75, .85]", "[.80, .90]"]
    higher = higher_table(estimates, en, standardized=standard, instrument=instrument)
    assert higher.raw["dimension"].tolist() == ["OPP"]


def test_reliability_table_judges_all_four(
    en: Wording, instrument: Instrument, reliability: pd.DataFrame
) -> None:
    table = reliability_table(reliability, en, instrument=instrument)
    assert table.raw["verdict"].tolist() == ["meets", "meets", "unknown"]
    reliability.loc["SAT", "ave"] = 0.499
    table = reliability_table(reliability, en, instrument=instrument)
    assert table.raw["verdict"].tolist() == ["meets", "misses", "unknown"]
    assert "Nunnally, 1978" in table.note


def test_htmt_table_always_shows_enjoying_the_work_with_satisfaction(
    en: Wording, instrument: Instrument, htmt: pd.DataFrame
) -> None:
    table = htmt_table(htmt, en, instrument=instrument)
    assert table.frame.to_numpy().tolist() == [["Enjoying the work – Job satisfaction", ".780", "distinct"]]
    assert table.raw["pair"].tolist() == ["ENJ-SAT", "OPP-ENJ", "OPP-SAT"]


@pytest.mark.parametrize(("value", "verdict"), [(0.85, "distinct"), (0.86, "doubtful"), (0.91, "overlap")])
def test_htmt_verdicts(
    en: Wording, instrument: Instrument, htmt: pd.DataFrame, value: float, verdict: str
) -> None:
    htmt.loc["ENJ", "SAT"] = htmt.loc["SAT", "ENJ"] = value
    assert htmt_table(htmt, en, instrument=instrument).raw["verdict"][0] == verdict


def test_fornell_table_names_the_nearest_construct(
    en: Wording, instrument: Instrument, matrix: pd.DataFrame
) -> None:
    table = fornell_table(matrix, en, instrument=instrument)
    assert table.raw["verdict"].tolist() == ["distinct"] * 3
    assert table.raw["other"].tolist() == ["ENJ", "SAT", "ENJ"]
    matrix.loc["SAT", "ENJ"] = -0.73  # as strong, the other way round
    assert fornell_table(matrix, en, instrument=instrument).raw["verdict"].tolist()[2] == "overlap"


def test_fit_table_sets_models_side_by_side(nl: Wording) -> None:
    models = {"correlated": made_fit(), "second_order": made_fit(cfi=0.9, p_value=0.0)}
    table = fit_table(models, nl)
    assert table.frame.columns.tolist()[2:] == [
        "Samenhangende dimensies",
        "Overkoepelende kwaliteit van het werk",
    ]
    shown = table.frame.set_index("Maat").iloc[:, 1:]
    assert shown.loc["CFI"].tolist() == ["0,988", "0,900"]
    assert shown.loc["RMSEA, 90%\u2011interval"].tolist() == ["[0,008; 0,018]"] * 2
    assert shown.loc["p (χ²)"].tolist() == ["0,007", "< 0,001"]
    exact = table.raw.set_index("index")["correlated"]
    assert exact["rmsea_high"] == 0.0178
    assert exact["n"] == 497


def test_the_table_of_one_model_has_its_own_name(en: Wording) -> None:
    assert fit_table({"correlated": made_fit()}, en).name == "fit_correlated"
    assert fit_table({}, en).frame.empty


def test_effect_table_leaves_a_dash_where_the_model_has_no_effect(
    en: Wording, instrument: Instrument, effects: pd.DataFrame
) -> None:
    table = effect_table(effects, en, instrument=instrument)
    assert table.frame["Indirect"].tolist() == ["–", "−.53 [−.59, −.47]"]
    assert table.frame["Direction"].tolist() == ["positive", "negative"]
    assert table.raw["total_low"].tolist() == [0.71, -0.59]


def test_path_table_words_direction_from_the_interval(en: Wording, instrument: Instrument) -> None:
    keys = {"lhs": ["SAT", "COM"], "op": ["~", "~"], "rhs": ["JQ", "SAT"]}
    estimates = pd.DataFrame({**keys, "est": [1.06, 0.1], "se": [0.09, 0.2], "pvalue": [0.0, 0.6]})
    standard = pd.DataFrame({**keys, "est_std": [0.76, 0.1], "ci_low": [0.71, -0.3], "ci_high": [0.81, 0.5]})
    table = path_table(estimates, en, standardized=standard, instrument=instrument)
    assert table.frame.iloc[0].tolist()[0] == "Job quality → Job satisfaction"
    assert table.frame["p"].tolist() == ["< .001", ".600"]
    assert table.frame["Direction"].tolist() == ["positive", "undecided"]


def test_r_squared_table_leaves_items_aside(en: Wording, instrument: Instrument) -> None:
    table = r_squared_table(pd.Series({"OPP1": 0.5, "SAT": 0.583}), en, instrument=instrument)
    assert table.frame.to_numpy().tolist() == [["Job satisfaction", ".58"]]


def test_status_table_says_the_reasons(nl: Wording) -> None:
    bad = ended(Reason(code="negative_variance", where=tuple(f"x{k} ~~ x{k}" for k in range(8))))
    table = status_table({"correlated": ended(), "direct": bad}, nl)
    assert table.raw["outcome"].tolist() == ["admissible", "inadmissible"]
    assert table.frame.iloc[1, 2].startswith("een variantie is kleiner dan nul geschat (x0 ~~ x0, ")
    assert table.frame.iloc[1, 2].endswith("en nog 2)")


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("engine", ["jq", "semopy"])
def test_method_table_stores_codes_and_shows_words(
    language: str, engine: str, instrument: Instrument
) -> None:
    fit = SimpleNamespace(estimator="ML", engine=engine, n=497, n_dropped=80)
    w = wording(language)
    table = method_table(
        {"correlated": fit},  # type: ignore[dict-item]
        w,
        instrument=instrument,
        versions={"semopy": "2.3.11"},
        seed=1,
    )
    assert table.raw["correlated"].tolist() == ["ML", engine, "listwise", "497", "80"]
    assert table.frame.iloc[:2, 1].tolist() == [w("method.ml"), w(f"method.engine_{engine}")]
    assert "semopy 2.3.11" in table.note
