"""The README of a deposit: what it is, how to make its report again, what each folder holds. English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jq_models.report.wording import wording

STAND_IN_TITLE = {"en": "{title} (synthetic stand-in)", "nl": "{title} (synthetische vervanging)"}
STAND_IN_NOTE = {
    "en": "Synthetic stand-in: nobody gave these answers. They were drawn so that means, spread, "
    "correlations and missing answers resemble those of the study; groups do not differ. No "
    "result here is one of the study's.",
    "nl": "Synthetische vervanging: niemand gaf deze antwoorden. Ze zijn zo getrokken dat gemiddelden, "
    "spreiding, samenhang en ontbrekende antwoorden lijken op die van het onderzoek; groepen verschillen "
    "niet. Geen uitkomst hier is er een van het onderzoek.",
}
DISTANCES = {
    "mean": "means, as a share of the width of the scale",
    "sd": "standard deviations, as a share of the width of the scale",
    "missing": "shares of missing answers",
    "correlation": "correlations",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositFacts:
    """What the README of a deposit says.

    Attributes
    ----------
    report, study, title, version : str
        The report's folder, the study's name and title, the version of this package.
    data : str
        The data file, inside the deposit.
    simulated, stand_in, registered : bool
        Whether nobody gave the answers of the study itself; whether they are left out of the deposit; whether
        a plan was registered.
    given : bool
        Whether the data file has to be named on the command line.
    respondents : int
    distances : mapping of str to float
        Of a stand-in (`disclosure.distances`).
    left_out : sequence of str
        Items a stand-in lacks.
    absent : sequence of str
        Parts of the study file a stand-in goes without.
    """

    report: str
    study: str
    title: str
    version: str
    data: str
    simulated: bool
    stand_in: bool
    registered: bool
    respondents: int
    distances: Mapping[str, float]
    left_out: Sequence[str] = ()
    absent: Sequence[str] = ()


def deposit_readme(facts: DepositFacts) -> str:
    """Return the README as markdown."""
    parts = [_head(facts), _again(facts), _folders(facts)]
    if facts.stand_in:
        parts.insert(1, _stand_in(facts))
    return "\n\n".join(parts) + "\n"


def _head(facts: DepositFacts) -> str:
    count = wording("en").count(facts.respondents)
    answers = (
        "The answers are simulated: there are no respondents."
        if facts.simulated
        else "**The answers of the study are not in this deposit.** A synthetic stand-in is in their place."
        if facts.stand_in
        else "The answers of the study are in this deposit, for they may be shared."
    )
    return (
        f"# {facts.title}\n\n"
        f"A deposit of the report `reports/{facts.report}`: the report, all its tables, the questionnaire, "
        f"the code that made it (jq_models {facts.version}) and what is needed to run it again. {count} "
        f"sets of answers. {answers}"
    )


def _stand_in(facts: DepositFacts) -> str:
    told = [f"- {words}: {wording('en').number(facts.distances[key], 3)}" for key, words in DISTANCES.items()]
    lines = [
        "## The stand-in",
        "",
        f"`{facts.data}` was drawn at random; nobody gave these answers, and no row is a respondent's. It "
        "resembles the study in the mean, standard deviation and share missing of every item, in the "
        "correlations of the items (below 50 respondents: in none) and in the sizes of the groups that may "
        "be shown. Groups differ in nothing. Nothing found in it is a result of the study: those stand in "
        f"`reports/{facts.report}` alone. What it was drawn from stands beside it, rounded to two decimals; "
        "it is at most this far from that:",
        "",
        *told,
    ]
    if facts.left_out:
        lines += ["", f"Left out, as too few answered or all answered alike: {', '.join(facts.left_out)}."]
    if facts.absent:
        lines += ["", f"Parts of the study file that are left out: {', '.join(facts.absent)}."]
    return "\n".join(lines)


def _again(facts: DepositFacts) -> str:
    end = (
        "The last command runs the whole study on the stand-in. It ends with exit code 4, `changed`, as it "
        "must: the data are others. It shows that code and environment work and what every table looks like."
        if facts.stand_in
        else "The last command runs the study again, compares every table number by number and says "
        "`identical`, `within tolerance` or `changed`, and what differs (exit code 0, 3 or 4)."
    )
    return (
        "## Run it again\n\n"
        "Python 3.11 or newer is all that is needed.\n\n"
        "    unzip *.deposit.zip -d deposit && cd deposit\n"
        "    python3 do.py environment\n"
        f"    .venv/bin/jq-models reproduce reports/{facts.report}\n\n"
        f"On Windows: `.venv\\Scripts\\jq-models`. {end} `SHA256SUMS` holds the hash of every file "
        "(`sha256sum -c SHA256SUMS`)."
    )


def _folders(facts: DepositFacts) -> str:
    rows = {
        f"reports/{facts.report}": "the report as HTML, PDF, Word and slides, `study.xlsx`, `tables/` (CSV, "
        "every digit), `figures/`, the executed notebooks, and `run.json`: what it was made from",
        "data/instruments": "the questionnaire and its modules, in English and Dutch",
        "data/codebook.html, .csv": "what every column means",
        "data/studies": "the study file: columns, groups, options"
        + (", without what would tell of hidden groups" if facts.stand_in else ""),
        facts.data: "the stand-in: not the study's answers" if facts.stand_in else "the answers",
        "notebooks/study": "the analyses, in the order of the report",
        "jq_models": "the code",
        "requirements.lock": "the versions of all packages, with hashes",
        "CITATION.cff, LICENSE": "how to cite, and what is allowed",
    }
    if facts.registered:
        rows["data/registrations"] = "the plan that was registered before the data were read"
    lines = [f"| {place} | {what} |" for place, what in rows.items()]
    return "\n".join(["## What is where", "", "| place | what |", "|---|---|", *lines])
