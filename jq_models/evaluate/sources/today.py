"""Claims on the work of today (H22 to H30): an opinion piece on stereotypes, home working and pride."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from scipy.stats import norm

from jq_models.evaluate.hypotheses.claims import Stated
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.hypotheses.rules import Verdict, together
from jq_models.evaluate.sources.averages import Found, agrees, share
from jq_models.evaluate.sources.flexible import HALF, majority
from jq_models.evaluate.sources.material import Material
from jq_models.evaluate.sources.relations import regression
from jq_models.evaluate.sources.steering import above_middle, chained, directed, part

HOME = "home_days"
ABOUT = 0.10  # "about half": a share within this of .50 (ours)


def h22(given: Material) -> Stated | Gap:
    """The work is not monotonous: variety lies above the middle."""
    return above_middle(given, (("VAR", 1),))


def h23(given: Material) -> Stated | Gap:
    """It is not stressful work at bad hours."""
    return above_middle(given, (("HRS", -1),))


def h24(given: Material) -> Stated | Gap:
    """There is happiness at work."""
    return above_middle(given, (("HAP", 1),))


def h25(given: Material) -> Stated | Gap:
    """There is room to grow."""
    return above_middle(given, (("GRO", 1),))


def h26(given: Material) -> Stated | Gap:
    """About half work from home, some four days."""
    if HOME not in given.groups:
        return Gap(code="not_asked", where=(HOME,))
    days = home_days(given)
    if days is None:
        return Gap(code="not_asked", where=(HOME,))
    away = (days > 0).astype(float).where(days.notna())
    if (gap := given.few(days.notna()) or given.sides(away)) is not None:
        return gap
    found = share(away, given.groups, against=HALF)
    made = part(found, measure="share", source=HOME)
    four = bool((days >= 4).any())

    def rule(_: float) -> Verdict:
        inside = found.ci_low > HALF - ABOUT and found.ci_high < HALF + ABOUT
        outside = found.ci_low > HALF + ABOUT or found.ci_high < HALF - ABOUT
        return "supported" if inside and four else "not_supported" if outside else "inconclusive"

    return Stated(pvalue=equivalence(found.estimate, found.ci_low, found.ci_high), parts=(made,), rule=rule)


def equivalence(estimate: float, low: float, high: float) -> float:
    """Return the p-value of two one-sided tests that a share is about one half, from its interval's width."""
    se = (high - low) / (2.0 * float(norm.ppf(0.975)))
    distance = estimate - HALF
    return float(max(norm.sf((ABOUT - distance) / se), norm.sf((ABOUT + distance) / se))) if se > 0 else 1.0


def home_days(given: Material) -> pd.Series | None:
    """Return the days a week worked at home as numbers, from the codes of the grouping; None without any."""
    group = given.opened.spec.group(HOME)
    words = {text[given.opened.language]: code for code, text in group.labels.items()}
    codes = given.groups[HOME].astype(object).map(lambda label: words.get(str(label), label))
    days: pd.Series = pd.to_numeric(codes, errors="coerce")
    return days if days.notna().any() else None


def h27(given: Material) -> Stated | Gap:
    """The board gives insight; control leads by less empowerment to less satisfaction."""
    seen = above_middle(given, (("INS", 1),))
    if isinstance(seen, Gap):
        return seen
    controlled = chained(given, (("CTL", ("EMP",), "SAT", -1),))
    if isinstance(controlled, Gap):
        return controlled
    return both(seen, controlled)


def both(first: Stated, second: Stated) -> Stated:
    """Return the claim that two claims hold."""

    def rule(p: float) -> Verdict:
        return together((first.rule(p), second.rule(p)))

    return Stated(pvalue=max(first.pvalue, second.pvalue), parts=(*first.parts, *second.parts), rule=rule)


def h28(given: Material) -> Stated | Gap:
    """Autonomy and coaching lead by enjoying the work to satisfaction."""
    return chained(given, (("EMP", ("ENJ",), "SAT", 1), ("SUP", ("ENJ",), "SAT", 1)))


def h29(given: Material) -> Stated | Gap:
    """Who has a new role finds more opportunity and is more committed, tenure and contract held constant."""
    new = given.members("role", "new")
    if new is None:
        return Gap(code="not_asked", where=("role",))
    known = given.groups["role"].notna()
    if (gap := given.hidden("role", new)) is not None:
        return gap
    for side in (new, known & ~new):
        if (gap := given.few(side)) is not None:
            return gap
    terms = new.astype(float).where(known).rename("role").to_frame()
    for name in ("tenure", "contract"):
        if name in given.groups:
            terms = terms.join(pd.get_dummies(given.groups[name], prefix=name, drop_first=True, dtype=float))
    parts = []
    for target in ("OPP", "COM"):
        found = regression(given, given.scores[target], terms)
        if isinstance(found, Gap):
            return found
        parts.append((part(found["role"], measure="slope", source="role", target=target), 1, 0.05))
    return directed(tuple(parts))


def h30(given: Material) -> Stated | Gap:
    """Fewer than half are really proud."""
    if (gap := given.absent(("PRI",))) is not None:
        return gap
    holds = agrees(given.scores["PRI"], midpoint=given.midpoint)
    if (gap := given.few(holds.notna()) or given.sides(holds)) is not None:
        return gap
    stated = majority(share(holds, given.groups, against=HALF), source="PRI", most=False)
    earlier = proud_before(given)
    if earlier is None:
        return stated
    before = part(earlier, measure="before", source="PRI", decides=False)
    return replace(stated, parts=(*stated.parts, before))


def proud_before(given: Material) -> Found | None:
    """Return the share that was proud in the wave before; None where it was not asked in the same words."""
    before = given.asked_alike("PRI")
    if before is None:
        return None
    holds = agrees(before.scores["PRI"], midpoint=before.midpoint)
    if before.few(holds.notna()) is not None or before.sides(holds) is not None:
        return None
    return share(holds, before.groups, against=HALF)
