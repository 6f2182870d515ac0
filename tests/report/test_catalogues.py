"""The catalogues say the same things in every language, and say all that the code can ask of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jq_models.data.responses import LOG_RULES
from jq_models.data.validate import RULES
from jq_models.errors import SpecError
from jq_models.evaluate.agreement import OUTCOMES
from jq_models.evaluate.composites.advice import OFFER_REASONS, VIF_LINE, VIF_WATCH
from jq_models.evaluate.composites.cvpat import BENCHMARKS
from jq_models.evaluate.composites.cvpat import VERDICTS as PREDICTION_VERDICTS
from jq_models.evaluate.composites.fit import WHY_NO_TEST
from jq_models.evaluate.composites.group_study import COMPOSITE_WHYS, PATH_VERDICTS
from jq_models.evaluate.composites.micom import MICOM_LEVELS, TOO_SMALL
from jq_models.evaluate.composites.offered import FORMS as FORMS_OFFERED
from jq_models.evaluate.composites.predict import ANTECEDENTS, POWERS
from jq_models.evaluate.composites.quality import COEFFICIENTS
from jq_models.evaluate.cutoffs import ANSWERS, KINDS, PASSES, WHY_NO_CUTOFFS
from jq_models.evaluate.hypotheses import GAPS, H1_REASONS, H8_REASONS, HYPOTHESES, MEASURES, VERDICTS
from jq_models.evaluate.hypotheses.verdicts import BASES
from jq_models.evaluate.invariance import (
    ALIGNED_STATES,
    INVARIANCE_SOURCES,
    MEAN_STATES,
    STEP_VERDICTS,
    STEPS,
    WHYS,
)
from jq_models.evaluate.invariance import (
    LEVELS as INVARIANCE_LEVELS,
)
from jq_models.evaluate.judge import DIRECTIONS, LEVELS, SOURCES
from jq_models.evaluate.nesting import CLUSTER_LEVELS
from jq_models.evaluate.omega_hierarchical import SUBSCALE
from jq_models.evaluate.power.rmsea import TESTS as FIT_TESTS
from jq_models.evaluate.power.study import REASONS as POPULATIONS
from jq_models.evaluate.rivals.compare import CRITERIA, NESTED, UNTESTED
from jq_models.evaluate.rivals.composite import FORMS
from jq_models.evaluate.robustness import CARELESS_INDICES, VARIANTS, WHY_NOT
from jq_models.evaluate.survey import BANDS, NORM_STATES, TREND_STATES
from jq_models.pls import REASONS as PLS_REASONS
from jq_models.pls.implied import DISTANCES
from jq_models.pls.implied import MODELS as FIT_OF
from jq_models.report.checklist import LISTS, points
from jq_models.report.deposit_page import ABSENT
from jq_models.report.deposit_page import DISTANCES as STAND_IN_DISTANCES
from jq_models.report.tables_composite_fit import VERDICTS as FIT_VERDICTS
from jq_models.report.tables_composites import EFFECTS, OVERLAPS
from jq_models.report.tables_prediction import FIELDS
from jq_models.report.tables_survey import QUARTERS
from jq_models.report.wording import placeholders, wording
from jq_models.sem import REASONS
from jq_models.sem.resampling.intervals import INTERVALS
from jq_models.spec import LANGUAGES
from jq_models.spec.rivals import BLOCKS, OBSTACLES, RIVALS

# keys put together from a code: w(f"problem.{rule}.what")
FAMILIES = {
    "hypotheses.claim.{}": HYPOTHESES,
    "hypotheses.predicts.{}": HYPOTHESES,
    "hypotheses.verdict.{}": VERDICTS,
    "hypotheses.measure.{}": MEASURES,
    "hypotheses.short.{}": MEASURES,
    "hypotheses.gap.{}": GAPS,
    "hypotheses.basis.{}": BASES,
    "mediation.kind.{}": INTERVALS,
    "rival.{}": RIVALS,
    "rivals.{}": CRITERIA,
    "rivals.block_{}": tuple(BLOCKS),
    "rivals.obstacle_{}": OBSTACLES,
    "rivals.state_{}": ("fitted", "inadmissible", "failed"),
    "rivals.some_{}": ("inadmissible", "failed"),
    "rivals.means_{}": RIVALS,
    "rivals.h1_{}": H1_REASONS,
    "rivals.test_verdict.{}": (*NESTED[:4], *(f"untested_{reason}" for reason in UNTESTED[1:])),
    "facets.{}": H8_REASONS,
    "facets.verdict.{}": tuple(reason for reason in H8_REASONS if reason != "not_asked"),
    "composite.{}": (*FORMS[:2], "weight", "correlation", "loading"),
    "composites.why.{}": OFFER_REASONS,
    "composites.offer.form_{}": FORMS_OFFERED,
    "composites.adds.{}": EFFECTS,
    "composites.shares.{}": OVERLAPS,
    "composites.{}": COEFFICIENTS,
    "measured.{}": SUBSCALE,
    "problem.{}.what": RULES,
    "problem.{}.do": RULES,
    "log.{}": LOG_RULES,
    "reason.{}": (*REASONS, *PLS_REASONS, TOO_SMALL),
    "direction.{}": DIRECTIONS,
    "level.{}": LEVELS,
    "source.{}": (*SOURCES, *INVARIANCE_SOURCES, VIF_LINE.source, VIF_WATCH.source),
    "invariance.name.{}": STEPS,
    "invariance.inline.{}": STEPS,
    "invariance.verdict.{}": STEP_VERDICTS,
    "invariance.level.{}": INVARIANCE_LEVELS,
    "invariance.why.{}": WHYS[1:],
    "invariance.release.{}": ("loading", "intercept", "residual"),
    "latent.state.{}": MEAN_STATES,
    "composite_fit.{}": (*FIT_OF, *DISTANCES, "kept", "rejected", "mixed"),
    "composite_fit.verdict.{}": FIT_VERDICTS,
    "composite_fit.why_{}": (*WHY_NO_TEST, "not_asked"),
    "composite_groups.level.{}": MICOM_LEVELS,
    "composite_groups.verdict.{}": PATH_VERDICTS,
    "composite_groups.why.{}": COMPOSITE_WHYS[1:],
    "ipma.field_{}": FIELDS,
    "prediction.note_{}": ANTECEDENTS,
    "prediction.power_{}": POWERS,
    "prediction.lm_{}": PREDICTION_VERDICTS[:3],
    "prediction.verdict.{}": PREDICTION_VERDICTS,
    "prediction.benchmark_{}": BENCHMARKS,
    "figure.prediction.beside_{}": BENCHMARKS,
    "alignment.state.{}": ALIGNED_STATES,
    "agreement.{}": (
        *OUTCOMES,
        "same",
        "other",
        "estimates",
        "standard_errors",
        "chi_square",
        "jq",
        "semopy",
    ),
    "deposit.answers_{}": ("simulated", "left_out", "shared"),
    "deposit.place_{}": ("studies", "studies_stand_in", "data", "data_stand_in", "registrations"),
    "stand_in.distance_{}": STAND_IN_DISTANCES,
    "stand_in.absent_{}": ABSENT,
    "gate.{}": ("score_path", "second_order", "full", "group", "alignment"),
    "nesting.clear{}": ("_all", "_except", "_none"),
    "nesting.reliable{}": ("_all", "_except", "_none"),
    "clusters.{}": CLUSTER_LEVELS,
    "robustness.{}": VARIANTS,
    "robustness.why.{}": WHY_NOT,
    "careless.{}": CARELESS_INDICES,
    "response.{}": ("invited", "answered", "used"),
    "favourable.{}": BANDS,
    "favourable.band.{}": (*QUARTERS, "unknown"),
    "enps.{}": ("promoters", "passives", "detractors", "positive", "negative", "undecided"),
    "norm.refused.{}": NORM_STATES[1:],
    "trend.refused.{}": TREND_STATES[1:],
    "trend.level.{}": INVARIANCE_LEVELS,
    "{}.title": ("norm", "trend"),
    "{}.figure_note": ("norm", "trend"),
    "{}.alt": ("norm", "trend"),
    "{}.higher": ("norm", "trend"),
    "{}.lower": ("norm", "trend"),
    "severity.{}": ("error", "warning", "note"),
    "planning.reason.{}": POPULATIONS,
    "planning.fit.{}": FIT_TESTS,
    "planning.organisations.note_{}": ("documented", "fitted"),
    "model.{}": ("correlated", "second_order", "direct"),
    "verdict.{}": ("meets", "misses", "unknown", "distinct", "doubtful", "overlap"),
    "status.{}": ("not_fitted", "not_identified", "not_converged", "inadmissible", "admissible"),
    "cutoffs.pass_{}": PASSES,
    "cutoffs.planted_{}": KINDS,
    "cutoffs.planted_{}_one": KINDS,
    "cutoffs.note_{}": ANSWERS,
    "care.cutoffs.{}": WHY_NO_CUTOFFS,
    "cutoffs.plain_helpless_{}": ANSWERS,
    "cutoffs.test_{}": ("plain", "bartlett", "swain", "yuan_2005", "yuan_2015", "simulated"),
}


for listed in LISTS:
    FAMILIES[f"{listed}.{{}}"] = ("item", "place", "title", "note")
    FAMILIES[f"{listed}.point.{{}}"] = tuple(point.code for point in points(listed))
    FAMILIES[f"{listed}.section.{{}}"] = tuple({point.section for point in points(listed)} - {""})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_has_its_words(family: str, language: str) -> None:
    w = wording(language)
    assert [code for code in FAMILIES[family] if family.format(code) not in w] == []


def test_the_catalogues_have_the_same_keys_and_placeholders() -> None:
    first, *others = (wording(language).texts for language in LANGUAGES)
    for other in others:
        assert first.keys() == other.keys()
        assert [key for key in first if placeholders(first[key]) != placeholders(other[key])] == []


def test_no_text_is_empty_or_left_in_the_other_language() -> None:
    en, nl = wording("en").texts, wording("nl").texts
    assert [key for key in en if not en[key].strip() or not nl[key].strip()] == []
    same = {key for key in en if en[key] == nl[key] and not key.startswith("source.")}
    words = {key: re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", en[key])) for key in same}
    assert {key for key in same if len(words[key]) > 2} == set()


def test_dutch_texts_hold_no_english_number_and_the_reverse() -> None:
    assert [k for k, text in wording("nl").texts.items() if re.search(r"(?<![\w.-])\d*\.\d", text)] == []
    assert [k for k, text in wording("en").texts.items() if re.search(r"\d,\d(?!\d\d)", text)] == []


def test_every_key_is_used(checkout: Path) -> None:
    files = [*checkout.glob("jq_models/**/*.py"), *checkout.glob("jq_models/**/*.j2"), checkout / "do.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files if path.is_file())
    said = set(re.findall(r"\w+(?:\.\w+)+", code))
    patterns = [
        part.replace(".", r"\.") for part in re.findall(r"\bf[\"']([a-z]\w*\.[\w.]*\{[^\"'\n]*)", code)
    ]
    built = [re.compile(re.sub(r"\{[^{}]*\}?", r"\\w+", p)) for p in patterns]
    built += [re.compile(re.escape(f).replace(r"\{\}", r"\w+")) for f in FAMILIES]
    unused = [
        key for key in wording("en").texts if key not in said and not any(b.fullmatch(key) for b in built)
    ]
    assert unused == []


def test_a_missing_key_names_key_and_language_and_the_likely_one() -> None:
    with pytest.raises(SpecError, match=r"'nl' catalogue has no 'fit.titel'. Did you mean 'fit.title'\?"):
        wording("nl")("fit.titel")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(SpecError, match=r"'table.masked' \('en'\) needs a value for \['minimum'\]"):
        wording("en")("table.masked")


def test_an_unformatted_number_is_refused() -> None:
    with pytest.raises(TypeError, match="Format float values"):
        wording("en")("publish.table", number=1.5)  # type: ignore[arg-type]  # wrong on purpose


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(SpecError, match="No words in the language 'xx'"):
        wording("xx")
