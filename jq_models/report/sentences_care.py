"""Warnings that belong beside numbers from inadmissible solutions: comparisons of groups, cut-offs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jq_models.evaluate import why_no_cutoffs
from jq_models.evaluate.invariance import ALIGNED, Alignment, Invariance
from jq_models.report.names import inline, model_name
from jq_models.report.wording import Wording
from jq_models.sem import Reason, SemFit
from jq_models.spec import Instrument


def ladder_care(found: Invariance, w: Wording) -> str:
    """Say of which steps the solution is inadmissible, with items and groups; nothing where all are sound."""
    listed = [
        w("care.of", name=w(f"invariance.inline.{name}"), reasons=_reasons(reasons, w))
        for name, reasons in found.with_care.items()
    ]
    return w("care.ladder", listed=_first_large("; ".join(listed))) if listed else ""


def alignment_care(found: Alignment, w: Wording, *, instrument: Instrument) -> str:
    """Say which scales were aligned from an inadmissible solution, with items and groups."""
    shown = found.constructs[found.constructs["state"].isin(ALIGNED)]
    listed = [
        w("care.of", name=inline(str(code), instrument=instrument, w=w), reasons=_reasons(reasons, w))
        for code, reasons in shown["reasons"].items()
        if reasons
    ]
    return w("care.alignment", listed="; ".join(listed)) if listed else ""


def no_cutoff_sentences(fit: SemFit, w: Wording) -> str:
    """Say why no cut-offs are simulated for a model; nothing where they can be."""
    why = why_no_cutoffs(fit)
    if not why:
        return ""
    model, reasons = model_name(fit.model.name, w), _reasons(fit.status.reasons, w)
    return w(f"care.cutoffs.{why}", model=model, reasons=reasons)


def _reasons(reasons: Sequence[Reason], w: Wording) -> str:
    """Return every reason once, with its items or factors and the groups of each."""
    found: dict[str, dict[str, list[str]]] = {}
    for reason in reasons:
        places = found.setdefault(reason.code, {})
        for place in reason.where:
            name, group = _named(place)
            places.setdefault(name, []).extend([group] if group else [])
    # an item without residual variance has a loading above 1: said once
    if found.get("loading_above_one", {}) == found.get("negative_variance"):
        del found["loading_above_one"]
    return w.join(_reason(code, places, w) for code, places in found.items())


def _named(place: str) -> tuple[str, str]:
    """Return item and group of "x1 ~~ x1 [North]" or "F =~ x1.g2 [North]"; without brackets no group."""
    name, _, group = place.removesuffix("]").partition(" [")
    left, operator, right = [*name.split(" "), "", ""][:3]
    own = left if left == right else right if operator == "=~" else name
    return (re.sub(r"\.g\d+$", "", own) if group else own), group


def _reason(code: str, found: dict[str, list[str]], w: Wording) -> str:
    text = w(f"reason.{code}")
    places = [
        w("care.place", name=name, groups=w.join(dict.fromkeys(of))) if of else name
        for name, of in found.items()
    ]
    return w("care.reason", reason=text, places=w.join(places)) if places else text


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]
