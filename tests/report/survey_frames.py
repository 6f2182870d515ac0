"""Made-up results of an employee survey, for the tests of its sentences, tables and figures."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from jq_models.data import OpenStudy
from jq_models.evaluate.invariance import Invariance, Release
from jq_models.evaluate.survey import NormComparison, Trend
from jq_models.evaluate.survey.norms import COLUMNS as NORM_COLUMNS
from jq_models.evaluate.survey.trend import COLUMNS as TREND_COLUMNS
from jq_models.spec import Instrument, Norm, Text

SUP3 = Release(
    step="scalar", item="SUP3", factor="SUP", kind="intercept", group="now", chi_square=71.0, p_value=1e-9,
    epc=-0.4, size=-0.45, difference=-0.46,
)  # fmt: skip


def shares(instrument: Instrument, n: int = 400) -> pd.DataFrame:
    rows = {}
    for place, construct in enumerate(instrument.constructs):
        up = 0.30 + 0.03 * place
        rows[construct.code] = {
            "n": n,
            "favourable": up,
            "neutral": 0.2,
            "unfavourable": 0.8 - up,
            "ci_low": up - 0.04,
            "ci_high": up + 0.04,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("construct")


def compared(instrument: Instrument) -> NormComparison:
    rows = {}
    for construct in instrument.constructs:
        difference = {"LCU": -0.30, "OPP": 0.25}.get(construct.code, 0.0)
        rows[construct.code] = {
            "n": 500, "mean": 3.5, "sd": 0.8, "norm_n": 900, "norm_mean": 3.5 - difference, "norm_sd": 0.8,
            "difference": difference, "se": 0.04, "df": 900.0, "ci_low": difference - 0.08,
            "ci_high": difference + 0.08, "p_value": 0.9 if not difference else 1e-6,
            "effect": difference / 0.75, "p_holm": 1.0 if not difference else 1e-5, "clusters": 51.0,
            "state": "compared",
        }  # fmt: skip
        if construct.code in ("LEM", "INF", "TIN"):
            rows[construct.code] |= dict.fromkeys(NORM_COLUMNS[3:-1], np.nan)
            rows[construct.code]["state"] = {"LEM": "wording", "INF": "scale", "TIN": "absent"}[
                construct.code
            ]
    norm = Norm(
        name="sector",
        title=Text(en="Sector", nl="Branche"),
        source=Text(en="A survey.", nl="Een onderzoek."),
        day=date(2023, 5, 1),
        simulated=False,
        values=(),
    )
    return NormComparison(
        norm=norm, table=pd.DataFrame.from_dict(rows, orient="index").rename_axis("construct")
    )


def changes(instrument: Instrument, before: OpenStudy | None) -> Trend:
    rows = {}
    for construct in instrument.constructs:
        change = {"LCU": 0.23, "TIN": -0.2}.get(construct.code, 0.0)
        rows[construct.code] = dict.fromkeys(TREND_COLUMNS, np.nan) | {
            "n_before": 540, "n": 577, "mean_before": 3.0, "mean": 3.0 + change, "difference": change,
            "se": 0.04, "df": 50.0, "ci_low": change - 0.1, "ci_high": change + 0.1,
            "p_value": 0.001 if change else 0.8, "p_holm": 0.01 if change else 1.0, "effect": change,
            "welch_low": change - 0.08, "welch_high": change + 0.08, "clusters": 51.0, "state": "compared",
        }  # fmt: skip
    rows["LEM"] |= {"state": "wording", "difference": np.nan, "p_holm": np.nan}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("construct")
    return Trend(why="compared", before=before, table=table, grouping="team", invariance=None)


class Step:
    """Stands for evaluate's, of which only the releases are read."""

    def __init__(self, releases: tuple[Release, ...]) -> None:
        self.releases = releases


def judged(level: str, *releases: Release) -> Invariance:
    means = pd.DataFrame([("SUP", 0.03, -0.11, 0.17)], columns=["factor", "effect", "ci_low", "ci_high"])
    return Invariance(
        group="wave", labels=("before", "now"), sizes=(460, 497), level=level, means=means,
        steps={"scalar": Step(releases)} if releases else {},
    )  # fmt: skip


def differences(instrument: Instrument, groups: tuple[str, ...]) -> pd.DataFrame:
    rows = []
    for name in groups:
        for construct in instrument.constructs:
            far = name == groups[0] and construct.code == "LCU"
            rows.append(
                {
                    "group": name,
                    "construct": construct.code,
                    "n": 60,
                    "mean": 3.0,
                    "rest_n": 500,
                    "rest_mean": 3.0,
                    "difference": 0.7 if far else 0.01,
                    "se": 0.1,
                    "df": 90.0,
                    "ci_low": 0.5 if far else -0.2,
                    "ci_high": 0.9 if far else 0.2,
                    "p_value": 1e-8 if far else 0.6,
                    "effect": 0.8 if far else 0.01,
                    "clusters": 51.0,
                }
            )
    return pd.DataFrame(rows)
