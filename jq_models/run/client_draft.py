"""What was guessed about an export, worded for the study file."""

from __future__ import annotations

from collections.abc import Iterator

from jq_models.data import RawTable
from jq_models.data.propose import Proposal
from jq_models.data.propose_background import GroupGuess
from jq_models.data.propose_items import Match
from jq_models.spec import LANGUAGES, MODULES, Instrument, Text
from jq_models.spec.study_text import Column, Grouping, StudyDraft

KINDS = {
    "personal": "who answered: names, addresses, numbers, age and the like",
    "date": "dates and times",
    "identifier": "numbers of answers",
    "technical": "of the survey tool",
    "free_text": "texts written by respondents",
    "few_values": "few different values: a group of respondents, if you say so under [[groups]]",
    "empty": "empty",
    "other": "not recognised",
}
_UNSPOKEN = "columns not named here, for their name may be an answer: {}. They are not read either"


def client_draft(
    name: str,
    *,
    proposal: Proposal,
    raw: RawTable,
    instrument: Instrument,
    file: str,
    sheet: str | None,
    other_sheets: tuple[str, ...],
    language: str,
    title: str | None,
) -> StudyDraft:
    """Return what the study file of a client says."""
    from_tool = f"{raw.tool}, " if raw.tool else ""
    return StudyDraft(
        name=name,
        instrument=instrument.name,
        modules=(MODULES, *instrument.modules) if instrument.modules else (),
        title=Text(**{code: title or f"{instrument.title[code]}: {name}" for code in LANGUAGES}),
        file=file,
        source=f"{raw.name} ({from_tool}{raw.n} rows)",
        language=language,
        sheet=sheet,
        other_sheets=other_sheets,
        scale=proposal.scale,
        scales=tuple(scale.name for scale in instrument.scales),
        missing=proposal.missing,
        columns=(*map(_column, proposal.matches), *_doubts(proposal)),
        covariates=tuple(
            Column(name=covariate, column=column, note="guessed from its name or question")
            for covariate, column in proposal.covariates.items()
        ),
        groups=tuple(map(_grouping, proposal.groups)),
        ignore={KINDS[kind]: columns for kind, columns in proposal.ignored.items()}
        | ({_UNSPOKEN.format(proposal.unspoken): ()} if proposal.unspoken else {}),
        unmatched=tuple(_unmatched(proposal, instrument)),
        reading=codes_taken(proposal, instrument),
    )


def codes_taken(proposal: Proposal, instrument: Instrument) -> str:
    """Say from which end the codes are taken to count; empty where the file's texts say it."""
    if not proposal.numbers_only:
        return ""
    name = proposal.scale or instrument.default_scale
    scale = next(scale for scale in instrument.scales if scale.name == name)
    low, high = scale.labels["en"][0], scale.labels["en"][-1]
    return (
        f"codes are taken as {scale.low} = {low} ... {scale.high} = {high}: check this in the survey tool, "
        "for the file does not say it"
    )


def _column(match: Match) -> Column:
    notes = {
        "code": "by its code",
        "text": "by its question",
        "similar text": f"by a similar question ({match.confidence:.2f} of 1): check it",
    }
    return Column(name=match.item, column=match.column, note=notes[match.how])


def _doubts(proposal: Proposal) -> Iterator[Column]:
    """Point every doubtful item at no column, so that nothing is read before somebody chose."""
    for item, columns in proposal.doubtful.items():
        claims = " or ".join(f"'{column}'" for column in columns)
        yield Column(name=item, column=f"? {item}", note=f"in doubt: {claims}. Write the right one here")


def _grouping(group: GroupGuess) -> Grouping:
    note = f"guessed from its name or question; {group.values} different values"
    if not group.labels:
        note += "; not written here, for they are many or held by few people"
    return Grouping(
        name=group.name, column=group.column, label=group.label, labels=dict(group.labels), note=note
    )


def _unmatched(proposal: Proposal, instrument: Instrument) -> Iterator[str]:
    for construct in instrument.constructs:
        codes = [item.code for item in construct.items]
        absent = [code for code in codes if code in proposal.not_found]
        if absent == codes:
            yield f"{', '.join(codes)}: not found. {construct.name['en']} is left out, if it was not asked."
        elif absent:
            yield from (f'{code} = "..."   not found: {instrument.item(code).text["en"]}' for code in absent)
