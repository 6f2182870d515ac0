"""Readings of the rival models in words: are the dimensions separate, which form wins, one factor or two."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jq_models.evaluate.hypotheses import Claim
from jq_models.evaluate.hypotheses.rules import DISTINCT
from jq_models.evaluate.rivals.compare import Rivals
from jq_models.report.names import inline, name_of
from jq_models.report.wording import Wording
from jq_models.spec import Instrument


def rivals_sentences(rivals: Rivals, claim: Claim, w: Wording) -> str:
    """Say what the rivals tell of separate dimensions (H1), which form wins and by what, and what failed.

    Parameters
    ----------
    claim : Claim
        As ``judge_dimensions`` returns it.
    """
    lines = [
        w(
            f"rivals.h1_{claim.reason}",
            count=len(rivals.dimensions),
            margin=w.number(claim.margin, 0),
        )
    ]
    preferred = rivals.preferred
    if rivals.winner:
        agreeing = [w(f"rivals.{key}") for key, name in preferred.items() if name == rivals.winner]
        model = w(f"rival.{rivals.winner}")
        lines.append(w("rivals.winner", model=model, criteria=w.join(agreeing), count=len(agreeing)))
        lines += [
            w("rivals.other", criterion=w(f"rivals.{key}"), model=w(f"rival.{name}"))
            for key, name in preferred.items()
            if name != rivals.winner
        ]
        lines.append(w(f"rivals.means_{rivals.winner}"))
    elif preferred:
        lines.append(w("rivals.no_winner"))
    test = rivals.test("higher", "higher_learning")
    if test is not None and not test["reason"]:
        key = "learning" if test["p_value"] < 0.05 else "no_learning"
        change = w(
            "rivals.test",
            difference=w.number(test["difference"], 1),
            df=int(test["df"]),
            p=w.p_equals(test["p_value"]),
        )
        lines.append(w(f"rivals.{key}", test=change))
    for state in ("failed", "inadmissible"):
        names = [w(f"rival.{m}") for m in rivals.table.loc[rivals.table["state"] == state, "model"]]
        if names:
            lines.append(w(f"rivals.some_{state}", models=w.join(names)))
    return " ".join(lines)


def facet_sentences(tests: pd.DataFrame, w: Wording, *, construct: str, instrument: Instrument) -> str:
    """Say whether one dimension is twofold (H8: ``"INF"``), and whether any other is.

    Parameters
    ----------
    tests : DataFrame
        As ``facet_tests`` returns it.
    construct : str
        The dimension.
    """
    rows = tests[tests["construct"] == construct]
    others = tests[tests["construct"] != construct]
    sentences = []
    if rows.empty:
        sentences.append(w("facets.not_asked"))
    else:
        row = rows.iloc[0]
        values = {
            "subject": name_of(construct, instrument=instrument, w=w),
            "name": inline(construct, instrument=instrument, w=w),
            "line": w.coefficient(DISTINCT),
            "first": _facet(row["first"], construct, instrument, w),
            "second": _facet(row["second"], construct, instrument, w),
        }
        if row["reason"] != "failed":
            values["test"] = w(
                "rivals.test",
                difference=w.number(row["difference"], 1),
                df=int(row["df"]),
                p=w.p_equals(row["p_value"]),
            )
        sentences.append(w(f"facets.{row['reason']}", **values))
        if row["reason"] != "failed":
            key = "facets.impossible" if row["correlation"] > 1 else "facets.related"
            interval = w.coefficient_interval(row["ci_low"], row["ci_high"])
            sentences.append(w(key, value=w.coefficient(row["correlation"]), interval=interval))
    twofold = [
        inline(code, instrument=instrument, w=w)
        for code in others.loc[others["reason"] == "two", "construct"]
    ]
    if twofold:
        sentences.append(w("facets.also", names=w.join(twofold)))
    elif len(others):
        sentences.append(w("facets.none_other"))
    return " ".join(sentences)


def composite_sentences(tests: pd.DataFrame, effects: Mapping[str, pd.DataFrame], w: Wording) -> str:
    """Say whether a composite describes the effects, and whether it changes what job quality goes with.

    Parameters
    ----------
    tests : DataFrame
        As ``nested_tests`` returns it for second_order < composite < direct.
    effects : mapping of str to DataFrame
        As for ``two_forms_table``.
    """
    if len(effects) < 2:
        return w("composite.failed")
    sentences = []
    for smaller, larger in (("second_order", "composite"), ("composite", "direct")):
        rows = tests[(tests["smaller"] == smaller) & (tests["larger"] == larger) & (tests["reason"] == "")]
        if rows.empty or rows.iloc[0]["verdict"] == "inadmissible":
            continue
        row = rows.iloc[0]
        change = w(
            "rivals.test",
            difference=w.number(row["difference"], 1),
            df=int(row["df"]),
            p=w.p_equals(row["p_value"]),
        )
        worse = "worse" if row["verdict"] == "larger" else "enough"
        sentences.append(w(f"composite.{smaller}_{worse}", test=change))
    totals = [frame[frame["kind"] == "total"].set_index("target")["estimate"] for frame in effects.values()]
    largest = float((totals[0] - totals[1]).abs().max())
    sentences.append(
        w("composite.same" if largest < 0.05 else "composite.differs", largest=w.coefficient(largest))
    )
    return " ".join(sentences)


def _facet(facet: str, construct: str, instrument: Instrument, w: Wording) -> str:
    name = w.of(instrument.construct(construct).facets[facet])
    return name[:1].lower() + name[1:]
