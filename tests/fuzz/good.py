"""Good files full of canaries: what the fuzzer damages, each with a study that reads it.

Every text cell that is no answer carries a mark, every odd number the same digits; none of them may turn up
in anything that is said about a file. The exports of survey tools come from `export_files`.
"""

from __future__ import annotations

import csv
import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

CHECKOUT = Path(__file__).parents[2]
sys.path.insert(0, str(CHECKOUT / "tests"))

import export_files  # noqa: E402 - the folder it lies in must be on the path first
from export_files import EXPORTS  # noqa: E402

from jq_models.data.simulate import simulate  # noqa: E402
from jq_models.report.wording import wording  # noqa: E402
from jq_models.spec import Instrument, load_instrument  # noqa: E402

MARK = "QZXJ"
NUMBER = "73519"
MARKS = (MARK, NUMBER, export_files.CANARY, export_files.IP)
N = 40
ENDINGS = {
    "microsoft_forms": (".xlsx",),
    "excel": (".xlsx",),
    "spss": (".sav",),
    "qualtrics": (".csv", ".xlsx"),
    "surveymonkey": (".csv", ".xlsx"),
}
STUDY = """
name = "{name}"
instrument = "ccc_job_quality"
simulated = true
title = {{ en = "Fuzz", nl = "Fuzz" }}
[data]
file = "data/raw/{name}.csv"
missing = [99]
ignore = {ignore}
{sheet}
[columns]
{columns}
{groups}
[covariates]
customer_contact = "{contact}"
[options]
language = "nl"
"""
GROUP = """[[groups]]
name = "{name}"
column = "{column}"
label = {{ en = "{name}", nl = "{name}" }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """A good file.

    Attributes
    ----------
    name : str
        Of the file's kind.
    study : str
        The study that reads it.
    ending : str
    data : bytes
    grid : list of list of str or None
        The header and the cells where the file is a plain table; None for the exports of survey tools.
    cells : frozenset of str
        Texts of at least five characters that respondents gave, case folded; no message may hold one.
    """

    name: str
    study: str
    ending: str
    data: bytes
    grid: list[list[str]] | None
    cells: frozenset[str]


def make_project(folder: Path) -> Path:
    """Make a project folder with the questionnaires and the studies of the good files."""
    for name in ("instruments", "norms"):
        shutil.copytree(CHECKOUT / "data" / name, folder / "data" / name)
    for name in ("studies", "raw", "simulated"):
        (folder / "data" / name).mkdir()
    return folder


def good_files(project: Path) -> list[Good]:
    """Return the good files; their studies are written to the project's ``data/studies``."""
    return [*_own(project), *_exports(project)]


def canary_frame(*, n: int = N) -> pd.DataFrame:
    """Return simulated answers beside columns in which every cell is marked."""
    frame = simulate(load_instrument("ccc_job_quality"), seed=3, n=n, organisations=2).frame
    rows = np.arange(len(frame))
    people = [f"{MARK}{row} de Vries" for row in rows]
    return frame.astype(object).assign(
        organisation=[f"{MARK} Zorglijn {row % 2} {MARK}" for row in rows],
        team=[f"{MARK}-team-{row % 4}" for row in rows],
        remarks=[f'{MARK} vindt, "{MARK}" te veel druk;\n{MARK}{row} ook' for row in rows],
        email=[f"jan.{MARK.lower()}{row}@{MARK.lower()}.nl" for row in rows],
        who=people,
        id=[f"R_{MARK}{row:04d}" for row in rows],
        weight=[float(f"{row}.{NUMBER}") for row in rows],
    )


def _own(project: Path) -> list[Good]:
    frame = canary_frame()
    grid = [list(map(str, frame.columns))]
    grid += [["" if pd.isna(cell) else str(cell) for cell in row] for row in frame.values]
    columns = {"contact": "contact", "organisation": "organisation", "team": "team", "contract": "contract"}
    _write_study(project, "fuzz", columns, ignore=["remarks", "email", "who"])
    cells = _cells(grid[1:])
    made = {
        ".csv": {"csv": delimited(grid), "csv_semicolon": delimited(grid, delimiter=";", encoding="cp1252"),
                 "csv_utf16": delimited(grid, delimiter="\t", encoding="utf-16")},
        ".xlsx": {"xlsx": _book_bytes(frame)},
        ".sav": {"sav": _sav_bytes(frame, project / "a.sav"),
                 "zsav": _sav_bytes(frame, project / "a.zsav", compress=True)},
    }  # fmt: skip
    return [
        Good(name=name, study="fuzz", ending=ending, data=data, grid=grid, cells=cells)
        for ending, files in made.items()
        for name, data in files.items()
    ]


def _exports(project: Path) -> list[Good]:
    frame, instrument = export_files.answers_frame(n=N)
    found = []
    for name, build in EXPORTS.items():
        for ending in ENDINGS.get(name, (".csv",)):
            study = f"{name}_{ending[1:]}"
            path = project / "data" / "raw" / f"{study}{ending}"
            written = build(frame, path, instrument=instrument)
            sheet = 'sheet = "Data"' if name == "excel" else ""
            _write_study(project, study, written.columns, ignore=list(written.personal), sheet=sheet)
            cells = _cells([[str(c)] for c in pd.unique(frame[["team", "remarks"]].values.ravel())])
            found.append(
                Good(name=study, study=study, ending=ending, data=path.read_bytes(), grid=None, cells=cells)
            )
    return found


def delimited(
    grid: list[list[str]], *, delimiter: str = ",", encoding: str = "utf-8", **how: object
) -> bytes:
    """Return a table as delimited text; what an encoding lacks is replaced."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, **how).writerows(grid)  # type: ignore[arg-type]
    return out.getvalue().encode(encoding, errors="replace")


def _write_study(
    project: Path, name: str, columns: dict[str, str], *, ignore: list[str], sheet: str = ""
) -> None:
    known = {item.code for item in load_instrument("ccc_job_quality").items}
    text = STUDY.format(
        name=name,
        sheet=sheet,
        ignore=[*ignore, columns.get("remarks", "remarks")],
        columns="\n".join(
            f"{code} = {_quoted(c)}" for code, c in columns.items() if code in known and c != code
        ),
        groups="\n".join(
            GROUP.format(name=key, column=columns[key].replace('"', '\\"'))
            for key in ("organisation", "team", "contract")
            if key in columns
        ),
        contact=columns["contact"].replace('"', '\\"'),
    )
    (project / "data" / "studies" / f"{name}.toml").write_text(text, encoding="utf-8")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _book_bytes(frame: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.to_excel(out, index=False)
    return out.getvalue()


def _sav_bytes(frame: pd.DataFrame, path: Path, **how: object) -> bytes:
    import pyreadstat

    numbers = frame.apply(lambda column: pd.to_numeric(column, errors="coerce"))
    table = frame.astype(str).where(numbers.isna().all(), numbers)
    pyreadstat.write_sav(table, path, **how)
    return path.read_bytes()


def _cells(rows: list[list[str]]) -> frozenset[str]:
    instrument = load_instrument("ccc_job_quality")
    harmless = _harmless(instrument)
    texts = {cell.strip().casefold() for row in rows for cell in row}
    return frozenset(text for text in texts if len(text) > 4 and text not in harmless)


def _harmless(instrument: Instrument) -> str:
    """Return the package's own words in one text: what stands in it may be said."""
    words = [text for language in ("en", "nl") for text in wording(language).texts.values()]
    words += [label for i in instrument.items for labels in i.scale.labels.values() for label in labels]
    words += [text for i in instrument.items for text in i.text.values()]
    return "\n".join(words).casefold()
