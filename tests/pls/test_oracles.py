"""Against other programs: seminr, openpls-engine; SmartPLS and ADANCO where the shared folder is."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pls_cases import MIXED, SECOND, answers, estimate, raw

from jq_models.pls import PlsFit, fit_pls
from jq_models.pls.algorithm import SCHEMES

# both stop at 1e-12 where the constructs' weights still move by as much
CLOSE, SECOND_CLOSE, PRINTED = 1e-10, 1e-9, 1e-6
N = 240
DIVISOR = N / (N - 1)
SEMINR = {
    "plain_path": {"scheme": "path", "consistent": False},
    "plain_factorial": {"scheme": "factorial", "consistent": False},
    "plain_path_all_a": {"scheme": "path", "consistent": False, "modes": {"C": "A"}},
    "consistent_path": {"scheme": "path", "consistent": True},
    "consistent_factorial": {"scheme": "factorial", "consistent": True},
}


@cache
def mixed(name: str) -> PlsFit:
    return fit_pls(MIXED, answers(), **SEMINR[name])


def agree(fit: PlsFit, op: str, theirs: dict[str, dict[str, float]], *, by: str = "rhs", atol: float) -> None:
    """Hold all rows of one kind against a nested dictionary; a cell it leaves out is 0."""
    rows = fit.values(op)
    other = "lhs" if by == "rhs" else "rhs"
    expected = [theirs.get(a, {}).get(b, 0.0) for a, b in zip(rows[by], rows[other], strict=True)]
    np.testing.assert_allclose(rows["est"], expected, rtol=0, atol=atol)


@pytest.mark.parametrize("name", SEMINR)
def test_seminr_estimates(name: str) -> None:
    fit, theirs = mixed(name), raw("seminr")[name]
    kinds = {"=~": "loadings", "<~": "weights", "~": "paths", "total": "total", "indirect": "indirect"}
    for op, kind in kinds.items():
        agree(fit, op, theirs[kind], atol=CLOSE)
    agree(fit, "htmt", theirs["htmt"], by="lhs", atol=CLOSE)
    r2 = fit.values("r2")
    np.testing.assert_allclose(r2["est"], [theirs["r2"]["Rsq"][x] for x in r2["lhs"]], atol=CLOSE)
    outer = fit.solution.first.outer
    cross = pd.DataFrame(outer.cross[0], index=fit.design.first.indicators, columns=[*"ABCDEG"])
    expected = pd.DataFrame(theirs["cross"]).T.fillna(0.0).loc[cross.index, cross.columns]
    np.testing.assert_allclose(cross, expected, atol=CLOSE)


@pytest.mark.parametrize("name", SEMINR)
def test_seminr_reliability(name: str) -> None:
    fit, theirs = mixed(name), raw("seminr")[name]["reliability"]
    columns = {"alpha": "alpha", "rho_a": "rhoA", "rho_c": "rhoC", "ave": "AVE"}
    for op, column in columns.items():
        for construct in "ABEG":
            expected = theirs[construct][column]
            assert estimate(fit, op, construct) == pytest.approx(expected, abs=CLOSE), (op, construct)
        # of a composite in mode B they say nothing: ours are not a number
        assert np.isnan(estimate(fit, op, "C")) == (name != "plain_path_all_a")


@pytest.mark.parametrize("mode", ["A", "B"])
def test_seminr_second_order_composites_beside_single_items(mode: str) -> None:
    fit = fit_pls(SECOND, answers(), consistent=False, modes={"G": mode})
    theirs = raw("seminr")[f"second_{mode.lower()}"]
    for op, kind in {"=~": "loadings", "<~": "weights", "~": "paths"}.items():
        agree(fit, op, theirs[kind], atol=SECOND_CLOSE)
    for x in "GD":
        assert estimate(fit, "r2", x) == pytest.approx(theirs["r2"]["Rsq"][x], abs=SECOND_CLOSE)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_openpls_plain(scheme: str) -> None:
    fit, theirs = fit_pls(MIXED, answers(), scheme=scheme, consistent=False), raw("openpls")[scheme]
    for op, kind, factor in (("=~", "loadings", 1.0), ("<~", "weights", np.sqrt(DIVISOR))):
        rows = fit.values(op)
        np.testing.assert_allclose(rows["est"] * factor, [theirs[kind][x] for x in rows["rhs"]], atol=CLOSE)
    agree(fit, "~", theirs["paths"], by="lhs", atol=CLOSE)
    r2 = fit.values("r2")
    np.testing.assert_allclose(r2["est"], [theirs["r2"][x] for x in r2["lhs"]], atol=CLOSE)
    for op in ("htmt", "htmt2"):
        for row in fit.values(op).itertuples():
            if "C" not in (row.lhs, row.rhs):
                assert row.est == pytest.approx(theirs[op][row.lhs][row.rhs], abs=CLOSE)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_openpls_consistent(scheme: str) -> None:
    fit, theirs = fit_pls(MIXED, answers(), scheme=scheme), raw("openpls")[scheme]["plsc"]
    rows = fit.values("=~")
    np.testing.assert_allclose(rows["est"], [theirs["loadings"][x] for x in rows["rhs"]], atol=CLOSE)
    for construct in "ABEG":
        rho = estimate(fit, "rho_a", construct) * DIVISOR
        assert rho == pytest.approx(theirs["rho_a"][construct], abs=CLOSE)
        for op in ("rho_c", "ave"):
            assert estimate(fit, op, construct) == pytest.approx(theirs[op][construct], abs=CLOSE)
    # their rho_A is N / (N - 1) times ours, so are the squares of what their correlations are divided by
    root = {x: np.sqrt(DIVISOR) if x in "ABEG" else 1.0 for x in "ABCDEG"}
    for row in fit.values("~~").itertuples():
        expected = theirs["correlations"][row.lhs][row.rhs] * root[row.lhs] * root[row.rhs]
        assert row.est == pytest.approx(expected, abs=CLOSE)


ECSI = """
Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Expectation =~ CUEX1 + CUEX2 + CUEX3
Quality =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7
Value =~ PERV1 + PERV2
Satisfaction =~ CUSA1 + CUSA2 + CUSA3
Complaints =~ CUSCO
Loyalty =~ CUSL1 + CUSL2 + CUSL3
Expectation ~ Image
Quality ~ Expectation
Value ~ Expectation + Quality
Satisfaction ~ Image + Expectation + Quality + Value
Complaints ~ Satisfaction
Loyalty ~ Image + Satisfaction + Complaints
"""


@pytest.mark.parametrize(
    ("scheme", "name"), [("path", "pathWeighting"), ("factorial",) * 2, ("centroid",) * 2]
)
def test_smartpls(shared: Path, scheme: str, name: str) -> None:
    folder = shared / "oracles" / "pls"
    fit = fit_pls(ECSI, pd.read_csv(folder / "mobi.csv"), scheme=scheme, consistent=False)

    def table(kind: str) -> pd.DataFrame:
        return pd.read_csv(folder / "smartpls2" / f"{name}_{kind}.csv", index_col=0)

    for op, kind in {"~": "pathCoefficients", "<~": "outerWeights", "total": "totalEffects"}.items():
        theirs, rows = table(kind), fit.values(op)
        expected = [theirs.loc[b, a] for a, b in zip(rows["lhs"], rows["rhs"], strict=True)]
        np.testing.assert_allclose(rows["est"], expected, rtol=0, atol=PRINTED)
    stage = fit.design.first
    cross = pd.DataFrame(fit.solution.first.outer.cross[0], index=stage.indicators, columns=stage.constructs)
    theirs = table("crossLoadings")
    np.testing.assert_allclose(cross.loc[theirs.index, theirs.columns], theirs, rtol=0, atol=PRINTED)


def sheet(rows: list[list[Any]], *, names: int) -> pd.DataFrame:
    """Read a sheet whose column names stand in row `names`, row names in the second column."""
    body = [row for row in rows[names + 1 :] if row[1]]
    return pd.DataFrame([r[2:] for r in body], index=[r[1] for r in body], columns=rows[names][2:])


@pytest.mark.parametrize(("name", "operator"), [("common_factor", "=~"), ("composite_modeB", "<~")])
def test_adanco(shared: Path, name: str, operator: str) -> None:
    folder = shared / "oracles" / "pls"
    data = pd.read_csv(folder / "satisfaction_gender.csv")
    sheets = raw(f"adanco_2.2.1_satisfaction_{name}_centroid", folder / "adanco")
    blocks = "\n".join(
        f"{c} {operator} " + " + ".join(x for x in data if x.startswith(c.lower()))
        for c in ("IMAG", "EXPE", "QUAL", "VAL", "SAT", "LOY")
    )
    arrows = "EXPE ~ IMAG\nQUAL ~ EXPE\nVAL ~ EXPE + QUAL\nSAT ~ IMAG + EXPE + QUAL + VAL\nLOY ~ IMAG + SAT"
    fit = fit_pls(f"{blocks}\n{arrows}", data, scheme="centroid")
    pairs = {"=~": ("Loadings", 1), "<~": ("Weights", 1), "~": ("Path Coefficients", 2)}
    for op, (title, names) in pairs.items():
        theirs, rows = sheet(sheets[title], names=names), fit.values(op)
        expected = [float(theirs.loc[b, a]) for a, b in zip(rows["lhs"], rows["rhs"], strict=True)]
        np.testing.assert_allclose(rows["est"], expected, rtol=0, atol=PRINTED)
    columns = {"r2": ("R-Squared", 0)}
    if operator == "=~":
        kinds = {"rho_a": 0, "rho_c": 1, "alpha": 2}
        columns |= {op: ("Construct Reliability", k) for op, k in kinds.items()}
        columns["ave"] = ("Convergent Validity", 0)
        theirs = sheet(sheets["Discriminant Validity  Heterotr"], names=1)
        for row in fit.values("htmt").itertuples():
            assert row.est == pytest.approx(theirs.loc[row.rhs, row.lhs], abs=PRINTED)
    for op, (title, column) in columns.items():
        theirs = sheet(sheets[title], names=1)
        for row in fit.values(op).itertuples():
            assert row.est == pytest.approx(theirs.loc[row.lhs].iloc[column], abs=PRINTED), (op, row.lhs)
