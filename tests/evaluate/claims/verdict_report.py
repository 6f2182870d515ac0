"""The outcome of the trials as files: every share, and a page that says what was met."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from claim_truths import LEAST_RIGHT, MOST_FALSE, NOTHING, TRUTHS

from jq_models.evaluate.hypotheses import HYPOTHESES
from jq_models.evaluate.sources import SOURCE_CLAIMS

RESULTS = Path(__file__).parents[2] / "reference" / "verdicts"
INTRO = """# Are the verdicts right?

Written by `tests/evaluate/claims/verdict_trial.py --write`; last run {today}. Samples of n = {n} are drawn
from populations whose truth is known (`published_populations.py`, `source_populations.py`) and judged by the
rules of a study, with {draws} bootstrap samples where a study takes 2,000 (1,000 for H3). Each figure is a
share of {samples} samples; the standard error of a share of .95 is .015.

*Holds*: the claim is true. *Wrong*: it is false, in a population of its own for H1, H3, H7 and H8.
*Nothing*: the effect the claim is about is zero or on the line. Asked: right in at least {right:.0%}, called
supported where it is not true in at most {false:.0%}.

| claim | holds: supported | wrong: not supported | wrong: "supported" | nothing: "supported" | met |
| --- | --- | --- | --- | --- | --- |
"""


def write(shares: dict[str, pd.DataFrame], *, samples: int, n: int, draws: int) -> None:
    """Add the shares of some populations to the file, and write the page anew."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / "verdicts.csv"
    rows = pd.concat(
        [
            frame.rename_axis("claim").reset_index().assign(population=name, samples=samples)
            for name, frame in shares.items()
        ]
    )
    if file.exists():
        before = pd.read_csv(file)
        rows = pd.concat([before[~before["population"].isin(shares)], rows])
    rows.to_csv(file, index=False, lineterminator="\n")
    text = INTRO.format(
        today=datetime.now(UTC).date(), n=n, draws=draws, samples=samples, right=LEAST_RIGHT, false=MOST_FALSE
    )
    lines = [_line(claim, rows) for claim in (*HYPOTHESES, *SOURCE_CLAIMS)]
    (RESULTS / "RESULTS.md").write_text(text + "\n".join(lines) + "\n", encoding="utf-8")


def _line(claim: str, rows: pd.DataFrame) -> str:
    right: dict[str, float] = {}
    false: dict[str, float] = {}
    for population, said in TRUTHS.items():
        found = rows[(rows["population"] == population) & (rows["claim"] == claim)]
        if claim in said and len(found):
            right[said[claim]] = float(found[said[claim]].iloc[0])
            if said[claim] != "supported":
                false["wrong"] = float(found["supported"].iloc[0])
    found = rows[(rows["population"] == NOTHING) & (rows["claim"] == claim)]
    if len(found):
        false[NOTHING] = float(found["supported"].iloc[0])
    whole = len(right) == 2
    met = whole and min(right.values()) >= LEAST_RIGHT and max(false.values()) <= MOST_FALSE
    cells = [right.get("supported"), right.get("not_supported"), false.get("wrong"), false.get(NOTHING)]
    shown = ["" if cell is None else f"{cell:.3f}" for cell in cells]
    return f"| {claim} | {' | '.join(shown)} | {'yes' if met else 'no'} |"
