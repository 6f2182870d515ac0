"""An employee survey in words: response, favourable answers, eNPS, norm, wave before, segments."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from jq_models.evaluate.invariance.lines import ALPHA
from jq_models.evaluate.survey import Enps, NormComparison, Response, Trend
from jq_models.report.names import inline, score_digits
from jq_models.report.wording import Wording
from jq_models.spec import Group, Instrument

FEW = 0.5  # ours: below this share of those invited, a report says what that means before anything else
NAMED = 5  # differences named in a sentence; tables have them all


def response_sentence(found: Response, w: Wording) -> str:
    """Say how many of those invited answered; nothing when nobody knows how many were invited."""
    if found.invited is None:
        return ""
    if found.state != "known":
        return w("response.too_many", answered=found.answered, invited=found.invited)
    sentence = w(
        "response.sentence",
        invited=found.invited,
        answered=found.answered,
        rate=w.percent(found.rate),
        interval=w.interval(100 * found.ci_low, 100 * found.ci_high, 0),
        used=found.used,
    )
    return f"{sentence} {response_caution(found.answered, found.invited, w)}".rstrip()


def response_caution(answered: int, invited: int | None, w: Wording) -> str:
    """Say that those who did not answer may change everything; nothing when half did, or nobody knows."""
    low = invited is not None and invited > 0 and answered < FEW * invited
    return w("response.low") if low else ""


def basis_words(rows: pd.DataFrame, w: Wording) -> str:
    """Say whether errors let people of one team resemble each other.

    Parameters
    ----------
    rows : DataFrame
        With the column clusters: teams behind each error, NaN for none.
    """
    known = rows["clusters"].astype(float).dropna()
    return w("teams.independent") if known.empty else w("teams.counted", count=int(known.max()))


def favourable_sentence(shares: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    """Say on which dimensions most and fewest answers are favourable; masked ones are passed over."""
    codes = [c.code for c in instrument.dimensions if c.code in shares.index]
    known = shares.loc[codes, "favourable"].dropna()
    if known.empty:
        return ""
    best, worst = str(known.idxmax()), str(known.idxmin())
    name = inline(best, instrument=instrument, w=w)
    if best == worst:
        return w("favourable.one", construct=name, share=w.percent(float(known.max())))
    return w(
        "favourable.most",
        construct=name,
        share=w.percent(float(known.max())),
        construct_low=inline(worst, instrument=instrument, w=w),
        share_low=w.percent(float(known.min())),
    )


def favourable_item_sentence(shares: pd.DataFrame, w: Wording) -> str:
    """Say which of these questions have most and fewest favourable answers; masked ones are passed over."""
    known = shares["favourable"].dropna()
    if known.empty:
        return w("favourable.items_none")
    return w(
        "favourable.items",
        item=str(known.idxmax()),
        share=w.percent(float(known.max())),
        item_low=str(known.idxmin()),
        share_low=w.percent(float(known.min())),
    )


def enps_sentence(found: Enps, w: Wording, *, least: int) -> str:
    """Say the net promoter score, or only which way it points when fewer than `least` people answered."""
    side = "positive" if found.ci_low > 0 else "negative" if found.ci_high < 0 else "undecided"
    verdict = w(f"enps.{side}")
    if found.n < least:
        return w("enps.small", n=found.n, verdict=verdict)
    return w(
        "enps.sentence",
        score=w.number(found.score, 0),
        low=w.number(found.ci_low, 0),
        high=w.number(found.ci_high, 0),
        n=found.n,
        promoters=w.percent(found.promoters),
        detractors=w.percent(found.detractors),
        verdict=verdict,
    )


def norm_sentences(found: NormComparison, w: Wording, *, instrument: Instrument) -> str:
    """Say whose scores the norm holds, what lies above and below it, and what was not compared and why."""
    norm, rows = found.norm, found.compared
    day = {"day": f"{norm.day.day:02d}", "month": f"{norm.day.month:02d}", "year": str(norm.day.year)}
    intro = w("norm.intro", title=w.of(norm.title), date=w("norm.date", **day), source=w.of(norm.source))
    parts = [w("norm.simulated") if norm.simulated else "", intro]
    if len(rows):
        parts += _sides(rows, w, instrument=instrument, key="norm")
        clear = rows["p_holm"] < ALPHA
        count = int(rows["p_holm"].notna().sum())
        alike = rows.index[~clear]
        if not clear.any():
            parts.append(w("norm.all_alike", count=count))
        elif len(alike):
            parts.append(w("norm.alike", count=count, listed=_names(alike, w, instrument=instrument)))
    parts += _refused(found.table, w, instrument=instrument, key="norm")
    return _bullets(parts)


def trend_sentences(found: Trend, w: Wording, *, instrument: Instrument, label: str, needs: int) -> str:
    """Say what changed since the wave before, and whether the questions still mean the same.

    Parameters
    ----------
    label : str
        What the grouping of the clusters is called.
    needs : int
        Complete answers a wave needs for the test of its questions.
    """
    if found.before is None:
        return w("trend.no_data")
    title = w.of(found.before.spec.title)
    parts = [w("trend.intro", title=title, n=found.before.responses.n)]
    if found.why == "questionnaire":
        parts.append(w("trend.questionnaire"))
    else:
        parts += _changes(found, w, instrument=instrument, label=label)
        parts += _meaning(found, w, instrument=instrument, needs=needs)
    parts += _refused(found.table, w, instrument=instrument, key="trend")
    return _bullets(parts)


def _changes(found: Trend, w: Wording, *, instrument: Instrument, label: str) -> Iterable[str]:
    rows = found.compared
    clear, count = rows["p_holm"] < ALPHA, int(rows["p_holm"].notna().sum())
    yield from _sides(rows, w, instrument=instrument, key="trend")
    if not clear.any():
        yield w("trend.none", count=count)
    elif not clear.all():
        yield w("trend.rest", count=count)
    known = rows["clusters"].dropna()
    if known.empty:
        yield w("trend.independent")
    else:
        yield w("trend.clustered", label=label, count=int(known.max()))


def _meaning(found: Trend, w: Wording, *, instrument: Instrument, needs: int) -> Iterable[str]:
    """Say whether the questions mean the same in both waves, and which scores mislead if they do not."""
    tested = found.invariance
    if tested is None:
        yield w("trend.untested", needs=needs)
        return
    deviating = {r.item: r.factor for r in tested.releases if r.kind != "residual"}
    items = [
        w("trend.deviates", item=item, construct=inline(factor, instrument=instrument, w=w))
        for item, factor in deviating.items()
    ]
    yield w(f"trend.level.{tested.level}", items=w.join(items))
    if tested.level != "partly":
        return
    means = tested.means[tested.means["factor"].isin(deviating.values()) & tested.means["effect"].notna()]
    listed, names = [], []
    for factor, *numbers in means[["factor", "effect", "ci_low", "ci_high"]].itertuples(index=False):
        value = f"{w.coefficient(numbers[0])} {w.coefficient_interval(*numbers[1:])}"
        name = inline(str(factor), instrument=instrument, w=w)
        names.append(name)
        listed.append(w("trend.latent_value", construct=name, value=value))
    if listed:
        key = "trend.scores_mislead" if len(names) == 1 else "trend.scores_mislead_more"
        yield w(key, names=w.join(names), listed="; ".join(listed))


def segment_sentence(rows: pd.DataFrame, w: Wording, *, group: Group, instrument: Instrument) -> str:
    """Say how many differences from the rest are clear, and name the largest."""
    known = rows[rows["p_holm"].notna()]
    label = w.of(group.label)
    words = {"label": label if label[1:2].isupper() else label[:1].lower() + label[1:]}
    clear = known[known["p_holm"] < ALPHA]
    if clear.empty:
        return w("segments.none", count=len(known), **words)
    order = clear["effect"].abs().sort_values(ascending=False, kind="stable").index[:NAMED]
    listed = segments_listed(clear.loc[order], w, instrument=instrument)
    if len(clear) == 1:
        return w("segments.clear_one", count=len(known), listed=listed, **words)
    return w("segments.clear", clear=len(clear), count=len(known), listed=listed, **words)


def segments_listed(rows: pd.DataFrame, w: Wording, *, instrument: Instrument) -> str:
    """Return ``group, construct (difference)`` of every row, apart by semicolons."""
    digits = score_digits(instrument)
    return "; ".join(
        w(
            "segments.largest",
            group=str(row["group"]),
            construct=inline(str(row["construct"]), instrument=instrument, w=w),
            difference=w.number(float(row["difference"]), digits),
        )
        for _, row in rows.iterrows()
    )


def _sides(rows: pd.DataFrame, w: Wording, *, instrument: Instrument, key: str) -> Iterable[str]:
    """Name what is clearly higher and clearly lower, the largest first."""
    clear = rows[rows["p_holm"] < ALPHA].sort_values("difference", key=abs, ascending=False, kind="stable")
    digits = score_digits(instrument)
    for side, mine in (("higher", clear[clear["difference"] > 0]), ("lower", clear[clear["difference"] < 0])):
        listed = [
            w(
                "norm.value",
                construct=inline(str(code), instrument=instrument, w=w),
                difference=f"{w.number(row['difference'], digits)} "
                f"{w.interval(row['ci_low'], row['ci_high'], digits)}",
            )
            for code, row in mine.iterrows()
        ]
        if listed:
            yield w(f"{key}.{side}", listed="; ".join(listed))


def _refused(table: pd.DataFrame, w: Wording, *, instrument: Instrument, key: str) -> Iterable[str]:
    for why in ("absent", "scale", "wording", "too_few"):
        codes = table.index[table["state"] == why]
        if len(codes):
            yield w(f"{key}.refused.{why}", listed=_names(codes, w, instrument=instrument))


def _names(codes: Iterable[object], w: Wording, *, instrument: Instrument) -> str:
    """Return names apart by semicolons: some hold an "and" of their own."""
    return "; ".join(inline(str(code), instrument=instrument, w=w) for code in codes)


def _bullets(parts: Iterable[str]) -> str:
    return "\n".join(f"- {part}" for part in parts if part)
