"""Readings of hypotheses in words, computed from the numbers."""

from __future__ import annotations

from jq_models.evaluate.hypotheses import PUBLISHED, VERDICTS, Judged, Mediation, Moderation, Verdicts
from jq_models.evaluate.hypotheses.blocks import FEW_CLUSTERS
from jq_models.evaluate.hypotheses.rules import ABSENT, ALPHA, SMALLEST_SHARE, absence_verdict
from jq_models.report.names import inline, score_digits
from jq_models.report.names_care import doubt_sentence, nothing_concluded
from jq_models.report.names_hypotheses import gap_words, subject, with_interval
from jq_models.report.sentences_structure import status_sentences
from jq_models.report.tables_structure import direction_of
from jq_models.report.wording import Wording
from jq_models.sem import FailedFit, SemFit
from jq_models.spec import Instrument


def verdict_sentences(found: Verdicts, w: Wording) -> str:
    """Say which hypotheses have which verdict, the supported ones first."""
    lines = []
    for verdict in VERDICTS:
        names = found.of(verdict)
        if names:
            claims = "; ".join(_quoted(name, w) for name in names)
            lines.append(w(f"hypotheses.sum.{verdict}", count=len(names), claims=claims))
    tested = int(found.claims["holm"].notna().sum())
    key = "hypotheses.sum.lead_one" if tested == 1 else "hypotheses.sum.lead"
    after = [
        w("hypotheses.sum.poor" if len(names) > 1 else "hypotheses.sum.poor_one", names=w.join(names))
        for names in found.poor
    ]
    listed = "\n".join(f"- {line}" for line in lines)
    parts = [w(key, count=len(found.claims), tested=tested), listed, " ".join(after)]
    return "\n\n".join(part for part in parts if part)


def _quoted(name: str, w: Wording) -> str:
    claim = w(f"hypotheses.claim.{name}")
    return w("hypotheses.sum.one", claim=claim[:1].lower() + claim[1:], name=name)


def mediation_sentences(found: Mediation, w: Wording, *, instrument: Instrument) -> str:
    """Say whether job quality reaches turnover intention by way of the attitudes only."""
    if found.gap is not None:
        return w("mediation.gap", why=gap_words(found.gap, w, instrument=instrument))
    lines = [_warning(found.partial, w), w("mediation.scores_only") if found.basis == "scores" else ""]
    lines = [line for line in lines if line]
    nothing = nothing_concluded(found, w, instrument=instrument)
    if nothing:
        return " ".join([*lines, nothing])
    if found.partial_correlation.empty:
        return " ".join([*lines, w("mediation.not_asked")])
    indirect, direct = found.effect("TIN", "indirect"), found.effect("TIN", "direct")
    names = {
        "target": inline("TIN", instrument=instrument, w=w),
        "via": w.join(inline(code, instrument=instrument, w=w) for code in ("SAT", "COM")),
    }
    lines.append(w(f"mediation.indirect_{direction_of(indirect)}", value=with_interval(indirect, w), **names))
    low, high = float(direct["ci_low"]), float(direct["ci_high"])
    largest = max(abs(low), abs(high))
    absent = absence_verdict(low, high, p_value=0.0)
    lines.append(
        w(
            f"mediation.direct_{absent}",
            value=with_interval(direct, w),
            largest=w.coefficient(largest),
            line=w.coefficient(ABSENT),
        )
    )
    if found.test is not None:
        lines.append(
            w(
                "mediation.test",
                df=found.test.df,
                chi_square=w.number(found.test.difference),
                p=w.p_equals(found.test.p_value),
            )
        )
    lines.append(
        w(
            "mediation.partial",
            value=with_interval(found.partial_correlation, w, digits=3),
            published=w.coefficient(PUBLISHED["estimate"], 3),
            n=int(PUBLISHED["n"]),
            **names,
        )
    )
    return " ".join(lines)


def added_sentences(found: Judged, w: Wording, *, instrument: Instrument) -> str:
    """Say what the new dimensions add."""
    added = found.added
    if added.gap is not None or added.test is None:
        return w("added.gap", why=gap_words(added.gap, w, instrument=instrument)) if added.gap else ""
    names = subject(" ".join(added.new), w, instrument=instrument)
    lines = [
        w(
            "added.found" if added.test.p_value < ALPHA else "added.not_found",
            names=names,
            df=added.test.df,
            chi_square=w.number(added.test.difference),
            p=w.p_equals(added.test.p_value),
        ),
        w(
            "added.gains",
            listed=w.join(
                w(
                    "added.one",
                    outcome=inline(str(row["target"]), instrument=instrument, w=w),
                    value=with_interval(row, w, digits=3),
                )
                for _, row in added.gains.iterrows()
            ),
            line=w.coefficient(SMALLEST_SHARE),
        ),
    ]
    for _, highest in added.overlap.head(1).iterrows():  # none where only the new dimensions were asked
        lines.append(
            w(
                "added.overlap",
                a=inline(str(highest["new"]), instrument=instrument, w=w),
                b=inline(str(highest["other"]), instrument=instrument, w=w),
                value=w.coefficient(float(highest["value"])),
            )
        )
    if added.test.p_value < ALPHA and found.everywhere.total > 1:
        lines.append(w("added.clustered"))
    return " ".join(lines)


def block_sentences(found: Judged, w: Wording, *, instrument: Instrument) -> str:
    """Say how the operational block scores against the learning block."""
    blocks = found.blocks
    if blocks.gap is not None:
        return w("blocks.gap", why=gap_words(blocks.gap, w, instrument=instrument))
    row, size = blocks.difference, blocks.effect_size
    digits = score_digits(instrument)
    interval = w.interval(float(row["ci_low"]), float(row["ci_high"]), digits)
    lines = [
        w(
            f"blocks.{direction_of(row)}",
            operational=subject(" ".join(blocks.blocks["operational"]), w, instrument=instrument),
            learning=subject(" ".join(blocks.blocks["learning"]), w, instrument=instrument),
            value=f"{w.number(abs(float(row['estimate'])), digits)}",
            interval=interval,
            size=with_interval(size, w),
        )
    ]
    clusters = float(row["clusters"])
    if clusters < FEW_CLUSTERS:
        lines.append(w("blocks.few", count=int(clusters), line=FEW_CLUSTERS))
    return " ".join(lines)


def moderation_sentences(found: Moderation, w: Wording, *, instrument: Instrument) -> str:
    """Say whether the effect differs with customer contact."""
    names = {
        "source": subject(found.source, w, instrument=instrument),
        "target": subject(found.target, w, instrument=instrument),
    }
    if found.gap is not None:
        return w("moderation.gap", why=gap_words(found.gap, w, instrument=instrument), **names)
    first, warning = found.routes.iloc[0], _warning(found.fit, w)
    low, high = found.slopes.iloc[0], found.slopes.iloc[-1]
    if found.doubt is not None:
        return " ".join([warning, doubt_sentence(found.doubt, w, instrument=instrument)])
    lines = [warning] if warning else []
    lines += [
        w(f"moderation.{direction_of(first)}", value=with_interval(first, w), **names),
        w(
            "moderation.ends",
            low=w.percent(float(low["moderator"]) / 100),
            high=w.percent(float(high["moderator"]) / 100),
            low_value=with_interval(low, w),
            high_value=with_interval(high, w),
        ),
    ]
    if len(found.routes) > 1:
        same = direction_of(found.routes.iloc[1]) == direction_of(first)
        lines.append(
            w(
                "moderation.second_same" if same else "moderation.second_other",
                value=with_interval(found.routes.iloc[1], w),
            )
        )
    return " ".join(lines)


def _warning(fit: SemFit | FailedFit | None, w: Wording) -> str:
    """Say what is wrong with the model that the numbers come from; nothing when nothing is."""
    return status_sentences({fit.model.name: fit.status}, w, quiet=True) if fit is not None else ""
