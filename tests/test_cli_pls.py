"""``jq-models pls``: other programs' numbers in the JSON, a diagnosis where there are none, exit codes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from jq_models.cli import app
from jq_models.cli.options import paired
from jq_models.errors import SpecError
from jq_models.pls import bootstrap_pls, fit_pls, pls_estimates

Pls = Callable[..., Any]
REFERENCE = Path(__file__).parent / "reference" / "pls"
MIXED_SIGNS = ("A",)  # constructs of MIXED with an item that runs the other way
TOLERANCE = 1e-6
KEYS = [
    "converged",
    "n",
    "loadings",
    "weights",
    "paths",
    "r2",
    "reliability",
    "htmt",
    "fit",
    "bootstrap",
    "admissible",
    "scheme",
    "consistent",
    "modes",
    "estimates",
    "offer",
    "warnings",
]
RECORD = ["lhs", "op", "rhs", "est", "se", "ci_low", "ci_high"]
DISTANCES = ["srmr", "d_uls", "d_g"]
# the model of tests/reference/pls/generate.py
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
ADANCO_PATHS = """
EXPE ~ IMAG
QUAL ~ EXPE
VAL ~ EXPE + QUAL
SAT ~ IMAG + EXPE + QUAL + VAL
LOY ~ IMAG + SAT
"""
ADANCO_ITEMS = {"IMAG": 5, "EXPE": 5, "QUAL": 5, "VAL": 4, "SAT": 4, "LOY": 4}


@pytest.fixture
def pls(tmp_path: Path) -> Pls:
    """Run ``jq-models pls`` with a model text or file, a table or file, and options."""

    def run(model: str | Path, data: pd.DataFrame | Path, *options: str) -> Any:
        if isinstance(model, str):
            text, model = model, tmp_path / "model.txt"
            model.write_text(text, encoding="utf-8")
        if isinstance(data, pd.DataFrame):
            frame, data = data, tmp_path / "data.csv"
            frame.to_csv(data, index=False)
        return CliRunner().invoke(app, ["pls", str(model), str(data), *options])

    return run


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "data.csv")


def read(path: Path) -> dict[str, Any]:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


def found(
    pls: Pls, path: Path, model: str | Path, data: pd.DataFrame | Path, *options: str
) -> dict[str, Any]:
    done = pls(model, data, *options, "--json", str(path))
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    return read(path)


def square(rows: list[dict[str, Any]]) -> dict[tuple[str, str], float]:
    """(to, from) or (construct, item) -> estimate."""
    return {(row["lhs"], row["rhs"]): row["est"] for row in rows}


# ---------------------------------------------------------------- numbers of other programs


@pytest.mark.parametrize(
    ("case", "options"),
    [
        ("plain_path", []),
        ("plain_factorial", ["--scheme", "factorial"]),
        ("plain_path_all_a", ["--mode", "C=A"]),
        ("consistent_path", ["--consistent"]),
        ("consistent_factorial", ["--scheme", "factorial", "--consistent"]),
    ],
)
def test_seminrs_numbers(
    pls: Pls, tmp_path: Path, answers: pd.DataFrame, case: str, options: list[str]
) -> None:
    theirs = json.loads((REFERENCE / "seminr.json").read_text(encoding="utf-8"))[case]
    ours = found(pls, tmp_path / "out.json", MIXED, answers, *options)
    assert (ours["converged"], ours["n"]) == (True, len(answers))
    for kind in ("loadings", "weights"):
        expected = {(k, x): v for x, row in theirs[kind].items() for k, v in row.items()}
        assert square(ours[kind]) == pytest.approx(expected, abs=TOLERANCE)
    expected = {(to, cause): v for cause, row in theirs["paths"].items() for to, v in row.items()}
    assert square(ours["paths"]) == pytest.approx(expected, abs=TOLERANCE)
    assert {row["construct"]: row["r2"] for row in ours["r2"]} == pytest.approx(
        theirs["r2"]["Rsq"], abs=TOLERANCE
    )
    assert {row["construct"]: row["r2_adjusted"] for row in ours["r2"]} == pytest.approx(
        theirs["r2"]["AdjRsq"], abs=TOLERANCE
    )
    for row in ours["reliability"]:
        name = row["construct"]
        if name == "D" or (name == "C" and row["alpha"] is None):
            continue  # a single item, or mode B: no reliability here
        other = theirs["reliability"][name]
        names = {"alpha": "alpha", "rho_a": "rhoA", "rho_c": "rhoC", "ave": "AVE"}
        if name in MIXED_SIGNS:
            # alpha and rho_C add answers up as they stand, which means nothing where items run both ways
            assert [row.pop("alpha"), row.pop("rho_c")] == [None, None]
        values = {key: row[key] for key in names if key in row}
        assert values == pytest.approx({k: other[names[k]] for k in values}, abs=TOLERANCE)
    ratios = {(row["a"], row["b"]): row["htmt"] for row in ours["htmt"]}
    expected = {(a, b): v for a, row in theirs["htmt"].items() for b, v in row.items() if "D" not in (a, b)}
    assert ratios == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize(
    ("scheme", "name"), [("path", "pathWeighting"), ("factorial", "factorial"), ("centroid", "centroid")]
)
def test_smartpls_numbers(pls: Pls, tmp_path: Path, shared: Path, scheme: str, name: str) -> None:
    folder = shared / "oracles" / "pls"
    ours = found(pls, tmp_path / "out.json", ECSI, folder / "mobi.csv", "--scheme", scheme)
    assert (ours["scheme"], ours["consistent"]) == (scheme, False)

    def sheet(what: str) -> pd.DataFrame:
        return pd.read_csv(folder / "smartpls2" / f"{name}_{what}.csv", index_col=0)

    for rows, what in (
        (ours["weights"], "outerWeights"),
        (ours["paths"], "pathCoefficients"),
        ([row for row in ours["estimates"] if row["op"] == "total"], "totalEffects"),
        (ours["loadings"], "crossLoadings"),
    ):
        table = sheet(what)
        # SmartPLS writes from or item in rows, to or construct in columns
        expected = {(to, of): table.loc[of, to] for to, of in square(rows)}
        assert square(rows) == pytest.approx(expected, abs=TOLERANCE)
        if what != "crossLoadings":
            assert len(rows) == int((table != 0).to_numpy().sum())


@pytest.mark.parametrize(("operator", "report"), [("=~", "common_factor"), ("<~", "composite_modeB")])
def test_adancos_numbers(pls: Pls, tmp_path: Path, shared: Path, operator: str, report: str) -> None:
    folder = shared / "oracles" / "pls"
    sheets = json.loads((folder / "adanco" / f"adanco_2.2.1_satisfaction_{report}_centroid.json").read_text())
    text = "".join(
        f"{name} {operator} {' + '.join(f'{name.lower()}{i + 1}' for i in range(count))}\n"
        for name, count in ADANCO_ITEMS.items()
    )
    ours = found(
        pls,
        tmp_path / "out.json",
        text + ADANCO_PATHS,
        folder / "satisfaction_gender.csv",
        *("--scheme", "centroid", "--consistent"),
    )

    def cells(key: str, *, header: int = 1) -> dict[tuple[str, str], float]:
        rows = sheets[key]
        columns = rows[header]
        return {
            (row[1], column): value
            for row in rows[header + 1 :]
            for column, value in zip(columns[2:], row[2:], strict=True)
            if row[1] and value is not None and column is not None
        }

    for kind, key in (("loadings", "Loadings"), ("weights", "Weights")):
        expected = {(construct, item): v for (item, construct), v in cells(key).items()}
        assert square(ours[kind]) == pytest.approx(expected, abs=TOLERANCE)
    expected = {(to, cause): v for (cause, to), v in cells("Path Coefficients", header=2).items()}
    assert square(ours["paths"]) == pytest.approx(expected, abs=TOLERANCE)
    r2 = cells("R-Squared")
    for row in ours["r2"]:
        values = [r2[row["construct"], column] for column in sheets["R-Squared"][1][2:]]
        assert [row["r2"], row["r2_adjusted"]] == pytest.approx(values, abs=TOLERANCE)
    for model, key in (("saturated", "(saturate"), ("estimated", "(estimate")):
        srmr, d_uls, d_g = (row[2] for row in sheets[f"Goodness of model fit {key}"][2:])
        # ADANCO takes logarithms to base 10
        expected = {"srmr": srmr, "d_uls": d_uls, "d_g": d_g * math.log(10.0) ** 2}
        assert ours["fit"][model] == pytest.approx(expected, abs=TOLERANCE)
    if operator == "<~":
        assert ours["admissible"] is True
        assert {row["rho_a"] for row in ours["reliability"]} == {None}
        return
    assert ours["admissible"] is False
    for row in ours["reliability"]:
        values = [row[key] for key in ("rho_a", "rho_c", "alpha", "ave")]
        expected = [
            v
            for key in ("Construct Reliability", "Convergent Validity")
            for (name, _), v in cells(key).items()
            if name == row["construct"]
        ]
        assert values == pytest.approx(expected, abs=TOLERANCE)
    ratios = {(row["b"], row["a"]): row["htmt"] for row in ours["htmt"]}
    assert ratios == pytest.approx(cells("Discriminant Validity  Heterotr"), abs=TOLERANCE)


# ---------------------------------------------------------------- the record


def test_the_json_has_these_keys_and_shapes(pls: Pls, tmp_path: Path, answers: pd.DataFrame) -> None:
    ours = found(pls, tmp_path / "out.json", MIXED, answers, "--consistent")
    assert list(ours) == KEYS
    for kind in ("loadings", "weights", "paths", "estimates"):
        assert all(list(row) == RECORD for row in ours[kind])
        assert {row["se"] for row in ours[kind]} == {None}
    assert all(list(row) == ["construct", "r2", "r2_adjusted"] for row in ours["r2"])
    assert all(list(r) == ["construct", "alpha", "rho_a", "rho_c", "ave"] for r in ours["reliability"])
    assert [row["construct"] for row in ours["reliability"]] == list("ABCDEG")
    assert all(list(row) == ["a", "b", "htmt", "htmt2"] for row in ours["htmt"])
    assert {model: list(values) for model, values in ours["fit"].items()} == dict.fromkeys(
        ("saturated", "estimated"), DISTANCES
    )
    assert ours["bootstrap"] is None
    assert ours["offer"] is None
    assert ours["modes"] == {"A": "A", "B": "A", "C": "B", "D": "A", "E": "A", "G": "A"}
    assert (ours["admissible"], ours["consistent"]) == (True, True)


@pytest.mark.parametrize("interval", ["percentile", "bc", "bca"])
def test_the_bootstrap_is_that_of_the_package(
    pls: Pls, tmp_path: Path, answers: pd.DataFrame, interval: str
) -> None:
    from jq_models.evaluate.composites.fit import composite_fit

    options = ["--consistent", "--bootstrap", "60", "--seed", "5", "--level", "0.9", "--interval", interval]
    ours = found(pls, tmp_path / "out.json", MIXED, answers, *options)
    own = fit_pls(MIXED, answers)
    boot = bootstrap_pls(own, draws=60, seed=5)
    expected = pls_estimates(own, boot, kind=interval, level=0.9)
    rows = pd.DataFrame(ours["estimates"])
    assert rows[["lhs", "op", "rhs"]].equals(expected[["lhs", "op", "rhs"]])
    given = ~(rows["op"].isin(("alpha", "rho_c")) & rows["lhs"].isin(MIXED_SIGNS))
    for column in ("est", "se", "ci_low", "ci_high"):
        mine, theirs = rows.loc[given, column].astype(float), expected.loc[given, column]
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-12)
        assert rows.loc[~given, column].isna().all()
    assert ours["bootstrap"] == {
        "draws": 60,
        "seed": 5,
        "failed": 0,
        "fewest": 60,
        "inadmissible_share": boot.inadmissible_share,
        "interval": interval,
        "level": 0.9,
    }
    test = composite_fit(own, draws=60, seed=5).set_index(["model", "index"])
    for model, values in ours["fit"].items():
        assert list(values) == [f"{x}{t}" for x in DISTANCES for t in ("", "_hi95", "_hi99", "_pvalue")]
        for index in DISTANCES:
            assert values[index] == pytest.approx(test.loc[(model, index), "value"])
            assert values[f"{index}_hi95"] == pytest.approx(test.loc[(model, index), "hi95"])
        assert values["srmr_hi99"] is None  # takes 99 draws


def test_options_reach_the_fit(pls: Pls, tmp_path: Path, answers: pd.DataFrame) -> None:
    ours = found(
        pls,
        tmp_path / "out.json",
        MIXED,
        answers,
        *("--mode", "A=B,C=A", "--mode", "E=B", "--dominant", "A=a3", "--tolerance", "1e-4"),
    )
    assert [ours["modes"][name] for name in "ACE"] == ["B", "A", "B"]
    assert square(ours["loadings"])["A", "a3"] > 0
    assert square(ours["loadings"])["A", "a1"] < 0
    own = fit_pls(
        MIXED,
        answers,
        consistent=False,
        modes={"A": "B", "C": "A", "E": "B"},
        dominant={"A": "a3"},
        tolerance=1e-4,
    )
    np.testing.assert_allclose([row["est"] for row in ours["paths"]], own.values("~")["est"], atol=1e-12)


def test_labels_and_formulas_and_covariances(pls: Pls, tmp_path: Path, answers: pd.DataFrame) -> None:
    text = MIXED.replace("C ~ A", "C ~ a*A").replace("G ~ C +", "G ~ b*C +") + "via := a*b\na1 ~~ a2\n"
    ours = found(pls, tmp_path / "out.json", text, answers)
    paths = square(ours["paths"])
    assert square(ours["estimates"])["via", ""] == pytest.approx(paths["C", "A"] * paths["G", "C"])
    assert any(
        warning.startswith("PLS has no place") and warning.endswith("left out: a1 ~~ a2.")
        for warning in ours["warnings"]
    )


def test_a_second_order_composite(pls: Pls, tmp_path: Path, answers: pd.DataFrame) -> None:
    text = "A =~ a1+a2+a3+a4\nB =~ b1+b2+b3\nJ <~ A + B\nG =~ g1+g2+g3\nG ~ J\n"
    ours = found(pls, tmp_path / "out.json", text, answers, "--consistent")
    assert {row["rhs"] for row in ours["weights"] if row["lhs"] == "J"} == {"A", "B"}
    assert ours["modes"]["J"] == "B"
    assert [row["construct"] for row in ours["reliability"]] == ["A", "B", "G", "J"]
    assert [row["construct"] for row in ours["r2"]] == ["G"]


def test_dropped_cases_and_items_that_run_against_the_others_are_said(
    pls: Pls, tmp_path: Path, answers: pd.DataFrame
) -> None:
    data = answers.astype(float)
    data.loc[:9, "b2"] = np.nan
    ours = found(pls, tmp_path / "out.json", MIXED, data)
    assert ours["n"] == len(data) - 10
    said = ours["warnings"]
    assert any(warning.startswith(f"10 of {len(data)} cases were left out") for warning in said)
    assert [warning.split(" against")[0] for warning in said if "round first" in warning] == ["a3 runs"]


def test_codes_for_no_answer_are_suspected_and_can_be_declared(
    pls: Pls, tmp_path: Path, answers: pd.DataFrame
) -> None:
    data = answers.copy()
    data.loc[:4, "b1"] = 99
    assert any("--na 99" in warning for warning in found(pls, tmp_path / "out.json", MIXED, data)["warnings"])
    ours = found(pls, tmp_path / "out.json", MIXED, data, "--na", "99")
    assert ours["n"] == len(data) - 5
    assert not any("codes" in warning for warning in ours["warnings"])


def test_whole_clusters_are_drawn_and_few_are_warned_of(
    pls: Pls, tmp_path: Path, answers: pd.DataFrame
) -> None:
    data = answers.assign(team=[f"t{i % 12}" for i in range(len(answers))])
    options = ["--cluster", "team", "--bootstrap", "40", "--seed", "3"]
    ours = found(pls, tmp_path / "out.json", MIXED, data, *options)
    own = fit_pls(MIXED, data, consistent=False, cluster="team")
    expected = pls_estimates(own, bootstrap_pls(own, draws=40, seed=3))
    rows = pd.DataFrame(ours["estimates"])
    given = ~(rows["op"].isin(("alpha", "rho_c")) & rows["lhs"].isin(MIXED_SIGNS))
    np.testing.assert_allclose(rows["se"].astype(float)[given], expected["se"][given], rtol=1e-9, atol=1e-12)
    assert any("draws from 12 clusters only" in warning for warning in ours["warnings"])


# ---------------------------------------------------------------- what is wrong with a fit


@pytest.fixture(scope="module")
def alike() -> pd.DataFrame:
    """Two constructs that all but coincide, and one that depends on one of them."""
    rng = np.random.default_rng(4)
    f = rng.standard_normal(200)
    y = 0.6 * f + 0.8 * rng.standard_normal(200)
    columns = {"f": f, "g": 0.97 * f + 0.24 * rng.standard_normal(200), "y": y}
    return pd.DataFrame(
        {f"{k}{i}": 0.7 * v + 0.7 * rng.standard_normal(200) for k, v in columns.items() for i in range(1, 4)}
    ).round(4)


ALIKE = "F =~ f1 + f2 + f3\nG =~ g1 + g2 + g3\nY =~ y1 + y2 + y3\nY ~ F + G\n"


def test_overlapping_constructs_are_flagged_and_a_composite_offered(
    pls: Pls, tmp_path: Path, alike: pd.DataFrame
) -> None:
    out = tmp_path / "out.json"
    done = pls(ALIKE, alike, "--consistent", "--json", str(out))
    assert done.exit_code == 0, done.output
    ours = read(out)
    assert ours["admissible"] is False
    assert max(abs(row["est"]) for row in ours["paths"]) > 1
    said = " ".join(ours["warnings"])
    assert "F and G overlap too much" in said
    assert ours["offer"]["constructs"] == ["F", "G"]
    assert "COMPOSITE <~ F + G" in done.stdout
    assert done.stdout.index("Warning") < done.stdout.index("Loadings")
    # what is offered does what it says
    modes = [f"{name}={mode}" for name, mode in ours["offer"]["modes"].items()]
    options = ["--consistent", *(["--mode", ",".join(modes)] if modes else [])]
    again = found(pls, tmp_path / "again.json", ours["offer"]["model"], alike, *options)
    assert (again["admissible"], again["offer"]) == (True, None)
    assert max(abs(row["est"]) for row in again["paths"]) < 1


def test_a_low_reliability_is_not_called_overlap(pls: Pls, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    a = rng.standard_normal(100)
    b = 0.4 * a + 0.9 * rng.standard_normal(100)
    data = pd.DataFrame({f"a{k}": 0.25 * a + 0.97 * rng.standard_normal(100) for k in (1, 2, 3)})
    data = data.assign(**{f"b{k}": 0.7 * b + 0.7 * rng.standard_normal(100) for k in (1, 2, 3)})
    text = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A\n"
    ours = found(pls, tmp_path / "out.json", text, data, "--consistent", "--bootstrap", "200", "--seed", "1")
    said = " ".join(ours["warnings"])
    assert "paths pass 1: B ~ A" in said
    assert "The reliability (rho_A) of A, below .50, is too low to correct with" in said
    assert "overlap too much" not in said


def test_a_test_of_fit_that_cannot_be_made_has_no_p_value(
    pls: Pls, tmp_path: Path, answers: pd.DataFrame
) -> None:
    text = "P =~ a1\nQ =~ b1\nS =~ d1\nS ~ P + Q\n"
    for draws, why in (("18", "too few draws"), ("99", "a model like this fits any answers exactly")):
        out = tmp_path / f"{draws}.json"
        model = MIXED if draws == "18" else text
        ours = found(pls, out, model, answers, "--bootstrap", draws, "--seed", "1")
        assert f"could not be made: {why}" in " ".join(ours["warnings"])
        for model_of in ours["fit"].values():
            assert {model_of[f"{x}_{test}"] for x in DISTANCES for test in ("hi95", "hi99", "pvalue")} == {
                None
            }


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        (lambda data: data.assign(b1=3.0), "No differences between the answers in: b1"),
        (lambda data: data.head(2), "2 complete cases: PLS needs at least 3"),
        (lambda data: data.assign(b1=np.nan), "0 complete cases"),
        (lambda data: data.assign(c2=data["c1"]), "A construct gets no weights"),
    ],
)
def test_data_that_carry_no_model_are_a_named_diagnosis(
    pls: Pls,
    tmp_path: Path,
    answers: pd.DataFrame,
    spoilt: Callable[[pd.DataFrame], pd.DataFrame],
    says: str,
) -> None:
    out = tmp_path / "out.json"
    done = pls(MIXED, spoilt(answers), "--bootstrap", "20", "--json", str(out))
    assert done.exit_code == 1, done.output
    assert done.stdout.startswith("Failed: model.txt on data.csv: ")
    assert says in " ".join(done.stdout.split())
    assert "Loadings" not in done.stdout
    ours = read(out)
    assert list(ours) == KEYS
    assert (ours["converged"], ours["admissible"], ours["bootstrap"]) == (False, None, None)
    assert [ours[key] for key in ("loadings", "weights", "paths", "r2", "reliability", "htmt")] == [[]] * 6
    assert [list(ours["fit"][model].values()) for model in ("saturated", "estimated")] == [[None] * 3] * 2
    assert says in ours["warnings"][0]


def test_a_search_that_ends_too_early_gives_no_numbers(
    pls: Pls, tmp_path: Path, answers: pd.DataFrame
) -> None:
    out = tmp_path / "out.json"
    done = pls(MIXED, answers, "--max-iterations", "1", "--json", str(out))
    assert done.exit_code == 1
    assert "did not converge" in done.stdout
    assert (read(out)["converged"], read(out)["paths"]) == (False, [])


def test_a_bootstrap_that_gives_nothing_ends_with_1_and_keeps_the_estimates(pls: Pls, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    # in a draw of clusters that lacks the first, x1 does not vary: here in both draws
    data = pd.DataFrame(np.random.default_rng(2).standard_normal((12, 4)).round(3), columns=list("abcd"))
    data["a"] = [1.0, 2.0] + [0.0] * 10
    data["team"] = [1, 1] + [2] * 5 + [3] * 5
    seed = next(s for s in range(200) if _lacks_first(data, s))
    done = pls(
        "F =~ a\nG =~ b + c + d\nG ~ F",
        data,
        *("--cluster", "team", "--bootstrap", "2", "--seed", str(seed), "--json", str(out)),
    )
    assert done.exit_code == 1, done.output
    assert done.stdout.startswith("Failed: model.txt on data.csv: Only 0 of 2 replicates have estimates")
    ours = read(out)
    assert ours["converged"] is True
    assert all(row["est"] is not None and row["se"] is None for row in ours["paths"])
    assert (ours["bootstrap"]["failed"], ours["bootstrap"]["inadmissible_share"]) == (2, None)
    assert ours["fit"]["saturated"]["srmr"] is not None
    assert ours["fit"]["saturated"]["srmr_hi95"] is None


def _lacks_first(data: pd.DataFrame, seed: int) -> bool:
    own = fit_pls("F =~ a\nG =~ b + c + d\nG ~ F", data, consistent=False, cluster="team")
    return bootstrap_pls(own, draws=2, seed=seed).failed == 2


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("model", "options", "says"),
    [
        ("F =~ a1 ++ a2", (), "line 1, column 10: found '+'"),
        (MIXED.replace("b3", "bb3"), (), "data.csv has no column 'bb3'. Did you mean 'b3'?"),
        ("", (), "The model text is empty"),
        ("F =~ a1 + a2", (), "PLS needs at least two constructs"),
        (MIXED + "A ~ G\n", (), "The arrows run in a circle"),
        (MIXED + "A ~ b1\n", (), "'b1'"),
        (MIXED, ("--cluster", "taem"), "has no column 'taem'"),
        (MIXED, ("--mode", "JQ=A"), "'JQ', which is no construct"),
        (MIXED, ("--mode", "A=C"), "The mode of 'A' is 'C'"),
        (MIXED, ("--mode", "A"), "--mode A: give a name, '=' and a value, as in --mode JQ=A."),
        (MIXED, ("--mode", "A=A,A=B"), "--mode gives 'A' both 'A' and 'B'"),
        (MIXED, ("--dominant", "A=b1"), "'b1' is no indicator of 'A'"),
        (MIXED, ("--scheme", "paths"), "'paths' is not one of"),
        (MIXED, ("--interval", "basic"), "'basic' is not one of"),
        (MIXED, ("--json", "nowhere/out.json"), "Name a file in a folder that exists"),
        (MIXED, ("--bootstrap", "1"), "greater than or equal to 2"),
        (MIXED, ("--tolerance", "0"), "both must be above 0"),
        (MIXED, ("--tolerance", "inf"), "tolerance not above 0.01"),
    ],
)
def test_mistakes_end_with_2_and_write_nothing(
    pls: Pls, tmp_path: Path, answers: pd.DataFrame, model: str, options: tuple[str, ...], says: str
) -> None:
    out = tmp_path / "out.json"
    done = pls(model, answers, "--json", str(out), *options)
    assert done.exit_code == 2, done.output
    assert says in " ".join(done.stderr.replace("│", " ").split())
    assert done.stdout == ""
    assert not out.exists()


def test_no_cell_is_in_an_error(pls: Pls, answers: pd.DataFrame) -> None:
    data = answers.astype({"a1": object})
    data.loc[[3, 4], "a1"] = ["Geheim-4711", "Geheim-4712"]
    done = pls(MIXED, data)
    assert done.exit_code == 2
    assert "column 'a1': 2 cells have something that is no number" in done.stderr
    assert "Geheim" not in done.output


def test_absent_files_end_with_2(pls: Pls, tmp_path: Path, answers: pd.DataFrame) -> None:
    assert "No data file 'no.csv'" in pls(MIXED, tmp_path / "no.csv").stderr
    done = pls(tmp_path / "no.txt", answers)
    assert (done.exit_code, done.stderr) == (2, "No model file 'no.txt'. Check the name and the folder.\n")


def test_fit_of_a_composite_points_here(tmp_path: Path) -> None:
    model = tmp_path / "model.txt"
    model.write_text(MIXED, encoding="utf-8")
    done = CliRunner().invoke(app, ["fit", str(model), str(REFERENCE / "data.csv")])
    assert done.exit_code == 2
    assert "'C <~' declares a composite" in done.stderr
    assert "jq-models pls" in done.stderr


def test_pairs_are_read_and_refused() -> None:
    assert paired(["JQ = A,SAT=B", "COM=A"], option="--mode", example="JQ=A") == {
        "JQ": "A",
        "SAT": "B",
        "COM": "A",
    }
    with pytest.raises(SpecError, match="as in --mode JQ=A"):
        paired(["JQ="], option="--mode", example="JQ=A")


def test_help_says_what_the_exit_codes_and_the_json_mean() -> None:
    done = CliRunner().invoke(app, ["pls", "--help"], env={"COLUMNS": "100"})
    said = " ".join(done.stdout.replace("│", " ").split())
    for words in (
        "Ends with 0; with 1 when",
        "null is what does not",
        "for <~)",
        "--na",
        "--dominant",
        "--interval",
    ):
        assert words in said


def test_the_readmes_example_runs_and_prints_what_stands_there(
    pls: Pls, checkout: Path, tmp_path: Path
) -> None:
    readme = (checkout / "README.md").read_text(encoding="utf-8")
    lines = readme.splitlines()
    at, command = next((i, line.split()) for i, line in enumerate(lines) if "    jq-models pls " in line)
    out = tmp_path / command[-1]
    done = pls(checkout / command[2], checkout / command[3], *command[4:-1], str(out))
    assert done.exit_code == 0, done.output
    end = next(i for i, line in enumerate(lines[at:], start=at) if line.startswith("and flags"))
    shown = [line.strip() for line in lines[at + 1 : end] if line.startswith("    ")]
    assert len(shown) == 9
    screen = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert [line for line in shown if " ".join(line.split()) not in screen] == []
    assert read(out)["converged"] is True
