"""The codebook as a page to read; the same as JSON comes from ``data.codebook``: what one says, both say."""

from __future__ import annotations

from html import escape

from jq_models.report.plain_page import plain_page
from jq_models.report.questionnaire.background import Background, background_of
from jq_models.report.wording import Wording
from jq_models.spec import Construct, Instrument, Item, Study


def codebook_html(instrument: Instrument, w: Wording, *, study: Study | None = None) -> str:
    """Return what every column of an answered form means, construct by construct.

    Parameters
    ----------
    study : Study, optional
        Adds the columns of its file, its missing codes, covariates and groups.
    """
    scales = {item.scale.name: item.scale for item in instrument.items}
    shown = "\n".join(
        _scale(name, scale.values, scale.labels[w.language], w) for name, scale in scales.items()
    )
    constructs = "\n".join(_construct(construct, w, study=study) for construct in instrument.constructs)
    title = w("questionnaire.codebook", title=w.of(instrument.title))
    body = (
        f"<h1>{escape(title)}</h1>\n<p>{escape(w.of(instrument.source))}</p>\n"
        f"<p>{escape(_reading(instrument, w, study=study))}</p>\n"
        f"<h2>{escape(w('questionnaire.scales'))}</h2>\n{shown}\n{constructs}"
        f"{_background(background_of(study, instrument=instrument, w=w), w) if study else ''}"
    )
    return plain_page(body, w, title=title, style="codebook")


def _reading(instrument: Instrument, w: Wording, *, study: Study | None) -> str:
    """Return how the file of answers is to be read."""
    parts = [w("questionnaire.codebook_reading", version=instrument.version)]
    if study and study.columns:
        parts.append(w("questionnaire.codebook_columns"))
    if study and study.missing:
        parts.append(w("questionnaire.codebook_missing", codes=", ".join(map(str, study.missing))))
    if study and study.ignore:
        parts.append(w("questionnaire.codebook_ignored", columns=", ".join(study.ignore)))
    return " ".join(parts)


def _background(asked: tuple[Background, ...], w: Wording) -> str:
    heads = tuple(w(f"questionnaire.{key}") for key in ("column", "question", "scale"))
    rows = "".join(
        f'<tr><th scope="row">{escape(one.column)}</th><td>{escape(one.text)}</td>'
        f"<td>{escape(_answers(one, w))}</td></tr>"
        for one in asked
    )
    return f"\n<h2>{escape(w('questionnaire.groups'))}</h2>\n{_table(heads, rows)}" if asked else ""


def _answers(asked: Background, w: Wording) -> str:
    if asked.kind == "choice":
        return "; ".join(f"{choice.code} = {choice.label}" for choice in asked.choices)
    if asked.kind == "text":
        return w("questionnaire.open_text")
    return w("questionnaire.from_to", low=str(asked.low), high=str(asked.high))


def _scale(name: str, values: tuple[int, ...], labels: tuple[str, ...], w: Wording) -> str:
    rows = "".join(
        f'<tr><th scope="row">{value}</th><td>{escape(label)}</td></tr>'
        for value, label in zip(values, labels, strict=True)
    )
    heads = (w("questionnaire.code"), w("questionnaire.answer"))
    return _table(heads, rows, caption=name)


def _construct(construct: Construct, w: Wording, *, study: Study | None) -> str:
    mapped = bool(study and study.columns)
    keys = ("code", *(("column",) if mapped else ()), "question", "facet", "scale", "direction", "care")
    rows = "".join(
        _item(item, construct, w, column=study.column_of(item.code) if study and mapped else None)
        for item in construct.items
    )
    heads = tuple(w(f"questionnaire.{key}") for key in keys)
    role = w(f"questionnaire.role_{construct.role}")
    told = f"{role}, {w('questionnaire.new')}" if construct.new else role
    told += f". {w('questionnaire.high', high=w.of(construct.high))}"
    return (
        f"<h2>{escape(construct.code)} · {escape(w.of(construct.name))}</h2>\n"
        f'<p class="high">{escape(told)}</p>\n'
        f"{_table(heads, rows)}"
    )


def _item(item: Item, construct: Construct, w: Wording, *, column: str | None) -> str:
    facet = w.of(construct.facets[item.facet]) if item.facet else ""
    cells = (
        *([] if column is None else [column]),
        w.of(item.text),
        facet,
        item.scale.name,
        w("questionnaire.reversed") if item.reversed else "",
        w("questionnaire.sensitive") if item.sensitive else "",
    )
    return (
        f'<tr><th scope="row">{escape(item.code)}</th>{"".join(f"<td>{escape(c)}</td>" for c in cells)}</tr>'
    )


def _table(heads: tuple[str, ...], rows: str, *, caption: str = "") -> str:
    above = f"<caption>{escape(caption)}</caption>" if caption else ""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return f'<table class="codes">{above}\n<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody>\n</table>'
