"""Our fits beside lavaan's: the cases of reference/engine/cases.toml, and how far apart the two are.

A case is a model, data and arguments of `fit_sem`. The numbers of the own cases lie in reference/engine,
those of the oracle cases in the folder of outside numbers beside the checkout.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

REFERENCE = Path(__file__).parent / "reference"
ENGINE = REFERENCE / "engine"
ORACLES = Path(__file__).parents[2] / "shared" / "oracles" / "lavaan"

KINDS = ("estimates", "se", "std", "std se", "tests", "indices")
# normal theory is held to absolute differences: both optima are exact
NORMAL = ("ML", "MLR", "MLM", "MLMV", "MLF")
TOLERANCE = {
    True: {"estimates": 2e-5, "se": 5e-6, "std": 2e-5, "std se": 5e-6, "tests": 1e-6, "indices": 1e-6},
    False: dict.fromkeys(KINDS, 1e-4),
}
# a difference is divided by the number's size, but by no less than this; None: not divided
FLOOR: dict[bool, dict[str, float | None]] = {
    True: dict.fromkeys(KINDS[:4]) | {"tests": 1.0, "indices": 1.0},
    False: {"estimates": 0.1, "se": 0.01, "std": 0.1, "std se": 0.01, "tests": 1.0, "indices": 1.0},
}
# fitMeasures() of lavaan, and our name; the first of a kind that is off is easiest to mend
TESTS = {
    "ntotal": "n",
    "npar": "n_parameters",
    "df": "df",
    "chisq": "chi_square",
    "pvalue": "p_value",
    "baseline.df": "baseline_df",
    "baseline.chisq": "baseline_chi_square",
    "logl": "log_likelihood",
    "unrestricted.logl": "log_likelihood_saturated",
    "aic": "aic",
    "bic": "bic",
    "bic2": "sabic",
    "df.scaled": "df_scaled",
    "chisq.scaled": "chi_square_scaled",
    "pvalue.scaled": "p_value_scaled",
    "chisq.scaling.factor": "scaling_factor",
    "chisq.shift.parameter": "shift",
}
INDICES = {
    "cfi": "cfi",
    "tli": "tli",
    "rmsea": "rmsea",
    "rmsea.ci.lower": "rmsea_low",
    "rmsea.ci.upper": "rmsea_high",
    "rmsea.pvalue": "rmsea_close_p",
    "srmr": "srmr",
    "cfi.scaled": "cfi_scaled",
    "tli.scaled": "tli_scaled",
    "rmsea.scaled": "rmsea_scaled",
    "cfi.robust": "cfi_robust",
    "tli.robust": "tli_robust",
    "rmsea.robust": "rmsea_robust",
    "rmsea.ci.lower.robust": "rmsea_robust_low",
    "rmsea.ci.upper.robust": "rmsea_robust_high",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One fit by lavaan.

    `unoffered` are measures of lavaan's that the engine does not compute; `allowed` are wider tolerances,
    by kind, where the oracle itself is that far from lavaan's exact optimum, and `why` says how we know.
    """

    name: str
    source: str
    text: str
    data_file: str
    arguments: Mapping[str, Any]
    extra: tuple[str, ...]
    unoffered: tuple[str, ...]
    allowed: Mapping[str, float]
    why: str
    ready: bool

    @property
    def normal(self) -> bool:
        """By a discrepancy of normal theory."""
        return self.arguments.get("estimator", "ML") in NORMAL

    @property
    def tolerance(self) -> dict[str, float]:
        """The largest deviation allowed, by kind."""
        return {**TOLERANCE[self.normal], **self.allowed}

    @property
    def frame(self) -> pd.DataFrame:
        """The data as the file has them."""
        folder = ENGINE if self.source == "own" else ORACLES
        return pd.read_csv(folder / f"{self.data_file}.csv")

    @property
    def data(self) -> Any:
        """What `fit_sem` is given: a table, or moments by group where only they are known."""
        frame = self.frame
        return moments_by_group(frame) if self.data_file.endswith("moments") else frame

    def fit(self, **more: Any) -> Any:
        """Our fit; keyword arguments add to the case's own."""
        from jq_models.sem import fit_sem

        arguments = dict(self.arguments)
        if self.data_file.endswith("moments"):
            arguments.pop("group", None)  # the keys of the moments are the groups
        tuples = {k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()}
        return fit_sem(self.text, self.data, **(tuples | more))

    def table(self, name: str) -> pd.DataFrame:
        """A table of lavaan's: estimates, standardized, fit, modification, release, residuals, ..."""
        if self.source == "own":
            path = ENGINE / self.name / f"{name}.csv"
        else:
            short = {"estimates": "pe", "standardized": "std", "fit": "fm", "modification": "mi"}
            path = ORACLES / f"{self.name}_{short.get(name, name)}.csv"
        return _table(path).copy()

    @property
    def measures(self) -> dict[str, float]:
        """fitMeasures() by name; what lavaan leaves empty is absent."""
        table = self.table("fit").set_index("name")["value"]
        return pd.to_numeric(table, errors="coerce").dropna().to_dict()


@cache
def _table(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path)
    words = [c for c in ("lhs", "op", "rhs", "label") if c in frame]
    return frame.assign(**{c: frame[c].fillna("") for c in words})


@cache
def _file() -> dict[str, Any]:
    with (ENGINE / "cases.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def cases() -> dict[str, Case]:
    """Every case by its name."""
    file, found = _file(), {}
    for source in ("own", "oracle"):
        for name, entry in file[source].items():
            arguments = entry["arguments"]
            options = [option for option in ("ordered", "missing") if option in arguments]
            found[name] = Case(
                name=name,
                source=source,
                text=file["models"][entry["model"]].strip(),
                data_file=entry["data"],
                arguments=arguments,
                extra=tuple(entry.get("extra", ())),
                unoffered=(
                    *(m for option in options for m in not_offered().get(option, ())),
                    *entry.get("apart", ()),
                ),
                allowed=entry.get("allowed", {}),
                why=entry.get("why", ""),
                ready=entry["ready"],
            )
    return found


def not_offered() -> dict[str, list[str]]:
    """Measures of lavaan's that the engine does not compute, by the argument with which it does not."""
    return dict(_file().get("not_offered", {}))


def comparisons() -> dict[str, dict[str, Any]]:
    """lavTestLRT() of nested fits: name to the fits' names and the method."""
    found = {}
    for name, entry in _file()["comparisons"].items():
        folder = name.split("/")[0]
        found[name] = entry | {"fits": [f"{folder}/{fit}" for fit in entry["fits"]]}
    return found


def ready_cases(source: str) -> list[str]:
    """The names of the cases our engine is held to."""
    return [name for name, case in cases().items() if case.source == source and case.ready]


def moments_by_group(frame: pd.DataFrame) -> dict[str, Any]:
    """Printed moments (covariances with divisor n - 1) as the engine takes them (divisor n)."""
    from jq_models.numeric.moments import Moments

    found = {}
    for label, block in frame.groupby("group", sort=False):
        names, n = tuple(block["variable"]), int(block["n"].iloc[0])
        covariance = block[list(names)].to_numpy(float) * (n - 1) / n
        found[str(label)] = Moments(
            names=names, covariance=covariance, mean=block["mean"].to_numpy(float), n=n
        )
    return found


def by_parameter(table: pd.DataFrame) -> pd.DataFrame:
    """Index by (lhs, op, rhs, group), a covariance by its variables in either order; one group is 1."""
    group = table["group"] if "group" in table else pd.Series(1, index=table.index)
    keys = []
    for lhs, op, rhs, g in zip(table["lhs"], table["op"], table["rhs"], group, strict=True):
        if op == ":=":
            keys.append((lhs, op, "", 0))
        else:
            keys.append((*((min(lhs, rhs), op, max(lhs, rhs)) if op == "~~" else (lhs, op, rhs)), int(g)))
    return table.set_index(pd.Index(keys, tupleize_cols=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The largest deviation by kind, where each is, and parameters that only one of the two has."""

    case: Case
    n: int
    n_parameters: int
    largest: Mapping[str, float]
    where: Mapping[str, str]
    only_lavaan: tuple[Any, ...]
    only_ours: tuple[Any, ...]

    @property
    def beyond(self) -> list[str]:
        """What is further apart than allowed, in words."""
        found = [
            f"{kind}: {self.largest[kind]:.2g} at {self.where[kind]} (allowed {allowed:g})"
            for kind, allowed in self.case.tolerance.items()
            if not self.largest[kind] <= allowed
        ]
        found += [f"only lavaan has {key}" for key in self.only_lavaan]
        return found + [f"only we have {key}" for key in self.only_ours]


def _largest(ours: pd.Series, theirs: pd.Series, *, floor: float | None) -> tuple[float, str]:
    """The largest deviation and its place; a number of lavaan's that we lack is infinitely far."""
    theirs = theirs.astype(float).dropna()
    theirs = theirs[theirs.abs() < math.inf]
    if not len(theirs):
        return 0.0, ""
    far = (ours.reindex(theirs.index).astype(float) - theirs).abs().fillna(math.inf)
    if floor is not None:
        far = far / theirs.abs().clip(lower=floor)
    return float(far.max()), str(far.index[far.argmax()])


def compare_fit(case: Case, fit: Any) -> Agreement:
    """Line up a fit of ours with lavaan's, parameter by parameter and measure by measure."""
    from jq_models.evaluate.fit_indices import fit_indices
    from jq_models.sem import parameter_estimates, standardized

    return compare_tables(
        case, estimates=parameter_estimates(fit), solution=standardized(fit), indices=fit_indices(fit)
    )


def compare_tables(case: Case, *, estimates: pd.DataFrame, solution: pd.DataFrame, indices: Any) -> Agreement:
    """As `compare_fit`, of the tables and indices of a fit."""
    ours, mine = by_parameter(estimates), by_parameter(solution)
    theirs = by_parameter(case.table("estimates").query("op != 'r2'"))
    yours = by_parameter(case.table("standardized"))
    shared = theirs[theirs.index.isin(ours.index)]
    shared_solution = yours[yours.index.isin(mine.index)]
    floor = FLOOR[case.normal]
    found = {
        "estimates": _largest(ours["est"], shared["est"], floor=floor["estimates"]),
        "se": _largest(ours["se"], shared["se"], floor=floor["se"]),
        "std": _largest(mine["est_std"], shared_solution["est.std"], floor=floor["std"]),
        "std se": _largest(mine["se"], shared_solution["se"], floor=floor["std se"]),
    }
    measures = case.measures
    for kind, names in (("tests", TESTS), ("indices", INDICES)):
        values = {k: v for k, v in measures.items() if k in names and k not in case.unoffered}
        own = {k: getattr(indices, names[k], None) for k in values}
        found[kind] = _largest(pd.Series(own, dtype=float), pd.Series(values, dtype=float), floor=floor[kind])
    moving, free = theirs.index[theirs["se"] > 0], ours.index[ours["se"] > 0]
    return Agreement(
        case=case,
        n=int(measures.get("ntotal", getattr(indices, "n", 0))),
        n_parameters=int(measures["npar"]),
        largest={kind: value for kind, (value, _) in found.items()},
        where={kind: place for kind, (_, place) in found.items()},
        only_lavaan=tuple(moving.difference(ours.index, sort=False)),
        only_ours=tuple(free.difference(theirs.index, sort=False)),
    )
