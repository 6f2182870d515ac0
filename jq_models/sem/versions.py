"""Which versions of which packages compute a fit."""

from __future__ import annotations

from importlib.metadata import version

PACKAGES = ("jq-models", "semopy", "scipy", "numpy")


def versions() -> dict[str, str]:
    """Return name -> installed version of the packages behind every number of a fit."""
    return {name: version(name) for name in PACKAGES}
