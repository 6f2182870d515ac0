"""The plan of a study in words: what is fixed before the data are read, and what departs from it since."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import partial

from jq_models.errors import SpecError, suggest
from jq_models.evaluate.hypotheses import HYPOTHESES
from jq_models.evaluate.hypotheses.mediation import DRAWS
from jq_models.evaluate.hypotheses.rules import ABSENT, ALPHA, DISTINCT, SMALLEST, SMALLEST_SHARE, WEAK
from jq_models.evaluate.hypotheses.study import MODELS
from jq_models.evaluate.robustness.careless import EVEN_ODD_LINE, LONG_STRING_SHARE, MAHALANOBIS_ALPHA
from jq_models.evaluate.sources import SOURCE_CLAIMS
from jq_models.evaluate.sources.flexible import SMALLEST_PRODUCT
from jq_models.evaluate.sources.steering import SMALLEST_INDIRECT
from jq_models.report.names import model_name, name_of
from jq_models.report.wording import Wording, wording
from jq_models.spec import (
    Deviation,
    Gates,
    Instrument,
    Registration,
    Study,
    build_model,
    deviations,
    load_registration,
    questionnaire_of,
    status_of,
    without_modules,
)
from jq_models.spec.registration import CLAIMS, Plan

GATES = tuple(one.name for one in fields(Gates))
ALL_CLAIMS = (*HYPOTHESES, *SOURCE_CLAIMS)
# what is told of these is that they are other words: they are too long to stand in a sentence
LONG = (CLAIMS, "models", "questions")
RULES: Mapping[str, float] = {
    "alpha": ALPHA,
    "smallest": SMALLEST,
    "absent": ABSENT,
    "share": SMALLEST_SHARE,
    "indirect": SMALLEST_INDIRECT,
    "product": SMALLEST_PRODUCT,
    "distinct": DISTINCT,
    "weak": WEAK,
    "draws": DRAWS,
}
EXCLUSIONS: Mapping[str, float] = {
    "long_string": LONG_STRING_SHARE,
    "even_odd": EVEN_ODD_LINE,
    "mahalanobis": MAHALANOBIS_ALPHA,
}
OPTIONS: Mapping[str, Callable[[Study], object]] = {
    "main": lambda study: study.model,
    "turnover": lambda study: study.turnover,
    "learning": lambda study: study.learning,
    "seed": lambda study: study.seed,
    "minimum_group": lambda study: study.minimum_group,
    "groups": lambda study: {group.name: group.column for group in study.groups},
    "covariates": lambda study: study.covariates,
    "norm": lambda study: study.client.norm,
    "target": lambda study: study.client.target,
    "previous": lambda study: study.client.previous,
    "crisis": lambda study: study.client.crisis,
}


def plan_of(study: Study, *, claims: Iterable[str] = ALL_CLAIMS) -> Plan:
    """Return what a study lays down before its data are read.

    Words are English whatever the report's language, so that a plan can be compared with itself.

    Parameters
    ----------
    study : Study
    claims : iterable of str
        Those whose tests are to count as confirmatory.

    Raises
    ------
    SpecError
        On a claim nobody knows.
    """
    asked, w, instrument = set(claims), wording("en"), questionnaire_of(study)
    for claim in sorted(asked - set(ALL_CLAIMS)):
        raise SpecError(f"No claim '{claim}'. {suggest(claim, ALL_CLAIMS)}")
    lines = {"smallest": SMALLEST, "absent": ABSENT, "share": SMALLEST_SHARE, "distinct": DISTINCT}
    shown = {key: w.coefficient(value) for key, value in lines.items()} | {"weak": w.count(WEAK)}
    said = {
        claim: f"{w(f'hypotheses.claim.{claim}')}. {w(f'hypotheses.predicts.{claim}', **shown)}."
        for claim in ALL_CLAIMS
        if claim in asked
    }
    missing = {"missing": study.missing, "scale": study.scale, "rule": w("registration.exclusion")}
    return {
        CLAIMS: said,
        "rules": {key: _written(value) for key, value in RULES.items()},
        "models": _models(study, without_modules(instrument)),
        "exclusions": {key: _written(value) for key, value in {**missing, **EXCLUSIONS}.items()},
        "gates": {key: _written(getattr(study.gates, key)) for key in GATES},
        "options": {key: _written(read(study)) for key, read in OPTIONS.items()},
        "questions": {c.code: instrument.wording_hash(c.code) for c in instrument.constructs},
    }


def _models(study: Study, instrument: Instrument) -> dict[str, str]:
    build = partial(build_model, instrument=instrument, turnover=study.turnover, learning=study.learning)
    outcomes = {c.code for c in instrument.outcomes}
    return {
        name: build(name).text for name, _ in MODELS if name == "correlated" or {"SAT", "COM"} <= outcomes
    }


def _written(value: object) -> str:
    """Return a setting as it stands in a plan: texts as they are, nothing as nothing, else JSON."""
    if value is None or value == () or value == {}:
        return ""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def departures(study: Study) -> tuple[Registration | None, tuple[Deviation, ...]]:
    """Return a study's registration, if any, and all that is not as registered."""
    found = load_registration(study.name)
    return found, () if found is None else deviations(found, plan_of(study))


def claim_status(study: Study) -> dict[str, str]:
    """Return of every claim whether its test was registered; nothing where the study has no registration."""
    found, departed = departures(study)
    return {} if found is None else {claim: status_of(claim, found, departed) for claim in ALL_CLAIMS}


def registration_sentences(study: Study, w: Wording) -> str:
    """Say what was registered and when, what is confirmatory, and list what is not as registered."""
    found, departed = departures(study)
    if found is None:
        return w("registration.none")
    claims = list(found.plan[CLAIMS])
    status = {claim: status_of(claim, found, departed) for claim in claims}
    said = [
        w("registration.made", when=when_registered(found), hash=found.sha256[:12], version=found.version)
    ]
    if found.late:
        said.append(w("registration.late"))
    elif found.data_there:
        said.append(w("registration.data_there"))
    if not found.late:
        for kind in ("confirmatory", "deviating"):
            named = [claim for claim in claims if status[claim] == kind]
            if named:
                said.append(w(f"registration.{kind}", count=len(named), claims=w.join(named)))
        if len(claims) < len(ALL_CLAIMS):
            said.append(w("registration.others"))
    if not departed:
        return " ".join([*said, w("registration.kept")])
    instrument = questionnaire_of(study)
    listed = [f"- {deviation_words(one, w, instrument=instrument)}" for one in departed]
    return "\n".join([" ".join([*said, w("registration.departed", count=len(departed))]), "", *listed])


def deviation_words(one: Deviation, w: Wording, *, instrument: Instrument) -> str:
    """Name a deviation: what it is of, and where that is short, what was planned and what is."""
    part = w(f"registration.section.{one.section}")
    what = line_name(one.section, one.key, w, instrument=instrument)
    if one.section in LONG and one.planned and one.present:
        return w("registration.reworded", part=part, what=what)
    if one.section in LONG:
        return w("registration.dropped" if one.planned else "registration.added", part=part, what=what)
    nothing = w("registration.nothing")
    return w(
        "registration.changed",
        part=part,
        what=what,
        planned=one.planned or nothing,
        present=one.present or nothing,
    )


def line_name(section: str, key: str, w: Wording, *, instrument: Instrument) -> str:
    """Return what a line of a plan is about."""
    if section == CLAIMS:
        return key
    if section == "models":
        return model_name(key, w)
    if section == "questions":
        known = {c.code for c in instrument.constructs}
        return name_of(key, instrument=instrument, w=w) if key in known else key
    return w(f"registration.{section}.{key}")


def when_registered(found: Registration) -> str:
    """Return the time of a registration as people write it."""
    return found.registered.replace("T", " ").replace("+00:00", " UTC")
