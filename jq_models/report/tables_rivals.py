"""Tables of the rival measurement models, of facets, and of job quality as a composite."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jq_models.evaluate.hypotheses.rules import DISTINCT
from jq_models.evaluate.rivals.compare import CRITERIA, Rivals
from jq_models.evaluate.rivals.composite import composite_weights
from jq_models.report.columns import estimates, measured, verdicts, words
from jq_models.report.names import inline, name_of, starred
from jq_models.report.table import Table, build
from jq_models.report.wording import DASH, Wording
from jq_models.sem import FailedFit, SemFit, standardized
from jq_models.spec import Instrument
from jq_models.spec.model import JOB_QUALITY
from jq_models.spec.rivals import BLOCKS

ESTIMATE = ["estimate", "ci_low", "ci_high"]


def rivals_table(rivals: Rivals, w: Wording, *, instrument: Instrument) -> Table:
    """Show the fit of every rival, its distance from the lowest BIC, and how it ended."""
    table = rivals.table
    fitted = table["state"] == "fitted"
    above = {f"delta_{key}": table[key] - table.loc[fitted, key].min() for key in CRITERIA}
    ended = [
        w(f"rivals.obstacle_{reason}") if reason else w(f"rivals.state_{state}")
        for state, reason in zip(table["state"], table["reason"], strict=True)
    ]
    winner = [model == rivals.winner for model in table["model"]]
    shown = [w("rivals.preferred") if wins else end for wins, end in zip(winner, ended, strict=True)]
    codes = ["preferred" if wins else state for wins, state in zip(winner, table["state"], strict=True)]
    return build(
        "rivals",
        title=w("rivals.title"),
        note=" ".join([w("rivals.note", n=rivals.n, dash=DASH), *_blocks(rivals, w, instrument=instrument)]),
        columns=[
            words(
                "model",
                heading=w("rivals.model"),
                shown=[w(f"rival.{name}") for name in table["model"]],
                values=table["model"],
            ),
            *measured(
                table.assign(**above),
                "chi_square fit.chi_square number 1",
                "df rivals.df count",
                "cfi fit.cfi coefficient 3",
                "rmsea fit.rmsea coefficient 3",
                "srmr fit.srmr coefficient 3",
                "delta_aic rivals.delta_aic number 0",
                "delta_sabic rivals.delta_sabic number 0",
                "delta_bic rivals.delta_bic number 0",
                w=w,
            ),
            words("outcome", heading=w("rivals.outcome"), shown=shown, values=codes),
        ],
    )


def _blocks(rivals: Rivals, w: Wording, *, instrument: Instrument) -> list[str]:
    """Say which dimensions the three blocks hold."""
    named = [
        w(
            f"rivals.block_{block}",
            names=w.join(inline(c, instrument=instrument, w=w) for c in codes if c in rivals.dimensions),
        )
        for block, codes in BLOCKS.items()
        if set(codes) & set(rivals.dimensions)
    ]
    return [w("rivals.blocks", blocks="; ".join(named))] if "three_blocks" in rivals.fits else []


def nested_table(rivals: Rivals, w: Wording) -> Table:
    """Show the difference test of every pair of rivals of which one restricts the other."""
    tests = rivals.tests
    verdict = [
        f"untested_{reason}" if reason else verdict
        for reason, verdict in zip(tests["reason"], tests["verdict"], strict=True)
    ]
    pairs = [
        w("rivals.pair", smaller=w(f"rival.{a}"), larger=w(f"rival.{b}"))
        for a, b in zip(tests["smaller"], tests["larger"], strict=True)
    ]
    return build(
        "rivals_nested",
        title=w("rivals.nested_title"),
        note=w("rivals.nested_note", dash=DASH),
        columns=[
            words(
                "pair",
                heading=w("rivals.pairs"),
                shown=pairs,
                values=tests["smaller"] + "<" + tests["larger"],
            ),
            *measured(
                tests,
                "difference rivals.difference number 1",
                "df rivals.df count",
                "p_value col.p p_value",
                "delta_cfi rivals.delta_cfi coefficient 3",
                "delta_bic rivals.change_bic number 0",
                w=w,
            ),
            verdicts("verdict", heading=w("col.verdict"), codes=verdict, prefix="rivals.test_verdict", w=w),
        ],
    )


def facet_table(tests: pd.DataFrame, w: Wording, *, instrument: Instrument) -> Table:
    """Show for every dimension with facets whether it is one factor or two.

    Parameters
    ----------
    tests : DataFrame
        As ``facet_tests`` returns it; without rows nothing is shown.
    """
    facets = [
        " – ".join(w.of(instrument.construct(code).facets[name]) for name in names)
        for code, *names in tests[["construct", "first", "second"]].itertuples(index=False)
    ]
    shown = tests.rename(columns={"correlation": "estimate"})
    return build(
        "facets",
        title=w("facets.title"),
        note=w("facets.note", dash=DASH, line=w.coefficient(DISTINCT)),
        columns=[
            words(
                "construct",
                heading=w("col.construct"),
                shown=[starred(code, instrument=instrument, w=w) for code in tests["construct"]],
                values=tests["construct"],
            ),
            words("facets", heading=w("facets.facets"), shown=facets),
            estimates(
                ("correlation", "ci_low", "ci_high"), heading=w("facets.correlation"), frame=shown, w=w
            ),
            *measured(
                tests,
                "difference rivals.difference number 1",
                "df rivals.df count",
                "p_value col.p p_value",
                "delta_bic rivals.change_bic number 0",
                w=w,
            ),
            verdicts(
                "verdict", heading=w("col.verdict"), codes=tests["reason"], prefix="facets.verdict", w=w
            ),
        ],
    )


def composite_table(
    weights: pd.DataFrame, w: Wording, *, reflective: pd.DataFrame, instrument: Instrument
) -> Table:
    """Show what each dimension adds to job quality as a composite, beside its reflective loading.

    Parameters
    ----------
    weights : DataFrame
        As ``composite_weights`` returns it.
    reflective : DataFrame
        The standardised solution of the second-order model.
    """
    frames = {
        "weight": weights[["weight", "ci_low", "ci_high"]].set_axis(ESTIMATE, axis=1),
        "correlation": weights[["correlation", "correlation_low", "correlation_high"]].set_axis(
            ESTIMATE, axis=1
        ),
    }
    rows = reflective[(reflective["lhs"] == JOB_QUALITY) & (reflective["op"] == "=~")].set_index("rhs")
    loadings = rows[["est_std", "ci_low", "ci_high"]].set_axis(ESTIMATE, axis=1)
    frames["loading"] = loadings.reindex(weights.index)
    return build(
        "composite",
        title=w("composite.title"),
        note=w("composite.note"),
        columns=[
            words(
                "dimension",
                heading=w("loadings.dimension"),
                shown=[starred(str(code), instrument=instrument, w=w) for code in weights.index],
                values=weights.index,
            ),
            *(
                estimates((key, f"{key}_low", f"{key}_high"), heading=w(f"composite.{key}"), frame=frame, w=w)
                for key, frame in frames.items()
            ),
        ],
    )


def composite_tables(
    fits: Mapping[str, SemFit | FailedFit],
    effects: Mapping[str, pd.DataFrame],
    w: Wording,
    *,
    instrument: Instrument,
) -> list[Table]:
    """Return what job quality goes with in both forms, and what makes it up; nothing when one form failed.

    Parameters
    ----------
    fits, effects : mapping
        As ``fit_forms`` and ``form_effects`` return them.
    """
    factor, composite = fits["second_order"], fits["composite"]
    if len(effects) < 2 or not isinstance(factor, SemFit) or not isinstance(composite, SemFit):
        return []
    weights, loadings = composite_weights(composite), standardized(factor)
    return [
        two_forms_table(effects, w, instrument=instrument),
        composite_table(weights, w, reflective=loadings, instrument=instrument),
    ]


def two_forms_table(effects: Mapping[str, pd.DataFrame], w: Wording, *, instrument: Instrument) -> Table:
    """Show the total effects of job quality as a second-order factor and as a composite.

    Parameters
    ----------
    effects : mapping of str to DataFrame
        ``"second_order"`` and ``"composite"``, as ``effects`` and ``composite_effects`` return them; one that
        failed is absent.
    """
    totals = {key: frame[frame["kind"] == "total"].set_index("target") for key, frame in effects.items()}
    targets = list(dict.fromkeys(code for frame in totals.values() for code in frame.index))
    return build(
        "two_forms",
        title=w("composite.effects_title"),
        note=w("composite.effects_note"),
        columns=[
            words(
                "target",
                heading=w("without.target"),
                shown=[name_of(code, instrument=instrument, w=w) for code in targets],
                values=targets,
            ),
            *(
                estimates(
                    (key, f"{key}_low", f"{key}_high"),
                    heading=w(f"composite.{key}"),
                    frame=frame.reindex(targets),
                    w=w,
                )
                for key, frame in totals.items()
            ),
        ],
    )
