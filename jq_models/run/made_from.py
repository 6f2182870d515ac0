"""What a report is made from, and whether the one that stands there was made from the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jq_models import paths
from jq_models.disclosure import Ledger, ledger_path, ledger_text
from jq_models.errors import JQError
from jq_models.run.inputs import options_of, questions_of, rooms_of, words_of
from jq_models.run.manifest import file_hash, manifest_text, run_manifest
from jq_models.run.together import NOTEBOOKS, source_of
from jq_models.spec import Instrument, Study, load_study, questionnaire_of, registration_path
from jq_models.spec.theme import load_theme

# What two machines or two days may differ in; the code's own hash tells more than a commit does.
_BESIDE = ("timing", "git", "platform", "blas", "respondents", "shape")
WHOLE = ("run.json", "report.html", "study.xlsx", "notebooks")


def made_from(
    *,
    study: Study,
    instrument: Instrument,
    data: Path,
    parameters: Mapping[str, object],
    timing: Mapping[str, float] | None = None,
    n: int | None = None,
    shape: Mapping[str, int] | None = None,
    threads: int = 1,
    issued: Ledger | None = None,
) -> dict[str, Any]:
    """Return the content of a study's ``run.json``.

    Parameters
    ----------
    study, instrument : Study, Instrument
    data : Path
        The data file.
    parameters : mapping
        Of the notebooks.
    timing : mapping of str to float, optional
        Seconds a notebook took.
    n : int, optional
        Respondents.
    shape : mapping of str to int, optional
        Rows and columns of the data file.
    threads : int
        Of BLAS in the notebooks' kernels.
    issued : Ledger, optional
        The reports issued so far, this one included; default: as its file says.

    Raises
    ------
    RunError
        When a file it names cannot be read.
    """
    manifest = run_manifest(
        project=paths.project_root(),
        study=study,
        instrument=instrument,
        data=data,
        notebooks=[source_of(notebook) for notebook in NOTEBOOKS],
        parameters=parameters,
        timing=timing,
    )
    return manifest | {
        "respondents": n,
        "shape": dict(shape) if shape else None,
        "threads": threads,
        "parts": {"options": options_of(study), "questions": questions_of(questionnaire_of(study))},
        "words": words_of(str(parameters.get("language", study.language))),
        "rooms": rooms_of(Path(__file__).parents[1]),
        "beside": _beside(study, issued),
    }


def _beside(study: Study, issued: Ledger | None) -> dict[str, str | None]:
    """Return the hashes of what a report hangs on beside its own file: modules, norm, wave before, ..."""
    client, ledger = study.client, ledger_path(study.name)
    written = ledger_text(issued).encode() if issued is not None else None
    modules = study.modules.instrument if study.modules.names else None
    files = {
        "modules": paths.instruments() / f"{modules}.toml" if modules else None,
        "norm": paths.norms() / f"{client.norm}.toml" if client.norm else None,
        "theme": paths.themes() / f"{client.theme}.toml" if client.theme else None,
        "previous": _data_of(client.previous) if client.previous else None,
        "previous_study": paths.studies() / f"{client.previous}.toml" if client.previous else None,
        "registration": registration_path(study.name),
        "issued": ledger if written is None else None,
    }
    hashes = {name: file_hash(file) if file and file.exists() else None for name, file in files.items()}
    if written is not None:
        hashes["issued"] = hashlib.sha256(written).hexdigest()
    return hashes | {"logo": _logo_of(client.theme)}


def _logo_of(theme: str | None) -> str | None:
    """Return the hash of a house style's logo, which lies in a file of its own."""
    try:
        logo = load_theme(theme).logo if theme else None
    except JQError:
        return None  # the run itself says what is wrong with it
    return hashlib.sha256(logo.svg + logo.png).hexdigest() if logo else None


def _data_of(name: str) -> Path | None:
    """Return the data file of the wave before, None where it cannot be told."""
    try:
        return paths.inside(paths.project_root(), load_study(name).file)
    except JQError:
        return None  # the run itself says what is wrong with it


def made_already(folder: Path, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a report's ``run.json`` when the report is whole and was made from the same.

    Parameters
    ----------
    folder : Path
        The report's folder.
    wanted : mapping
        `made_from` of what it would be made from now.
    """
    if not all((folder / name).exists() for name in WHOLE):
        return None
    try:
        found = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and _inputs(found) == _inputs(wanted) else None


def _inputs(manifest: Mapping[str, Any]) -> str:
    # as text: what was read from a file has no tuples
    return manifest_text({key: value for key, value in manifest.items() if key not in _BESIDE})
