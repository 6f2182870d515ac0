"""Formulas as MathML: the browser sets them, without a script and without the network."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert


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
        A ``<math>`` element that carries its LaTeX as annotation, for those who copy it.
    """
    # a prime is small already: as a superscript it would be made smaller still
    transposed = latex.strip().replace("'", r"^{\top}")
    return convert(transposed, display="block" if block else "inline")


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
