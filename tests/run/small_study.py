"""A study whose notebooks take no time: what stands in for them computes a few tables from the answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_notebook, new_output

from jq_models.data import open_study
from jq_models.report import SHEETS, wording
from jq_models.report.columns import numbers, words
from jq_models.report.export import save_sheet, write_csv
from jq_models.report.table import build
from jq_models.run.together import NOTEBOOKS

PROJECT = ("pyproject.toml", "requirements.lock", "do.py", "LICENSE", "CITATION.cff")


class SmallNotebooks:
    """Stands in for ``run_together``: a table of items, their sheet, a sentence; keeps how it was called."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.shift: Callable[[float], float] = lambda mean: mean
        self.versions = "numpy 1.0"

    def __call__(self, work: Path, **given: Any) -> dict[str, float]:
        self.calls.append(given)
        parameters = given["parameters"]
        opened = open_study(parameters["study"], language=parameters["language"], data=given["data"])
        for name in ("notebooks", "tables", "figures", SHEETS):
            (work / name).mkdir()
        items = [item for item in opened.instrument.items if item.code in opened.responses.items][:8]
        answers = opened.responses.items[[item.code for item in items]]
        means = [self.shift(float(answers[item.code].mean())) for item in items]
        w = wording(opened.language)
        table = build(
            "items",
            title="Items",
            note=f"Versions: {self.versions}.",
            columns=[
                words("construct", heading="Construct", shown=[item.construct for item in items]),
                words("item", heading="Item", shown=[item.code for item in items]),
                words("text", heading="Text", shown=[item.text[opened.language] for item in items]),
                numbers("n", heading="n", values=[float(answers[item.code].count()) for item in items], w=w),
                numbers("mean", heading="Mean", values=means, w=w),
            ],
        )
        write_csv(table, work / "tables" / "items.csv")
        save_sheet(table, work / SHEETS)
        said = f"The mean of the first question is {means[0]:.2f}."
        shown = new_output("display_data", data={"text/markdown": said, "text/plain": said})
        code = new_code_cell("x = 1", id="only", execution_count=1, outputs=[shown])
        for notebook in NOTEBOOKS:
            nbformat.write(new_notebook(cells=[code]), work / "notebooks" / f"{notebook}.ipynb")
        return dict.fromkeys(NOTEBOOKS, 1.0)


def make_project(checkout: Path, folder: Path, *, people: int = 60) -> Path:
    """Copy what a study needs, with the first respondents of the demo."""
    for name in ("instruments", "studies", "simulated", "norms"):
        shutil.copytree(checkout / "data" / name, folder / "data" / name)
    shutil.copytree(checkout / "notebooks" / "study", folder / "notebooks" / "study")
    for name in PROJECT:
        shutil.copy(checkout / name, folder)
    data = folder / "data" / "simulated" / "demo.csv"
    pd.read_csv(data, dtype=str).head(people).to_csv(data, index=False)
    return folder


def as_client(project: Path, name: str = "acme") -> Path:
    """Write a client's study with the demo's respondents as real ones; returns its data file."""
    text = (project / "data" / "studies" / "demo.toml").read_text(encoding="utf-8")
    for before, after in (
        ('name = "demo" ', f'name = "{name}" '),
        ("simulated = true", "simulated = false"),
        ("data/simulated/demo.csv", f"data/raw/{name}.csv"),
        ('previous = "demo_before"', "# no wave before"),
        ('crisis = "demo"', "# no crisis"),
    ):
        assert before in text
        text = text.replace(before, after)
    (project / "data" / "studies" / f"{name}.toml").write_text(text, encoding="utf-8")
    (project / "data" / "raw").mkdir(exist_ok=True)
    file = project / "data" / "raw" / f"{name}.csv"
    pd.read_csv(project / "data" / "simulated" / "demo.csv", dtype=str).drop(columns="remarks").to_csv(
        file, index=False
    )
    study = project / "data" / "studies" / f"{name}.toml"
    study.write_text(
        study.read_text(encoding="utf-8").replace('ignore = ["remarks", ', "ignore = ["), "utf-8"
    )
    return file
