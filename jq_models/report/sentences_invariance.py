"""Whether groups can be compared, in words: the verdict first, then what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from jq_models.evaluate.invariance import ALIGNED, Alignment, Compared, Invariance, Release
from jq_models.evaluate.invariance.lines import ALPHA, NONINVARIANT, PERSONS_AN_ITEM
from jq_models.report.names import inline
from jq_models.report.sentences_care import alignment_care, ladder_care
from jq_models.report.wording import Wording
from jq_models.spec import Instrument

NAMED = 5  # items and scales named in a sentence; tables have them all
CHANCE = 0.05
BY_CHANCE_DIGITS = 0


def compared_sentences(
    one: Compared, w: Wording, *, label: str, instrument: Instrument, count: int, sizes: bool = True
) -> str:
    """Say of one grouping what can be compared; nothing where no group is large enough.

    Parameters
    ----------
    label : str
        What the grouping is called.
    count : int
        Groups of the grouping.
    sizes : bool
        Whether the complete answers of the groups compared may be told.
    """
    if one.why == "nested":
        return w("invariance.why.nested", label=label, count=count)
    parts = []
    if one.ladder is not None:
        parts += ladder_sentences(one.ladder, w, label=label, instrument=instrument, sizes=sizes)
    if one.aligned is not None:
        parts += alignment_sentences(one.aligned, w, label=label, instrument=instrument)
    if one.untold:
        listed = w.join(inline(code, instrument=instrument, w=w) for code in one.untold)
        parts.append(w("invariance.untold", listed=listed))
    if one.left_out:
        parts.append(w("invariance.left_out", groups=w.join(one.left_out)))
    return " ".join(parts)


def ladder_sentences(
    found: Invariance, w: Wording, *, label: str, instrument: Instrument, sizes: bool = True
) -> list[str]:
    """Say how far the groups can be compared, which items deviate, and how the means differ."""
    sized = [
        w("invariance.size", group=group, n=n) for group, n in zip(found.labels, found.sizes, strict=True)
    ]
    groups = "; ".join(sized) if sizes else w.join(found.labels)
    kept = [r for r in found.releases if r.kind != "residual"]
    items = list(dict.fromkeys(r.item for r in kept))
    values: dict[str, str | int] = {
        "groups": w("invariance.groups", label=label, groups=groups),
        "persons": PERSONS_AN_ITEM,
        "items": w.join(items),
    }
    doubtful = any(step.verdict == "doubtful" for step in found.steps.values())
    if doubtful and found.compares_means:  # what nobody can measure well shows no difference either
        parts = [w("invariance.weak_partly" if items else "invariance.weak", **values)]
    else:
        parts = [w(f"invariance.level.{found.level}", **values)]
        parts += [w("invariance.doubtful")] if doubtful else []
    care = ladder_care(found, w)
    parts += [care] if care else []
    parts += _steps(found, w)
    parts += [release_sentence(r, w, reference=found.labels[0], instrument=instrument) for r in kept[:NAMED]]
    if found.compares_means:
        parts += mean_sentences(found.means, w, instrument=instrument)
    return parts


def _steps(found: Invariance, w: Wording) -> list[str]:
    """Say which step ended the ladder, and which were accepted though rejected by the test."""
    small = [
        w(f"invariance.inline.{name}")
        for name, step in found.steps.items()
        if step.verdict in ("small", "partial")
        and step.final_test is not None
        and step.final_test.p_value < ALPHA
    ]
    parts = [w("invariance.small", step=w.join(small))] if small else []
    parts += [
        _tested("invariance.fails", name, found, w)
        for name, step in found.steps.items()
        if step.verdict == "fails"
    ]
    if not parts and found.steps:
        last = next((name for name in reversed(found.steps) if found.steps[name].accepted), "")
        if last and found.steps[last].final_test is not None:
            parts.append(_tested("invariance.passed", last, found, w))
    return parts


def _tested(key: str, name: str, found: Invariance, w: Wording) -> str:
    test = found.steps[name].final_test
    assert test is not None  # asked for tested steps only
    values: dict[str, str | int] = {
        "step": w(f"invariance.inline.{name}"),
        "chi": w("invariance.chi"),
        "value": w.number(test.difference, 1),
        "df": test.df,
        "p": w.p_equals(test.p_value),
    }
    return w("invariance.fails", **values) if key.endswith("fails") else w("invariance.passed", **values)


def release_sentence(release: Release, w: Wording, *, reference: str, instrument: Instrument) -> str:
    """Say how an item deviates in a group."""
    side = "higher" if release.difference > 0 else "lower"
    return w(
        f"invariance.release.{release.kind}_{side}",
        item=release.item,
        construct=inline(release.factor, instrument=instrument, w=w),
        group=release.group,
        reference=reference,
        size=w.coefficient(abs(release.difference)),
    )


def mean_sentences(means: pd.DataFrame, w: Wording, *, instrument: Instrument) -> list[str]:
    """Say which latent means differ after Holm's correction, and which could not be compared."""
    parts = []
    count = int(means["p_value"].notna().sum())
    for group, rows in means.groupby("group", sort=False):
        clear = rows[rows["p_holm"] < ALPHA]
        words: dict[str, str | int] = {
            "group": str(group),
            "reference": str(rows["reference"].iloc[0]),
            "count": count,
        }
        if clear.empty:
            parts.append(w("latent.differs_none", **words))
            continue
        listed = [
            w(
                "latent.value",
                construct=inline(str(factor), instrument=instrument, w=w),
                effect=w.coefficient(float(effect)),
            )
            for factor, effect in zip(clear["factor"], clear["effect"], strict=True)
        ]
        parts.append(w("latent.differs", listed=w.join(listed), **words))
    for state, key in (("too_few_anchors", "latent.refused"), ("single_item", "latent.single")):
        codes = means.loc[means["state"] == state, "factor"].drop_duplicates()
        if len(codes):
            listed = [inline(str(code), instrument=instrument, w=w) for code in codes]
            text = {"latent.refused": w("latent.refused", listed=w.join(listed))}
            text["latent.single"] = w("latent.single", listed=w.join(listed))
            parts.append(text[key])
    return parts


def alignment_sentences(found: Alignment, w: Wording, *, label: str, instrument: Instrument) -> list[str]:
    """Say how many scales can be compared over the groups, and how far the groups are apart."""
    aligned = found.constructs.index[found.constructs["state"].isin(ALIGNED)]
    if not len(aligned):
        return [w("alignment.verdict_none", label=label, groups=len(found.labels))]
    scales = w("alignment.one_scale") if len(aligned) == 1 else w("alignment.scales", count=len(aligned))
    first = w(
        "alignment.verdict",
        label=label,
        count=scales,
        groups=len(found.labels),
        share=w.percent(found.share, 1 if found.share else 0),
        line=w.percent(NONINVARIANT.value),
    )
    care = alignment_care(found, w, instrument=instrument)
    return [first, *([care] if care else []), furthest_sentence(found, w, instrument=instrument)]


def furthest_sentence(found: Alignment, w: Wording, *, instrument: Instrument, key: str = "clear") -> str:
    """Say how many means differ from the average, and which most; `key` "alt" for a figure's words."""
    clear, means = int(found.means["clear"].sum()), found.means
    if not clear:
        return w("alignment.clear_none")
    far = means.iloc[int(means["estimate"].abs().to_numpy(dtype=float).argmax())]
    values: dict[str, str | int] = {
        "clear": clear,
        "cells": len(means),
        "group": str(far["group"]),
        "construct": inline(str(far["construct"]), instrument=instrument, w=w),
        "value": w.coefficient(float(far["estimate"])),
    }
    if key == "alt":
        return w("alignment.alt", **values)
    return w("alignment.clear", chance=w.number(CHANCE * len(means), BY_CHANCE_DIGITS), **values)


def deviating_words(rows: pd.DataFrame, w: Wording) -> list[str]:
    """Return ``item in groups`` for every item with a deviating loading or intercept."""
    found: dict[str, list[str]] = {}
    for item, groups in zip(rows["item"], rows["deviating"], strict=True):
        found.setdefault(str(item), []).extend(groups)
    return [_where(item, list(dict.fromkeys(groups)), w) for item, groups in found.items() if groups]


def _where(item: str, groups: Sequence[str], w: Wording) -> str:
    return w("alignment.where", item=item, groups=w.join(groups))
