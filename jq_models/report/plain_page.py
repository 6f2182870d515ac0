"""A self-contained page without chapters: forms, codebooks, checklists."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from jq_models.report.publish import TEMPLATE, stylesheet
from jq_models.report.wording import Wording

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"


def plain_page(body: str, w: Wording, *, title: str, style: str) -> str:
    """Return a whole page: fonts and style inside, nothing asked of anywhere.

    Parameters
    ----------
    body : str
        HTML of the main part, escaped where need be.
    title : str
        Of the page; the heading is the body's own.
    style : str
        Name of a file in ``report/template`` without its ending: what this kind of page adds to the style.
    """
    own = (TEMPLATE / f"{style}.css").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="{w.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}</title>\n<style>\n{stylesheet(w)}\n{own}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def heading(text: str) -> str:
    """Return a heading of the page's parts."""
    return f"<h2>{escape(text)}</h2>"


def points_table(
    rows: Iterable[tuple[str, ...]],
    *,
    heads: tuple[str, ...],
    kind: str,
    narrow: tuple[int, ...] = (),
    tick: bool = False,
) -> str:
    """Return a table of points; all cells but the first are HTML already."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    box = '<span class="tick"></span>' if tick else ""
    body = ""
    for first, *rest in rows:
        cells = "".join(
            f"<td{' class=narrow' if place in narrow else ''}>{cell}</td>"
            for place, cell in enumerate(rest, start=1)
        )
        body += f'<tr><th scope="row">{box}{escape(first)}</th>{cells}</tr>'
    thead = f"<thead><tr>{head}</tr></thead>" if heads else ""
    return f'<table class="points {kind}">{thead}<tbody>{body}</tbody></table>'
