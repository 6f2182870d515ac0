"""Reasons with the names of what is at fault, for readers who do not know the codes of a model."""

from __future__ import annotations

from jq_models.numeric.reason import Reason
from jq_models.report.names import construct_of, inline
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

PLACES = 3  # places named per reason


def named_reason(reason: Reason, w: Wording, *, instrument: Instrument) -> str:
    """Return a reason in words, with ``learning from customers – learning from employees`` for its codes."""
    text = w(f"reason.{reason.code}")
    # two questions on one construct are one place
    shown = list(dict.fromkeys(place_name(where, w, instrument=instrument) for where in reason.where))
    if not shown:
        return text
    places = ", ".join(shown[:PLACES])
    if len(shown) > PLACES:
        places = w("reason.more", places=places, count=len(shown) - PLACES)
    return w("reason.where", reason=text, places=places)


def place_name(where: str, w: Wording, *, instrument: Instrument) -> str:
    """Return ``SAT ~ JQ``, ``LCU ~~ LEM``, ``JQ =~ INT``, ``ATM =~ ATM2`` or a construct in words."""
    left, sign, right = where.partition(" =~ ")
    if sign:
        # the part of a whole, or the construct that a question is about
        part = right if construct_of(right, instrument) is not None else left
        name = inline(part, instrument=instrument, w=w)
        return name if part == right else w("routes.place_question", construct=name)
    left, sign, right = where.partition(" ~~ ")
    if sign:
        a, b = (inline(code, instrument=instrument, w=w) for code in (left, right))
        return w("composites.offer.pair", a=a, b=b)
    left, sign, right = where.partition(" ~ ")
    if sign:
        target, source = (inline(code, instrument=instrument, w=w) for code in (left, right))
        return w("composites.offer.arrow", source=source, target=target)
    return inline(where, instrument=instrument, w=w)
