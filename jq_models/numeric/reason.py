"""Why a fit cannot be used, or only with care, as a code and a place; `report` words it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Something wrong with a fit: a code of its engine's ``REASONS``, and what is at fault."""

    code: str
    where: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = self.code.replace("_", " ")
        return f"{words} ({', '.join(self.where)})" if self.where else words
