"""What the tests of quality, effects and advice share: outside numbers and planted overlap."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from jq_models.pls import PlsFit, fit_pls

FOLDER = Path(__file__).parents[2] / "reference" / "pls"
MIXED = """
A =~ a1 + a2 + a3 + a4
B =~ b1 + b2 + b3
C <~ c1 + c2 + c3 + c4
D =~ d1
E =~ e1 + e2 + e3
G =~ g1 + g2 + g3
C ~ A
D ~ A + B
E ~ A + B + C
G ~ C + D + E
"""
SECOND = """
A =~ a1 + a2 + a3 + a4
B =~ b1 + b2 + b3
E =~ e1 + e2 + e3
J <~ A + B + E
G =~ g1 + g2 + g3
D =~ d1
G ~ J
D ~ J + G
"""
ADANCO = ("IMAG", "EXPE", "QUAL", "VAL", "SAT", "LOY")
ADANCO_PATHS = (
    "EXPE ~ IMAG\nQUAL ~ EXPE\nVAL ~ EXPE + QUAL\nSAT ~ IMAG + EXPE + QUAL + VAL\nLOY ~ IMAG + SAT\n"
)
DIMENSIONS = ("P", "Q", "R")


@cache
def answers() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data.csv")


@cache
def seminr(case: str) -> dict[str, Any]:
    """The raw output of seminr for one case."""
    found: dict[str, Any] = json.loads((FOLDER / "seminr.json").read_text(encoding="utf-8"))[case]
    return found


@cache
def mixed(consistent: bool = True) -> PlsFit:
    return fit_pls(MIXED, answers(), consistent=consistent)


@cache
def second() -> PlsFit:
    return fit_pls(SECOND, answers())


def adanco_fit(shared: Path, operator: str) -> PlsFit:
    """The satisfaction case: six factors (=~), or six composites (<~)."""
    data = pd.read_csv(shared / "oracles" / "pls" / "satisfaction_gender.csv")
    blocks = [f"{c} {operator} {' + '.join(x for x in data if x.startswith(c.lower()))}" for c in ADANCO]
    return fit_pls("\n".join(blocks) + "\n" + ADANCO_PATHS, data, scheme="centroid")


def adanco_sheet(shared: Path, operator: str, name: str) -> pd.DataFrame:
    """A sheet of ADANCO's report: names in the second column, numbers right of it."""
    kind = {"=~": "common_factor", "<~": "composite_modeB"}[operator]
    path = shared / "oracles" / "pls" / "adanco" / f"adanco_2.2.1_satisfaction_{kind}_centroid.json"
    rows = [row[1:] for row in json.loads(path.read_text(encoding="utf-8"))[name] if row[1] or row[2]]
    head = next(k for k, row in enumerate(rows) if row[0] in ("Indicator", "Construct", "Effect"))
    body = [row for row in rows[head + 1 :] if any(isinstance(x, int | float) for x in row[1:])]
    frame = pd.DataFrame([row[1:] for row in body], index=[row[0] for row in body], columns=rows[head][1:])
    return frame.astype(float)


def overlapping(*, overlap: float, seed: int, n: int = 250, loading: float = 0.75) -> pd.DataFrame:
    """Answers on three dimensions that correlate by `overlap`, and on two outcomes of what they share."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal(n)
    factors = {
        name: np.sqrt(overlap) * common + np.sqrt(1 - overlap) * rng.standard_normal(n) for name in DIMENSIONS
    }
    factors["S"] = 0.6 * common + 0.8 * rng.standard_normal(n)
    factors["T"] = 0.4 * factors["S"] + 0.3 * common + 0.8 * rng.standard_normal(n)
    noise = np.sqrt(1 - loading**2)
    return pd.DataFrame(
        {
            f"{name.lower()}{k}": loading * f / f.std() + noise * rng.standard_normal(n)
            for name, f in factors.items()
            for k in (1, 2, 3)
        }
    )


OVERLAPPING = (
    "".join(f"{x} =~ {x.lower()}1 + {x.lower()}2 + {x.lower()}3\n" for x in (*DIMENSIONS, "S", "T"))
    + "S ~ P + Q + R\nT ~ S + P + Q + R\n"
)
