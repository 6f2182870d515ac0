"""Readings of alpha, omega hierarchical, overlap and cross-loadings in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jq_models.evaluate.cross_loadings import SIZABLE
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.judge import HTMT_LIBERAL, RELIABILITY_LINE
from jq_models.evaluate.omega_hierarchical import Hierarchy
from jq_models.report.names import construct_of, inline, name_of
from jq_models.report.sentences import clear
from jq_models.report.sentences_gates import gate_sentences
from jq_models.report.tables_measurement import WATCHED
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

LEVEL = 0.05
NAMED = 5


def alpha_sentences(alphas: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    """Say which scales are reliable by alpha, and how sure that is; `alphas` as ``alphas`` returns it.

    Parameters
    ----------
    alphas : DataFrame
        As ``alphas`` returns it.
    """
    judged = alphas.dropna(subset=["alpha"])
    if judged.empty:
        return w("reliability.none")
    line = RELIABILITY_LINE.value
    short, unsure = (
        judged[judged["alpha"] < line],
        judged[(judged["alpha"] >= line) & (judged["alpha_low"] < line)],
    )
    sentences = [
        w("measured.alpha_poor", line=w.coefficient(line), names=_valued(short["alpha"], line, instrument, w))
        if len(short)
        else w("measured.alpha_good", n=len(judged), line=w.coefficient(line))
    ]
    if len(unsure):
        names = w.join(inline(str(code), instrument=instrument, w=w) for code in unsure.index)
        sentences.append(w("measured.alpha_unsure", names=names, line=w.coefficient(line)))
    return " ".join(sentences)


def omega_sentences(found: Mapping[str, Hierarchy], w: Wording, *, instrument: Instrument) -> str:
    """Say how much of the sum of all items job quality explains, and which scores keep most of their own."""
    if not found:
        return w("measured.omega_none")
    first = next(iter(found.values()))
    rows = first.total.to_dict("index")
    total, general = rows["omega_total"], rows["omega_hierarchical"]
    sentences = [
        w(
            "measured.omega_found",
            total=w.percent(float(total["estimate"])),
            general=w.percent(float(general["estimate"])),
            low=w.percent(float(general["ci_low"])),
            high=w.percent(float(general["ci_high"])),
        )
    ]
    own = first.subscales["omega_hierarchical_subscale"].dropna()
    if len(own):
        sentences.append(
            w(
                "measured.omega_own",
                most=inline(str(own.idxmax()), instrument=instrument, w=w),
                high=w.percent(float(own.max())),
                least=inline(str(own.idxmin()), instrument=instrument, w=w),
                low=w.percent(float(own.min())),
            )
        )
    if "bifactor" in found:
        other = float(found["bifactor"].total["estimate"]["omega_hierarchical"])
        sentences.append(w("measured.omega_bifactor", general=w.percent(other)))
    return " ".join(sentences)


def overlap_gate(plan: Plan, w: Wording) -> str:
    """Say why overlap was not looked at; nothing when it was."""
    return gate_sentences(plan, w, analysis="score_path", part=w("measured.part_overlap"))


def overlap_sentences(
    pairs: pd.DataFrame, w: Wording, *, effects: Mapping[str, pd.DataFrame], instrument: Instrument
) -> str:
    """Say whether any interval passes the lenient line, how ENJ and SAT overlap, and what holds without ENJ.

    Parameters
    ----------
    pairs : DataFrame
        As ``htmt_intervals`` returns it.
    effects : mapping of str to DataFrame
        ``"all"`` and ``"without"``: effects of job quality on SAT with and without ENJ; one may be absent.
    """
    line = HTMT_LIBERAL.value
    known = pairs.dropna(subset=["htmt_high"])
    above = known[known["htmt_high"] > line]
    sentences = []
    if len(above):
        worst = above.sort_values("htmt_high", ascending=False, kind="stable").head(NAMED)
        named = w.join(_pair(a, b, instrument, w) for a, b in zip(worst["a"], worst["b"], strict=True))
        sentences.append(
            w("measured.overlap_open", count=len(above), n=len(known), line=w.coefficient(line), pairs=named)
        )
    elif len(known):
        sentences.append(w("measured.overlap_clear", n=len(known), line=w.coefficient(line)))
    watched = known[[set(WATCHED) == {a, b} for a, b in zip(known["a"], known["b"], strict=True)]]
    for _, row in watched.iterrows():
        a, b = (name_of(code, instrument=instrument, w=w) for code in WATCHED)
        sentences.append(
            w(
                "measured.overlap_watched",
                a=a,
                b=b[:1].lower() + b[1:],
                htmt=_between(row, "htmt", w),
                htmt2=_between(row, "htmt2", w),
            )
        )
    dropped = int(pairs["dropped"].max()) if len(pairs) else 0
    if dropped:
        sentences.append(w("measured.overlap_dropped", dropped=dropped, draws=int(pairs["draws"].max())))
    if construct_of(WATCHED[0], instrument) is not None and {"all", "without"} <= effects.keys():
        sentences.append(_without(effects, w, instrument))
    return " ".join(sentences)


def cross_sentences(found: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    """Say how many cross-loadings stand out after Holm's correction and are sizable, and the largest.

    Parameters
    ----------
    found : DataFrame
        As ``cross_loadings`` returns it.
    """
    if found.empty:
        return w("measured.cross_none_tested")
    standing = found[(found["p_holm"] < LEVEL) & (found["sepc_all"].abs() >= SIZABLE)]
    top = found.iloc[0]
    key = "measured.cross_some" if len(standing) else "measured.cross_none"
    return w(
        key,
        n=len(found),
        count=len(standing),
        size=w.coefficient(SIZABLE),
        item=str(top["item"]),
        other=inline(str(top["other"]), instrument=instrument, w=w),
        epc=w.coefficient(top["sepc_all"]),
    )


def _without(effects: Mapping[str, pd.DataFrame], w: Wording, instrument: Instrument) -> str:
    shown = {}
    for key in ("all", "without"):
        rows = effects[key]
        row = rows[(rows["kind"] == "total") & (rows["target"] == WATCHED[1])].iloc[0]
        interval = w.coefficient_interval(row["ci_low"], row["ci_high"])
        shown[key if key == "all" else "rest"] = f"{w.coefficient(row['estimate'])} {interval}"
    a, b = (inline(code, instrument=instrument, w=w) for code in WATCHED)
    return w("measured.overlap_without", a=a, b=b, **shown)


def _between(row: pd.Series, key: str, w: Wording) -> str:
    return f"{w.coefficient(row[key])} {w.coefficient_interval(row[f'{key}_low'], row[f'{key}_high'])}"


def _pair(a: str, b: str, instrument: Instrument, w: Wording) -> str:
    return w("htmt.names", a=inline(a, instrument=instrument, w=w), b=inline(b, instrument=instrument, w=w))


def _valued(values: pd.Series, line: float, instrument: Instrument, w: Wording) -> str:
    return w.join(
        f"{inline(str(code), instrument=instrument, w=w)} ({clear(float(v), line, w)})"
        for code, v in values.items()
    )
