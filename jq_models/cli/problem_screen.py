"""The problems of a data file on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from textwrap import shorten

from rich.markup import escape
from rich.table import Table as Grid

from jq_models.cli.screen import screen
from jq_models.data import Problem
from jq_models.data.exports.layout import in_brackets
from jq_models.errors import DataError

_MOST = 6  # columns named in one row
_WIDEST = 32  # letters of each, where there are several: a column may be called by its whole question


def refuse(
    problems: Iterable[Problem], language: str, *, always: bool = False, condensed: bool = False
) -> None:
    """Print the problems when there are errors (or `always`), and stop at errors.

    With `condensed`, problems of one rule that several columns have stand in one row.

    Raises
    ------
    DataError
        When there is an error among them.
    """
    # imported here: the report's machinery takes a second to load
    from jq_models.report import problem_sentences, problem_table, wording

    problems = tuple(problems)
    w = wording(language)
    errors = any(problem.severity == "error" for problem in problems)
    if problems and (always or errors):
        shown = problem_table(_together(problems) if condensed else problems, w)
        grid = Grid(title=shown.title, title_justify="left")
        for heading in shown.frame.columns:
            grid.add_column(str(heading), overflow="fold")
        for row in shown.frame.itertuples(index=False):
            grid.add_row(*(escape(cell) for cell in row))
        screen.print(grid)
    if always or errors:
        screen.print(problem_sentences(problems, w), markup=False)
    if errors:
        raise DataError(w("problems.stopped"))


def _together(problems: tuple[Problem, ...]) -> list[Problem]:
    """Put problems of one rule in one: their first columns, how many more, cells in all."""
    rows = []
    for rule in dict.fromkeys((problem.severity, problem.rule) for problem in problems):
        same = [problem for problem in problems if (problem.severity, problem.rule) == rule]
        more = f", … (+{len(same) - _MOST})" if len(same) > _MOST else ""
        names = [problem.column for problem in same[:_MOST]]
        columns = ", ".join(map(_short, names) if len(names) > 1 else names) + more
        hint = same[0].hint if len(same) == 1 else ""
        rows.append(replace(same[0], column=columns, count=sum(p.count for p in same), hint=hint))
    return rows


def _short(column: str) -> str:
    """Return the beginning of a column's name; of "question [row]" that of the row."""
    return shorten(in_brackets(column), _WIDEST, placeholder=" …")
