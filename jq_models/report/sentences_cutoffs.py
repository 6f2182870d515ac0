"""Readings of simulated cut-offs and corrected tests, computed from the numbers."""

from __future__ import annotations

import math

import pandas as pd

from jq_models.evaluate.cutoffs import JUDGED, Cutoffs, FairVerdict, cutoff_rows, judge_cutoffs
from jq_models.evaluate.cutoffs.verdicts import number
from jq_models.report.tables_cutoffs import planted_words
from jq_models.report.wording import Wording

# share of true models rejected above which a line counts as too strict here
STRICT = 0.10
# corrections help where the best of them is not too strict, or rejects at most this share of what the plain
# test rejects
HALVED = 0.5
CORRECTED = ("bartlett", "swain", "yuan_2005", "yuan_2015")


def cutoff_sentences(cutoffs: Cutoffs, w: Wording) -> str:
    """Say whether the model fits as a true one would, what the usual lines do, and what would be seen."""
    rows = cutoff_rows(cutoffs)
    verdict = judge_cutoffs(cutoffs, rows)
    if (rows.loc[list(JUDGED), "verdict"] == "unknown").any():
        return w("cutoffs.unknown", model=w(f"model.{cutoffs.model}"), draws=len(cutoffs.true.indices))
    sentences = [_passes(cutoffs, verdict, w), _usual(verdict, w)]
    if cutoffs.wrong:
        sentences += [_seen(cutoffs, verdict, w), _excluded(cutoffs, verdict, w)]
    return " ".join(sentences)


def corrected_sentences(tests: pd.DataFrame, w: Wording, *, cutoffs: Cutoffs) -> str:
    """Say whether exact fit is rejected by the simulated test, and what the plain test is worth here.

    Parameters
    ----------
    tests : DataFrame
        As ``evaluate.corrected_tests`` returns it.
    cutoffs : Cutoffs
        Those the tests were held against.
    """
    p, alarm = number(tests, "simulated", "p_value"), number(tests, "plain", "false_alarm")
    rejected = p <= number(tests, "simulated", "false_alarm")
    key = "cutoffs.exact_rejected" if rejected else "cutoffs.exact_kept"
    plain = "cutoffs.plain_strict" if alarm > STRICT else "cutoffs.plain_fair"
    least = min(number(tests, test, "false_alarm") for test in CORRECTED)
    # what no correction for n mends is not owed to n
    if least > max(STRICT, HALVED * alarm):
        plain = f"cutoffs.plain_helpless_{cutoffs.answers}"
    return " ".join(
        [
            w(key, model=w(f"model.{cutoffs.model}"), p=w.p_equals(p)),
            w(
                plain,
                alarm=w.percent(alarm),
                p=w.p_equals(number(tests, "plain", "p_value")),
                swain=w.p_equals(number(tests, "swain", "p_value")),
                swain_alarm=w.percent(number(tests, "swain", "false_alarm")),
            ),
        ]
    )


def _passes(cutoffs: Cutoffs, verdict: FairVerdict, w: Wording) -> str:
    passed = [w(f"fit.{index}") for index in verdict.simulated]
    missed = [w(f"fit.{index}") for index in JUDGED if index not in verdict.simulated]
    values: dict[str, str | int] = {
        "model": w(f"model.{cutoffs.model}"),
        "n": cutoffs.n,
        "passed": w.join(passed),
        "missed": w.join(missed),
    }
    if not missed:
        return w("cutoffs.all", **values)
    return w("cutoffs.some" if passed else "cutoffs.none", **values)


def _usual(verdict: FairVerdict, w: Wording) -> str:
    key = "cutoffs.usual_strict" if verdict.false_alarm > STRICT else "cutoffs.usual_alarm"
    return w(key, share=w.percent(verdict.false_alarm))


def _seen(cutoffs: Cutoffs, verdict: FairVerdict, w: Wording) -> str:
    return w(
        "cutoffs.seen",
        what=planted_words(cutoffs.wrong[0].planted, w),
        simulated=w.percent(verdict.seen),
        usual=w.percent(verdict.seen_usual),
    )


def _excluded(cutoffs: Cutoffs, verdict: FairVerdict, w: Wording) -> str:
    if not verdict.excluded:
        what, share = planted_words(cutoffs.wrong[-1].planted, w), _as_good(cutoffs)
        # so bad a fit rules nothing out, and that is not the point
        if "rmsea" not in verdict.simulated and share >= 1.0 - cutoffs.level:
            return w("cutoffs.beyond", what=what)
        return w("cutoffs.not_excluded", what=what, share=w.percent(share))
    if verdict.excluded == cutoffs.wrong[0].planted.level:
        return w("cutoffs.excluded_first", level=w.percent(cutoffs.level))
    planted = next(wrong.planted for wrong in cutoffs.wrong if wrong.planted.level == verdict.excluded)
    return w("cutoffs.excluded", what=planted_words(planted, w), level=w.percent(cutoffs.level))


def _as_good(cutoffs: Cutoffs) -> float:
    """Return the share of samples with the largest planted fault whose RMSEA is as good as the model's."""
    value, found = cutoffs.values["rmsea"], cutoffs.wrong[-1].distribution.indices["rmsea"]
    return float((found <= value).mean()) if len(found) else math.nan
