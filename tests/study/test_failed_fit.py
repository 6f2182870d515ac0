"""Models that cannot be estimated: the run ends well, the report says which and why.

Two studies, each failing for a reason that no optimiser takes away:

- ``trio`` asks only about the three learning dimensions and lets all three share a remainder. What they share
  can come from job quality as well as from the remainder: the second-order model is not identified. The
  answers to INF and SAT go together more across the two than within each, so the other models converge
  to a correlation above 1: inadmissible, shown with a warning.
- ``noise`` has dice thrown instead of answers to SAT and TIN: with nothing in common to measure, loadings
  run away. Which models fail, and as not converged or not identified, may differ between machines; where
  this was written all of them do.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from jq_models.data import open_study
from jq_models.report import wording
from jq_models.sem import fit_sem
from jq_models.spec import load_instrument

pytestmark = pytest.mark.slow  # two whole studies

MODELS = ("correlated", "second_order", "direct")
FAILED = ("not_converged", "not_identified")
N = 577
STUDY = """
name = "{name}"
instrument = "ccc_job_quality"
simulated = true
[title]
en = "Study {name}"
nl = "Onderzoek {name}"
[data]
file = "data/raw/{name}.csv"
[model]
learning = true
[options]
seed = 4
"""
EN = wording("en")


def run(name: str, frame: pd.DataFrame, *, project: Path, command) -> Path:
    """Write a study and its data into the copy of the project, run it, return its report's folder."""
    (project / "data" / "studies" / f"{name}.toml").write_text(STUDY.format(name=name), encoding="utf-8")
    (project / "data" / "raw").mkdir(exist_ok=True)
    frame.to_csv(project / "data" / "raw" / f"{name}.csv", index=False)
    done = command("study", name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"reports/{name}/report.html" in done.stdout
    return project / "reports" / name


def answers(*, constructs: tuple[str, ...], closest: tuple[str, str] | None = None) -> pd.DataFrame:
    """Answers 1-5 whose items correlate .5 within a construct and .2 with others.

    Of the two `closest`, .3 within and .4 between: a correlation of the constructs of about 1.3.
    """
    items = [item for item in load_instrument("ccc_job_quality").items if item.construct in constructs]
    owner = np.array([item.construct for item in items])
    same = owner[:, None] == owner[None, :]
    R = np.where(same, 0.5, 0.2)
    if closest is not None:
        pair = np.isin(owner, closest)
        R = np.where(pair[:, None] & pair[None, :], np.where(same, 0.3, 0.4), R)
    R[np.diag_indices_from(R)] = 1.0
    against = np.where(owner == "TIN", -1, 1)
    drawn = np.random.default_rng(0).multivariate_normal(np.zeros(len(R)), R * np.outer(against, against), N)
    frame = pd.DataFrame(np.digitize(drawn, [-1.5, -0.5, 0.5, 1.5]) + 1, columns=[i.code for i in items])
    turned = [item.code for item in items if item.reversed]
    frame[turned] = 6 - frame[turned]
    return frame


@pytest.fixture(scope="module")
def trio(project: Path, command) -> Path:
    frame = answers(constructs=("LCU", "LEM", "INF", "SAT", "COM", "TIN"), closest=("INF", "SAT"))
    return run("trio", frame, project=project, command=command)


@pytest.fixture(scope="module")
def noise(project: Path, command, checkout: Path) -> Path:
    frame = pd.read_csv(checkout / "data" / "simulated" / "demo.csv")
    kept = ("OPP", "SUP", "ENJ", "SAT", "COM", "TIN")
    frame = frame[[code for code in frame.columns if code[:3] in kept]].replace(99, np.nan)
    dice = np.random.default_rng(3)
    for code in frame.columns:
        if code[:3] in ("SAT", "TIN"):
            frame[code] = dice.integers(1, 6, size=len(frame))
    return run("noise", frame, project=project, command=command)


def text_of(page: Path) -> str:
    """What a reader sees of a page, in one line."""
    body = re.sub(r"<style.*?</style>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    body = re.sub(r"<[^>]*>", " ", re.sub(r"</?strong>", "", body))
    return " ".join(html.unescape(body).replace("\u00a0", " ").split())


def outcomes(report: Path) -> dict[str, str]:
    status = pd.read_csv(report / "tables" / "status.csv").set_index("model")
    assert tuple(status.index) == MODELS
    return dict(status["outcome"])


def tables(report: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_csv(path) for path in (report / "tables").glob("*.csv")}


def plain(key: str, **values: str) -> str:
    """A catalogue text as it reads on the page."""
    return EN(key, **values).replace("**", "")


def reasons_given(page: str, key: str, model: str) -> str:
    """What stands for the reasons in the catalogue's sentence on a model."""
    words = {"model": EN(f"model.{model}"), "outcome": EN("status.inadmissible"), "reasons": "@@"}
    before, after = map(re.escape, plain(key, **words).split("@@"))
    found = re.search(f"{before}(.*?){after}", page)
    assert found is not None, f"{key} {model}"
    return found[1]


def praised(model: str) -> str:
    """How the sentence on a model's fit begins, whatever its verdict."""
    return EN.texts["fit.good"].replace("**", "").split("{model}")[0] + EN(f"model.{model}") + "”"


def test_the_model_that_failed_is_named_with_the_reason(trio: Path) -> None:
    assert outcomes(trio) == {
        "correlated": "inadmissible",
        "second_order": "not_identified",
        "direct": "inadmissible",
    }
    page = text_of(trio / "report.html")
    reasons = reasons_given(page, "status.unusable", "second_order")
    assert reasons.startswith(f"{EN('reason.not_identified')} (SAT ~ JQ, ")
    assert plain("board.no_model") in page


def test_inadmissible_models_are_named_with_the_reason_and_shown(trio: Path) -> None:
    page = text_of(trio / "report.html")
    assert f"{EN('reason.correlation_above_one')} (INF ~~ SAT)" in reasons_given(
        page, "status.warn", "correlated"
    )
    assert f"{EN('reason.negative_variance')} (SAT ~~ SAT)" in reasons_given(page, "status.warn", "direct")
    fit = tables(trio)["fit"].set_index("index")
    assert fit.loc["n", ["correlated", "direct"]].tolist() == [N, N]
    assert fit.loc["chi_square", ["correlated", "direct"]].notna().all()


def test_the_failed_model_has_no_column_no_table_and_no_figure(trio: Path) -> None:
    found = tables(trio)
    with_model = {name for name, table in found.items() if "second_order" in table.astype(str).to_numpy()}
    with_model |= {name for name, table in found.items() if "second_order" in table.columns}
    assert with_model == {"status", "method"}  # how it ended, and with how many respondents
    assert not {"paths", "effects", "r_squared", "without"} & set(found)
    figures = {path.stem for path in (trio / "figures").glob("*.svg")}
    assert not {"path_diagram", "effects"} & figures
    # importance is then a share in what scale scores explain
    assert {"loadings", "direct_paths", "construct_means", "importance_performance"} <= figures
    axis = [EN(f"figure.importance_performance.x_{measure}") for measure in ("total", "relative", "lmg")]
    drawn = (trio / "figures" / "importance_performance.svg").read_text(encoding="utf-8")
    assert [words in drawn for words in axis] == [False, False, True]
    book = openpyxl.load_workbook(trio / "study.xlsx")
    named = {s.title for s in book for row in s for c in row if c.value == EN("model.second_order")}
    assert named == {EN("sheet.status"), EN("sheet.method")}
    page = text_of(trio / "report.html")
    assert EN("without.not_asked") in page  # and there is nothing to compare with
    assert EN("agreement.no_solution", model=EN("model.second_order")) in page
    assert praised("second_order") not in page
    assert praised("direct") in page


def test_no_number_of_the_failed_model_is_in_any_table(
    trio: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(project))
    opened = open_study("trio")
    failed, shown = (fit_sem(opened.model(name), opened.responses) for name in ("second_order", "direct"))
    assert (failed.usable, shown.usable) == (False, True)
    numbers = np.concatenate(
        [t.select_dtypes("number").to_numpy(dtype=float).ravel() for t in tables(trio).values()]
    )
    numbers = numbers[np.isfinite(numbers)]

    def stands(value: float) -> bool:
        return bool(np.isclose(numbers, value, rtol=1e-6, atol=0).any())

    structure = failed.table.query("free > 0 and (op == '~' or lhs == 'JQ')")
    assert len(structure) == 8
    assert not any(map(stands, [failed.n * failed.objective, *structure["est"]]))
    assert stands(shown.n * shown.objective)  # such a number would be found


def test_the_manifest_and_all_files_are_there(trio: Path) -> None:
    assert {p.name for p in trio.iterdir()} == {
        "report.html", "report.pdf", "report.docx", "report.pptx", "study.xlsx", "run.json",
        "notebooks", "tables", "figures",
    }  # fmt: skip
    assert json.loads((trio / "run.json").read_text(encoding="utf-8"))["seed"] == 4


def test_whatever_fails_on_noise_is_said_and_shown_nowhere(noise: Path) -> None:
    found, page = tables(noise), text_of(noise / "report.html")
    failed = [name for name, outcome in outcomes(noise).items() if outcome in FAILED]
    assert failed
    for name in failed:
        assert any(EN(f"reason.{code}") in reasons_given(page, "status.unusable", name) for code in FAILED)
        others = set(found) - {"method", "effects"}  # whose "direct" are effects, not the model
        assert name not in {column for key in others for column in found[key]}
        assert f"fit_{name}" not in found
        assert praised(name) not in page
    for name in set(MODELS) - set(failed):
        assert name in found.get("fit", found.get(f"fit_{name}")).columns
    from_correlated, from_second = {"loadings", "reliability", "fornell_larcker"}, {"paths", "effects"}
    assert from_correlated.isdisjoint(found) == ("correlated" in failed)
    assert from_second.isdisjoint(found) == ("second_order" in failed)
    assert (plain("board.no_model") in page) == ("second_order" in failed)


def test_what_needs_no_model_is_shown_all_the_same(noise: Path) -> None:
    found = tables(noise)
    assert {"sample", "missing", "items", "constructs", "method", "status"} <= set(found)
    assert len(found["constructs"]) == 6
    assert found["constructs"]["mean"].between(1, 5).all()
    figures = {path.stem for path in (noise / "figures").glob("*.svg")}
    assert {"construct_means", "item_distributions", "missing_by_item"} <= figures
