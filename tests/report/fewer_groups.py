"""The demo as a study that asked neither for roles nor for tenure."""

from __future__ import annotations

from dataclasses import replace

from jq_models.data import OpenStudy

LEFT_OUT = ("role", "tenure")


def with_fewer_groups(opened: OpenStudy) -> OpenStudy:
    """Return a study without two of its groupings, and without modules."""
    kept = tuple(group for group in opened.spec.groups if group.name not in LEFT_OUT)
    groups = opened.responses.groups.drop(columns=list(LEFT_OUT))
    return replace(
        opened,
        spec=replace(opened.spec, groups=kept),
        responses=replace(opened.responses, groups=groups),
        modules=None,
    )
