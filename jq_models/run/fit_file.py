"""Fit a model text to a data file, without a study: what ``jq-models fit`` does."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from jq_models.data.plain import likely_codes, read_plain
from jq_models.errors import FitError
from jq_models.evaluate.fit_indices import fit_indices
from jq_models.numeric.moments import UnfitError
from jq_models.report.fit_record import (
    FitRecord,
    bootstrap_sentences,
    code_sentences,
    dropped_sentences,
    few_cases_sentences,
    reason_sentence,
    untested_sentences,
)
from jq_models.run.plain_files import Draws, Progress, plain, read_model
from jq_models.sem import SemFit, fit_sem, parameter_estimates, wald
from jq_models.sem.estimators import find_estimator, usual_estimator
from jq_models.sem.inference import NAMES
from jq_models.sem.resampling.bootstrap import bootstrap
from jq_models.sem.resampling.intervals import bootstrap_intervals
from jq_models.sem.status import FATAL
from jq_models.sem.table.roles import roles_of
from jq_models.spec.syntax import Statement, parse

# fit measures by lavaan's names, and the fields of `FitIndices` they come from
MEASURES = {
    "chisq": "chi_square",
    "df": "df",
    "pvalue": "p_value",
    "cfi": "cfi",
    "tli": "tli",
    "rmsea": "rmsea",
    "rmsea_ci_low": "rmsea_low",
    "rmsea_ci_high": "rmsea_high",
    "srmr": "srmr",
    "logl": "log_likelihood",
    "aic": "aic",
    "bic": "bic",
    "chisq_scaled": "chi_square_scaled",
    "df_scaled": "df_scaled",
    "scaling_factor": "scaling_factor",
    "cfi_robust": "cfi_robust",
    "tli_robust": "tli_robust",
    "rmsea_robust": "rmsea_robust",
}
COLUMNS = (*NAMES[:-1], "est", "se", "z", "pvalue", "ci_low", "ci_high", "std_all", "free")
STANDARD_ERRORS = {
    "standard": "standard errors from the {information} information",
    "first.order": "standard errors from the cross-products of the scores",
    "robust.sem": "robust standard errors",
    "robust.huber.white": "robust (sandwich) standard errors",
}


def fit_file(
    model: Path,
    data: Path,
    *,
    na: Iterable[str] = (),
    draws: Draws | None = None,
    level: float = 0.95,
    on_progress: Progress | None = None,
    **options: Any,
) -> FitRecord:
    """Fit a model text to a data file.

    Parameters
    ----------
    model, data : Path
    na : iterable of str
        Cells that mean a missing answer, besides empty ones and NA.
    draws : Draws, optional
        Standard errors and percentile intervals from a bootstrap.
    level : float
        Of the intervals.
    on_progress : callable, optional
        Called with the bootstrap draws done and asked for.
    **options
        As in `fit_sem`.

    Returns
    -------
    FitRecord
        Also when the answers cannot carry the model or the estimation failed: its `failure` says so.

    Raises
    ------
    SyntaxProblem, SpecError, DataError
        What a user can mend: a text that does not parse, an unknown option, an absent column.
    """
    spec = read_model(model)
    observed = roles_of(tuple(p for p in parse(spec.text) if isinstance(p, Statement))).observed
    weights = options.get("weights")
    labels = [options[key] for key in ("group", "cluster") if options.get(key)]
    numeric = (*observed, *([weights] if weights else []))
    frame = read_plain(data, numeric=numeric, text=labels, missing=na)
    hints = code_sentences(likely_codes(frame[list(observed)]))
    blank = FitRecord(
        model=model.name,
        data=data.name,
        estimator=options.get("estimator")
        or usual_estimator(
            ordered=bool(options.get("ordered")), clustered=bool(options.get("cluster") or weights)
        ),
        n=0,
        n_dropped=0,
        level=level,
    )
    try:
        fit = fit_sem(spec, frame, **options)
    except UnfitError as problem:
        said = str(problem)
        dropped = len(frame) - problem.n
        return replace(blank, n=problem.n, n_dropped=dropped, failure=said, warnings=(said, *hints))
    extra = [*labels, *([weights] if weights else [])]
    record = _recorded(fit, blank, extra=extra, hints=hints)
    if draws is None or record.failure:
        return record
    return _bootstrapped(fit, record, draws=draws, on_progress=on_progress)


def document(record: FitRecord) -> dict[str, Any]:
    """Return a record as JSON takes it: None where a number does not apply or does not exist."""
    rows = [] if record.table is None else record.table[list(COLUMNS)].itertuples(index=False)
    return {
        "converged": record.table is not None,
        "n": record.n,
        "npar": record.npar,
        "estimator": record.estimator,
        "parameters": [dict(zip(COLUMNS, map(plain, row), strict=True)) for row in rows],
        "fit": {
            name: None if record.indices is None else plain(getattr(record.indices, field))
            for name, field in MEASURES.items()
        },
        "warnings": list(record.warnings),
    }


def _recorded(fit: SemFit, blank: FitRecord, *, extra: list[str], hints: list[str]) -> FitRecord:
    kind = find_estimator(fit.estimator)
    dropped = dropped_sentences(fit.n_dropped, n=fit.n, missing=fit.missing, columns=extra)
    reasons = [reason_sentence(reason) for reason in fit.status.reasons]
    few = few_cases_sentences(fit.n, len(fit.theta))
    record = replace(
        blank,
        estimator=fit.estimator,
        method=_method(fit),
        groups=tuple((g.label, g.n) for g in fit.sample.groups),
        n=fit.n,
        n_dropped=fit.n_dropped,
        npar=len(fit.theta),
        latent=fit.parameters.latent,
    )
    if not fit.usable:
        fatal = [reason_sentence(reason) for reason in fit.status.reasons if reason.code in FATAL]
        return replace(record, failure=" ".join(fatal), warnings=(*reasons, *hints, *dropped, *few))
    indices = fit_indices(fit)
    return replace(
        record,
        table=parameter_estimates(fit, level=blank.level),
        indices=indices,
        warnings=(*reasons, *hints, *untested_sentences(indices, test=kind.test), *dropped, *few),
    )


def _method(fit: SemFit) -> tuple[str, ...]:
    kind = find_estimator(fit.estimator)
    words = [STANDARD_ERRORS[kind.se].format(information=fit.information_kind)]
    if any(g.clusters is not None for g in fit.sample.groups):
        words[0] += " that respect the clusters"
    if any(g.weights is not None for g in fit.sample.groups):
        words.append("sampling weights")
    if fit.missing == "fiml":
        words.append("missing answers by full-information maximum likelihood")
    if fit.engine != "jq":
        words.append(f"estimates by {fit.engine}")
    return tuple(words)


def _bootstrapped(fit: SemFit, record: FitRecord, *, draws: Draws, on_progress: Progress | None) -> FitRecord:
    """Put the draws' standard errors and percentile intervals in place of the formulas'."""
    assert record.table is not None  # a record without a failure has a table
    table = record.table.copy()
    method = f"bootstrap standard errors and percentile intervals ({draws.draws:,} draws, seed {draws.seed})"
    record = replace(record, method=(method, *record.method[1:]))
    try:
        boot = bootstrap(
            fit, draws=draws.draws, seed=draws.seed, workers=draws.workers, on_progress=on_progress
        )
        found = bootstrap_intervals(fit, boot, level=record.level)
    except FitError as problem:
        said = str(problem)
        table[["se", "z", "pvalue", "ci_low", "ci_high"]] = math.nan
        return replace(record, table=table, failure=said, warnings=(said, *record.warnings))
    table["se"] = found["se"].to_numpy()
    tests = wald(table["est"].to_numpy(dtype=float), table["se"].to_numpy(dtype=float))
    table[["z", "pvalue"]] = tests[["z", "pvalue"]].to_numpy()
    table[["ci_low", "ci_high"]] = found[["ci_low", "ci_high"]].to_numpy()
    inadmissible = int((boot.converged & ~boot.admissible).sum())
    said_of_draws = bootstrap_sentences(boot.failed, inadmissible=inadmissible, draws=draws.draws)
    return replace(record, table=table, warnings=(*record.warnings, *said_of_draws))
