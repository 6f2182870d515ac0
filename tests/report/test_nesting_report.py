"""Sentences, tables and figure on people in groups, from made-up results."""

from __future__ import annotations

import figure_frames as frames
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from jq_models.evaluate.nesting.icc import COLUMNS
from jq_models.report import style
from jq_models.report.sentences_nesting import clustered_views, nesting_sentences, nesting_views
from jq_models.report.tables_nesting import cluster_table, label_of, path_name
from jq_models.report.wording import wording
from jq_models.spec import Group, Text, load_instrument

EN, NL = wording("en"), wording("nl")
CCC = load_instrument("ccc_job_quality")
GROUPS = (
    Group(name="organisation", column="o", label=Text(en="Organisation", nl="Organisatie"), labels={}),
    Group(name="team", column="t", label=Text(en="Team", nl="Team"), labels={}),
)
CODES = [c.code for c in CCC.constructs]


def made_icc() -> pd.DataFrame:
    rows = []
    for name, within, count in (("organisation", "", 8), ("team", "organisation", 51)):
        for place, code in enumerate(CODES):
            icc = 0.02 * place - 0.05 if within else 0.30 - 0.01 * place
            rows.append(
                {
                    "grouping": name,
                    "within": within,
                    "construct": code,
                    "n": 577,
                    "n_groups": count,
                    "mean_size": 577 / count,
                    "icc1": icc,
                    "ci_low": icc - 0.10,
                    "ci_high": icc + 0.2,
                    "icc2": 0.9 if not within and code == "OPP" else 0.4,
                    "design_effect": 12.25,
                    "effective_n": 47.1,
                    "pvalue": 0.001,
                    "icc_reml": max(icc, 0.0) + 0.012,
                    "reml_state": "converged",
                }
            )
    return pd.DataFrame(rows).reindex(columns=COLUMNS)


def made_parts() -> pd.DataFrame:
    frame = pd.DataFrame({"construct": CODES, "n": 577, "outer": 0.10, "inner": 0.05, "person": 0.85})
    return frame.assign(state="converged")


def made_errors(ratio: float = 1.1, low: float = 0.2) -> pd.DataFrame:
    rows = [
        (name, count, "JQ", target, kind, 0.4, 0.10 * ratio, low, 0.6, 0.10, ratio)
        for name, count in (("organisation", 8), ("team", 25))
        for target, kind in (("SAT", "direct"), ("TIN", "indirect"), ("SAT", "total"))
    ]
    keys = ["grouping", "n_clusters", "source", "target", "kind"]
    columns = [*keys, "estimate", "se", "ci_low", "ci_high", "se_plain", "ratio"]
    return pd.DataFrame(rows, columns=columns)


def made_mixed(**changes: object) -> pd.DataFrame:
    frame = pd.DataFrame({"grouping": ["organisation", "team"], "source": "JQ", "target": "SAT", "n": 560})
    frame = frame.assign(estimate=0.5, se=0.03, ci_low=0.44, ci_high=0.56, state="converged")
    return frame.assign(**changes)


def test_sentences_name_the_highest_and_what_the_number_is_worth():
    text = nesting_sentences(made_icc(), EN, groups=GROUPS, instrument=CCC)
    organisation, team = text.split("\n")
    assert "one organisation resemble each other most in opportunity and challenge: 30%" in organisation
    assert "ICC(1) = .30 [.20, .50]" in organisation
    assert "as that of 47 independent people (design effect 12.2)" in organisation
    assert "With 8 groups" in organisation
    assert "2008) for: opportunity and challenge." in organisation
    assert team.startswith("- Within one organisation, people of one team resemble")
    assert "turnover intention: 23%" in team
    assert "independent people" not in team  # the larger groups count there, too
    assert "differ by at most .01" in team


def test_most_scores_are_told_by_the_exceptions():
    icc = made_icc()
    icc.loc[icc["construct"] == "ATM", "ci_low"] = -0.1
    text = nesting_sentences(icc[icc["within"] == ""], EN, groups=GROUPS, instrument=CCC)
    assert "above zero for every score except: atmosphere." in text


def test_a_search_that_did_not_converge_is_said():
    icc = made_icc()
    icc.loc[3, ["icc_reml", "reml_state"]] = [np.nan, "not_converged"]
    text = nesting_sentences(icc, EN, groups=GROUPS, instrument=CCC)
    assert "did not converge for: superior and feedback." in text


def test_no_likeness_at_all_is_said():
    icc = made_icc().assign(icc1=-0.01)
    assert "do not resemble each other" in nesting_sentences(icc, EN, groups=GROUPS, instrument=CCC)


def test_without_nested_groups_one_sentence_says_why():
    empty = pd.DataFrame(columns=COLUMNS)
    views = nesting_views(empty, EN, parts=pd.DataFrame(), groups=GROUPS, instrument=CCC)
    assert len(views) == 1
    assert "no grouping here has 6 groups or more, of 3 people or more" in views[0]


def test_the_table_has_a_block_a_grouping():
    _, _, table, parts = nesting_views(made_icc(), EN, parts=made_parts(), groups=GROUPS, instrument=CCC)
    blocks = list(dict.fromkeys(table.frame.iloc[:, 0]))
    assert blocks == [
        "By organisation: 8 groups, 72 people on average",
        "By team, within one organisation: 51 groups, 11 people on average",
    ]
    np.testing.assert_allclose(table.raw["icc1"], made_icc()["icc1"].round(2))
    assert list(table.raw["construct"]) == CODES * 2
    assert "LeBreton" not in table.note
    assert "Wald" in table.note
    assert list(parts.frame.iloc[0, 1:]) == ["10%", "5%", "85%"]


def test_the_figure_draws_the_numbers_in_order_with_the_new_in_the_accent():
    icc = made_icc()
    drawing = nesting_views(icc, EN, parts=made_parts(), groups=GROUPS, instrument=CCC)[1]
    left, right = drawing.figure.axes
    np.testing.assert_allclose(left.collections[1].get_offsets()[:, 0], icc["icc1"][:15])
    np.testing.assert_allclose(right.collections[1].get_offsets()[:, 0], icc["icc1"][15:])
    np.testing.assert_allclose(
        right.collections[0].get_segments()[0][:, 0], icc.loc[15, ["ci_low", "ci_high"]]
    )
    accented = [to_hex(c).upper() == style.ACCENT for c in left.collections[1].get_facecolors()]
    assert accented == [c.new for c in CCC.constructs]
    assert right.get_title(loc="left") == "By team, within one organisation"
    assert "By organisation: highest for Opportunity and challenge (.30)" in drawing.alt


def test_clustered_errors_are_worded_by_their_number_of_groups():
    sentences, table, second = clustered_views(
        made_errors(), made_mixed(), w=EN, groups=GROUPS, instrument=CCC
    )
    organisation, team, mixed = sentences.split("\n")
    assert "1.10 to 1.10 times" in organisation
    assert "8 groups are too few" in organisation
    assert "25 groups are few" in team
    assert "same conclusions" in mixed
    assert len(table.frame) == 4  # totals stand in the second table
    assert list(second.raw["scores"]) == [0.5, 0.5]


def test_a_conclusion_that_changes_is_named():
    sentences = clustered_views(
        made_errors(ratio=2.5, low=-0.1), made_mixed(), w=EN, groups=GROUPS, instrument=CCC
    )[0]
    assert "changes for: Job quality → job satisfaction; Job quality → … → turnover intention." in sentences
    assert "another conclusion for: Job quality → job satisfaction." in sentences


def test_failures_of_clusters_and_mixed_models_are_said():
    failed = made_mixed(estimate=np.nan, ci_low=np.nan, ci_high=np.nan, state="not_converged")
    sentences = clustered_views(made_errors(), failed, w=EN, groups=GROUPS, instrument=CCC)[0]
    assert "did not converge for: Job quality → job satisfaction." in sentences
    assert "same conclusions" not in sentences
    nothing = made_errors().iloc[:0]
    assert clustered_views(nothing, made_mixed(), w=EN, groups=GROUPS, instrument=CCC) == [
        "Errors that allow for likeness within groups could not be computed."
    ]
    assert clustered_views(nothing, failed.iloc[:0], w=EN, groups=GROUPS, instrument=CCC) == []


def test_names():
    assert label_of("team", groups=GROUPS, w=NL) == "team"
    assert label_of("wave", groups=GROUPS, w=NL) == "wave"
    assert (
        path_name("SAT", "COM", kind="direct", instrument=CCC, w=EN)
        == "Job satisfaction → affective commitment"
    )


@pytest.mark.parametrize("w", [EN, NL], ids=["en", "nl"])
def test_everything_is_worded_in_both_languages(w):
    views = [
        *nesting_views(made_icc(), w, parts=made_parts(), groups=GROUPS, instrument=CCC),
        *clustered_views(made_errors(), made_mixed(), w=w, groups=GROUPS, instrument=CCC),
    ]
    assert len(views) == 7
    drawing = views[1]
    if w is NL:
        shown = [*frames.texts(drawing.figure), drawing.title, drawing.alt, drawing.note]
        frames.assert_no_english(shown, en=EN, nl=NL, instrument=CCC)
    assert cluster_table(made_errors(), w, groups=GROUPS, instrument=CCC).html()


def test_the_same_numbers_give_the_same_bytes():
    one, two = (
        nesting_views(made_icc(), NL, parts=made_parts(), groups=GROUPS, instrument=CCC)[1].svg()
        for _ in range(2)
    )
    assert one == two


def test_an_estimate_without_an_interval_stands_alone_and_in_the_figure():
    icc = made_icc()
    icc.loc[12, ["icc1", "ci_low", "ci_high", "icc2"]] = [-0.78, np.nan, np.nan, np.nan]
    _, drawing, table, _ = nesting_views(icc, EN, parts=made_parts(), groups=GROUPS, instrument=CCC)
    assert table.frame.iloc[12, 2] == "−.78"
    assert table.frame.iloc[12, 4] == "–"
    assert "people of one group differ more than chance makes them" in table.note
    ax = drawing.figure.axes[0]
    drawn = ax.collections[1].get_offsets()[:, 0]
    assert drawn.min() == pytest.approx(-0.78)
    assert ax.get_xlim()[0] < -0.78
    assert "of ICC(2) also where ICC(1) lies below zero" in table.note
