"""A deposit: one zip file with a report and all that is needed to make it again, years later."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jq_models import __version__, paths
from jq_models.data import OpenStudy, codebook_frame, open_study
from jq_models.disclosure import distances, require_own_record, stand_in
from jq_models.errors import RunError
from jq_models.report import Wording, wording
from jq_models.report.archive import EPOCH
from jq_models.report.deposit_page import DepositFacts, deposit_readme
from jq_models.report.questionnaire import codebook_html
from jq_models.run.leaks import refuse_leaks, refuse_own_words
from jq_models.run.made_from import made_from
from jq_models.run.manifest import file_hash
from jq_models.run.reproduce import read_run, report_at
from jq_models.run.reproduced_parts import departures
from jq_models.run.stand_in_study import stand_in_study
from jq_models.run.study import from_shell, shape_of
from jq_models.run.together import NOTEBOOKS, source_of
from jq_models.spec import LANGUAGES, Study, load_study, questionnaire_of, registration_path

SUMS = "SHA256SUMS"
STAND_IN = "data/stand_in"
PROJECT = ("pyproject.toml", "requirements.lock", "do.py", "LICENSE", "CITATION.cff")
_CODE = ("notebooks", "words", "code", "lock")
_MODE = 0o644 << 16
_SKIPPED = ("__pycache__", ".ipynb_checkpoints")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A deposit that was written.

    Attributes
    ----------
    path : Path
    stand_in : bool
        Whether synthetic answers are in it in place of the study's.
    files : int
    distances : mapping of str to float
        Of a stand-in, how far it is from what it was drawn from (`disclosure.distances`).
    """

    path: Path
    stand_in: bool
    files: int
    distances: Mapping[str, float] = field(default_factory=dict)


def archive(name: str, *, with_data: bool = False, data: Path | None = None) -> Deposit:
    """Write ``reports/NAME.deposit.zip``; the same report gives the same bytes.

    Simulated answers are part of it, those of respondents only when asked for; else a synthetic stand-in is.

    Parameters
    ----------
    name : str
        The report's folder in ``reports``.
    with_data : bool
        The answers may be shared, those of the wave before too: put them in.
    data : Path, optional
        The data file; default: the study file's.

    Raises
    ------
    RunError
        When there is no such report, or what it was made from is no longer what is here.
    DisclosureError
        When something in it would tell of a respondent.
    """
    require_own_record()
    report = report_at(name)
    stored = read_run(report)
    given = stored["parameters"]
    named = data or from_shell()  # what is opened, hashed, searched and packed is one file
    opened = open_study(str(given["study"]), language=str(given["language"]), data=named)
    file = named.resolve() if named else paths.inside(paths.project_root(), opened.spec.file)
    _require_same(report, stored, opened, file=file)
    missing = [part for part in PROJECT if not (paths.project_root() / part).is_file()]
    if missing:
        raise RunError(f"A deposit needs {', '.join(missing)} of the checkout. Run this inside the checkout.")
    with TemporaryDirectory(prefix="jq-models-", ignore_cleanup_errors=True) as place:
        stage = Path(place)
        found = _staged(stage, opened, report=report, file=file, shared=with_data or of_nobody(opened.spec))
        _write_sums(stage)
        path = report.with_name(f"{report.name}{paths.DEPOSIT}")
        files = _zip(stage, path)
    return Deposit(path=path, stand_in=bool(found), files=files, distances=found)


def of_nobody(study: Study) -> bool:
    """Say whether nobody gave the answers of a study, and those of the wave before it."""
    before = study.client.previous
    return study.simulated and (before is None or load_study(before).simulated)


def _require_same(report: Path, stored: Mapping[str, Any], opened: OpenStudy, *, file: Path) -> None:
    """Raise when the deposit would not hold what the report was made from.

    Raises
    ------
    RunError
    """
    now = made_from(
        study=opened.spec,
        instrument=opened.instrument,
        data=file,
        parameters=stored["parameters"],
        n=opened.responses.n,
        shape=shape_of(opened, file=file),
    )
    other = [one for one in departures(stored, now) if one.given or one.part in _CODE]
    if other:
        named = dict.fromkeys(f"{one.part} ({one.what})" for one in other)
        raise RunError(
            f"The report '{report.name}' was made from other parts than those that are here now: "
            f"{', '.join(list(named)[:6])}. Run `jq-models study {opened.spec.name}` again, then archive it."
        )


def _staged(stage: Path, opened: OpenStudy, *, report: Path, file: Path, shared: bool) -> dict[str, float]:
    """Lay out the deposit: first what follows from the answers, searched, then what does not."""
    study = opened.spec
    shutil.copytree(report, stage / "reports" / report.name)
    registered = _copy_registration(stage, study)
    found: dict[str, float] = {}
    extra: dict[str, Any] = {}
    if shared:
        refuse_own_words(opened, file=file)
        target, spec = _data_place(study, file), study
    else:
        target = f"{STAND_IN}/{study.name}.csv"
        spec, found, extra = _stand_in(stage, opened, file=file, target=target)
    words = wording(opened.language)
    facts = DepositFacts(
        report=report.name,
        title=words.of(study.title),
        version=__version__,
        data=target,
        simulated=study.simulated,
        stand_in=not shared,
        registered=registered,
        respondents=opened.responses.n,
        distances=found,
        **extra,
    )
    (stage / "README.md").write_text(deposit_readme(facts, words), encoding="utf-8", newline="\n")
    if not shared:
        _write_codebook(stage, spec, words)
    refuse_leaks(stage, opened, file=file, rows=shared)
    if shared:
        _copy_shared(stage, study, file=file, target=target)
        _write_codebook(stage, spec, words)
    _copy_project(stage, spec)
    return found


def _data_place(study: Study, file: Path) -> str:
    """Return where the answers stand in the deposit: where the study file looks for them.

    Raises
    ------
    RunError
        When that is a file of another kind.
    """
    if Path(study.file).suffix.lower() != file.suffix.lower():
        raise RunError(
            f"The study file names '{Path(study.file).name}', and the report was made from a {file.suffix} "
            "file. Name that one in [data] file, run the study again, then archive it."
        )
    paths.inside(paths.project_root(), study.file)
    return Path(study.file).as_posix()


def _stand_in(
    stage: Path, opened: OpenStudy, *, file: Path, target: str
) -> tuple[Study, dict[str, float], dict[str, Any]]:
    """Write synthetic answers, what they were drawn from, and their study file; all of it is searched."""
    drawn = stand_in(opened, seed=opened.spec.seed)
    text, absent = stand_in_study(opened.spec.name, drawn, file=target)
    folder = stage / "data" / "studies"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{opened.spec.name}.toml").write_text(text, encoding="utf-8", newline="\n")
    place = stage / STAND_IN
    place.mkdir(parents=True)
    name = opened.spec.name
    drawn.moments.to_csv(place / f"{name}_moments.csv", lineterminator="\n")
    drawn.correlations.to_csv(place / f"{name}_correlations.csv", lineterminator="\n")
    refuse_leaks(stage, opened, file=file)  # the report too, and its rows, before runs by chance are there
    drawn.frame.to_csv(stage / target, index=False, lineterminator="\n")
    facts = {"left_out": drawn.left_out, "absent": absent}
    found = distances(drawn.frame, drawn.moments, drawn.correlations)
    return load_study(name, folder=folder), found, facts


def _copy_registration(stage: Path, study: Study) -> bool:
    source = registration_path(study.name)
    for path in (source, source.with_suffix(".html")):
        if path.is_file():
            _copy(path, stage / "data" / "registrations" / path.name)
    return source.is_file()


def _copy_shared(stage: Path, study: Study, *, file: Path, target: str) -> None:
    _copy_answers(file, stage / target)
    for name in filter(None, (study.name, study.client.previous)):
        _copy(paths.studies() / f"{name}.toml", stage / "data" / "studies" / f"{name}.toml")
    if study.client.previous:
        before = load_study(study.client.previous)
        wave = paths.inside(paths.project_root(), before.file)
        if wave.is_file():
            refuse_own_words(open_study(before.name, data=wave), file=wave)
            _copy_answers(wave, stage / before.file)
        _copy_instruments(stage, before)


def _copy_answers(file: Path, target: Path) -> None:
    """Add a data file and, of simulated answers, the truth they were drawn from."""
    _copy(file, target)
    truth = file.with_name(f"{file.stem}_truth.json")
    if truth.is_file():
        _copy(truth, target.with_name(truth.name))


def _copy_project(stage: Path, study: Study) -> None:
    """Add what is the same for every study: code, notebooks, questionnaires, norm, house style, lock."""
    root = paths.project_root()
    ignore = shutil.ignore_patterns(*_SKIPPED, "*.pyc")
    shutil.copytree(Path(__file__).parents[1], stage / "jq_models", ignore=ignore)
    _copy_notebooks(stage)
    for name in PROJECT:
        _copy(root / name, stage / name)
    _copy_instruments(stage, study)
    client = study.client
    if client.norm:
        _copy(paths.norms() / f"{client.norm}.toml", stage / "data" / "norms" / f"{client.norm}.toml")
    if client.theme:
        for path in sorted(paths.themes().glob(f"{client.theme}.*")):
            _copy(path, stage / "data" / "themes" / path.name)


def _copy_notebooks(stage: Path) -> None:
    """Add the notebooks of a study: one of somebody's own beside them may show answers."""
    folder = paths.notebooks()
    words = [path for language in LANGUAGES for path in sorted((folder / language).glob("*.toml"))]
    for path in (*map(source_of, NOTEBOOKS), *words):
        _copy(path, stage / "notebooks" / "study" / path.relative_to(folder))


def _copy_instruments(stage: Path, study: Study) -> None:
    for name in filter(None, (study.instrument, study.modules.instrument)):
        _copy(paths.instruments() / f"{name}.toml", stage / "data" / "instruments" / f"{name}.toml")


def _write_codebook(stage: Path, study: Study, w: Wording) -> None:
    instrument = questionnaire_of(study)
    folder = stage / "data"
    folder.mkdir(exist_ok=True)
    page = codebook_html(instrument, w, study=study)
    (folder / "codebook.html").write_text(page, encoding="utf-8", newline="\n")
    codebook_frame(instrument, study=study).to_csv(folder / "codebook.csv", lineterminator="\n")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _names(stage: Path) -> list[str]:
    return sorted(path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file())


def _write_sums(stage: Path) -> None:
    lines = [f"{file_hash(stage / name)}  {name}" for name in _names(stage)]
    (stage / SUMS).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _zip(stage: Path, path: Path) -> int:
    """Write the zip file without times and modes; it is there whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    names = _names(stage)
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for name in names:
                entry = zipfile.ZipInfo(name, date_time=EPOCH.timetuple()[:6])
                entry.external_attr, entry.create_system = _MODE, 3
                packed.writestr(entry, (stage / name).read_bytes(), zipfile.ZIP_DEFLATED)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return len(names)
