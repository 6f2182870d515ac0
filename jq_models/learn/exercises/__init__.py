"""The exercises of the course, one file a chapter: ``chapter_02.py`` holds ``EXERCISES``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from jq_models.learn.exercise import Exercise

_PREFIX = "chapter_"


def chapters() -> tuple[str, ...]:
    """Return the numbers of the chapters that have exercises, such as "02"."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX))


@cache
def exercises_of(chapter: str) -> dict[str, Exercise]:
    """Return the exercises of one chapter by number; none for a chapter that does not exist."""
    if chapter not in chapters():
        return {}
    found: tuple[Exercise, ...] = import_module(f"{__name__}.{_PREFIX}{chapter}").EXERCISES
    return {exercise.number: exercise for exercise in found}
