"""What a model with impossible values, lost samples, too little contact or an unknown group may not say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jq_models import report
from jq_models.data import OpenStudy, open_study
from jq_models.data.responses import read_only
from jq_models.evaluate import Judged, allowed_fits, compare_variants, judge_hypotheses, plan
from jq_models.evaluate.hypotheses import Mediation, block_difference, moderation
from jq_models.evaluate.hypotheses import mediation as mediated
from jq_models.evaluate.hypotheses.added_value import added_value
from jq_models.evaluate.hypotheses.draws import LOST, enough, interval_of, proper_draws
from jq_models.evaluate.hypotheses.rules import gain_verdict
from jq_models.evaluate.power import study_population
from jq_models.evaluate.robustness import Robustness, Variant, careless_counts, conclusions
from jq_models.report.wording import wording
from jq_models.sem import Bootstrap, Reason, SemFit, bootstrap

LANGUAGES = ("en", "nl")
Edit = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def demo() -> OpenStudy:
    return open_study("demo")


def edited(opened: OpenStudy, edit: Edit) -> OpenStudy:
    items = edit(pd.DataFrame(opened.responses.items).copy())
    return replace(opened, responses=replace(opened.responses, items=read_only(items)))


def items_of(opened: OpenStudy, *codes: str) -> list[str]:
    return [item.code for item in opened.instrument.items if item.construct in codes]


def with_contact(opened: OpenStudy, edit: Callable[[pd.Series], pd.Series]) -> OpenStudy:
    covariates = pd.DataFrame(opened.responses.covariates).copy()
    covariates["customer_contact"] = edit(covariates["customer_contact"].astype(float))
    return replace(opened, responses=replace(opened.responses, covariates=read_only(covariates)))


@pytest.fixture(scope="module")
def impossible(demo: OpenStudy) -> OpenStudy:
    """Two dimensions that are more than all of job quality: the models have negative variances."""
    dims = items_of(demo, *demo.dimensions)
    opp, enj = items_of(demo, "OPP"), items_of(demo, "ENJ")

    def edit(items: pd.DataFrame) -> pd.DataFrame:
        rng = np.random.default_rng(0)
        quality = items[dims].mean(axis=1)
        quality -= quality.mean()
        for code in opp:
            items[code] = quality * 4 + items[enj].mean(axis=1) + rng.normal(size=len(items)) * 0.5
        for code in enj:
            items[code] = quality * 4 + rng.normal(size=len(items)) * 0.5
        return items

    return edited(demo, edit)


@pytest.fixture(scope="module")
def judged(impossible: OpenStudy) -> Judged:
    carried = plan(impossible)
    return judge_hypotheses(impossible, carried, fits=allowed_fits(impossible, carried), seed=1, draws=24)


def test_no_verdict_rests_on_a_model_with_impossible_values(judged: Judged) -> None:
    found = judged.verdicts
    assert judged.mediation.doubt is not None
    assert found.claims["verdict"][["H1", "H2", "H2b"]].tolist() == ["inconclusive"] * 3
    # without the doubt the numbers would speak
    assert found.evidence.query("hypothesis == 'H2'")["ci_low"].min() > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reason_stands_beside_the_verdict(judged: Judged, demo: OpenStudy, language: str) -> None:
    w = wording(language)
    table = report.verdict_table(judged.verdicts, w, instrument=demo.instrument)
    said = dict(zip(table.raw["hypothesis"], table.frame.iloc[:, 2], strict=True))
    why = {"en": "the model gives impossible values", "nl": "het model geeft onmogelijke waarden"}[language]
    assert [name for name in ("H1", "H2", "H2b") if why not in said[name]] == []
    assert why in report.mediation_sentences(judged.mediation, w, instrument=demo.instrument)


def test_a_variant_with_impossible_values_neither_holds_nor_breaks_and_is_named(demo: OpenStudy) -> None:
    estimates = pd.DataFrame(
        {
            "source": "JQ",
            "target": "SAT",
            "kind": "direct",
            "estimate": [0.7],
            "se": 0.1,
            "z": 7.0,
            "pvalue": 0.0,
            "ci_low": 0.5,
            "ci_high": 0.9,
        }
    )
    wrong = (Reason(code="negative_variance", where=("OPP ~~ OPP",)),)
    other = Variant(code="mlr", n=9, estimates=estimates.assign(ci_low=-0.5, estimate=0.2), reasons=wrong)
    found = Robustness(
        paths=(("JQ", "SAT", "direct"),),
        variants=(
            Variant(code="ml", n=9, estimates=estimates),
            other,
            Variant(code="left_out", why_not="nobody"),
        ),
        left_out=pd.DataFrame(),
        failed_groups=0,
        careless=careless_counts(demo.complete),
        n_clusters=0,
    )
    row = conclusions(found).iloc[0]
    assert (row["holds"], row["fits"], row["low"]) == (True, 0, 0.7)
    reference = replace(found.reference, reasons=wrong)
    assert not conclusions(replace(found, variants=(reference, *found.variants[1:])))["holds"].any()


def test_an_inadmissible_direct_model_gives_no_gain(demo: OpenStudy) -> None:
    carried = plan(demo)
    fit = allowed_fits(demo, carried)["direct"]
    assert isinstance(fit, SemFit)
    wrong = replace(fit, status=replace(fit.status, admissible=False))
    found = added_value(demo, carried, direct=wrong, seed=1, draws=4)
    assert found.gap is not None
    assert found.gap.code == "inadmissible"
    assert found.gains.empty


@pytest.fixture(scope="module")
def scored(demo: OpenStudy) -> Mediation:
    return mediated(demo, replace(plan(demo), n=150), seed=1, draws=20)


def test_samples_with_an_impossible_covariance_matrix_are_dropped_and_counted(scored: Mediation) -> None:
    assert isinstance(scored.partial, SemFit)
    boot = bootstrap(scored.partial, draws=10, seed=1)
    names = scored.partial.parameters.free_names
    theta = boot.theta.copy()
    theta[:3, names.index("SAT ~~ SAT")] = -1.0
    kept = proper_draws(scored.partial, replace(boot, theta=theta), ("JQ", "SAT", "COM", "TIN"))
    assert kept.failed == {LOST: 3}
    assert int(kept.converged.sum()) == 7
    assert not enough(kept)
    assert np.isnan(interval_of(np.arange(7.0), kept)).all()
    assert enough(proper_draws(scored.partial, boot, ("JQ", "SAT")))


def test_with_too_few_samples_left_there_are_no_intervals_and_it_is_said(
    demo: OpenStudy, monkeypatch: pytest.MonkeyPatch, scored: Mediation
) -> None:
    assert (scored.draws, scored.asked) == (20, 20)

    def losing(fit: SemFit, boot: Bootstrap, codes: object) -> Bootstrap:
        return replace(boot, reasons=("not_converged",) * 9 + boot.reasons[9:])

    # the package's `mediation` is the function, not its module
    monkeypatch.setitem(mediated.__globals__, "proper_draws", losing)
    found = mediated(demo, replace(plan(demo), n=150), seed=1, draws=20)
    assert (found.draws, found.asked) == (11, 20)
    assert found.effects["ci_low"].isna().all()
    assert np.isnan(found.partial_correlation["ci_low"])
    assert found.effects["delta_low"].notna().all()
    w = wording("en")
    note = report.mediation_table(found, w, instrument=demo.instrument).note
    assert "Of 20 samples, only 11 gave a proper solution: fewer than 80%" in note
    said = report.mediation_sentences(found, w, instrument=demo.instrument)
    assert "Nothing is concluded" in said
    assert "direct path beside it is" not in said
    assert "by the delta method" in report.mediation_figure(found, w, instrument=demo.instrument).note


def test_a_gain_without_an_upper_bound_is_open() -> None:
    assert gain_verdict([float("nan"), 0.3], p_value=0.0) == "inconclusive"


def few(k: int) -> Callable[[pd.Series], pd.Series]:
    return lambda contact: contact.where(np.arange(len(contact)) < k)


def test_moderation_counts_the_persons_whose_contact_is_known(demo: OpenStudy) -> None:
    carried = plan(demo)
    found = moderation(with_contact(demo, few(60)), carried)
    assert found.gap is not None
    assert (found.gap.code, found.gap.needs) == ("too_few", carried.needs("score_path"))
    assert found.gap.n <= 60


def test_the_latent_product_needs_as_many_persons_as_its_gate_asks(demo: OpenStudy) -> None:
    opened = with_contact(demo, few(150))
    found = moderation(opened, plan(demo))
    assert found.gap is None
    assert list(found.routes.index) == ["scores"]
    assert 100 <= found.n <= 150
    contact = opened.responses.covariates["customer_contact"].dropna()
    assert found.slopes["moderator"][0.0] == pytest.approx(contact.mean(), abs=1.5)


def test_the_levels_of_contact_are_those_of_the_persons_fitted(demo: OpenStudy) -> None:
    there = demo.responses.items[items_of(demo, "LCU", "SAT")].notna().all(axis=1).to_numpy(copy=True)
    there[: len(there) // 3] = False
    blank = edited(demo, lambda items: items.where(pd.Series(there, index=items.index), axis=0))
    opened = with_contact(blank, lambda contact: contact.where(there, 0.0))
    used = opened.responses.covariates["customer_contact"][there].dropna()
    found = moderation(opened, plan(demo))
    assert found.n == len(used)
    assert found.slopes["moderator"][0.0] == pytest.approx(used.mean())
    assert found.slopes["moderator"][1.0] == pytest.approx(used.mean() + used.std(ddof=0))


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda contact: contact * 0 + 80, "constant"),
        (lambda contact: contact * np.nan, "too_few"),
        # one person alone differs: contact and product are one
        (lambda contact: contact * 0 + (np.arange(len(contact)) == 3), "collinear"),
    ],
)
def test_contact_that_cannot_moderate_says_why(
    demo: OpenStudy, edit: Callable[[pd.Series], pd.Series], code: str
) -> None:
    found = moderation(with_contact(demo, edit), plan(demo))
    assert found.gap is not None
    assert found.gap.code == code
    for language in LANGUAGES:
        assert report.moderation_sentences(found, wording(language), instrument=demo.instrument)


@pytest.mark.parametrize("construct", ["LCU", "SAT"])
def test_answers_that_do_not_vary_say_so(demo: OpenStudy, construct: str) -> None:
    codes = items_of(demo, construct)
    flat = edited(demo, lambda items: items.assign(**dict.fromkeys(codes, 3.0)))
    found = moderation(flat, plan(demo))
    assert found.gap is not None
    assert (found.gap.code, found.gap.where) == ("constant", (construct,))


def test_one_person_without_a_group_does_not_drop_the_groups(demo: OpenStudy) -> None:
    groups = pd.DataFrame(demo.responses.groups).copy()
    whole = block_difference(demo).differences
    for name in ("organisation", "team"):
        groups.loc[groups.index[0], name] = np.nan
    found = block_difference(replace(demo, responses=replace(demo.responses, groups=groups)))
    rows = found.differences
    assert list(rows.index) == ["persons", "organisation", "team"]
    assert rows["n"].tolist() == [found.n, found.n - 1, found.n - 1]
    assert rows["se"]["organisation"] == pytest.approx(whole["se"]["organisation"], rel=0.1)
    assert found.deciding == "organisation"


def test_a_group_known_of_few_persons_does_not_decide(demo: OpenStudy) -> None:
    groups = pd.DataFrame(demo.responses.groups).copy()
    groups.loc[groups.index[100:], "team"] = np.nan
    found = block_difference(replace(demo, responses=replace(demo.responses, groups=groups)))
    assert list(found.differences.index) == ["persons", "organisation"]


@pytest.mark.parametrize("absent", ["SAT", "COM"])
def test_a_study_without_an_outcome_of_the_model_says_so(demo: OpenStudy, absent: str) -> None:
    codes = items_of(demo, absent)
    opened = edited(demo, lambda items: items.drop(columns=codes))
    opened = replace(opened, spec=replace(opened.spec, simulated=False))
    carried = plan(opened)
    fits = allowed_fits(opened, carried)
    assert list(fits) == ["correlated"]
    assert compare_variants(opened, plan=carried) is None
    assert study_population(opened).population is None
    gaps = judge_hypotheses(opened, carried, fits=fits, seed=1, draws=4).verdicts.gaps
    for name in ("H1", "H2", "H2b", "H3"):
        assert (gaps[name].code, gaps[name].where) == ("not_asked", (absent,)), name
    assert report.model_text({"second_order": None}, wording("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_variants_that_have_no_model_are_not_said_to_lack_answers(demo: OpenStudy, language: str) -> None:
    said = report.robustness_views(
        None, wording(language), plan=plan(demo), groups=(), instrument=demo.instrument, minimum=10
    )
    assert said == [wording(language)("robustness.no_outcomes")]
