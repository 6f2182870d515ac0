"""What a stored notebook must be like. Each check returns its complaints; none means it is clean."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from nbformat import NotebookNode

from jq_models.errors import RunError
from jq_models.run.clean import ABSOLUTE_PATH, clean_notebook, notebook_text
from jq_models.run.course import TAG
from jq_models.run.parameters import read_parameters

CELLS, LINES, BYTES = 15, 80, 1_500_000
COURSE_CELLS, COURSE_LINES = 20, 110  # a chapter of the course also asks and checks
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# what an object prints that has no text of its own, such as <Figure size 640x480 with 1 Axes>
_NO_TEXT = re.compile(r"^\s*(<.*>)?\s*$", re.DOTALL)
_BAR = re.compile(r"\r(?!\n)|\b\d+%\|.*\||\d+(\.\d+)?\s?(it/s|s/it)")
Check = Callable[[NotebookNode], list[str]]


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _outputs(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    for number, cell in enumerate(_code(notebook), start=1):
        for output in cell.outputs:
            yield number, output


def executed_in_order(notebook: NotebookNode) -> list[str]:
    """Every code cell ran, from top to bottom, in one go. nbval skips those that did not."""
    counts = [cell.execution_count for cell in _code(notebook)]
    wanted = list(range(1, len(counts) + 1))
    return [] if counts == wanted else [f"execution counts {counts}, not {wanted}"]


def no_errors(notebook: NotebookNode) -> list[str]:
    """No cell failed or warned."""
    return [
        f"code cell {number} stored an error or a warning"
        for number, output in _outputs(notebook)
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


def no_absolute_paths(notebook: NotebookNode) -> list[str]:
    """No path of the machine it ran on, in texts, code, outputs or metadata."""
    found = ABSOLUTE_PATH.search(notebook_text(notebook))
    return [f"an absolute path: {found[0][:60]}"] if found else []


def one_parameters_cell(notebook: NotebookNode) -> list[str]:
    """One cell tagged `parameters`, strict, and none that papermill put in."""
    try:
        read_parameters(notebook, where="notebook")
    except RunError as error:
        return [str(error)]
    injected = [cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", [])]
    return ["papermill's injected cell is stored"] if injected else []


def thin(notebook: NotebookNode) -> list[str]:
    """Few cells and lines; no functions, no loops, no comprehension over fits: those belong in jq_models.

    The solution of an exercise may be a function.
    """
    cells = _code(notebook)
    solved = [TAG in cell.metadata.get("tags", []) for cell in cells]
    most_cells, most_lines = (COURSE_CELLS, COURSE_LINES) if any(solved) else (CELLS, LINES)
    lines = sum(bool(line.strip()) for cell in cells for line in cell.source.splitlines())
    complaints = [f"{len(cells)} code cells, at most {most_cells}"] if len(cells) > most_cells else []
    complaints += [f"{lines} code lines, at most {most_lines}"] if lines > most_lines else []
    for number, (cell, solution) in enumerate(zip(cells, solved, strict=True), start=1):
        complaints += [f"code cell {number}: {what}" for what in _too_clever(cell.source, solution=solution)]
    return complaints


def _too_clever(source: str, *, solution: bool) -> list[str]:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return ["not plain Python"]
    found = ["a definition" for node in nodes if isinstance(node, _DEFINITIONS) and not solution]
    found += ["a loop" for node in nodes if isinstance(node, _LOOPS)]
    fits = [
        call
        for node in nodes
        if isinstance(node, _COMPREHENSIONS)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1].startswith("fit_")
    ]
    return found + ["a loop over fits"] * bool(fits)


def pictures_have_words(notebook: NotebookNode) -> list[str]:
    """Every picture has an alternative text, as its text/plain and, in SVG, inside it."""
    complaints = []
    for number, output in _outputs(notebook):
        data = output.get("data", {})
        shown = [kind for kind in PICTURES if kind in data]
        if shown and _NO_TEXT.match(data.get("text/plain", "")):
            complaints.append(f"code cell {number}: a picture without alternative text")
        complaints += [
            f"code cell {number}: an <img> without alternative text"
            for tag in re.findall(r"<img\b[^>]*>", data.get("text/html", ""))
            if not re.search(r'\balt="[^"]+"', tag)
        ]
    return complaints


def nothing_live(notebook: NotebookNode) -> list[str]:
    """No widgets, scripts or progress bars."""
    complaints = []
    for number, output in _outputs(notebook):
        data = output.get("data", {})
        texts = [output.get("text", ""), data.get("text/plain", "")]
        if any("widget" in kind or "javascript" in kind for kind in data):
            complaints.append(f"code cell {number}: a widget or script")
        if re.search(r"<script\b", data.get("text/html", "")):
            complaints.append(f"code cell {number}: a script in HTML")
        if any(_BAR.search(text) for text in texts):
            complaints.append(f"code cell {number}: a progress bar")
    return complaints


def as_refresh_stores_it(notebook: NotebookNode) -> list[str]:
    """Kernel python3, stable ids, no times: the very bytes that `do.py refresh` writes."""
    name = notebook.metadata.get("kernelspec", {}).get("name")
    complaints = [] if name == "python3" else [f"kernelspec '{name}', not 'python3'"]
    if notebook_text(notebook) != notebook_text(clean_notebook(notebook)):
        complaints.append("not as `python3 do.py refresh` stores it")
    return complaints


def small_enough(notebook: NotebookNode) -> list[str]:
    """Small enough to be read, reviewed and kept in git."""
    size = len(notebook_text(notebook).encode())
    return [f"{size} bytes, at most {BYTES}"] if size > BYTES else []


CHECKS: tuple[Check, ...] = (
    executed_in_order,
    no_errors,
    no_absolute_paths,
    one_parameters_cell,
    thin,
    pictures_have_words,
    nothing_live,
    as_refresh_stores_it,
    small_enough,
)
