"""Formulas as MathML: the browser sets them, without a script and without the network."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

# what the converter sets otherwise than LaTeX: capital Greek is upright (a slanted gamma looks like an I),
# and a sign between two terms has room on both sides
_GREEK = re.compile(r"<mi>(&#x003(?:9[1-9A-F]|A[0-9]);)</mi>")
_PLUS_MINUS = "&#x000B1;"


def mathml(latex: str, *, block: bool = False) -> str:
    """Return a formula as MathML.

    Parameters
    ----------
    latex : str
        A formula in LaTeX; a prime means a transposed matrix.
    block : bool
        On a line of its own.

    Returns
    -------
    str
        A ``<math>`` element.
    """
    # a prime is small already: as a superscript it would be made smaller still
    text = latex.strip().replace("'", r"^{\top}").replace(r"\operatorname{", r"\mathrm{")
    text = re.sub(r"\\log\s*(?=[A-Za-z\\])", r"\\log\\,", text)
    page = convert(text, display="block" if block else "inline")
    page = page.replace(f"<mi>{_PLUS_MINUS}</mi>", f"<mo>{_PLUS_MINUS}</mo>")
    return _GREEK.sub(r'<mi mathvariant="normal">\1</mi>', page)


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="formula">{mathml(node.astext(), block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Register the renderer with Sphinx as ``mathml``."""
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
