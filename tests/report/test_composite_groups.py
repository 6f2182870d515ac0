"""What a reader is told of composites in groups: the verdict, what differs, no hidden group, why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fewer_groups import with_fewer_groups

from jq_models.data import OpenStudy, open_study
from jq_models.disclosure import shown_group_sizes
from jq_models.errors import SpecError
from jq_models.evaluate import ComparedComposites, Plan, composite_groups, plan
from jq_models.numeric.reason import Reason
from jq_models.pls import PlsFit, fit_pls
from jq_models.report import composite_group_sentences, composite_group_views, wording
from jq_models.report.figure import Drawing
from jq_models.report.table import Table

Compared = Mapping[str, ComparedComposites]


def opened(language: str = "en") -> tuple[OpenStudy, Plan]:
    study = with_fewer_groups(open_study("demo", language=language))
    return study, plan(study, shown=shown_group_sizes(study.responses, minimum=study.spec.minimum_group))


def compare(study: OpenStudy, gates: Plan, fit: PlsFit, *, permutations: int = 19) -> Compared:
    return composite_groups(study, gates, fit=fit, permutations=permutations, draws=9, seed=2013)


@pytest.fixture(scope="module")
def fit() -> PlsFit:
    study, _ = opened()
    return fit_pls(study.model("second_order"), study.complete)


@pytest.fixture(scope="module")
def seen(fit: PlsFit) -> tuple[OpenStudy, Plan, Compared]:
    study, gates = opened()
    return study, gates, compare(study, gates, fit, permutations=99)


Seen = tuple[OpenStudy, Plan, Compared]


def planted(
    one: ComparedComposites, *, level: Mapping[str, str], p: Mapping[str, float], share: float = 0.0
) -> Compared:
    """Return the comparison with other levels of constructs, and other p values of paths to a construct."""
    assert one.micom is not None
    assert one.paths is not None
    test = one.micom.table.assign(
        level=[level.get(c, "full") for c in one.micom.table["construct"]],
    )
    holm = [
        p.get(f"{a} ~ {b}", 0.9) for a, b in zip(one.paths.table["lhs"], one.paths.table["rhs"], strict=True)
    ]
    paths = one.paths.table.assign(p_permutation=np.array(holm) / 2, p_holm=holm)
    shares = dict.fromkeys(one.paths.sizes, (0.0, share))
    found = replace(one.paths, table=paths, inadmissible=shares)
    return {one.name: replace(one, micom=replace(one.micom, table=test), paths=found)}


def test_the_verdict_comes_first_and_skipped_groupings_last(seen: Seen) -> None:
    study, gates, compared = seen
    assert {name: one.why for name, one in compared.items()} == {
        "organisation": "too_few",
        "team": "too_few",
        "contract": "compared",
        "home_days": "too_few",
        "language": "too_few",
    }
    text = composite_group_sentences(compared, wording("en"), opened=study, plan=gates)
    first, caution, last = text.split("\n\n")
    assert first.startswith(
        "**Contract** (Permanent, n = 333; Flexible, n = 164): **the scores are built the same way"
    )
    assert "on all 16 constructs tested" in first
    assert "No link differs between the groups." in first
    found = compared["contract"].paths
    assert found is not None
    reach = found.table[["ci_low", "ci_high"]].abs().max().max()
    assert caution.startswith("That no difference was found does not prove that there is none")
    assert caution.endswith(f"differences of up to {wording('en').coefficient(reach)}.")
    assert last.startswith("**Not compared: Organisation, Team, Days a week at home and Language")
    assert "needs 150 complete answers in each of at least two groups" in last


def test_dutch_says_the_same(fit: PlsFit) -> None:
    study, gates = opened("nl")
    text = composite_group_sentences(compare(study, gates, fit), wording("nl"), opened=study, plan=gates)
    assert "**Contract** (Vast, n = 333; Flexibel, n = 164): **de scores komen in deze groepen op" in text
    assert "Geen enkel verband verschilt tussen de groepen." in text


@pytest.mark.parametrize(
    ("level", "p", "said"),
    [
        (
            {"SAT": "none"},
            {},
            "but for job satisfaction.** Of 16 constructs tested, about 0.8 would be refused",
        ),
        ({"SAT": "none"}, {}, "not built the same way: Job quality → job satisfaction; Job satisfaction →"),
        ({"LCU": "not_estimated"}, {}, "Not estimated: learning from customers."),
        ({}, {}, "Means and spreads of the scores do not differ either"),
        (
            {},
            {"SAT ~ JQ": 0.01},
            "these links differ: Job quality → job satisfaction (Permanent .81, Flexible .72).",
        ),
        (
            {},
            {"SAT ~ JQ": 0.08},
            "all 5 comparisons are allowed for; tested one at a time, these would: Job quality → job",
        ),
    ],
)
def test_sentences_follow_the_numbers(
    seen: Seen, level: dict[str, str], p: dict[str, float], said: str
) -> None:
    study, gates, compared = seen
    own = planted(compared["contract"], level=level, p=p)
    text = composite_group_sentences(own, wording("en"), opened=study, plan=gates)
    assert said in text
    dutch = composite_group_sentences(own, wording("nl"), opened=study, plan=gates)
    assert "Contract" in dutch
    assert "{" not in dutch


def test_where_nothing_is_alike_no_relation_is_compared(seen: Seen) -> None:
    study, gates, compared = seen
    one = compared["contract"]
    assert one.micom is not None
    everything = dict.fromkeys(one.micom.table["construct"], "none")
    own = planted(one, level=everything, p={"SAT ~ JQ": 0.001})
    text = composite_group_sentences(own, wording("en"), opened=study, plan=gates)
    assert "**links cannot be compared between these groups.**" in text
    assert "differ" not in text
    table = composite_group_views(own, wording("en"), opened=study)[1]
    assert isinstance(table, Table)
    assert set(table.frame["Differs?"]) == {"not comparable"}


def test_tables_and_figure_hold_the_numbers(seen: Seen) -> None:
    study, _, compared = seen
    drawing, paths, test = composite_group_views(compared, wording("en"), opened=study)
    found = compared["contract"].paths
    assert found is not None
    assert isinstance(drawing, Drawing)
    assert isinstance(paths, Table)
    assert isinstance(test, Table)
    marks = drawing.figure.axes[0].collections
    assert list(marks[1].get_offsets()[:, 0]) == pytest.approx(found.table["est_first"].tolist())
    assert list(marks[3].get_offsets()[:, 0]) == pytest.approx(found.table["est_second"].tolist())
    assert drawing.alt.startswith(
        "Job quality → job satisfaction: Permanent .81, Flexible .72, difference .09"
    )
    assert paths.frame.columns.tolist()[1:4] == ["Permanent", "Flexible", "Difference"]
    assert paths.raw["p_permutation"].tolist() == found.table["p_permutation"].tolist()
    assert "99 times people change groups at random" in paths.note
    assert test.raw["construct"].tolist()[-1] == "JQ"
    assert test.frame["Construct"].iloc[9] == "Learning from customers\u00a0*"
    assert {paths.name, test.name, drawing.name} == {"group_paths_contract", "micom_contract"}
    for view in (drawing, paths, test):
        assert "{" not in view.title + view.note


def test_several_pairs_stand_in_blocks_and_many_groups_are_not_compared(fit: PlsFit) -> None:
    study, gates = opened()
    only = dict.fromkeys((group.name for group in study.spec.groups), pd.Series(dtype=float))
    only["organisation"] = gates.sizes["organisation"]
    lower = Plan(n=gates.n, gates=replace(gates.gates, group=70), sizes=only)
    compared = compare(study, lower, fit)
    assert compared["organisation"].groups == ("Organisation 2", "Organisation 3", "Organisation 4")
    text = composite_group_sentences(compared, wording("en"), opened=study, plan=lower)
    assert "Left out for want of complete answers: Organisation 1, Organisation 5, " in text
    views = composite_group_views(compared, wording("en"), opened=study)
    assert all(isinstance(view, Table) and view.grouped for view in views)
    assert {len(view.frame.columns) for view in views if isinstance(view, Table)} == {9, 10}
    lowest = replace(lower, gates=replace(gates.gates, group=30))
    many = compare(study, lowest, fit)
    assert many["organisation"].why == "too_many"
    text = composite_group_sentences(many, wording("en"), opened=study, plan=lowest)
    assert "**Organisation: not compared two by two.** There are 8 groups" in text


def test_a_hidden_group_takes_no_part_and_is_not_named(fit: PlsFit) -> None:
    study, gates = opened()
    sizes = {group.name: pd.Series(dtype=float) for group in study.spec.groups}
    days = gates.sizes["home_days"].drop(["0 days", "4 days"])
    lower = Plan(n=gates.n, gates=replace(gates.gates, group=10), sizes=sizes | {"home_days": days})
    compared = compare(study, lower, fit)
    shown = composite_group_sentences(compared, wording("en"), opened=study, plan=lower)
    shown += "".join(v.plain() for v in composite_group_views(compared, wording("en"), opened=study))  # type: ignore[union-attr]  # tables only
    assert "3 days" in shown
    assert "4 days" not in shown


@pytest.mark.parametrize(("persons", "exact"), [(0, True), (8, False), (10, True)])
def test_sizes_and_exact_numbers_are_kept_back_where_the_rest_is_few(
    seen: Seen, persons: int, exact: bool
) -> None:
    study, gates, compared = seen
    one = compared["contract"]
    assert one.micom is not None
    pair = ("Permanent", "Flexible")
    own = {"contract": replace(one, micom=replace(one.micom, sizes={pair: (333 - persons, 164)}))}
    text = composite_group_sentences(own, wording("en"), opened=study, plan=gates)
    assert ("n = 164" in text) == exact
    assert ("164" in text) == exact
    for view in composite_group_views(own, wording("en"), opened=study):
        if isinstance(view, Table):
            for frame in (view.raw, view.sheet):
                numbers = frame.select_dtypes("number").to_numpy(dtype=float)
                assert np.array_equal(numbers, numbers.round(3), equal_nan=True) != exact


def test_what_is_wrong_with_a_groups_fit_stands_in_the_note(seen: Seen) -> None:
    study, gates, compared = seen
    one = compared["contract"]
    assert one.paths is not None
    pair = ("Permanent", "Flexible")
    reasons = {pair: {"Permanent": (), "Flexible": (Reason(code="path_above_one", where=("SAT ~ JQ",)),)}}
    paths = replace(one.paths, reasons=reasons, failed={pair: (2, 3)})
    views = composite_group_views({"contract": replace(one, paths=paths)}, wording("en"), opened=study)
    assert isinstance(views[1], Table)
    assert "5 resamples or permutations had no estimates and do not count." in views[1].note
    said = "With care, for Flexible: a path is above 1"
    assert said in views[1].note
    own = {"contract": replace(one, paths=paths)}
    assert said in composite_group_sentences(own, wording("en"), opened=study, plan=gates)


def test_a_fit_of_other_answers_is_refused(seen: Seen) -> None:
    study, gates, _ = seen
    part = fit_pls(study.model("second_order"), study.complete.items.iloc[:300])
    with pytest.raises(SpecError, match=r"300 rows; the study has 497 complete answers. Fit the model to"):
        composite_groups(study, gates, fit=part, permutations=5, draws=5, seed=1)


@pytest.mark.parametrize(("share", "compared_freely"), [(0.08, True), (0.46, False)])
def test_links_are_not_called_comparable_where_many_resamples_are_impossible(
    seen: Seen, share: float, compared_freely: bool
) -> None:
    study, gates, compared = seen
    one = compared["contract"]
    assert one.paths is not None
    pair = ("Permanent", "Flexible")
    own = {"contract": replace(one, paths=replace(one.paths, inadmissible={pair: (0.02, share)}))}
    text = composite_group_sentences(own, wording("en"), opened=study, plan=gates)
    assert ("so links can be compared.**" in text) == compared_freely
    assert (
        "weak ground: many resamples end in a solution that cannot be true (Flexible 46%)" in text
    ) != compared_freely
    some = planted(own["contract"], share=share, level={"SAT": "none"}, p={})
    text = composite_group_sentences(some, wording("nl"), opened=study, plan=gates)
    assert ("te vergelijken" in text) == compared_freely


@pytest.mark.parametrize("language", ["en", "nl"])
def test_how_single_teams_score_on_their_supervisor_is_not_told(fit: PlsFit, language: str) -> None:
    study, gates = opened(language)
    # those of either contract are one team
    groups = study.responses.groups.assign(team=study.responses.groups["contract"])
    study = replace(study, responses=replace(study.responses, groups=groups))
    nobody = {group.name: pd.Series(dtype=float) for group in study.spec.groups}
    gates = Plan(n=gates.n, gates=gates.gates, sizes=nobody | {"contract": gates.sizes["contract"]})
    compared = compare(study, gates, fit)
    test = compared["contract"].micom
    assert test is not None
    rows = test.table.set_index("construct")
    steps = ["mean", "mean_low", "mean_high", "p_mean", "log_variance", "variance_low", "p_variance"]
    untold = {"SUP", "JQ"}  # from the others' means and that of job quality it would follow
    assert set(rows.index[rows["mean"].isna()]) == untold
    for code in untold:
        assert rows.loc[code, steps].isna().all()
        assert rows.loc[code, ["c", "c_low", "p_composition"]].notna().all()
        assert rows.loc[code, "level"] in ("untold", "none")
    w = wording(language)
    assert w("composite_groups.untold", listed="@").split("@")[0] in composite_group_sentences(
        compared, w, opened=study, plan=gates
    )
    tables = [view for view in composite_group_views(compared, w, opened=study) if isinstance(view, Table)]
    assert any(w("composite_groups.level.untold") in table.plain() for table in tables)


def test_who_is_in_several_teams_is_told_of(seen: Seen) -> None:
    for one in seen[2].values():
        if one.micom is not None:
            assert "untold" not in set(one.micom.table["level"])
