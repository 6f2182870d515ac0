"""The problems a data file can have, and how grave each is.

Why a problem is an error, a warning or a note: an error would make a published number wrong and can be
mended in the file, the study file or the questionnaire; a warning changes what can be concluded; a note
only says what was seen or done.
"""

from __future__ import annotations

from dataclasses import dataclass

SEVERITY = {
    # the file
    "no_items": "error",  # not one item column is recognised
    "too_few_rows": "error",  # fewer persons with an answer than MINIMUM_ROWS; count = those there are
    "duplicate_header": "error",  # a used column stands twice (a warning when it is not used)
    "long_row": "error",  # rows with more cells than the header: a delimiter inside unquoted text
    "missing_column": "error",  # an item of a construct that is otherwise there
    "group_column_missing": "error",
    "covariate_column_missing": "error",
    "covariate_not_a_number": "error",  # cells of a covariate that are no number within its range
    # the answers to one item
    "not_a_number": "error",  # text that is neither a number nor a label of the scale
    "out_of_range": "error",
    "leftover_missing_code": "error",  # 99, -9, 999, 0 and the like, outside the scale, not declared
    "not_whole": "error",  # a number between two codes: a mean or an imputed value
    "mixed_answers": "error",  # bare numbers beside bare texts of the scale, in one column
    "label_conflict": "error",  # the file's value labels do not fit the scale, or contradict each other
    "empty_item": "error",  # no answer at all, in a construct that has others
    "missing_outcome": "error",  # all of an outcome that the models need is absent; count = its items
    "constant_item": "error",  # the same answer from everybody
    "wrong_direction": "error",  # not marked reversed, yet running against its construct
    "reversed_not_turned": "error",  # marked reversed, yet running against its construct after turning
    # warnings
    "missing_construct": "warning",  # a whole construct is absent: models leave it out; count = its items
    "duplicate_item": "warning",  # items with the same answer from every person; count = these items
    "too_few_complete": "warning",  # no more complete persons than items: no model; count = those persons
    "no_answer_text": "warning",  # "weet niet", "n/a" and the like, taken as missing
    "many_missing": "warning",  # more than MANY_MISSING of an item's answers
    "short_row": "warning",  # rows with fewer cells than the header; the rest counts as empty
    "team_in_organisations": "warning",  # names of teams that stand in several organisations; told apart
    "reversed_scale_suspected": "warning",  # who would recommend the work scores lower on satisfaction
    "duplicate_rows": "warning",  # rows equal to an earlier one, the tool's own columns left aside
    "unknown_group_label": "warning",  # groups without a label where the study file labels others
    # notes
    "declared_missing": "note",  # cells with a code declared missing, in the study file or by SPSS
    "label_text": "note",  # texts of the answer scale read as codes
    "file_label": "note",  # codes whose label in the file stands elsewhere on the scale than their number
    "preview_row": "note",  # rows the survey tool marks as trials in its preview: set aside
    "test_row": "note",  # rows the survey tool made itself, to try the questionnaire: set aside
    "spam_row": "note",  # rows the survey tool marks as spam: set aside
    "unfinished_row": "note",  # rows the survey tool marks as not completed: they stay
    "all_missing_row": "note",  # persons without any answer: dropped
    "group_missing": "note",  # persons without a group
    "group_too_small": "note",  # groups below the minimum shown
    "straight_lining": "note",  # persons with one code on all items, reversed ones included
    "unknown_column": "note",  # a column that neither the study nor the questionnaire names
    "unnamed_column": "note",  # columns without a header: not used
    "lines_above": "note",  # lines above the header, such as a title: left out
}
RULES = tuple(SEVERITY)
ORDER = ("error", "warning", "note")


MISSING_COLUMN = ("missing_column", "group_column_missing", "covariate_column_missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem: language-neutral, the words for a rule are the report's.

    Attributes
    ----------
    severity : {"error", "warning", "note"}
    column : str
        The file's column; a construct's code for `missing_construct` and `missing_outcome`; several
        columns, with commas, for `duplicate_item`; empty for the whole file, and where the header may be an
        answer (`shown_names`).
    rule : str
        One of `RULES`.
    count : int
        Cells, persons, groups or columns, as the rule says.
    hint : str
        For a missing column, the unused one with the most similar name; else empty.
    place : str
        The column's letter, as in a spreadsheet, where its name may not be shown; else empty.
    """

    severity: str
    column: str
    rule: str
    count: int
    hint: str = ""
    place: str = ""


def problem(rule: str, column: str, count: int, *, severity: str | None = None, place: str = "") -> Problem:
    """Return a problem with the severity of its rule, unless another is given."""
    return Problem(severity=severity or SEVERITY[rule], column=column, rule=rule, count=count, place=place)
