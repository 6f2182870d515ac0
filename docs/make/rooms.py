"""The public names of the package, room by room, as the rooms' `__all__` list them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from typing import Any

import jq_models


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """One public name: where it is imported from, and what it is."""

    room: str
    name: str
    item: Any

    @property
    def kind(self) -> str:
        """Function, class or value."""
        if inspect.isclass(self.item):
            return "class"
        return "function" if inspect.isroutine(inspect.unwrap(self.item)) else "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A package with an `__all__`, and its names that no room before it has."""

    name: str
    summary: str
    names: tuple[Public, ...]

    @property
    def page(self) -> str:
        """The name of its page."""
        return self.name.removeprefix("jq_models.").replace(".", "-")


def rooms() -> tuple[Room, ...]:
    """Return the rooms in the order of the layers; a name stands in the first room that offers it."""
    order = ("spec", "data", "sem", "pls", "evaluate", "disclosure", "report", "learn")
    packages = [one.name for one in pkgutil.walk_packages(jq_models.__path__, "jq_models.") if one.ispkg]
    packages.sort(key=lambda name: (_place(name.split(".")[1], order), name))
    seen: set[int] = set()
    found = [_room("jq_models.errors", seen)]
    found += [_room(name, seen) for name in packages if hasattr(importlib.import_module(name), "__all__")]
    return tuple(room for room in found if room.names)


def _place(room: str, order: tuple[str, ...]) -> int:
    return order.index(room) if room in order else len(order)


def _room(name: str, seen: set[int]) -> Room:
    module = importlib.import_module(name)
    own = [n for n, item in vars(module).items() if getattr(item, "__module__", "") == name and n[0] != "_"]
    names = []
    for one in getattr(module, "__all__", own):
        item = getattr(module, one)
        documented = inspect.isclass(item) or inspect.isroutine(inspect.unwrap(item))
        if documented and id(item) in seen:
            continue
        seen.add(id(item))
        names.append(Public(room=name, name=one, item=item))
    return Room(name=name, summary=inspect.getdoc(module) or "", names=tuple(names))
