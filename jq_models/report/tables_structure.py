"""Tables on the structural model and on how it was computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from jq_models.evaluate.judge import judge_effect
from jq_models.report.columns import Column, measured, verdicts, words
from jq_models.report.columns import estimates as estimate_column
from jq_models.report.names import construct_of, inline, model_name, name_of, starred
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording
from jq_models.sem.status import NOT_FITTED
from jq_models.spec import Instrument

if TYPE_CHECKING:
    from jq_models.sem import FailedFit, FitStatus, Reason, SemFit

KINDS = ("direct", "indirect", "total")
PLACES = 6  # parameters named per reason; more are counted


def path_table(
    estimates: pd.DataFrame, w: Wording, *, standardized: pd.DataFrame, instrument: Instrument
) -> Table:
    """Show every path between constructs.

    Parameters
    ----------
    estimates, standardized : DataFrame
        As ``parameter_estimates`` and ``standardized`` return them.
    """
    keys = ["lhs", "op", "rhs"]
    paths = estimates.loc[estimates["op"] == "~", [*keys, "est", "se", "pvalue"]]
    bounds = standardized[[*keys, "est_std", "ci_low", "ci_high"]].rename(columns={"est_std": "estimate"})
    rows = paths.merge(bounds, on=keys, how="left")
    source = [name_of(code, instrument=instrument, w=w) for code in rows["rhs"]]
    target = [name_of(code, instrument=instrument, w=w) for code in rows["lhs"]]
    arrows = [w("paths.arrow", source=a, target=b) for a, b in zip(source, target, strict=True)]
    return build(
        "paths",
        title=w("paths.title"),
        note=w("paths.note"),
        columns=[
            words("path", heading=w("paths.path"), shown=arrows, values=rows["lhs"] + " ~ " + rows["rhs"]),
            *measured(rows, "est col.estimate number", "se col.se number", "pvalue col.p p_value", w=w),
            estimate_column(("est_std", "ci_low", "ci_high"), heading=w("col.standardised"), frame=rows, w=w),
            _direction(rows, w),
        ],
    )


def effect_table(effects: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show direct, indirect and total effects side by side, by target; the direction is the total's.

    Parameters
    ----------
    effects : DataFrame
        Columns source, target, kind ("direct", "indirect", "total"), estimate, ci_low, ci_high.
    """
    pairs = effects.drop_duplicates(["target", "source"])
    targets = list(dict.fromkeys(pairs["target"]))
    pairs = pairs.sort_values("target", key=lambda codes: codes.map(targets.index), kind="stable")
    by_kind = {
        kind: pairs[["target", "source"]].merge(effects[effects["kind"] == kind], how="left")
        for kind in KINDS
    }
    onto = [w("effects.on", target=inline(code, instrument=instrument, w=w)) for code in pairs["target"]]
    names = [starred(code, instrument=instrument, w=w) for code in pairs["source"]]
    return build(
        "effects",
        title=w("effects.title"),
        note=w("effects.note", dash=DASH),
        grouped=True,
        columns=[
            words("target", heading=w("effects.target"), shown=onto, values=pairs["target"]),
            words("source", heading=w("effects.source"), shown=names, values=pairs["source"]),
            *(
                estimate_column(
                    (kind, f"{kind}_low", f"{kind}_high"), heading=w(f"effects.{kind}"), frame=rows, w=w
                )
                for kind, rows in by_kind.items()
            ),
            _direction(by_kind["total"], w),
        ],
    )


def r_squared_table(r_squared: pd.Series, w: Wording, *, instrument: Instrument) -> Table:
    """Show how much of each construct's variance the model explains; items are left aside.

    Parameters
    ----------
    r_squared : Series
        By endogenous variable, observed and latent.
    """
    kept = r_squared[[construct_of(code, instrument) is not None for code in r_squared.index]]
    names = [starred(code, instrument=instrument, w=w) for code in kept.index]
    frame = pd.DataFrame({"r_squared": kept})
    return build(
        "r_squared",
        title=w("r_squared.title"),
        note=w("r_squared.note"),
        columns=[
            words("construct", heading=w("col.construct"), shown=names, values=kept.index),
            *measured(frame, "r_squared r_squared.value coefficient", w=w),
        ],
    )


def status_table(status: Mapping[str, FitStatus], w: Wording) -> Table:
    """Show how the estimation of each model ended, with the reasons in words where there are any."""
    ends = [ended(one) for one in status.values()]
    reasons = ["; ".join(reason_words(r, w) for r in one.reasons) for one in status.values()]
    codes = ["; ".join(r.code for r in one.reasons) for one in status.values()]
    names = [model_name(name, w) for name in status]
    return build(
        "status",
        title=w("status.title"),
        note=w("status.note"),
        columns=[
            words("model", heading=w("status.model"), shown=names, values=list(status)),
            verdicts("outcome", heading=w("status.outcome"), codes=ends, prefix="status", w=w),
            *(
                [words("reasons", heading=w("status.reasons"), shown=reasons, values=codes)]
                if any(codes)
                else []
            ),
        ],
    )


def ended(status: FitStatus) -> str:
    """Return the outcome: not_fitted, not_identified, not_converged, inadmissible or admissible."""
    if any(reason.code in NOT_FITTED for reason in status.reasons):
        return "not_fitted"
    if not status.identified:
        return "not_identified"
    if not status.converged:
        return "not_converged"
    return "admissible" if status.admissible else "inadmissible"


def reason_words(reason: Reason, w: Wording) -> str:
    """Return a reason in words, with the parameters at fault."""
    text = w(f"reason.{reason.code}")
    if not reason.where:
        return text
    places = ", ".join(reason.where[:PLACES])
    if len(reason.where) > PLACES:
        places = w("reason.more", places=places, count=len(reason.where) - PLACES)
    return w("reason.where", reason=text, places=places)


def method_table(
    fits: Mapping[str, SemFit | FailedFit],
    w: Wording,
    *,
    instrument: Instrument,
    versions: Mapping[str, str],
    seed: int,
) -> Table:
    """Show how the models were computed: one row a fact, one column a model.

    Parameters
    ----------
    fits : mapping of str to SemFit or FailedFit
        The fits shown in the report, by model name.
    versions : mapping of str to str
        Package name -> version, for those that computed something.
    seed : int
        Seed of whatever was drawn at random.
    """
    facts = {
        "estimator": [(w(f"method.{fit.estimator.lower()}"), fit.estimator) for fit in fits.values()],
        "engine": [(w(f"method.engine_{fit.engine}"), fit.engine) for fit in fits.values()],
        "missing": [(w("method.listwise"), "listwise")] * len(fits),
        "n": [(w.count(fit.n), str(fit.n)) for fit in fits.values()],
        "dropped": [(w.count(fit.n_dropped), str(fit.n_dropped)) for fit in fits.values()],
    }
    note = w(
        "method.note",
        instrument=f"{w.of(instrument.title)} ({instrument.version})",
        versions=", ".join(f"{name} {version}" for name, version in versions.items()),
        seed=str(seed),
    )
    return build(
        "method",
        title=w("method.title"),
        note=note,
        columns=[
            words(
                "fact", heading=w("method.what"), shown=[w(f"method.{f}") for f in facts], values=list(facts)
            ),
            *(
                words(
                    name,
                    heading=model_name(name, w),
                    shown=[values[k][0] for values in facts.values()],
                    values=[values[k][1] for values in facts.values()],
                )
                for k, name in enumerate(fits)
            ),
        ],
    )


def direction_of(row: pd.Series) -> str:
    """Return the direction of an effect, ``"not_estimated"`` when its interval has no width."""
    return judge_effect(row) if row["ci_high"] > row["ci_low"] else "not_estimated"


def _direction(rows: pd.DataFrame, w: Wording) -> Column:
    codes = [direction_of(row) for _, row in rows.iterrows()]
    return verdicts("direction", heading=w("col.direction"), codes=codes, prefix="direction", w=w)
