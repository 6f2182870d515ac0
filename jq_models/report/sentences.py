"""Readings of the sample and the measurement in words, computed from the numbers.

Every function returns markdown. The same decision always gives the same words, so that a test that compares
words notices when a verdict flips.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from jq_models.evaluate.judge import AVE_LINE, HTMT_STRICT, RELIABILITY_LINE
from jq_models.report.names import construct_of, inline, score_digits
from jq_models.report.tables_measurement import WATCHED, fornell_verdicts, htmt_level, htmt_pairs
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

if TYPE_CHECKING:
    from jq_models.data.validate import Problem

ENOUGH = 0.75  # share of respondents below which listwise deletion is a warning
WEAK_LOADING = 0.50
LOWEST = 3
DIGITS = 4  # decimals to which a number is written at most, to be seen on its side of a line


def data_label(w: Wording, *, simulated: bool) -> str:
    """Say that the data are simulated; nothing for real data."""
    return f"**{w('label.simulated')}.** {w('label.simulated_long')}" if simulated else ""


def sample_sentences(w: Wording, *, n_read: int, n: int, n_used: int, modelled: bool = True) -> str:
    """Say how many respondents the file, the study and the models have, or would have were there enough."""
    kept = w("sample.counted_all", count=n_read) if n == n_read else w("sample.counted", count=n_read, kept=n)
    key = "listwise" if modelled else "listwise_unused"
    if n_used == n:
        return f"{kept} {w(f'sample.{key}_none', n=n_used)}"
    share = n_used / n
    used = w(f"sample.{key}", n=n_used, share=w.percent(share), dropped=n - n_used)
    return " ".join([kept, used, *([w("sample.listwise_heavy")] if modelled and share < ENOUGH else [])])


def missing_sentences(missing: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    """Say how many answers are missing and where most; `missing` as for the table, with n_items.

    Constructs whose share may not be shown are passed over; nothing is said when there is no other.
    """
    missing = missing.dropna(subset=["missing_share"])
    if missing.empty:
        return ""
    share = float((missing["missing_share"] * missing["n_items"]).sum() / missing["n_items"].sum())
    if share == 0:
        return w("missingness.sentence_none")
    worst = str(missing["missing_share"].idxmax())
    return w(
        "missingness.sentence",
        share=w.percent(share, 1),
        construct=inline(worst, instrument=instrument, w=w),
        worst=w.percent(float(missing["missing_share"].max()), 1),
    )


def problem_sentences(problems: Sequence[Problem], w: Wording) -> str:
    """Say how many errors, warnings and notes a check found, and whether the study can go on."""
    if not problems:
        return w("problems.none")
    counts = {
        key: sum(p.severity == severity for p in problems)
        for key, severity in (("errors", "error"), ("warnings", "warning"), ("notes", "note"))
    }
    found = w("problems.found", **counts)
    return f"{found} {w('problems.stopped')}" if counts["errors"] else found


def score_sentences(summary: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    """Say which dimensions score lowest, and whether the new ones score lower than the others.

    Parameters
    ----------
    summary : DataFrame
        Index construct; column mean, NaN where it may not be shown: such a dimension is passed over.

    Returns
    -------
    str
        Empty when no dimension has a mean to show.
    """
    dimensions = {c.code: c.new for c in instrument.dimensions if c.code in summary.index}
    means = summary.loc[list(dimensions), "mean"].dropna().sort_values(kind="stable")
    if means.empty:
        return ""
    lowest = list(means.index[:LOWEST])
    key = "constructs.lowest" if len(lowest) > 1 else "constructs.lowest_one"
    sentences = [w(key, names=w.join(_names(lowest, instrument=instrument, w=w)))]
    new = [code for code in means.index if dimensions[code]]
    others = [code for code in means.index if not dimensions[code]]
    if new and others:
        difference = float(means[others].mean() - means[new].mean())
        one = len(new) == 1
        shown = w.number(abs(difference), score_digits(instrument))
        if not shown.strip("0.,"):
            key = "constructs.new_same_one" if one else "constructs.new_same"
        elif difference > 0:
            key = "constructs.new_lower_one" if one else "constructs.new_lower"
        else:
            key = "constructs.new_not_lower_one" if one else "constructs.new_not_lower"
        ordered = [code for code in dimensions if code in new]
        names = w.join(_names(ordered, instrument=instrument, w=w))
        sentences.append(w(key, names=names, difference=shown))
        are_lowest = set(means.index[: len(new)]) == set(new)
        if one:
            sentences.append(w("constructs.new_is_lowest" if are_lowest else "constructs.new_is_not_lowest"))
        else:
            sentences.append(w("constructs.new_are_lowest" if are_lowest else "constructs.new_not_lowest"))
    return " ".join(sentences)


def loading_sentences(standardized: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    """Say between which values the items' standardised loadings lie, and which items are weak.

    Parameters
    ----------
    standardized : DataFrame
        Columns lhs op rhs est_std. Constructs with a single item, loading 1 by definition, are left out.
    """
    rows = standardized[standardized["op"] == "=~"]
    codes = {item.code for item in instrument.items}
    several = rows.groupby("lhs")["rhs"].transform("size") > 1
    loadings = rows[rows["rhs"].isin(codes) & several].set_index("rhs")["est_std"]
    if loadings.empty:
        return w("reliability.none")
    known = loadings.dropna()
    impossible = [str(code) for code in loadings.index[loadings.isna()]]
    weak = known[known.abs() < WEAK_LOADING]
    line = w.coefficient(WEAK_LOADING)
    found = [f"{code} ({clear(float(value), WEAK_LOADING, w)})" for code, value in weak.items()]
    sentences = []
    if len(known):
        low, high = w.coefficient(float(known.min())), w.coefficient(float(known.max()))
        sentences.append(w("loadings.sentence", low=low, high=high))
    if found or not impossible:
        key = "loadings.weak" if found else "loadings.weak_none"
        sentences.append(w(key, line=line, items=w.join(found)))
    if impossible:
        sentences.append(w("loadings.impossible", items=w.join(impossible)))
    return " ".join(sentences)


def reliability_sentences(reliability: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    """Say which constructs are reliable and which explain half of their items' variance."""
    judged = reliability.dropna(subset=["composite_reliability", "ave"])
    unjudged = reliability.index.difference(judged.index, sort=False)
    alone = reliability.loc[unjudged, "n_items"] == 1
    single, impossible = list(unjudged[alone]), list(unjudged[~alone])
    sentences = []
    if judged.empty:
        sentences += [w("reliability.none")] if not impossible else []
    else:
        sentences += [_reliable(judged, instrument, w), _converging(judged, instrument, w)]
    if single and not judged.empty:
        names = w.join(_names(single, instrument=instrument, w=w))
        sentences.append(w("reliability.single", constructs=names))
    if impossible:
        names = w.join(_names(impossible, instrument=instrument, w=w))
        sentences.append(w("reliability.impossible", constructs=names))
    return " ".join(sentences)


def _reliable(judged: pd.DataFrame, instrument: Instrument, w: Wording) -> str:
    cr, line = judged["composite_reliability"], RELIABILITY_LINE.value
    short = cr[cr < line]
    if len(short):
        found = _valued(short, line, instrument=instrument, w=w)
        return w("reliability.poor", line=w.coefficient(line), constructs=found)
    return w(
        "reliability.good",
        n=len(cr),
        line=w.coefficient(line),
        lowest=w.coefficient(float(cr.min())),
        construct=inline(str(cr.idxmin()), instrument=instrument, w=w),
    )


def _converging(judged: pd.DataFrame, instrument: Instrument, w: Wording) -> str:
    line = AVE_LINE.value
    short = judged.loc[judged["ave"] < line, "ave"]
    if len(short):
        found = _valued(short, line, instrument=instrument, w=w)
        return w("reliability.ave_poor", ave=w.coefficient(line), constructs=found)
    return w("reliability.ave_good", ave=w.coefficient(line))


def validity_sentences(
    htmt: pd.DataFrame, w: Wording, *, matrix: pd.DataFrame | None, instrument: Instrument
) -> str:
    """Say whether the constructs can be told apart, by HTMT and by Fornell-Larcker; ENJ and SAT by name.

    Parameters
    ----------
    htmt, matrix : DataFrame
        As ``htmt`` and ``fornell_larcker`` return them; without a model there is no `matrix`.
    """
    return " ".join(
        [
            *_all_pairs(htmt, instrument, w),
            _watched_pair(htmt, instrument, w),
            *([] if matrix is None else [_fornell(matrix, instrument, w)]),
        ]
    )


def htmt_interval_sentence(
    interval: tuple[float, float], w: Wording, *, pair: tuple[str, str], instrument: Instrument
) -> str:
    """Say between which values the HTMT of one pair lies; nothing where it has none."""
    if math.isnan(interval[0]):
        return ""
    a, b = (_name(code, instrument, w) for code in pair)
    return w("htmt.interval", a=a, b=b, interval=w.coefficient_interval(*interval))


def _all_pairs(htmt: pd.DataFrame, instrument: Instrument, w: Wording) -> Iterable[str]:
    pairs = htmt_pairs(htmt).dropna()
    line = HTMT_STRICT.value
    over = pairs[pairs["htmt"] > line]
    if pairs.empty:
        return
    if over.empty:
        yield w("htmt.good", n=len(pairs), line=w.coefficient(line))
        return
    named = [
        f"{w('htmt.names', a=_name(a, instrument, w), b=_name(b, instrument, w))} ({clear(value, line, w)})"
        for a, b, value in over.itertuples(index=False)
    ]
    yield w("htmt.poor", count=len(over), n=len(pairs), line=w.coefficient(line), pairs=w.join(named))


def _watched_pair(htmt: pd.DataFrame, instrument: Instrument, w: Wording) -> str:
    a, b = (_name(code, instrument, w) for code in WATCHED)
    if construct_of(WATCHED[0], instrument) is None:
        return w("htmt.pair_not_asked")
    known = all(code in htmt.index for code in WATCHED)
    value = float(htmt.loc[[WATCHED[0]], WATCHED[1]].iloc[0]) if known else math.nan
    if math.isnan(value):
        return w("htmt.pair_unknown", a=a, b=b)
    line = HTMT_STRICT.value
    shown = {"value": clear(value, line, w), "line": w.coefficient(line)}
    return w(f"htmt.pair_{htmt_level(value)}", a=a, b=b, **shown)


def _fornell(matrix: pd.DataFrame, instrument: Instrument, w: Wording) -> str:
    found = fornell_verdicts(matrix)["verdict"]
    several = [len(instrument.construct(str(code)).items) > 1 for code in found.index]
    overlap = [str(code) for code in found.index[found == "overlap"]]
    if overlap:
        return w("fornell.poor", constructs=w.join(_names(overlap, instrument=instrument, w=w)))
    # a construct whose variance is estimated below zero has no verdict: then not every one is distinct
    unknown = (found[several] == "unknown").any()
    return w("fornell.good") if (found == "distinct").any() and not unknown else ""


def clear(value: float, line: float, w: Wording, *, at_least: int = 2) -> str:
    """Write a coefficient with as many decimals as it takes to be seen on its side of the line."""
    digits = next((d for d in range(at_least, DIGITS) if round(value, d) != round(line, d)), DIGITS)
    return w.coefficient(value, digits)


def _name(code: str, instrument: Instrument, w: Wording) -> str:
    return inline(code, instrument=instrument, w=w)


def _names(codes: Iterable[str], *, instrument: Instrument, w: Wording) -> list[str]:
    return [inline(code, instrument=instrument, w=w) for code in codes]


def _valued(values: pd.Series, line: float, *, instrument: Instrument, w: Wording) -> str:
    found = [f"{_name(str(code), instrument, w)} ({clear(float(v), line, w)})" for code, v in values.items()]
    return w.join(found)
