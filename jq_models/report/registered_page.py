"""The page of a registered plan: what a study laid down, for people who did not make it."""

from __future__ import annotations

from html import escape

from jq_models.report.plain_page import heading, plain_page, points_table
from jq_models.report.registered import line_name, when_registered
from jq_models.report.wording import Wording
from jq_models.spec import Registration, Study, questionnaire_of


def registration_page(found: Registration, study: Study, w: Wording) -> str:
    """Return the page as one self-contained HTML text.

    Parameters
    ----------
    found : Registration
    study : Study
        The study it belongs to, for its title and the names of its scales.
    """
    title, instrument = w("registration.page.title"), questionnaire_of(study)
    about = w("registration.page.about", when=when_registered(found), version=found.version, name=found.study)
    notices = [w("registration.page.late")] if found.late else []
    notices += [w("registration.page.data_there")] if found.data_there and not found.late else []
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="subtitle">{escape(w.of(study.title))}</p>',
        f'<p class="made">{escape(about)}</p>',
        *(f'<p class="notice">{escape(notice)}</p>' for notice in notices),
        f"<p><strong>{escape(w('registration.page.hash'))}</strong> <code>{found.sha256}</code></p>",
    ]
    for section, lines in found.plan.items():
        parts.append(heading(w(f"registration.heading.{section}")))
        if section == "questions":
            parts.append(f'<p class="small">{escape(w("registration.page.questions_hash"))}</p>')
        rows = [
            (line_name(section, key, w, instrument=instrument), _cell(section, text, w))
            for key, text in lines.items()
        ]
        parts.append(points_table(rows, heads=(), kind=section))
    return plain_page("\n".join(parts), w, title=f"{title}: {w.of(study.title)}", style="privacy")


def _cell(section: str, text: str, w: Wording) -> str:
    if section == "models":
        return f"<pre>{escape(text)}</pre>"
    if section == "questions":
        return f"<code>{escape(text[:16])}</code>"
    return escape(text or w("registration.nothing"))
