"""What a reader is told about groups: planted items by name, no hidden group, why one was skipped."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fewer_groups import with_fewer_groups

from jq_models.data import OpenStudy, open_study
from jq_models.data.population import SCALAR
from jq_models.data.simulate import simulate
from jq_models.disclosure import shown_group_sizes
from jq_models.evaluate import Compared, Plan, invariance_of, plan
from jq_models.evaluate.invariance import STEPS
from jq_models.report import (
    alignment_views,
    comparison_sentences,
    ladder_views,
    latent_mean_views,
    wording,
)
from jq_models.report.figure import Drawing
from jq_models.report.table import Table
from jq_models.report.tables_invariance import _basis
from jq_models.spec import load_instrument


@cache
def frame(n: int = 577) -> pd.DataFrame:
    own, modules = load_instrument("ccc_job_quality"), load_instrument("ccc_modules")
    return simulate(own, seed=2013, n=n, population=SCALAR, modules=modules).frame


def opened(tmp: Path, *, language: str = "en", n: int = 577) -> tuple[OpenStudy, Plan]:
    path = tmp / "answers.csv"
    frame(n).to_csv(path, index=False)
    study = with_fewer_groups(open_study("demo", language=language, data=path))
    return study, plan(study, shown=shown_group_sizes(study.responses, minimum=study.spec.minimum_group))


Seen = tuple[OpenStudy, Plan, dict[str, Compared]]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    study, gates = opened(tmp_path_factory.mktemp("scalar"))
    return study, gates, invariance_of(study, gates)


def test_the_planted_violation_is_found_and_named(seen: Seen) -> None:
    study, gates, compared = seen
    ladder = compared["contract"].ladder
    assert ladder is not None
    assert [(r.kind, r.item, r.group) for r in ladder.releases] == [
        ("intercept", "SUP3", "Flexible"),
        ("intercept", "LCU2", "Flexible"),
    ]
    text = comparison_sentences(compared, wording("en"), opened=study, plan=gates)
    contract = next(line for line in text.split("\n\n") if line.startswith("**Contract**"))
    assert "**the scales mean the same in these groups, but for SUP3 and LCU2.**" in contract
    assert "people answer SUP3 (superior and feedback) .58 standard deviations higher than" in contract
    assert "LCU2 (learning from customers) .54 standard deviations lower than people with" in contract
    assert "no mean differs once all 15 comparisons are allowed for" in contract


def test_dutch_names_it_as_well(tmp_path: Path) -> None:
    study, gates = opened(tmp_path, language="nl")
    # only the contract: the rest is the same computation
    nobody = {group.name: pd.Series(dtype=float) for group in study.spec.groups}
    own = Plan(n=gates.n, gates=gates.gates, sizes=nobody | {"contract": gates.sizes["contract"]})
    text = comparison_sentences(invariance_of(study, own), wording("nl"), opened=study, plan=own)
    assert "**de schalen betekenen in deze groepen hetzelfde, op SUP3 en LCU2 na.**" in text
    assert "0,58 standaarddeviatie hoger uit dan bij Vast" in text


def test_skipped_groupings_say_why(seen: Seen) -> None:
    study, gates, compared = seen
    assert {name: one.why for name, one in compared.items()} == {
        "organisation": "compared",
        "team": "nested",
        "contract": "compared",
        "home_days": "too_few",
        "language": "too_few",
    }
    text = comparison_sentences(compared, wording("en"), opened=study, plan=gates)
    assert "**Not compared: Days a week at home and Language of the questionnaire.**" in text
    assert "needs 150 complete answers in each of at least two groups that may be shown, or 30" in text
    assert "There are 51 groups: a sample of groups" in text


def test_the_ladder_table_shows_every_step_and_the_step_after_releases(seen: Seen) -> None:
    study, _, compared = seen
    ladder, releases = ladder_views(compared, wording("en"), opened=study)
    assert isinstance(ladder, Table)
    assert isinstance(releases, Table)
    steps = [name for name in STEPS if name != "thresholds"]
    assert ladder.raw["step"].tolist() == [*steps[:3], "scalar", "strict"]
    assert ladder.raw["verdict"].tolist() == ["holds", "holds", "fails", "partial", "holds"]
    assert ladder.frame.iloc[3, 0] == "Equal intercepts, 2 released"
    assert len(ladder.frame.columns) <= 10
    assert "−.005, .010 and .025, afterwards −.005, .010 and .005 (Chen, 2007)" in ladder.note
    assert releases.frame["Item"].tolist() == ["SUP3", "LCU2"]
    assert releases.frame["Estimated"].tolist() == [".58", "−.54"]


def test_figures_draw_the_numbers_and_say_them(seen: Seen) -> None:
    study, _, compared = seen
    forest, table = latent_mean_views(compared, wording("en"), opened=study)
    assert isinstance(forest, Drawing)
    assert isinstance(table, Table)
    means = compared["contract"].ladder.means  # type: ignore[union-attr]  # there, see above
    drawn = forest.figure.axes[0].collections[1].get_offsets()
    assert list(drawn[:, 0]) == pytest.approx(means["effect"].tolist())
    assert forest.alt == "Flexible against Permanent: Learning from customers −.32."
    shades, aligned = alignment_views(compared, wording("en"), opened=study)
    assert isinstance(shades, Drawing)
    assert isinstance(aligned, Table)
    found = compared["organisation"].aligned
    assert found is not None
    bold = [t for t in shades.figure.axes[0].texts if t.get_fontweight() == 600]
    assert len(bold) == int(found.means["clear"].sum())
    assert len(shades.figure.axes[0].texts) == 15 * 8
    assert shades.figure.axes[0].get_xlabel() == "Organisation"


def test_a_hidden_group_takes_no_part_and_is_not_named(seen: Seen) -> None:
    study, gates, _ = seen
    hidden = dict(gates.sizes) | {"organisation": gates.sizes["organisation"].iloc[1:]}
    sizes = {group.name: hidden.get(group.name, pd.Series(dtype=float)) for group in study.spec.groups}
    less = Plan(n=gates.n, gates=gates.gates, sizes=sizes | {"contract": pd.Series(dtype=float)})
    compared = invariance_of(study, less)
    assert compared["contract"].why == "too_few"
    aligned = compared["organisation"].aligned
    assert aligned is not None
    assert "Organisation 1" not in aligned.labels
    w = wording("en")
    text = comparison_sentences(compared, w, opened=study, plan=less)
    views = alignment_views(compared, w, opened=study)
    shown = text + "".join(
        v.plain() if isinstance(v, Table) else v.alt for v in views if not isinstance(v, str)
    )
    assert "Organisation 1" not in shown


def test_a_small_study_says_so_once_and_shows_nothing(tmp_path: Path) -> None:
    study, gates = opened(tmp_path, n=150)
    compared = invariance_of(study, gates)
    w = wording("en")
    text = comparison_sentences(compared, w, opened=study, plan=gates)
    assert text.count("Not compared") == 1
    assert "\n\n" not in text
    assert not ladder_views(compared, w, opened=study)
    assert not latent_mean_views(compared, w, opened=study)
    assert not alignment_views(compared, w, opened=study)


def without(one: Compared, *, persons: int, n: int) -> dict[str, Compared]:
    """Return the contract's comparison as if so many persons had another contract."""
    assert one.ladder is not None
    first, second = one.ladder.sizes
    assert first + second == n
    return {"contract": replace(one, ladder=replace(one.ladder, sizes=(first - persons, second)))}


@pytest.mark.parametrize(("persons", "exact"), [(0, True), (8, False), (10, True)])
def test_files_are_rounded_where_the_people_left_out_are_few(seen: Seen, persons: int, exact: bool) -> None:
    """Changes of RMSEA and tests over the steps would give the number of people behind them."""
    study, _, compared = seen
    own = without(compared["contract"], persons=persons, n=study.complete.n)
    tables = [
        *ladder_views(own, wording("en"), opened=study),
        *latent_mean_views(own, wording("en"), opened=study),
    ]
    for table in tables:
        if not isinstance(table, Table):
            continue
        for frame in (table.raw, table.sheet):
            numbers = frame.select_dtypes("number").to_numpy(dtype=float)
            assert np.array_equal(numbers, numbers.round(3), equal_nan=True) != exact, table.name
        plain = [v for v in ladder_views(compared, wording("en"), opened=study) if isinstance(v, Table)]
        same = next((v for v in plain if v.name == table.name), None)
        if same is not None:
            pd.testing.assert_frame_equal(table.frame, same.frame)


def test_a_poor_model_gives_weak_evidence_only(seen: Seen) -> None:
    study, gates, compared = seen
    ladder = compared["contract"].ladder
    assert ladder is not None
    poor = ladder.steps | {"configural": replace(ladder.steps["configural"], verdict="doubtful")}
    poor |= {"metric": replace(ladder.steps["metric"], verdict="small")}
    for level, begins in (("strict", "no sign that"), ("partly", "apart from SUP3 and LCU2, no sign that")):
        released = poor if level == "partly" else {k: replace(s, releases=()) for k, s in poor.items()}
        one = replace(compared["contract"], ladder=replace(ladder, steps=released, level=level))
        text = comparison_sentences({"contract": one}, wording("en"), opened=study, plan=gates)
        assert f"**{begins} the scales mean something else in these groups" in text
        assert text.count("fits poorly even without equalities") == 1
        assert "mean the same" not in text
        assert "weak evidence" in text
        table = ladder_views({"contract": one}, wording("nl"), opened=study)[0]
        assert isinstance(table, Table)
        assert "‘Kleine verschillen’: de toets verwerpt" in table.note
    metric = replace(compared["contract"], ladder=replace(ladder, steps=poor, level="metric"))
    text = comparison_sentences({"contract": metric}, wording("en"), opened=study, plan=gates)
    assert "mean scores cannot be compared" in text
    assert "read this with care" in text


def test_notes_of_latent_means_say_what_they_take_for_granted(seen: Seen) -> None:
    study, _, compared = seen
    table = latent_mean_views(compared, wording("en"), opened=study)[1]
    assert isinstance(table, Table)
    assert "People are taken as independent" in table.note
    assert "– = not compared" in table.note
    assert _basis("compared", anchors=2, items=2, w=wording("en")) == "both items"
    assert _basis("compared", anchors=3, items=3, w=wording("nl")) == "alle 3 items"
    assert "Small differences" not in ladder_views(compared, wording("en"), opened=study)[0].note  # type: ignore[union-attr]  # a table


def test_what_appraises_one_takes_no_part_where_a_group_is_a_team(tmp_path: Path) -> None:
    study, gates = opened(tmp_path)
    groups = study.responses.groups.assign(team=study.responses.groups["contract"])
    study = replace(study, responses=replace(study.responses, groups=groups))
    nobody = {group.name: pd.Series(dtype=float) for group in study.spec.groups}
    own = Plan(n=gates.n, gates=gates.gates, sizes=nobody | {"contract": gates.sizes["contract"]})
    compared = invariance_of(study, own)
    ladder = compared["contract"].ladder
    assert ladder is not None
    assert compared["contract"].untold == ("SUP",)
    assert "SUP" not in set(ladder.means["factor"])
    assert "OPP" in set(ladder.means["factor"])
    assert not any(release.item.startswith("SUP") for release in ladder.releases)
    text = comparison_sentences(compared, wording("en"), opened=study, plan=own)
    assert "Left out here: superior and feedback." in text
    views = latent_mean_views(compared, wording("en"), opened=study)
    assert not any("Superior" in view.plain() for view in views if isinstance(view, Table))


def test_everything_takes_part_where_no_group_is_a_team(seen: Seen) -> None:
    assert [one.untold for one in seen[2].values()] == [()] * len(seen[2])
