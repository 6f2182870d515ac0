"""Which conclusions hold in every variant, by sign and significance."""

from __future__ import annotations

import pandas as pd

from jq_models.evaluate.judge import judge_effect
from jq_models.evaluate.robustness.result import Robustness


def conclusions(found: Robustness) -> pd.DataFrame:
    """Return for each key path whether every variant leads to the reference's conclusion.

    A conclusion is the direction of the 95 % interval: above zero, below zero, or zero inside. Groups left
    out one by one count each. A variant whose solution is inadmissible says nothing either way: it neither
    holds nor breaks, and its estimates are left aside. On an inadmissible reference nothing holds.

    Returns
    -------
    DataFrame
        Columns source, target, kind, direction (of the reference), holds, fits (variants and left-out fits
        that gave this path, the reference not counted), breaks (codes of the variants that differ, in
        order), low and high (lowest and highest estimate of all, the reference included).
    """
    rows = []
    for source, target, kind in found.paths:
        own = _of_path(found.reference.estimates, (source, target, kind))
        direction = judge_effect(own.iloc[0])
        estimates, breaks, fits = [float(own.iloc[0]["estimate"])], [], 0
        for variant in found.variants[1:]:
            frame = found.left_out if variant.code == "left_out" else variant.estimates
            if variant.inadmissible:
                continue
            there = _of_path(frame, (source, target, kind))
            fits += len(there)
            estimates += there["estimate"].astype(float).tolist() if len(there) else []
            if any(judge_effect(row) != direction for _, row in there.iterrows()):
                breaks.append(variant.code)
        if found.reference.inadmissible:
            breaks.insert(0, found.reference.code)
        rows.append(
            (source, target, kind, direction, not breaks, fits, tuple(breaks), min(estimates), max(estimates))
        )
    columns = ["source", "target", "kind", "direction", "holds", "fits", "breaks", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _of_path(frame: pd.DataFrame, path: tuple[str, str, str]) -> pd.DataFrame:
    if frame.empty:
        return frame
    source, target, kind = path
    return frame[(frame["source"] == source) & (frame["target"] == target) & (frame["kind"] == kind)]
