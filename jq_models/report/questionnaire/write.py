"""All files of a questionnaire, in one folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from jq_models.data import codebook
from jq_models.errors import RunError
from jq_models.report.publish import publish_pdf
from jq_models.report.questionnaire.codebook_page import codebook_html
from jq_models.report.questionnaire.entry import write_entry_sheet
from jq_models.report.questionnaire.form import Form, form_of
from jq_models.report.questionnaire.limesurvey import limesurvey_text
from jq_models.report.questionnaire.paper import paper_html
from jq_models.report.questionnaire.qualtrics import qualtrics_text
from jq_models.report.questionnaire.word_form import write_word_form
from jq_models.report.wording import wording
from jq_models.spec import LANGUAGES, Instrument, Study


def write_questionnaire(
    instrument: Instrument, folder: Path, *, minimum: int, study: Study | None = None
) -> tuple[tuple[Path, ...], str]:
    """Write the forms, import files and codebooks in every language.

    Parameters
    ----------
    instrument : Instrument
        As fielded: with the answer scale people will see.
    folder : Path
        Made when absent; files of the same names are replaced.
    minimum : int
        The smallest group that will be reported on; stands in the opening.
    study : Study, optional
        Adds the questions behind its groups and covariates, called so that this study reads the answers.

    Returns
    -------
    tuple of paths and str
        The files, and why there is no PDF (empty when there is).
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    without_pdf = ""
    forms = {
        language: form_of(instrument, wording(language), minimum=minimum, study=study)
        for language in LANGUAGES
    }
    for language, form in forms.items():
        w = wording(language)
        page, word = folder / f"form-{language}.html", folder / f"form-{language}.docx"
        codes, entry = folder / f"codebook-{language}.html", folder / f"entry-{language}.xlsx"
        _write(page, paper_html(form, w))
        _write(codes, codebook_html(instrument, w, study=study))
        write_word_form(form, word)
        write_entry_sheet(form, entry, w=w)
        text = folder / f"qualtrics-{language}.txt"
        _write(text, qualtrics_text(form))
        written += [page, word, entry, codes, text]
        try:
            pdf = folder / f"form-{language}.pdf"
            publish_pdf(page, out=pdf, language=language)
            written.append(pdf)
        except RunError as error:  # the page can be printed from any browser
            without_pdf = str(error)
    structure = folder / "limesurvey.txt"
    structure.write_text(limesurvey_text(tuple(forms.values())), encoding="utf-8-sig", newline="\n")
    dictionary = folder / "codebook.json"
    book = codebook(instrument, study=study, asked=_asked(forms))
    _write(dictionary, json.dumps(book, ensure_ascii=False, indent=1) + "\n")
    return (*written, structure, dictionary), without_pdf


def _asked(forms: Mapping[str, Form]) -> dict[str, dict[str, str]]:
    """Return the questions about background by column and language."""
    asked: dict[str, dict[str, str]] = {}
    for language, form in forms.items():
        for one in form.background:
            asked.setdefault(one.column, {})[language] = one.text
    return asked


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
