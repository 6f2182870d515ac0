"""Every grouping of a study: whether composites mean the same in its groups, and whether paths differ."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from jq_models.data import OpenStudy
from jq_models.errors import SpecError
from jq_models.evaluate.appraisals import appraisals_of
from jq_models.evaluate.composites.micom import ALPHA, Micom, micom_of, without_means
from jq_models.evaluate.composites.multigroup import PlsGroups, groups_of
from jq_models.evaluate.composites.permuted import pairs_of, permuted
from jq_models.evaluate.gates import Plan
from jq_models.pls import PlsFit

# groups that are compared two by two; more of them make too many pairs to be read
MANY = 4
COMPOSITE_WHYS = ("compared", "too_many", "too_few")
PATH_VERDICTS = ("differs", "before_holm", "alike", "not_comparable", "not_estimated")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedComposites:
    """One grouping.

    Attributes
    ----------
    name : str
    why : {"compared", "too_many", "too_few"}
        "too_many": more than four groups have enough complete answers. "too_few": fewer than two have.
    groups : tuple of str
        Those compared.
    micom : Micom or None
    paths : PlsGroups or None
        From the same exchanges.
    """

    name: str
    why: str
    groups: tuple[str, ...]
    micom: Micom | None = field(repr=False)
    paths: PlsGroups | None = field(repr=False)


def composite_groups(
    opened: OpenStudy,
    plan: Plan,
    *,
    fit: PlsFit,
    permutations: int = 1000,
    draws: int = 1000,
    kind: str = "bc",
    seed: int,
    workers: int = 1,
) -> dict[str, ComparedComposites]:
    """Compare the groups of every grouping of a study.

    How the mean of a score that would appraise one person differs is left out (`appraisals_of`).

    Parameters
    ----------
    opened : OpenStudy
    plan : Plan
        Whose groups may be shown and have enough complete answers; others never take part.
    fit : PlsFit
        Of ``opened.complete``.
    permutations, draws, kind, seed, workers
        As for `micom` and `pls_groups`.

    Returns
    -------
    dict of str to ComparedComposites
        In the order of the study file.

    Raises
    ------
    SpecError
        When the fit is not of the study's complete answers.
    """
    complete = opened.complete
    if fit.n + fit.n_dropped != complete.n:
        raise SpecError(
            f"The fit used a table of {fit.n + fit.n_dropped} rows; the study has {complete.n} complete "
            "answers. Fit the model to opened.complete."
        )
    found = {}
    for group in opened.spec.groups:
        allowed = plan.groups_for(group.name)
        why = "too_few" if not allowed else "too_many" if len(allowed) > MANY else "compared"
        test, paths = None, None
        if why == "compared":
            labels = complete.groups[group.name]
            pairs = [pairs_of(fit, labels, pair=pair)[0] for pair in combinations(allowed, 2)]
            done = [permuted(fit, p, permutations=permutations, seed=seed, workers=workers) for p in pairs]
            test = micom_of(fit, done, permutations=permutations, seed=seed)
            test = without_means(test, _telling(fit, appraisals_of(complete, group.name, groups=allowed)))
            paths = groups_of(
                fit, done, permutations=permutations, draws=draws, kind=kind, seed=seed, workers=workers
            )
        found[group.name] = ComparedComposites(
            name=group.name, why=why, groups=allowed if test else (), micom=test, paths=paths
        )
    return found


def _telling(fit: PlsFit, codes: Collection[str]) -> tuple[str, ...]:
    """Return these constructs and those made of them: from its other members the one would follow."""
    second = () if fit.design.second is None else fit.design.second.blocks
    return (*codes, *(block.name for block in second if set(block.indicators) & set(codes)))


def judge_paths(paths: PlsGroups, test: Micom) -> pd.Series:
    """Say of every row of ``paths.table`` what the exchanges tell: codes of `PATH_VERDICTS`.

    "differs": p below .05 after Holm's correction; "before_holm": only without it; "alike": neither;
    "not_comparable": a construct of the path is not made alike in the groups (step 2 of `micom`);
    "not_estimated".
    """
    level = test.table.set_index(["first", "second", "construct"])["level"]
    codes = []
    for _, row in paths.table.iterrows():
        ends = [level[(row["first"], row["second"], row[side])] for side in ("lhs", "rhs")]
        if pd.isna(row["p_permutation"]) or "not_estimated" in ends:
            codes.append("not_estimated")
        elif "none" in ends:
            codes.append("not_comparable")
        elif row["p_holm"] < ALPHA:
            codes.append("differs")
        else:
            codes.append("before_holm" if row["p_permutation"] < ALPHA else "alike")
    return pd.Series(codes, index=paths.table.index, dtype=object)
