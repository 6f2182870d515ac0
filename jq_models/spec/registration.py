"""A plan fixed before the data are read, and how a later plan departs from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from jq_models.errors import SpecError
from jq_models.paths import registrations
from jq_models.spec.study import check_name

FORMAT = 1
CLAIMS = "hypotheses"  # the section of a plan whose keys are claims
Plan = Mapping[str, Mapping[str, str]]
"""Section -> what is laid down -> how."""
Status = Literal["confirmatory", "deviating", "exploratory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A plan as it was fixed.

    Attributes
    ----------
    study : str
    registered : str
        When, in UTC, as ISO 8601.
    data_there, report_there : bool
        Whether the study's data file, or a report of it, existed by then.
    version : str
        Of this package, whose code holds the decision rules.
    plan : mapping of str to mapping of str to str
        Hypotheses, decision rules, models, exclusions, gates, options, questions.
    sha256 : str
        Of all the above (`fixed`).
    """

    study: str
    registered: str
    data_there: bool
    report_there: bool
    version: str
    plan: Plan = field(repr=False)
    sha256: str

    @property
    def late(self) -> bool:
        """Whether the data had been analysed by the time the plan was fixed."""
        return self.report_there


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """Something that is not as registered; an empty text stands for what is laid down in one plan only."""

    section: str
    key: str
    planned: str
    present: str


def fixed(
    study: str, *, plan: Plan, version: str, data_there: bool, report_there: bool, at: datetime | None = None
) -> Registration:
    """Fix a plan: give it the time and a hash.

    Parameters
    ----------
    study : str
    plan : mapping of str to mapping of str to str
    version : str
        Of this package.
    data_there, report_there : bool
        As `Registration` has them.
    at : datetime, optional
        Default: now.
    """
    found = Registration(
        study=check_name(study),
        registered=(at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
        data_there=data_there,
        report_there=report_there,
        version=version,
        plan=plan,
        sha256="",
    )
    return replace(found, sha256=_hash(found))


def registration_text(found: Registration) -> str:
    """Return a registration as JSON."""
    return _text({**_content(found), "sha256": found.sha256}) + "\n"


def registration_path(name: str) -> Path:
    """Return where a study's registration is kept.

    Parameters
    ----------
    name : str
        The study's.
    """
    return registrations() / f"{check_name(name)}.json"


def load_registration(name: str) -> Registration | None:
    """Read a study's registration; None where there is none.

    Parameters
    ----------
    name : str
        The study's.

    Raises
    ------
    SpecError
        When the file cannot be read, or was altered after it was written.
    """
    path = registration_path(name)
    if not path.is_file():
        return None
    where = f"{path.parent.name}/{path.name}"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = _registration(content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise SpecError(
            f"{where} is no registration that can be read. Restore it as `jq-models preregister` wrote it."
        ) from None
    if found.study != name or found.sha256 != _hash(found):
        raise SpecError(
            f"{where} was altered after it was registered: its hash is not that of its content. Restore the "
            "file as it was written; what changed since belongs in the study file, and the report lists it."
        )
    return found


def deviations(found: Registration, now: Plan) -> tuple[Deviation, ...]:
    """Return what is not as registered, in the order of the registered plan.

    Claims that are tested though nobody registered them are no deviation: they are exploratory.
    """
    sections = [*found.plan, *(section for section in now if section not in found.plan)]
    rows = []
    for section in sections:
        before, after = found.plan.get(section, {}), now.get(section, {})
        keys = [*before, *(key for key in after if key not in before and section != CLAIMS)]
        rows += [
            Deviation(section=section, key=key, planned=before.get(key, ""), present=after.get(key, ""))
            for key in keys
            if before.get(key, "") != after.get(key, "")
        ]
    return tuple(rows)


def status_of(claim: str, found: Registration, departed: tuple[Deviation, ...]) -> Status:
    """Say whether a claim's test is one that was registered.

    Parameters
    ----------
    claim : str
        Such as ``"H1"``.

    Returns
    -------
    str
        ``"confirmatory"``; ``"deviating"`` when it was registered, but something is no longer as laid down,
        the words of other claims aside; ``"exploratory"`` when it was not registered, or only after a report
        had been made.
    """
    if found.late or claim not in found.plan.get(CLAIMS, {}):
        return "exploratory"
    touched = any(one.section != CLAIMS or one.key == claim for one in departed)
    return "deviating" if touched else "confirmatory"


def _content(found: Registration) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "study": found.study,
        "registered": found.registered,
        "data_there": found.data_there,
        "report_there": found.report_there,
        "version": found.version,
        "plan": {section: dict(lines) for section, lines in found.plan.items()},
    }


def _registration(content: Mapping[str, Any]) -> Registration:
    if content["format"] != FORMAT:
        raise ValueError
    plan = {str(name): {str(k): str(v) for k, v in lines.items()} for name, lines in content["plan"].items()}
    return Registration(
        study=str(content["study"]),
        registered=datetime.fromisoformat(content["registered"]).isoformat(timespec="seconds"),
        data_there=bool(content["data_there"]),
        report_there=bool(content["report_there"]),
        version=str(content["version"]),
        plan=plan,
        sha256=str(content["sha256"]),
    )


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False)


def _hash(found: Registration) -> str:
    return hashlib.sha256(_text(_content(found)).encode()).hexdigest()
