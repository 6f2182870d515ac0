"""Constructs that overlap too much, and the composite offered in their place, in words."""

from __future__ import annotations

import re

from jq_models.evaluate.composites.advice import OFTEN, UNRELIABLE, VIF_LINE, Offer, why_collinear
from jq_models.evaluate.composites.effects import pls_effect_sizes
from jq_models.numeric.reason import Reason
from jq_models.pls import PlsFit
from jq_models.report.names import inline, name_of
from jq_models.report.tables_structure import reason_words
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

PLACES = 6  # places named per reason


def offer_sentences(fit: PlsFit, offer: Offer | None, *, w: Wording, instrument: Instrument) -> str:
    """Say whether the separate paths can be told apart; if not, why, and what solves it.

    Parameters
    ----------
    fit : PlsFit
        The model of separate paths.
    offer : Offer or None
        As ``second_order_offer`` returns it for that fit.
    """
    if offer is None:
        return _clear(fit, w, instrument)
    reasons = "; ".join(_why(reason, w, instrument) for reason in offer.reasons)
    reasons = reasons[:1].upper() + reasons[1:]
    if len(offer.collinear) < 2:
        said = w("composites.offer.trouble_elsewhere", reasons=reasons)
        return f"{said} {_unreliable(offer, w, instrument)}".rstrip()
    names = w.join(inline(code, instrument=instrument, w=w) for code in offer.collinear)
    sentences = [w("composites.offer.trouble", reasons=reasons, names=names)]
    if offer.fit is None:
        return " ".join([*sentences, w("composites.offer.unsolved")])
    given = {
        "composite": inline(offer.name, instrument=instrument, w=w),
        "form": w(f"composites.offer.form_{offer.form}"),
        "paths": w.join(_paths(offer.fit, offer.name, w=w, instrument=instrument)),
    }
    if offer.members == offer.collinear:
        sentences.append(w("composites.offer.solved_same", count=len(offer.members), **given))
    else:
        members = w.join(inline(code, instrument=instrument, w=w) for code in offer.members)
        sentences.append(w("composites.offer.solved", names=members, **given))
    if offer.fit.status.reasons:
        left = w.join(reason_words(reason, w) for reason in offer.fit.status.reasons)
        sentences.append(w("composites.offer.left", reasons=left))
    return " ".join(sentences)


def _unreliable(offer: Offer, w: Wording, instrument: Instrument) -> str:
    """Say which constructs are too unreliable to be corrected for measurement error."""
    if not offer.unreliable:
        return ""
    return w(
        "composites.offer.unreliable",
        names=w.join(inline(code, instrument=instrument, w=w) for code in offer.unreliable),
        line=w.coefficient(UNRELIABLE),
    )


def _clear(fit: PlsFit, w: Wording, instrument: Instrument) -> str:
    """Say that nothing is wrong; nothing where the fit has no numbers to say it of."""
    if not fit.usable or why_collinear(fit):
        return ""
    sizes = pls_effect_sizes(fit)
    sizes = sizes[sizes.groupby("target")["source"].transform("size") > 1]
    if sizes.empty:
        return w("composites.offer.clear_alone")
    top = sizes.iloc[int(sizes["vif"].to_numpy(dtype=float).argmax())]
    return w(
        "composites.offer.clear",
        vif=w.number(float(top["vif"]), 1),
        name=inline(str(top["source"]), instrument=instrument, w=w),
        line=w.number(VIF_LINE.value, 0),
        source=w(f"source.{VIF_LINE.source}"),
    )


def _why(reason: Reason, w: Wording, instrument: Instrument) -> str:
    shown = [_place(where, w, instrument) for where in reason.where]
    places = w.join(shown[:PLACES])
    if len(shown) > PLACES:
        places = w("reason.more", places=", ".join(shown[:PLACES]), count=len(shown) - PLACES)
    if reason.code == "inflated":
        return w("composites.why.inflated", count=len(shown), line=w.number(VIF_LINE.value, 0))
    extra = {"often": w.percent(OFTEN)} if reason.code == "often_above_one" else {}
    return w(f"composites.why.{reason.code}", places=places, **extra)


def _place(where: str, w: Wording, instrument: Instrument) -> str:
    """Return a place in words: an arrow ``SAT ~ OPP``, a pair ``OPP ~~ AMB``, or a construct."""
    for mark, key in ((" ~~ ", "composites.offer.pair"), (" ~ ", "composites.offer.arrow")):
        if mark in where:
            to, cause = (
                inline(code, instrument=instrument, w=w) for code in re.split(re.escape(mark), where)
            )
            return w(key, a=to, b=cause) if mark == " ~~ " else w(key, source=cause, target=to)
    return inline(where, instrument=instrument, w=w)


def _paths(fit: PlsFit, name: str, *, w: Wording, instrument: Instrument) -> list[str]:
    """Return the paths from and to the composite in words."""
    rows = fit.values("~")
    rows = rows[(rows["lhs"] == name) | (rows["rhs"] == name)]
    said = []
    for k, (to, cause, value) in enumerate(zip(rows["lhs"], rows["rhs"], rows["est"], strict=True)):
        source = inline(cause, instrument=instrument, w=w)
        said.append(
            w(
                "composites.offer.path",
                source=source if k or source != name else name_of(cause, instrument=instrument, w=w),
                target=inline(to, instrument=instrument, w=w),
                estimate=w.coefficient(float(value)),
            )
        )
    return said
