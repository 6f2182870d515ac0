"""Names of what is measured, as a reader sees them."""

from __future__ import annotations

from jq_models.report.wording import Wording
from jq_models.spec import Construct, Instrument
from jq_models.spec.model import JOB_QUALITY

PERCENT = 100  # upper end of scores where items have different answer scales


def construct_of(code: str, instrument: Instrument) -> Construct | None:
    """Return the construct with this code, or None for a variable that only the model knows."""
    return next((c for c in instrument.constructs if c.code == code), None)


def name_of(code: str, *, instrument: Instrument, w: Wording) -> str:
    """Return the name of a construct or of second-order job quality; any other variable keeps its code."""
    if code == JOB_QUALITY:
        return w("word.job_quality")
    construct = construct_of(code, instrument)
    return code if construct is None else w.of(construct.name)


def inline(code: str, *, instrument: Instrument, w: Wording) -> str:
    """Return the name as it stands within a sentence: its first letter small, abbreviations kept."""
    name = name_of(code, instrument=instrument, w=w)
    return name if name == code else inside_sentence(name)


def inside_sentence(name: str) -> str:
    """Return a name as it stands inside a sentence: in lower case, unless it is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def starred(code: str, *, instrument: Instrument, w: Wording) -> str:
    """Return the name, with a star when the construct is one of the new dimensions."""
    construct = construct_of(code, instrument)
    star = f"\u00a0{w('constructs.star')}" if construct is not None and construct.new else ""
    return name_of(code, instrument=instrument, w=w) + star


def question(code: str, *, instrument: Instrument, w: Wording) -> str:
    """Return the wording of an item, marked when the item is reversed."""
    item = instrument.item(code)
    flags = [other.reversed for other in instrument.items if other.scale.name == item.scale.name]
    usual = 2 * sum(flags) > len(flags)  # a scale stored the other way round: most of its items are turned
    return w.of(item.text) + (f"\u00a0{w('items.reversed')}" if item.reversed != usual else "")


def score_digits(instrument: Instrument) -> int:
    """Return the decimals of a score: two on an answer scale, one for percentages of the scale's range."""
    return 2 if instrument.score_range[1] < PERCENT else 1


def model_name(name: str, w: Wording) -> str:
    """Return what a model is called; a user's own model keeps its name."""
    key = f"model.{name}"
    return w(key) if key in w else name


def unmarked(markdown: str) -> str:
    """Return a sentence without its marks of weight: notes and words for who cannot see are plain text."""
    return markdown.replace("**", "")
