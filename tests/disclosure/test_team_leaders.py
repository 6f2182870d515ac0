"""What a single team thinks of the person who leads it is shown nowhere, and follows from nothing shown."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from attacker import Attacker, lattice
from grouped_answers import answered_by, column

from jq_models.data import Responses, open_study
from jq_models.disclosure import Ledger, record, release
from jq_models.evaluate import group_summary, items_by_construct
from jq_models.evaluate.survey.segments import segments

LEADS = ("SUP", "SUP1", "SUP4")


def asked(n: int, *, seed: int = 1) -> pd.DataFrame:
    """Answers about work and about the supervisor."""
    rng = np.random.default_rng(seed)
    codes = [f"{code}{k}" for code in ("OPP", "SUP") for k in (1, 2, 3, 4)]
    return pd.DataFrame(rng.integers(1, 6, size=(n, len(codes))).astype(float), columns=codes)


def of(*, items: pd.DataFrame | None = None, **groups: list | pd.Series) -> Responses:
    n = len(next(iter(groups.values())))
    return answered_by(items=asked(n) if items is None else items, **groups)


def told(shown, grouping: str, groups: str, code: str = "SUP") -> str:
    """The groups of which a release shows a code."""
    return "".join(g for g in groups if shown.shows(grouping, g, of=code))


@pytest.mark.parametrize("code", LEADS)
def test_no_team_tells_of_its_leader_but_an_organisation_of_several_does(code: str) -> None:
    shown = release(of(organisation=column(x=40, y=60), team=column(a=18, b=22, c=25, d=35)))
    assert told(shown, "team", "abcd", code) == ""
    assert told(shown, "organisation", "xy", code) == "xy"
    assert shown.shows((), (), of=code)
    other = code.replace("SUP", "OPP")
    assert told(shown, "team", "abcd", other) == "abcd"
    assert told(shown, "organisation", "xy", other) == "xy"
    assert told(shown, "team", "abcd", "JQ") == ""  # from the other dimensions it would follow


def test_a_group_by_another_name_that_is_a_team_is_one() -> None:
    team = column(a=24, b=16, c=30, d=30)
    organisation = ["x"] * 40 + ["y"] * 30 + ["z"] * 30  # y is team c, z is team d
    shift = ["e"] * 12 + ["l"] * 28 + ["e"] * 15 + ["l"] * 45
    inside = ["p"] * 12 + ["q"] * 88  # p is a part of team a
    shown = release(of(organisation=organisation, team=team, shift=shift))
    assert told(shown, "organisation", "xyz") == "x"
    assert told(shown, "organisation", "xyz", "OPP") == "xyz"
    assert told(shown, "shift", "el") == "el"
    shown = release(of(organisation=organisation, team=team, part=inside))
    assert told(shown, "part", "pq") == ""  # with everybody, q tells of p
    assert told(shown, "part", "pq", "OPP") == "pq"


def test_a_team_does_not_follow_by_subtraction() -> None:
    team = column(a=20, b=20, c=20, d=40)
    site = ["x"] * 40 + ["z"] * 60  # a and b, c and d
    area = ["u"] * 60 + ["v"] * 40  # a, b and c; v is d
    shown = release(of(site=site, team=team, area=area))
    assert told(shown, "site", "xz") == "xz"
    assert told(shown, "area", "uv") == ""  # u less x is c
    assert told(shown, "area", "uv", "OPP") == "uv"


def test_only_who_answered_counts() -> None:
    items = asked(80)
    items.loc[20:39, ["SUP1", "SUP2", "SUP3", "SUP4"]] = np.nan
    shown = release(of(items=items, organisation=column(x=40, y=40), team=column(a=20, b=20, c=20, d=20)))
    assert told(shown, "organisation", "xy") == ""  # of b nobody answered: x is a, and y all but a
    assert told(shown, "organisation", "xy", "OPP") == "xy"


def test_people_without_a_team_are_no_team() -> None:
    team = pd.Series(["a"] * 30 + [None] * 30 + ["b"] * 20)
    shown = release(of(organisation=["x"] * 30 + ["y"] * 50, team=team))
    assert told(shown, "team", "ab") == ""
    assert told(shown, "organisation", "xy") == ""  # x is a; y would tell of it
    mixed = release(of(organisation=["x"] * 45 + ["y"] * 35, team=team))
    assert told(mixed, "organisation", "xy") == "xy"


def test_everybody_of_one_team_is_the_study() -> None:
    shown = release(of(team=column(a=40), contract=["p"] * 25 + ["f"] * 15))
    assert shown.shows((), (), of="SUP")
    assert told(shown, "contract", "pf") == "pf"


def test_without_teams_small_groups_of_another_name_count_as_teams() -> None:
    shown = release(of(unit=column(a=20, b=45, c=60), contract=(["p", "f", "f"] * 42)[:125]))
    assert told(shown, "unit", "abc") == "c"
    assert told(shown, "unit", "abc", "OPP") == "abc"
    assert told(shown, "contract", "pf") == "pf"  # no grouping into teams


def test_a_team_that_joins_does_not_follow_from_the_report_before() -> None:
    items = asked(90)
    team = pd.Series(["a"] * 25 + ["b"] * 25 + ["c"] * 20 + ["d"] * 20)
    place = pd.Series(["x"] * 50 + ["y"] * 20 + ["x"] * 20)

    def file(persons: list[int]) -> Responses:
        rows = (frame.iloc[persons].reset_index(drop=True) for frame in (items, place, team))
        answers, organisation, teams = rows
        return of(items=answers, organisation=organisation, team=teams)

    first, ledger = file(list(range(70))), Ledger(key="0f" * 32)
    ledger = record(ledger, first, release(first, issued=ledger))
    later = file(list(range(90)))
    assert told(release(later), "organisation", "xy") == ""  # y is team c
    beside = release(later, issued=ledger)
    # everybody of now less everybody of then is team d
    assert not beside.shows((), (), of="SUP")
    assert beside.shows((), (), of="OPP")
    # somebody left: who stayed and joined is still told
    without = release(file([*range(10), *range(20, 90)]), issued=ledger)
    assert not without.shows((), (), of="SUP")
    # new people of two teams are no team
    both = release(file([*range(70), 70, *range(71, 90)]), issued=ledger)
    assert not both.shows((), (), of="SUP")


def test_new_people_of_two_teams_are_no_team() -> None:
    items, team = asked(110), pd.Series((["a"] * 25 + ["b"] * 25) * 2 + ["a"] * 5 + ["b"] * 5)
    files = [of(items=items.iloc[:n], team=team.iloc[:n]) for n in (50, 110)]
    ledger = Ledger(key="0f" * 32)
    ledger = record(ledger, files[0], release(files[0], issued=ledger))
    assert release(files[1], issued=ledger).shows((), (), of="SUP")


def test_what_is_withheld_is_recorded_as_such() -> None:
    responses, ledger = of(team=column(a=30, b=30)), Ledger(key="0f" * 32)
    ledger = record(ledger, responses, release(responses, issued=ledger))
    withheld = {len(cell.persons): cell.withheld for cell in ledger.cells}
    assert withheld[60] == frozenset()
    assert withheld[30] == {"SUP", "SUP:items"}


def test_a_larger_minimum_shows_no_more() -> None:
    responses = of(organisation=column(x=40, y=60), team=column(a=18, b=22, c=25, d=35))
    shown = release(responses)
    larger = release(responses, minimum=30, within=shown)
    assert told(larger, "organisation", "xy") == "xy"
    assert told(larger, "team", "d", "OPP") == ""  # c, a and b are too small now
    assert told(larger, "team", "abcd") == ""


@pytest.mark.parametrize("rule", ["teams", "nothing"])
def test_an_attacker_learns_of_no_team(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random groupings; whatever is shown of the supervisor is added and subtracted. The rule is needed."""
    if rule == "nothing":
        module = import_module("jq_models.disclosure.release")  # of the name of a function beside it
        monkeypatch.setattr(module, "answers_on_leaders", lambda responses, gone: {})
    found = shown_rows = 0
    for seed in range(25):
        rng = np.random.default_rng(seed)
        n, teams = int(rng.integers(100, 200)), int(rng.integers(3, 8))
        team = rng.choice(teams, size=n, p=rng.dirichlet(np.full(teams, 8.0)))
        above = rng.integers(0, 3, size=teams)[team]  # holds whole teams
        across = np.where(rng.random(n) < 0.9, above, rng.integers(0, 3, size=n))  # nearly does
        groups = pd.DataFrame({"site": above, "area": across, "team": team}).astype(str)
        items = asked(n, seed=seed).mask(rng.random((n, 8)) < 0.02)
        responses = of(items=items, **{str(name): groups[name] for name in groups})
        shown = release(responses, crossings=[("site", "area")])
        attacker, score = Attacker(), items[["SUP1", "SUP2", "SUP3", "SUP4"]].mean(axis=1)
        rows = [((), (), groups.index)]
        for names in (("site",), ("area",), ("team",), ("site", "area")):
            cells = groups.groupby(list(names) if len(names) > 1 else names[0]).groups
            rows += [(names, label, own) for label, own in cells.items()]
        for names, label, own in rows:
            answers = score[own].dropna()
            if len(answers) and shown.shows(names, label, of="SUP"):
                attacker.learn(answers.index, n=len(answers), mean=answers.mean(), sd=answers.std())
                shown_rows += 1
        if not attacker.sets:
            continue
        attacker.prepare()
        answered = frozenset(score.dropna().index)
        targets = {t & answered for t in lattice(groups) if groups.loc[list(t), "team"].nunique() == 1}
        found += sum(attacker.recovers(target) is not None for target in targets if len(target))
    assert shown_rows > 50
    assert (found > 0) == (rule == "nothing")


def test_tables_of_teams_lose_what_appraises_one() -> None:
    responses = open_study("demo").responses
    shown = release(responses)
    means = shown.mask(group_summary(responses, "team"), group="team")["mean"].unstack("construct")
    assert means["SUP"].isna().all()
    assert means.drop(columns="SUP").notna().mean().min() > 0.95
    differences = segments(responses, "team", minimum=10)
    masked = shown.mask(differences, group="team", at="group").set_index("construct")
    assert masked.loc["SUP", ["mean", "rest_mean", "difference", "effect"]].isna().all(axis=None)
    assert masked.loc["OPP", "difference"].notna().all()
    differences = segments(responses, "organisation", minimum=10)
    organisations = shown.mask(differences, group="organisation", at="group")
    assert organisations.set_index("construct").loc["SUP", "difference"].notna().all()
    for code in items_by_construct(responses)["SUP"]:
        assert not any(shown.shows("team", team, of=code) for team in means.index)
