"""Puts another language into a notebook's markdown before it runs.

The stored notebooks are English. ``notebooks/study/nl/NOTEBOOK.toml`` holds, for every markdown
cell's id, the Dutch text and the hash of the English text it was made from, so that a changed English text
makes its translation stale. Words of tables, figures and verdicts come from the catalogues of ``report``.

While writing::

    python -m jq_models.run.translate           # what is missing, stale or left over; exit 1 if anything
    python -m jq_models.run.translate --stub    # add an entry with the English text for each missing cell
    python -m jq_models.run.translate --mark    # declare every translated entry up to date
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from jq_models.errors import JQError, RunError, suggest
from jq_models.paths import notebooks as notebook_folder
from jq_models.run.clean import read_notebook
from jq_models.spec import LANGUAGES
from jq_models.spec.strict import Table, read_toml

ENGLISH = "en"
_HEADER = """\
# The text of every markdown cell of this notebook in another language, by cell id.
# `of` is the hash of the English text it translates: `python -m jq_models.run.translate` says what is stale.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The translation of one cell; `of` is the start of the English text's SHA-256."""

    of: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A cell whose translation is missing, stale, still English, or left over."""

    notebook: str
    cell: str
    kind: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.notebook}, cell '{self.cell}': {self.kind}"


Catalogue = Mapping[str, Mapping[str, Entry]]


def load_catalogue(language: str, *, folder: Path | None = None) -> Catalogue:
    """Read ``LANGUAGE/NOTEBOOK.toml`` beside the notebooks; English needs none.

    Raises
    ------
    RunError
        On a language the package does not have.
    SpecError
        On an unreadable file, an unknown key or a wrong type.
    """
    if language not in LANGUAGES:
        raise RunError(f"No language '{language}'. {suggest(language, LANGUAGES)}")
    if language == ENGLISH:
        return {}
    paths = sorted(((folder or notebook_folder()) / language).glob("*.toml"))
    return {path.stem: {cell: _entry(part) for cell, part in _parts(read_toml(path))} for path in paths}


def _parts(table: Table) -> Iterator[tuple[str, Table]]:
    """Yield the sub-tables of a table whose keys are the ids of cells."""
    named = table.rest()
    again = Table(named, table.where)
    for name in named:
        yield name, again.table(name)


def _entry(table: Table) -> Entry:
    entry = Entry(of=table.take("of", str), text=table.take("text", str).strip())
    table.done()
    return entry


def translate(notebook: NotebookNode, *, name: str, language: str, catalogue: Catalogue) -> NotebookNode:
    """Return a copy of a notebook with its markdown in another language.

    Parameters
    ----------
    notebook : NotebookNode
        The English notebook; it is not changed.
    name : str
        Its file name without the ending: the key in the catalogue.
    language : {"en", "nl"}
        English returns a plain copy.
    catalogue : mapping
        From `load_catalogue`.

    Raises
    ------
    RunError
        When a cell's translation is missing or stale, or one has no cell.
    """
    copy = deepcopy(notebook)
    if language == ENGLISH:
        return copy
    entries = catalogue.get(name, {})
    found = [str(gap) for gap in gaps(notebook, name=name, entries=entries)]
    if found:
        raise RunError(
            f"{name}: no whole translation into '{language}': {'; '.join(found)}. "
            "See `python -m jq_models.run.translate`."
        )
    for cell in _markdown(copy):
        cell.source = entries[cell.id].text
    return copy


def gaps(notebook: NotebookNode, *, name: str, entries: Mapping[str, Entry]) -> list[Gap]:
    """Return what keeps the entries from being this notebook's translation, in the order of its cells."""
    sources = {cell.id: cell.source for cell in _markdown(notebook)}
    kinds = {cell: _gap(source, entries.get(cell)) for cell, source in sources.items()}
    kinds |= dict.fromkeys((cell for cell in entries if cell not in sources), "left over, has no cell")
    return [Gap(notebook=name, cell=cell, kind=kind) for cell, kind in kinds.items() if kind]


def _gap(source: str, entry: Entry | None) -> str:
    if entry is None:
        return "missing"
    if not entry.text or entry.text == source.strip():
        return "not translated"
    return "" if entry.of == fingerprint(source) else "stale, the English text has changed"


def all_gaps(language: str, *, folder: Path) -> list[Gap]:
    """Return the gaps of all notebooks in a folder, and entries for notebooks that are not there."""
    catalogue = load_catalogue(language, folder=folder)
    paths = sorted(folder.glob("*.ipynb"))
    found = [
        gap
        for path in paths
        for gap in gaps(read_notebook(path), name=path.stem, entries=catalogue.get(path.stem, {}))
    ]
    strangers = [name for name in catalogue if name not in {path.stem for path in paths}]
    return found + [Gap(notebook=name, cell="*", kind="left over, has no notebook") for name in strangers]


def fingerprint(source: str) -> str:
    """Return the first 8 hexadecimal digits of a text's SHA-256."""
    return hashlib.sha256(source.strip().encode()).hexdigest()[:8]


def _markdown(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "markdown")


def update(language: str, *, folder: Path, stub: bool, mark: bool) -> None:
    """Rewrite the catalogues in the order of the cells; nothing that was written is lost.

    Parameters
    ----------
    language : str
        The catalogue's language.
    folder : Path
        The notebooks' folder.
    stub : bool
        Add an entry with the English text for each cell without one.
    mark : bool
        Set every translated entry's hash to that of the present English text.
    """
    catalogue = load_catalogue(language, folder=folder)
    (folder / language).mkdir(exist_ok=True)
    for notebook in sorted(folder.glob("*.ipynb")):
        old = dict(catalogue.get(notebook.stem, {}))
        new: dict[str, Entry] = {}
        for cell in _markdown(read_notebook(notebook)):
            entry = old.pop(cell.id, None)
            if entry is None and stub:
                entry = Entry(of="", text=cell.source.strip())
            if entry is not None:
                of = fingerprint(cell.source) if mark and entry.text != cell.source.strip() else entry.of
                new[cell.id] = Entry(of=of, text=entry.text)
        if new or old:
            path = folder / language / f"{notebook.stem}.toml"
            path.write_text(_toml(new | old), encoding="utf-8", newline="\n")


def _toml(entries: Mapping[str, Entry]) -> str:
    blocks = [
        f'[{cell}]\nof = "{entry.of}"\ntext = {_quoted(entry.text)}\n' for cell, entry in entries.items()
    ]
    return "\n".join([_HEADER, *blocks])


def _quoted(text: str) -> str:
    if "'''" not in text:
        return f"'''\n{text}\n'''"  # literal: formulas keep their backslashes
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"""\n{escaped}\n"""'


def main(arguments: Sequence[str] | None = None) -> int:
    """Say which translations are missing, stale or left over; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m jq_models.run.translate", description=main.__doc__)
    parser.add_argument("--language", default="nl")
    parser.add_argument("--stub", action="store_true", help="add an English entry for each missing cell")
    parser.add_argument("--mark", action="store_true", help="declare every translated entry up to date")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.stub or chosen.mark:
            update(chosen.language, folder=notebook_folder(), stub=chosen.stub, mark=chosen.mark)
        found = all_gaps(chosen.language, folder=notebook_folder())
    except JQError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(map(str, found)) or "Every text is translated and up to date.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
