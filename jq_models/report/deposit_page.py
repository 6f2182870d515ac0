"""The README of a deposit: what it is, how to make its report again, what each folder holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jq_models.disclosure import DISTRIBUTION
from jq_models.report.wording import Wording

PYTHON = "3.11"  # the oldest that do.py takes
DISTANCES = ("mean", "sd", "missing", "correlation")
ABSENT = ("grouping", "labels", "response", "results", "compare")


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositFacts:
    """What the README of a deposit says.

    Attributes
    ----------
    report, title, version : str
        The report's folder, the study's title, the version of this package.
    data : str
        The data file, inside the deposit.
    simulated, stand_in, registered : bool
        Whether nobody gave the answers of the study itself; whether they are left out of the deposit; whether
        a plan was registered.
    respondents : int
    distances : mapping of str to float
        Of a stand-in (`disclosure.distances`).
    left_out : sequence of str
        Items a stand-in lacks.
    absent : sequence of (str, str)
        Parts of the study file a stand-in goes without, each of `ABSENT`, and of which grouping or key.
    """

    report: str
    title: str
    version: str
    data: str
    simulated: bool
    stand_in: bool
    registered: bool
    respondents: int
    distances: Mapping[str, float]
    left_out: Sequence[str] = ()
    absent: Sequence[tuple[str, str]] = ()


def deposit_readme(facts: DepositFacts, w: Wording) -> str:
    """Return the README as markdown."""
    parts = [_head(facts, w), _again(facts, w), _folders(facts, w)]
    if facts.stand_in:
        parts.insert(1, _stand_in(facts, w))
    return "\n\n".join(parts) + "\n"


def _head(facts: DepositFacts, w: Wording) -> str:
    answers = "simulated" if facts.simulated else "left_out" if facts.stand_in else "shared"
    about = w("deposit.about", report=_place(facts), version=facts.version, count=w.count(facts.respondents))
    return f"# {facts.title}\n\n{about} {w(f'deposit.answers_{answers}')}"


def _place(facts: DepositFacts) -> str:
    return f"reports/{facts.report}"


def _stand_in(facts: DepositFacts, w: Wording) -> str:
    told = [f"- {w(f'stand_in.distance_{key}')}: {w.number(facts.distances[key], 3)}" for key in DISTANCES]
    about = w("stand_in.about", data=facts.data, report=_place(facts), spread=DISTRIBUTION)
    lines = [f"## {w('stand_in.heading')}", "", about, "", *told]
    if facts.left_out:
        lines += ["", w("stand_in.left_out", listed=", ".join(facts.left_out))]
    if facts.absent:
        absent = [w(f"stand_in.absent_{part}", name=name) for part, name in facts.absent]
        lines += ["", w("stand_in.absent", listed=", ".join(absent))]
    return "\n".join(lines)


def _again(facts: DepositFacts, w: Wording) -> str:
    end = w("deposit.again_stand_in" if facts.stand_in else "deposit.again_compares")
    windows = w("deposit.again_windows", command=r".venv\Scripts\jq-models")
    return (
        f"## {w('deposit.again')}\n\n"
        f"{w('deposit.again_needs', version=PYTHON)}\n\n"
        "    unzip *.deposit.zip -d deposit && cd deposit\n"
        "    python3 do.py environment\n"
        f"    .venv/bin/jq-models reproduce {_place(facts)}\n\n"
        f"{windows} {end} {w('deposit.again_sums')}"
    )


def _folders(facts: DepositFacts, w: Wording) -> str:
    drawn = "_stand_in" if facts.stand_in else ""
    rows = {
        _place(facts): "report",
        "data/instruments": "instruments",
        "data/codebook.html, .csv": "codebook",
        "data/studies": f"studies{drawn}",
        facts.data: f"data{drawn}",
        "notebooks/study": "notebooks",
        "jq_models": "code",
        "requirements.lock": "lock",
        "CITATION.cff, LICENSE": "cite",
    }
    if facts.registered:
        rows["data/registrations"] = "registrations"
    lines = [f"| {place} | {w(f'deposit.place_{what}')} |" for place, what in rows.items()]
    header = f"| {w('deposit.place')} | {w('deposit.what')} |"
    return "\n".join([f"## {w('deposit.where')}", "", header, "|---|---|", *lines])
