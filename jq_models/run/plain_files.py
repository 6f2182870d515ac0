"""What the commands on plain files share: a model text in, numbers out as JSON, how many draws."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jq_models.errors import SpecError
from jq_models.spec import Model
from jq_models.spec.own_model import as_model

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """How many bootstrap draws, and their seed."""

    draws: int
    seed: int = 1
    workers: int = 1


def read_model(path: Path) -> Model:
    """Read a model text; the model is named after its file.

    Raises
    ------
    SpecError
        When there is no such file, it is no text, or it does not parse.
    """
    if not path.is_file():
        raise SpecError(f"No model file '{path.name}'. Check the name and the folder.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SpecError(f"{path.name} is not a text in UTF-8. Save it as plain text.") from None
    return replace(as_model(text), name=path.stem)


def check_writable(path: Path) -> None:
    """Refuse a file that could not be written, before the work is done.

    Raises
    ------
    SpecError
        When the folder does not exist, or the name is a folder's.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise SpecError(f"'{path.name}' cannot be written there. Name a file in a folder that exists.")


def write_json(document: Mapping[str, Any], path: Path) -> None:
    """Write what JSON can hold, as text in UTF-8.

    Raises
    ------
    SpecError
        When the file cannot be written.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        path.write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise SpecError(
            f"{path} cannot be written: {error.strerror}. Name a file in a folder that exists."
        ) from None


def plain(value: Any) -> Any:
    """Return a Python value; numpy's numbers and NaN are none of JSON's."""
    if isinstance(value, str):
        return value
    number = value.item() if hasattr(value, "item") else value
    return None if isinstance(number, float) and not math.isfinite(number) else number
