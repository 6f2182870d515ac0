"""Open a study: its file, questionnaire and answers, checked; the first line of every notebook."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from jq_models.data.fielded import fielded
from jq_models.data.prepare import prepare
from jq_models.data.read import read_table
from jq_models.data.responses import Responses, modules_apart, together
from jq_models.data.table import RawTable
from jq_models.data.validate import Problem, check_table
from jq_models.errors import DataError, SpecError, suggest
from jq_models.paths import inside, project_root
from jq_models.spec import (
    LANGUAGES,
    Instrument,
    Model,
    Study,
    build_model,
    check_columns,
    load_study,
    questionnaire_of,
)

DATA_VARIABLE = "JQ_MODELS_DATA"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStudy:
    """A study with its answers.

    Attributes
    ----------
    spec : Study
        The study file.
    instrument : Instrument
    responses : Responses
    modules : Responses or None
        Answers to the modules the study asked, person by person those of `responses`; None without modules.
    language : {"en", "nl"}
        The language of everything shown; the group labels are already in it.
    problems : tuple of Problem
        The warnings and notes of the check.
    data_name, data_sha256 : str
        The data file's name without its folder, and the hash of its bytes.
    """

    spec: Study = field(repr=False)
    instrument: Instrument = field(repr=False)
    responses: Responses
    modules: Responses | None = None
    language: str
    problems: tuple[Problem, ...] = field(repr=False)
    data_name: str
    data_sha256: str

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The codes of the job-quality dimensions with data, in the questionnaire's order."""
        return tuple(c.code for c in self.instrument.dimensions if c.code in self.responses.constructs)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The codes of the outcomes that take part, in the questionnaire's order."""
        known = [c.code for c in self.instrument.outcomes if c.code in self.responses.constructs]
        return tuple(code for code in known if self.spec.turnover or code != "TIN")

    @property
    def everything(self) -> Responses:
        """The answers to the questionnaire and to its modules together: what disclosure must protect."""
        return self.responses if self.modules is None else together(self.responses, self.modules)

    @property
    def has_paths(self) -> bool:
        """Whether there is a structural model: some dimension, satisfaction and commitment were asked."""
        return bool(self.dimensions) and {"SAT", "COM"} <= set(self.outcomes)

    @property
    def complete(self) -> Responses:
        """The respondents who answered every item of the study's models: those the models use."""
        used = {*self.dimensions, *self.outcomes}
        items = [
            i.code for i in self.instrument.items if i.construct in used and i.code in self.responses.items
        ]
        return self.responses.complete(items)

    def model(self, name: str | None = None, *, without: Iterable[str] = ()) -> Model:
        """Write one of the study's models; constructs lacking data are left out.

        Parameters
        ----------
        name : {"correlated", "second_order", "direct"}, optional
            Default: the main model of the study file.
        without : iterable of str
            More constructs to leave out; what the questionnaire does not ask is passed over, so that one
            notebook serves every questionnaire.

        Raises
        ------
        SpecError
            On an unknown model, or when an outcome the model needs has no data.
        """
        known = {c.code for c in self.instrument.constructs}
        absent = known - set(self.responses.constructs)
        return build_model(
            name or self.spec.model,
            instrument=self.instrument,
            turnover=self.spec.turnover,
            learning=self.spec.learning,
            without=tuple(sorted(absent | (known & set(without)))),
        )


def open_study(name: str, *, language: str | None = None, data: str | Path | None = None) -> OpenStudy:
    """Read, check and prepare a study.

    Parameters
    ----------
    name : str
        The study file's name without its ending.
    language : {"en", "nl"}, optional
        Default: the study file's.
    data : str or Path, optional
        The data file. Default: the environment variable ``JQ_MODELS_DATA``, else the study file's
        ``file``, which must lie inside the project.

    Raises
    ------
    SpecError
        On a faulty study or questionnaire file or an unknown language.
    DataError
        When the data cannot be read or have a problem of severity "error".
    RunError
        When the study file names a file outside the project.
    """
    spec, asked = _specification(name)
    language = language or spec.language
    if language not in LANGUAGES:
        raise SpecError(f"No language '{language}'. {suggest(language, LANGUAGES)}")
    raw = _read(spec, asked, data)
    responses, modules = modules_apart(prepare(raw, study=spec, instrument=asked, language=language))
    return OpenStudy(
        spec=spec,
        instrument=responses.instrument,
        responses=responses,
        modules=modules,
        language=language,
        problems=check_table(raw, study=spec, instrument=asked),
        data_name=raw.name,
        data_sha256=raw.sha256,
    )


def check_study(name: str, *, data: str | Path | None = None) -> tuple[Problem, ...]:
    """Return every problem of a study's data, errors first, without stopping at them.

    Parameters
    ----------
    name, data
        As in `open_study`.
    """
    spec, instrument = _specification(name)
    return check_table(_read(spec, instrument, data), study=spec, instrument=instrument)


def _specification(name: str) -> tuple[Study, Instrument]:
    spec = load_study(name)
    instrument = questionnaire_of(spec)
    check_columns(spec, instrument)
    return spec, instrument


def _read(spec: Study, instrument: Instrument, data: str | Path | None) -> RawTable:
    given = data or os.environ.get(DATA_VARIABLE)
    path = Path(given) if given else inside(project_root(), spec.file)
    if not given and not path.is_file():
        how = "Draw them with `jq-models simulate`" if spec.simulated else "Put the file there"
        raise DataError(f"Study '{spec.name}' has no data at {spec.file}. {how}, or name a file with --data.")
    return fielded(read_table(path, sheet=spec.sheet), study=spec, instrument=instrument)
