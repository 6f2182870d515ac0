"""Words on hypotheses where care is needed: lost bootstrap samples, models with impossible values."""

from __future__ import annotations

from jq_models.evaluate.hypotheses import ENOUGH, AddedValue, Gap, Mediation
from jq_models.report.names_hypotheses import gap_words
from jq_models.report.wording import Wording
from jq_models.spec import Instrument


def with_lost(note: str, found: Mediation | AddedValue, w: Wording) -> str:
    """Add to a note how many bootstrap samples were lost; nothing when none was."""
    if found.draws >= found.asked:
        return note
    if not found.enough:
        return f"{note} {w('draws.note.none', asked=found.asked, kept=found.draws, least=w.percent(ENOUGH))}"
    return f"{note} {w('draws.note.lost', asked=found.asked, kept=found.draws)}"


def nothing_concluded(found: Mediation, w: Wording, *, instrument: Instrument) -> str:
    """Say why nothing is concluded about effects; nothing where something is."""
    if found.doubt is not None:
        return doubt_sentence(found.doubt, w, instrument=instrument)
    if not found.enough:
        return w("mediation.draws.too_few", asked=found.asked, kept=found.draws, least=w.percent(ENOUGH))
    return ""


def doubt_sentence(doubt: Gap, w: Wording, *, instrument: Instrument) -> str:
    """Say that numbers are shown and nothing is concluded from them."""
    return w("hypotheses.care.open", why=gap_words(doubt, w, instrument=instrument))


def with_doubt(words: str, doubt: Gap | None, w: Wording, *, instrument: Instrument) -> str:
    """Add to what was found why it decides nothing."""
    if doubt is None:
        return words
    return w("hypotheses.care.found", found=words, why=gap_words(doubt, w, instrument=instrument))
