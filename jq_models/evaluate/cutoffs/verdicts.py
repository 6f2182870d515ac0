"""The usual lines and the simulated cut-offs side by side, as numbers and codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc, chdtri

from jq_models.evaluate.cutoffs.cutoffs import Cutoffs
from jq_models.evaluate.cutoffs.indices import INDICES, misfit
from jq_models.evaluate.judge import FIT_RULES
from jq_models.evaluate.small_sample import small_sample_tests
from jq_models.numeric.moments import Array
from jq_models.sem import SemFit
from jq_models.sem.resampling.batched import Flags

PASSES = ("both", "usual_only", "simulated_only", "neither", "unknown")
USUAL = {rule.index: rule.good for rule in FIT_RULES}
# the indices with a usual line of their own; the combination is all of them
JUDGED = tuple(USUAL)
COMBINED = "combined"


@dataclass(frozen=True, slots=True, kw_only=True)
class FairVerdict:
    """The whole of it as codes and shares, for sentences.

    Attributes
    ----------
    simulated, usual : tuple of str
        The indices (of `JUDGED`) that pass the simulated cut-offs, and the usual lines.
    false_alarm : float
        Share of true models that miss at least one of the usual lines at this n.
    excluded : int
        The smallest planted level from which on so good a value is unusual by RMSEA: at most 5 % of the
        samples fit as well. 0 when none is.
    seen : float
        Share of samples at level 1 that miss RMSEA's simulated cut-off; NaN without planted levels.
    seen_usual : float
        The same for at least one usual line.
    """

    simulated: tuple[str, ...]
    usual: tuple[str, ...]
    false_alarm: float
    excluded: int
    seen: float
    seen_usual: float


def cutoff_rows(cutoffs: Cutoffs) -> pd.DataFrame:
    """Hold every index against both.

    Returns
    -------
    DataFrame
        Indexed by `INDICES` and ``"combined"`` (the usual lines of CFI, TLI, RMSEA and SRMR together, without
        a value). value; usual, cutoff: the lines; p_simulated: share of true models that fit as badly or
        worse; false_alarm: share of true models that miss the usual line, with its Monte Carlo standard
        error false_alarm_se; verdict: a code of `PASSES`. For each planted level l: seen_l, the share that
        misses the simulated cut-off; seen_usual_l, the usual line; as_good_l, the share that fits as well as
        the data or better. The usual line of chi-square is its 5 % critical value.
    """
    rows = {index: _row(cutoffs, index) for index in INDICES}
    rows[COMBINED] = _combined(cutoffs)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("index")


def judge_cutoffs(cutoffs: Cutoffs, table: pd.DataFrame | None = None) -> FairVerdict:
    """Sum the table up in codes; `table` as `cutoff_rows` returns it, when it is at hand.

    Parameters
    ----------
    table : DataFrame, optional
        As `cutoff_rows` returns it, when it is at hand.
    """
    table = cutoff_rows(cutoffs) if table is None else table
    passed = table.loc[list(JUDGED), "verdict"]
    levels = [wrong.planted.level for wrong in cutoffs.wrong]
    unusual = [level for level in levels if number(table, "rmsea", f"as_good_{level}") <= cutoffs.level]
    first = levels[0] if levels else 0
    return FairVerdict(
        simulated=tuple(passed.index[passed.isin(["both", "simulated_only"])]),
        usual=tuple(passed.index[passed.isin(["both", "usual_only"])]),
        false_alarm=number(table, COMBINED, "false_alarm"),
        excluded=unusual[0] if unusual else 0,
        seen=number(table, "rmsea", f"seen_{first}") if levels else float("nan"),
        seen_usual=number(table, COMBINED, f"seen_usual_{first}") if levels else float("nan"),
    )


def corrected_tests(fit: SemFit, cutoffs: Cutoffs) -> pd.DataFrame:
    """Return `small_sample_tests` and what each does at this n.

    Returns
    -------
    DataFrame
        Its rows and columns; false_alarm: share of simulated true models that the test rejects at 5 %, with
        false_alarm_se; last a row "simulated", whose p value is that of the simulated chi-squares.
    """
    tests = small_sample_tests(fit)
    chi_square = cutoffs.drawn("chi_square")
    found = [
        _share(chdtrc(cutoffs.df, chi_square * factor) < cutoffs.level) if factor == factor else np.nan
        for factor in tests["factor"]
    ]
    tests = tests.assign(false_alarm=found)
    tests.loc["simulated"] = [
        cutoffs.values["chi_square"],
        cutoffs.df,
        cutoffs.p_value("chi_square"),
        np.nan,
        cutoffs.level,
    ]
    error = [_error(share, len(chi_square)) for share in found]
    return tests.assign(df=cutoffs.df, false_alarm_se=[*error, np.nan])


def number(table: pd.DataFrame, row: str, column: str) -> float:
    """Return one number of a table whose columns may hold codes, too."""
    place = list(table.index).index(row)
    return float(table[[column]].iloc[[place]].to_numpy(dtype=float)[0, 0])


def usual_line(cutoffs: Cutoffs, index: str) -> float:
    """Return the usual line of an index; of chi-square its critical value."""
    return float(chdtri(cutoffs.df, 0.05)) if index == "chi_square" else USUAL[index].value


def misses_usual(cutoffs: Cutoffs, index: str, values: Array) -> Flags:
    """Say which values miss the usual line."""
    line = misfit(index, np.array([usual_line(cutoffs, index)]))
    found: Flags = np.asarray(misfit(index, values) > line)
    return found


def _row(cutoffs: Cutoffs, index: str) -> dict[str, object]:
    value, drawn, cutoff = cutoffs.values[index], cutoffs.drawn(index), cutoffs.cutoff(index)
    here = np.array([value])
    alarm = _share(misses_usual(cutoffs, index, drawn))
    usual = not bool(misses_usual(cutoffs, index, here)[0])
    simulated = bool(misfit(index, here)[0] <= misfit(index, np.array([cutoff]))[0])
    row: dict[str, object] = {
        "value": value,
        "usual": usual_line(cutoffs, index),
        "cutoff": cutoff,
        "p_simulated": cutoffs.p_value(index),
        "false_alarm": alarm,
        "false_alarm_se": _error(alarm, len(drawn)),
        "verdict": "unknown" if np.isnan(cutoff) else _code(usual=usual, simulated=simulated),
    }
    for wrong in cutoffs.wrong:
        other, level = wrong.distribution.indices[index].to_numpy(dtype=float), wrong.planted.level
        line = misfit(index, np.array([cutoff]))
        row[f"seen_{level}"] = np.nan if np.isnan(cutoff) else _share(misfit(index, other) > line)
        row[f"seen_usual_{level}"] = _share(misses_usual(cutoffs, index, other))
        row[f"as_good_{level}"] = _share(misfit(index, other) <= misfit(index, here))
    return row


def _combined(cutoffs: Cutoffs) -> dict[str, object]:
    alarm = _share(_any_missed(cutoffs, cutoffs.true.indices))
    row: dict[str, object] = dict.fromkeys(("value", "usual", "cutoff", "p_simulated"), np.nan)
    row |= {"false_alarm": alarm, "false_alarm_se": _error(alarm, len(cutoffs.true.indices))}
    row["verdict"] = "unknown"
    for wrong in cutoffs.wrong:
        level, indices = wrong.planted.level, wrong.distribution.indices
        row |= {f"seen_{level}": np.nan, f"as_good_{level}": np.nan}
        row[f"seen_usual_{level}"] = _share(_any_missed(cutoffs, indices))
    return row


def _any_missed(cutoffs: Cutoffs, indices: pd.DataFrame) -> Flags:
    missed = [misses_usual(cutoffs, index, indices[index].to_numpy(dtype=float)) for index in JUDGED]
    found: Flags = np.any(missed, axis=0)
    return found


def _code(*, usual: bool, simulated: bool) -> str:
    if usual:
        return "both" if simulated else "usual_only"
    return "simulated_only" if simulated else "neither"


def _share(found: Flags) -> float:
    return float(np.mean(found)) if len(found) else float("nan")


def _error(share: float, draws: int) -> float:
    return float(np.sqrt(share * (1.0 - share) / draws)) if draws else float("nan")
