"""Fix a study's plan before its data are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jq_models import __version__, paths
from jq_models.errors import RunError, SpecError, suggest
from jq_models.report import wording
from jq_models.report.registered import ALL_CLAIMS, plan_of
from jq_models.report.registered_page import registration_page
from jq_models.run.study import report_folder
from jq_models.spec import (
    LANGUAGES,
    Registration,
    Study,
    fixed,
    load_registration,
    load_study,
    registration_path,
    registration_text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A plan that was fixed, and the files that hold it."""

    registration: Registration
    written: tuple[Path, ...]


def preregister(name: str, *, claims: Iterable[str] | None = None, language: str | None = None) -> Registered:
    """Write ``data/registrations/NAME.json``, and the same as a page to read beside it.

    No answers are read: whether the data file is there is looked up, the file is not opened.

    Parameters
    ----------
    name : str
        The study file's name without its ending.
    claims : iterable of str, optional
        Those whose tests are to count as confirmatory; default: all.
    language : {"en", "nl"}, optional
        Of the page; default: the study file's.

    Raises
    ------
    SpecError
        On a faulty study or questionnaire file, an unknown claim or language.
    RunError
        When the study is registered already.
    """
    study = load_study(name)
    language = language or study.language
    if language not in LANGUAGES:
        raise SpecError(f"No language '{language}'. {suggest(language, LANGUAGES)}")
    paths.own_project()
    earlier = load_registration(name)
    if earlier is not None:
        raise RunError(
            f"The study '{name}' was registered on {earlier.registered} (hash {earlier.sha256[:12]}). A plan "
            "is registered once: change the study file, and the report lists what departs from the plan."
        )
    found = fixed(
        name,
        plan=plan_of(study, claims=ALL_CLAIMS if claims is None else claims),
        version=__version__,
        data_there=_data_there(study),
        report_there=any(_reported(study, one) for one in LANGUAGES),
    )
    path = registration_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    page = path.with_suffix(".html")
    page.write_text(registration_page(found, study, wording(language)), encoding="utf-8", newline="\n")
    path.write_text(registration_text(found), encoding="utf-8", newline="\n")
    return Registered(registration=found, written=(path, page))


def _data_there(study: Study) -> bool:
    try:
        return paths.inside(paths.project_root(), study.file).exists()
    except RunError:  # it lies elsewhere: what is there nobody can tell
        return True


def _reported(study: Study, language: str) -> bool:
    try:
        return (paths.reports() / report_folder(study, language)).exists()
    except RunError:  # that folder is another study's
        return False
