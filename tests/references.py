"""Read the outside numbers of tests/reference: data, model text and raw output of a case.

A case is a folder; ``demo/direct`` is one of three models on the data of ``demo``. Cases without data of
their own name the case whose data they use in `BORROWED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

REFERENCE = Path(__file__).parent / "reference"
BORROWED = dict.fromkeys(
    ("second_order", "single_indicator", "covariates", "observed_paths", "factor_variance", "equal_loadings"),
    "holzinger",
)
# cases written by write.R, each with estimates, standardised solution, fit measures and matrices
CASES = (
    "holzinger",
    "political_democracy",
    *BORROWED,
    "heywood",
    "demo/correlated",
    "demo/second_order",
    "demo/direct",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One case. `table` reads a file of it, `square` one with row names in its first column."""

    name: str

    @property
    def folder(self) -> Path:
        return REFERENCE / self.name

    @property
    def text(self) -> str:
        return (self.folder / "model.txt").read_text(encoding="utf-8")

    @property
    def data(self) -> pd.DataFrame:
        source = BORROWED.get(self.name, self.name.split("/", maxsplit=1)[0])
        return pd.read_csv(REFERENCE / source / "data.csv")

    @property
    def measures(self) -> dict[str, float]:
        """fitMeasures() by name."""
        return dict(pd.read_csv(self.folder / "fit.csv").itertuples(index=False))

    def table(self, name: str) -> pd.DataFrame:
        """Read ``NAME.csv`` as R wrote it."""
        return pd.read_csv(self.folder / f"{name}.csv", keep_default_na=True)

    def square(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.folder / f"{name}.csv", index_col=0)


def reference(name: str) -> Reference:
    """Return the case with this name; ``reference("holzinger").table("estimates")``."""
    found = Reference(name=name)
    assert (found.folder / "model.txt").is_file(), f"no reference case {name}"
    return found


def keyed(table: pd.DataFrame) -> pd.DataFrame:
    """Index rows by parameter, a covariance by its two variables in either order.

    Only loadings, paths and (co)variances are kept.
    """
    rows = table[table["op"].isin(("=~", "~", "~~"))]
    keys = [
        (*sorted((lhs, rhs)), op) if op == "~~" else (lhs, rhs, op)
        for lhs, op, rhs in zip(rows["lhs"], rows["op"], rows["rhs"], strict=True)
    ]
    return rows.assign(key=keys).set_index("key")
