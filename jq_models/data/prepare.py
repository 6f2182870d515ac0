"""A checked file becomes `Responses`: coded, turned, without empty rows, every step logged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from jq_models.data.background import covariate_values
from jq_models.data.coding import UNDERSTOOD, Coding, code_table
from jq_models.data.responses import LogEntry, Responses, read_only
from jq_models.data.table import RawTable, text_of
from jq_models.data.team_names import teams_apart
from jq_models.data.validate import Problem, absent_constructs, check_table
from jq_models.errors import DataError
from jq_models.spec import Group, Instrument, Study


def prepare(raw: RawTable, *, study: Study, instrument: Instrument, language: str | None = None) -> Responses:
    """Check a file and prepare it for analysis.

    Constructs without any answer are left out (logged); persons without any answer to the questionnaire
    itself are dropped (logged), whatever they answered of a module; no other person is: missing answers stay
    NaN.

    Parameters
    ----------
    raw : RawTable
    study : Study
        Column mapping, missing codes and groups.
    instrument : Instrument
    language : str, optional
        Language of the group labels of the study file; without it the groups keep the file's texts.

    Raises
    ------
    DataError
        When the file has a problem of severity "error"; the text lists rule, column and count.
    """
    refuse(check_table(raw, study=study, instrument=instrument), raw=raw, study=study)
    coding = code_table(raw, study=study, instrument=instrument)
    absent = absent_constructs(coding, instrument)
    codes = [i.code for i in instrument.items if i.construct not in absent]
    items = coding.turned[codes]
    own = [code for code in codes if not instrument.construct(instrument.item(code).construct).module]
    answered = items[own].notna().any(axis=1)
    groups = [_Grouping.of(group, raw, language) for group in study.groups]
    frame = teams_apart(pd.DataFrame({g.name: g.values for g in groups}, index=items.index)[answered])
    covariates = pd.DataFrame(
        {name: covariate_values(raw, study=study, name=name) for name in study.covariates}, index=items.index
    )[answered]
    log = [
        *_recodes(raw, coding, study, codes=codes),
        *_turned(items, instrument, study),
        *(_left_out(code, instrument) for code in absent),
        *(_without_group(group, frame) for group in groups),
        *(LogEntry(rule=rule, column=None, count=count) for rule, count in raw.set_aside.items()),
        LogEntry(rule="row_dropped", column=None, count=int((~answered).sum())),
    ]
    return Responses(
        items=read_only(items[answered]),
        groups=frame.reset_index(drop=True),
        covariates=read_only(covariates),
        instrument=instrument,
        log=tuple(entry for entry in log if entry.count),
        n_read=raw.n + sum(raw.set_aside.values()),
        asked=_asked(raw, study, codes=codes),
    )


def refuse(problems: tuple[Problem, ...], *, raw: RawTable, study: Study) -> None:
    """Raise when there is an error among the problems.

    Raises
    ------
    DataError
        With file, rules, columns and counts; never a value or a row.
    """
    errors = [p for p in problems if p.severity == "error"]
    if not errors:
        return
    shown = "; ".join(f"{p.rule} {p.column} ({p.count})".replace("  ", " ") for p in errors[:20])
    rest = f"; and {len(errors) - 20} more" if len(errors) > 20 else ""
    raise DataError(
        f"{raw.name} cannot be used for study '{study.name}': {len(errors)} "
        f"{'errors' if len(errors) > 1 else 'error'}: {shown}{rest}. "
        f"`jq-models check FILE --study {study.name}` says what to do about each."
    )


def _recodes(raw: RawTable, coding: Coding, study: Study, *, codes: list[str]) -> Iterator[LogEntry]:
    for kind in ("user_missing", *UNDERSTOOD):
        for code in codes:
            column = study.column_of(code)
            found = raw.user_missing if kind == "user_missing" else coding.items[code].counts
            count = found.get(column if kind == "user_missing" else kind, 0)
            yield LogEntry(rule=kind, column=column, count=count)


def _turned(items: pd.DataFrame, instrument: Instrument, study: Study) -> Iterator[LogEntry]:
    for code in items.columns:
        if instrument.item(code).reversed:
            yield LogEntry(rule="turned", column=study.column_of(code), count=int(items[code].notna().sum()))


def _asked(raw: RawTable, study: Study, *, codes: list[str]) -> tuple[str, ...]:
    places = {column: place for place, column in enumerate(map(str, raw.frame.columns))}
    return tuple(sorted(codes, key=lambda code: places[study.column_of(code)]))


def _left_out(construct: str, instrument: Instrument) -> LogEntry:
    items = instrument.construct(construct).items
    return LogEntry(rule="construct_left_out", column=construct, count=len(items))


def _without_group(group: _Grouping, frame: pd.DataFrame) -> LogEntry:
    return LogEntry(rule="group_missing", column=group.column, count=int(frame[group.name].isna().sum()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grouping:
    name: str
    column: str
    values: pd.Series[str]

    @classmethod
    def of(cls, group: Group, raw: RawTable, language: str | None) -> _Grouping:
        """Take a grouping column as text; numbers are names here ("1", not 1.0)."""
        labels = _labels(group, raw, language)
        cells = raw.frame[group.column]
        texts = [None if cell is None else labels.get(text_of(cell), text_of(cell)) for cell in cells]
        found = {text for text in texts if text is not None}
        order = [label for label in labels.values() if label in found]
        order += sorted(found - set(order), key=_natural)
        values = pd.Series(pd.Categorical(texts, categories=order), index=raw.frame.index)
        return cls(name=group.name, column=group.column, values=values)


def _labels(group: Group, raw: RawTable, language: str | None) -> dict[str, str]:
    """Return the labels of the study file in one language, else those an SPSS file brings along.

    Raises
    ------
    DataError
        When two groups would get the same label and so become one.
    """
    labels = dict(raw.value_labels.get(group.column, {}))
    if language is not None and group.labels:
        labels = {code: text[language] for code, text in group.labels.items()}
    twice = sorted({label for label in labels.values() if list(labels.values()).count(label) > 1})
    if twice:
        raise DataError(
            f"Group '{group.name}': the label '{twice[0]}' stands for more than one code. "
            "Give each code its own label, under [groups.labels] in the study file."
        )
    return labels


def _natural(text: str) -> tuple[bool, float, str]:
    """Sort numbers by size, before words in alphabetical order."""
    number = text.isdecimal()
    return (not number, float(text) if number else 0.0, text.casefold())
