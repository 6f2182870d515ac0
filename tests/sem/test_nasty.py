"""Each nasty sample ends in a proper fit or in a named diagnosis: no warning, no hang, no NaN unsaid."""

from __future__ import annotations

from collections import Counter

import pytest
from nasty import KINDS, nasty_case, nasty_cases
from nasty_outcomes import Outcome, lowest_from, outcome_of
from references import Reference

from jq_models.sem import fit_sem
from jq_models.sem.optimise import minimise
from jq_models.sem.start import other_starts, start_values
from jq_models.sem.stationary import sound

ENDS = {"admissible", "improper", "unusable", "failed", "refused"}
# kinds, and a sample of each, whose quick search runs off where a better start has an end
RUN_OFF = (("code_left_in", 4, 0.5981), ("wrong_sign", 7, 1.7506))


def _said_or_sound(outcomes: dict[str, Outcome]) -> None:
    assert {name: o.faults for name, o in outcomes.items() if o.faults} == {}
    assert {o.ended for o in outcomes.values()} <= ENDS


@pytest.mark.parametrize("kind", KINDS)
def test_two_samples_of_each_kind(kind: str) -> None:
    """The first numbers of each kind; warnings are errors here as everywhere."""
    _said_or_sound({case.name: outcome_of(case) for case in (nasty_case(kind, 1), nasty_case(kind, 2))})


@pytest.mark.slow
def test_a_thousand_samples() -> None:
    """All kinds in turn; in pytest's output with ``-rP`` the table of how they ended."""
    outcomes = {case.name: outcome_of(case) for case in nasty_cases(1000)}
    table: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for name, outcome in outcomes.items():
        table[name.rpartition("-")[0]][outcome.ended] += 1
    print(f"{'':22s}" + "".join(f"{end:>12s}" for end in sorted(ENDS)))
    for kind, ends in table.items():
        print(f"{kind:22s}" + "".join(f"{ends[end]:12d}" for end in sorted(ENDS)))
    seconds = sorted(o.seconds for o in outcomes.values())
    print(
        f"seconds: {sum(seconds):.1f} in all, {seconds[len(seconds) // 2]:.4f} median, {seconds[-1]:.1f} most"
    )
    _said_or_sound(outcomes)
    ended = Counter(o.ended for o in outcomes.values())
    # the samples are nasty, but not hopeless, or this test would show nothing
    assert ended["admissible"] > 300
    assert ended["failed"] > 50


@pytest.mark.parametrize(("kind", "seed", "chi_square"), RUN_OFF)
def test_other_starts_save_a_search_that_ran_off(kind: str, seed: int, chi_square: float) -> None:
    """The chi-squares are lavaan's, which ends there."""
    case = nasty_case(kind, seed)
    fit = fit_sem(case.text, case.frame, **case.options)
    start = start_values(fit.groups, [g.moments for g in fit.sample.groups])
    once = minimise(fit.discrepancy, start, restarts=False)
    assert not sound(once.point)
    assert fit.test.chi_square == pytest.approx(chi_square, abs=1e-3)
    assert fit.test.chi_square < fit.n * once.point.objective
    assert fit.usable


def test_short_steps_keep_a_search_from_running_off() -> None:
    """The chi-square is lavaan's; a search of full steps needed another start to get there."""
    case = nasty_case("groups_apart", 0)
    fit = fit_sem(case.text, case.frame, **case.options)
    start = start_values(fit.groups, [g.moments for g in fit.sample.groups])
    assert sound(minimise(fit.discrepancy, start, restarts=False).point)
    assert fit.test.chi_square == pytest.approx(173.561, abs=1e-3)


def test_other_starts_find_the_same_optimum_of_a_good_sample(holzinger: Reference) -> None:
    fit = fit_sem(holzinger.text, holzinger.data)
    start = start_values(fit.groups, [fit.moments])
    for other in other_starts(fit.groups, start):
        found = minimise(fit.discrepancy, other)
        assert found.point.objective == pytest.approx(fit.objective, abs=1e-9)
        scale = fit.vcov.diagonal() ** 0.5
        assert lowest_from(fit.discrepancy, other, scale=scale) > fit.objective - 1e-6
