"""Readings of fit, effects and the estimation itself in words, computed from the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from jq_models.evaluate.judge import FIT_RULES, FitVerdict, Rule, judge_fit
from jq_models.report.names import construct_of, inline, model_name
from jq_models.report.sentences import clear
from jq_models.report.tables_fit import difference, line_of
from jq_models.report.tables_structure import direction_of, ended, reason_words
from jq_models.report.wording import Wording
from jq_models.sem.status import FATAL
from jq_models.spec import Instrument

if TYPE_CHECKING:
    from jq_models.evaluate.agreement import SecondEngine
    from jq_models.evaluate.fit_indices import FitIndices
    from jq_models.sem import FitStatus


def fit_sentences(indices: Mapping[str, FitIndices], w: Wording) -> str:
    """Say of each model how well it fits and by which lines; a list, one model an entry."""
    entries = [f"- {_fit(name, one, w)}" for name, one in indices.items()]
    best = _best(indices, w)
    return "\n".join([*entries, *(["", best] if best else [])])


def _fit(name: str, fit: FitIndices, w: Wording) -> str:
    verdict, model = judge_fit(fit), model_name(name, w)
    if verdict.saturated:
        return w("fit.saturated", model=model)
    exact = w(
        "fit.chi",
        df=fit.df,
        chi_square=w.number(fit.chi_square),
        p=w.p_equals(fit.p_value),
        n=fit.n,
    )
    values = {
        "model": model,
        "indices": ", ".join(_judged(rule, verdict, fit, w) for rule in FIT_RULES),
        "misses": w.join(_misses(verdict, w)),
        "source": w(f"source.{FIT_RULES[0].good.source}"),
    }
    return f"{w(f'fit.{verdict.level}', **values)} {exact}"


def _judged(rule: Rule, verdict: FitVerdict, fit: FitIndices, w: Wording) -> str:
    found = verdict.of(rule.index)
    lines = (rule.good.value, rule.acceptable.value)
    value = max((clear(found.value, line, w, at_least=3) for line in lines), key=len)
    if rule.index == "rmsea":
        value += f" {w.coefficient_interval(fit.rmsea_low, fit.rmsea_high, 3)}"
    return w("fit.judged", index=w(f"fit.{rule.index}"), value=value, level=w(f"level.{found.level}"))


def _misses(verdict: FitVerdict, w: Wording) -> Iterable[str]:
    """Name the indices that keep the model from the next better level, with the line they miss."""
    for rule in FIT_RULES:
        found = verdict.of(rule.index)
        if found.level != verdict.level or verdict.level == "good":
            continue
        line = rule.good if found.level == "acceptable" else rule.acceptable
        key = "fit.miss_above" if rule.higher_is_better else "fit.miss_below"
        yield w(
            key,
            index=w(f"fit.{rule.index}"),
            line=w.coefficient(line.value),
            source=w(f"source.{line.source}"),
        )


def _best(indices: Mapping[str, FitIndices], w: Wording) -> str:
    """Name the model with the lowest BIC, when all models are of the same answers (one baseline)."""
    fits = list(indices.values())
    same = all(
        math.isclose(fit.baseline_chi_square, fits[0].baseline_chi_square, rel_tol=1e-9) for fit in fits
    )
    if len(fits) < 2 or not same:
        return ""
    return w("fit.best", model=model_name(min(indices, key=lambda name: indices[name].bic), w))


def status_sentences(status: Mapping[str, FitStatus], w: Wording, *, quiet: bool = False) -> str:
    """Say of each model that did not end well what is wrong and whether its numbers may be used.

    Parameters
    ----------
    status : mapping of str to FitStatus
        How each model ended, by model name.
    quiet : bool
        Whether to say nothing when all ended well.
    """
    warnings = [_warning(name, one, w) for name, one in status.items() if one.reasons]
    if warnings:
        return "\n\n".join(warnings)
    if quiet:
        return ""
    return w("status.ok" if len(status) > 1 else "status.ok_one")


def _warning(name: str, status: FitStatus, w: Wording) -> str:
    reasons = w.join(reason_words(reason, w) for reason in status.reasons)
    model = model_name(name, w)
    if any(reason.code in FATAL for reason in status.reasons):
        return w("status.unusable", model=model, reasons=reasons)
    if status.admissible:
        return w("status.unstable", model=model, reasons=reasons)
    return w("status.warn", model=model, outcome=w(f"status.{ended(status)}"), reasons=reasons)


def agreement_sentence(found: SecondEngine, w: Wording) -> str:
    """Say whether two engines agree on a model, or why nothing was compared."""
    values = {"model": model_name(found.model, w), "error": found.error, "seconds": w.count(found.seconds)}
    if found.status is not None:
        values["reasons"] = w.join(reason_words(reason, w) for reason in found.status.reasons)
    if found.agreement is not None:
        values["line"] = line_of(found.agreement.estimates, w)
        values["chi_line"] = line_of(found.agreement.chi_square, w)
        values["parts"] = w.join(
            f"{w(f'agreement.{name}').lower()} {difference(part, w)}"
            for name, part in found.agreement.parts.items()
            if not part.agrees
        )
    return w(f"agreement.{found.outcome}", **values)


def effect_sentences(
    effects: pd.DataFrame,
    w: Wording,
    *,
    instrument: Instrument,
    outcomes: tuple[str, ...] = ("SAT", "COM"),
    through: str = "TIN",
    kind: str = "total",
) -> str:
    """Say what has the strongest effect on each outcome, and how turnover intention is reached.

    Parameters
    ----------
    effects : DataFrame
        Columns source target kind estimate ci_low ci_high, as ``effects`` returns it.
    outcomes : tuple of str
        Targets whose strongest total effect is named.
    through : str
        Target whose indirect effect is named, when there is one source.
    kind : {"direct", "total"}
        Which effect is compared: the one the figure beside it draws.
    """
    compared = effects[effects["kind"] == kind]
    sentences = [
        _strongest(compared[compared["target"] == target], instrument, w)
        for target in outcomes
        if (compared["target"] == target).any()
    ]
    onto = effects[effects["target"] == through]
    sentences += [_mediated(rows, instrument, w) for rows in [onto] if onto["source"].nunique() == 1]
    return "\n".join(f"- {sentence}" for sentence in sentences)


def _strongest(rows: pd.DataFrame, instrument: Instrument, w: Wording) -> str:
    known = rows.dropna(subset=["estimate"])
    if known.empty:
        return no_effect(rows.iloc[0], w, instrument=instrument)
    first = known.iloc[int(known["estimate"].abs().to_numpy().argmax())]
    direction, kind = direction_of(first), str(first["kind"])
    values = {
        "source": inline(first["source"], instrument=instrument, w=w),
        "target": inline(first["target"], instrument=instrument, w=w),
        "estimate": estimate(first, w),
    }
    if len(rows) == 1:
        return w(f"effects.one_{direction}", **values)
    others = rows.drop(index=first.name)
    overlap = (others["ci_high"] >= first["ci_low"]) & (others["ci_low"] <= first["ci_high"])
    return " ".join(
        [
            w(f"effects.strongest_{kind}", **values),
            w("effects.unclear" if direction == "undecided" else "effects.clear"),
            w("effects.order_uncertain", count=int(overlap.sum()))
            if overlap.any()
            else w("effects.order_certain"),
        ]
    )


def _mediated(rows: pd.DataFrame, instrument: Instrument, w: Wording) -> str:
    indirect, direct = (rows[rows["kind"] == kind].iloc[0] for kind in ("indirect", "direct"))
    if math.isnan(indirect["estimate"]):
        return no_effect(indirect, w, instrument=instrument)
    direction = direction_of(indirect)
    sentence = w(
        f"effects.mediated_{direction}",
        source=inline(indirect["source"], instrument=instrument, w=w),
        target=inline(indirect["target"], instrument=instrument, w=w),
        estimate=estimate(indirect, w),
    )
    if direction_of(direct) == "not_estimated":
        return f"{sentence} {w('effects.no_direct_path')}"
    return f"{sentence} {w('effects.direct_beside', estimate=estimate(direct, w))}"


def no_effect(row: pd.Series, w: Wording, *, instrument: Instrument) -> str:
    """Say that effects on a target cannot be standardised."""
    return w("effects.impossible", target=inline(str(row["target"]), instrument=instrument, w=w))


def r_squared_sentences(r_squared: pd.Series, w: Wording, *, instrument: Instrument) -> str:
    """Say how much of each outcome's variance the model explains."""
    parts = []
    for code, value in r_squared.items():
        construct = construct_of(str(code), instrument)
        if construct is not None and construct.role == "outcome" and not math.isnan(value):
            outcome = inline(construct.code, instrument=instrument, w=w)
            parts.append(w("r_squared.part", value=w.percent(float(value)), outcome=outcome))
    return w("r_squared.sentence", list=w.join(parts)) if parts else ""


def estimate(row: pd.Series, w: Wording) -> str:
    """Write an effect with its interval."""
    interval = w.coefficient_interval(row["ci_low"], row["ci_high"])
    return f"{w.coefficient(row['estimate'])} {interval}"
