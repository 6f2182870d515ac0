"""The answers a study is computed from, and the log of everything done to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pandas as pd

from jq_models.errors import DataError, suggest
from jq_models.spec import Instrument, without_modules

LOG_RULES = (
    "label_text",  # texts of the answer scale read as codes
    "file_label",  # codes read by the labels of an SPSS file, not as numbers
    "user_missing",  # codes an SPSS file declares missing
    "declared_missing",  # codes the study file declares missing
    "no_answer_text",  # "weet niet", "n/a" and the like taken as missing
    "turned",  # answers to a reversed item turned round
    "construct_left_out",  # a construct without any answer; count = its items
    "group_missing",  # persons without a group
    "preview_row",  # rows the survey tool marks as trials in its preview
    "test_row",  # rows the survey tool made itself
    "spam_row",  # rows the survey tool marks as spam
    "row_dropped",  # persons without any answer to an item
    "listwise",  # persons with a missing answer on the items of an analysis
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One kind of change: its rule (one of `LOG_RULES`), the column (None: whole rows) and how many."""

    rule: str
    column: str | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """Answers ready for analysis.

    Attributes
    ----------
    items : DataFrame of float, persons x items
        One column an item code, in the questionnaire's order, only items with data; reversed items are
        turned, so high = good; NaN is missing. The values are read-only.
    groups : DataFrame of categories, persons x groups
        One column a grouping variable of the study, aligned with `items`.
    covariates : DataFrame of float, persons x covariates
        One column a covariate of the study, aligned with `items`; NaN is missing.
    instrument : Instrument
    log : tuple of LogEntry
        Every recode and exclusion since the file was read.
    n_read : int
        Rows in the file.
    asked : tuple of str
        Item codes in the order in which their columns stand in the file: survey tools write columns in the
        order asked. Empty: not known.
    """

    # answers never show in a repr: it ends up in tracebacks and notebooks
    items: pd.DataFrame = field(repr=False)
    groups: pd.DataFrame = field(repr=False)
    instrument: Instrument = field(repr=False)
    log: tuple[LogEntry, ...]
    n_read: int
    covariates: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)
    asked: tuple[str, ...] = field(repr=False, default=())

    def __post_init__(self) -> None:
        if self.covariates.empty and len(self.covariates) != len(self.items):
            object.__setattr__(self, "covariates", pd.DataFrame(index=self.items.index))

    @property
    def n(self) -> int:
        """The number of persons."""
        return len(self.items)

    @property
    def constructs(self) -> tuple[str, ...]:
        """The codes of the constructs that have data, in the questionnaire's order."""
        return tuple(c.code for c in self.instrument.constructs if any(i.code in self.items for i in c.items))

    @property
    def as_asked(self) -> tuple[str, ...]:
        """The codes of the items in the order asked; where that is not known, in the questionnaire's."""
        places = {code: place for place, code in enumerate(self.asked)}
        return tuple(sorted(map(str, self.items), key=lambda code: places.get(code, len(places))))

    def complete(self, codes: Iterable[str]) -> Responses:
        """Return the persons who answered all these items (listwise deletion), the loss logged.

        Parameters
        ----------
        codes : iterable of str
            Item codes. All items are kept as columns; only persons are left out.

        Raises
        ------
        DataError
            When an item has no data here.
        """
        wanted = list(codes)
        for code in wanted:
            if code not in self.items:
                raise DataError(f"There are no answers to '{code}'. {suggest(code, self.items.columns)}")
        kept = self.items[wanted].notna().all(axis=1)
        entry = LogEntry(rule="listwise", column=None, count=int((~kept).sum()))
        return replace(
            self,
            items=read_only(self.items[kept]),
            groups=self.groups[kept].reset_index(drop=True),
            covariates=read_only(self.covariates[kept]),
            log=(*self.log, entry),
        )


def modules_apart(responses: Responses) -> tuple[Responses, Responses | None]:
    """Return the answers to the questionnaire itself and, of the same persons, those to its modules."""
    asked = responses.instrument
    if not asked.modules:
        return responses, None
    own = without_modules(asked)
    added = replace(asked, constructs=tuple(c for c in asked.constructs if c.module))

    def only(instrument: Instrument) -> Responses:
        codes = [item.code for item in instrument.items if item.code in responses.items]
        return replace(responses, items=read_only(responses.items[codes]), instrument=instrument)

    return only(own), only(added)


def together(own: Responses, modules: Responses) -> Responses:
    """Return what `modules_apart` took apart."""
    asked = replace(
        own.instrument,
        constructs=(*own.instrument.constructs, *modules.instrument.constructs),
        modules=modules.instrument.modules,
    )
    items = read_only(pd.concat([own.items, modules.items], axis=1))
    return replace(own, items=items, instrument=asked)


def read_only(items: pd.DataFrame) -> pd.DataFrame:
    """Return the answers renumbered from 0, in one array that cannot be written to."""
    values = items.to_numpy(dtype=float, copy=True)
    values.flags.writeable = False
    return pd.DataFrame(values, columns=items.columns, copy=False)
