"""The parameters of a notebook, read and checked strictly.

papermill checks neither their names nor their types: a misspelt name is ignored, and ``-p flag false``
hands over the text ``"false"``, which is true. So nothing reaches papermill before it passed here.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from jq_models.errors import RunError, suggest

TAG = "parameters"
Value = str | int | float | bool
KINDS: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
_SHORT = re.compile(r"[\w .,+-]{0,64}")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One ``name: type = literal`` line of a parameters cell."""

    name: str
    kind: type
    default: Value


def read_parameters(notebook: NotebookNode, *, where: str) -> dict[str, Parameter]:
    """Read the cell tagged ``parameters`` without running it.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook, format 4.
    where : str
        The notebook's name, for error texts.

    Returns
    -------
    dict of str to Parameter
        In the order of the cell.

    Raises
    ------
    RunError
        When there is not exactly one such cell, or a line of it is anything but ``name: type = literal``.
    """
    cells = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", [])]
    if len(cells) != 1 or cells[0].cell_type != "code":
        raise RunError(
            f"{where}: found {len(cells)} cells tagged '{TAG}'. Tag exactly one code cell with it "
            "(in JupyterLab: the gear at the upper right, Common Tools, Cell Tags)."
        )
    try:
        lines = ast.parse(cells[0].source).body
    except SyntaxError as error:
        raise RunError(f"{where}, parameters cell, line {error.lineno}: this is no Python.") from None
    declared: dict[str, Parameter] = {}
    for line in lines:
        parameter = _declaration(line, f"{where}, parameters cell, line {line.lineno}")
        if parameter.name in declared:
            raise RunError(
                f"{where}, parameters cell, line {line.lineno}: '{parameter.name}' is declared twice."
            )
        declared[parameter.name] = parameter
    return declared


def _declaration(line: ast.stmt, where: str) -> Parameter:
    form = "Write only lines such as 'language: str = \"en\"'"
    if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name) or line.value is None:
        raise RunError(f"{where}: not of the form 'name: type = literal'. {form}.")
    name, annotation = line.target.id, ast.unparse(line.annotation)
    if annotation not in KINDS:
        raise RunError(f"{where}: the type '{annotation}' of '{name}'. {suggest(annotation, KINDS)}")
    try:
        default = ast.literal_eval(line.value)
    except ValueError:
        raise RunError(f"{where}: the value of '{name}' is no literal. {form}.") from None
    kind = KINDS[annotation]
    return Parameter(name=name, kind=kind, default=_checked(default, kind, f"{where}: '{name}'"))


def check_parameters(
    given: Mapping[str, object], declared: Mapping[str, Parameter], *, where: str
) -> dict[str, Value]:
    """Hold values against the declared names and types.

    Parameters
    ----------
    given : mapping
        Values by name; a whole number is accepted as a number, nothing else bends.
    declared : mapping of str to Parameter
        From `read_parameters`.
    where : str
        The notebook's name, for error texts.

    Raises
    ------
    RunError
        On an unknown name (with the likely right one), a wrong type, a text that is no short name.
    """
    checked = {}
    for name, value in given.items():
        if name not in declared:
            raise RunError(f"{where} has no parameter '{name}'. {suggest(name, declared)}")
        checked[name] = _checked(value, declared[name].kind, f"{where}: parameter '{name}'")
    return checked


def parse_parameters(
    texts: Mapping[str, str], declared: Mapping[str, Parameter], *, where: str
) -> dict[str, Value]:
    """Turn command-line texts into values of the declared types.

    ``true`` and ``false`` are the only texts for a truth value; numbers are written with a point.

    Raises
    ------
    RunError
        As `check_parameters`, and when a text cannot be read as the declared type.
    """
    values: dict[str, Value] = {}
    for name, text in texts.items():
        kind = declared[name].kind if name in declared else str
        values[name] = _parsed(text, kind, f"{where}: parameter '{name}'")
    return check_parameters(values, declared, where=where)


def _parsed(text: str, kind: type, where: str) -> Value:
    if kind is bool and text in ("true", "false"):
        return text == "true"
    if kind is int and _INTEGER.fullmatch(text):
        return int(text)
    if kind is float and _NUMBER.fullmatch(text):
        return float(text)
    if kind is str:
        return text
    raise RunError(f"{where} must be {_WORDS[kind]}, found '{text}'.")


def _checked(value: object, kind: type, where: str) -> Value:
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind or not isinstance(value, Value):
        raise RunError(f"{where} must be {_WORDS[kind]}, found {_WORDS.get(type(value), 'something else')}.")
    if isinstance(value, float) and not math.isfinite(value):
        raise RunError(f"{where} must be a finite number.")
    if isinstance(value, str) and not _SHORT.fullmatch(value):
        raise RunError(
            f"{where} must be a short name: at most 64 letters, digits and spaces, no path. Parameters are "
            "printed in the report; name a data file on the command line with --data."
        )
    return value
