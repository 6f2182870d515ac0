"""Several earlier reports together: what each alone would not tell, nor any two, is hidden in the third."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from attacker import Attacker
from grouped_answers import answered_by, column, some_items

from jq_models.data import OpenStudy, open_study
from jq_models.disclosure import issued_with, ledger_path, open_release, write_ledger
from jq_models.disclosure.earlier import joined, kin
from jq_models.disclosure.ledger import Ledger, read_ledger
from jq_models.disclosure.opened import issued_before
from jq_models.errors import DisclosureError
from jq_models.evaluate import construct_scores

ITEMS = some_items(160)


@pytest.fixture
def client(tmp_path, monkeypatch) -> OpenStudy:
    """A client's study, its raw data in a folder of its own."""
    monkeypatch.setattr("jq_models.disclosure.opened.paths.raw", lambda: tmp_path)
    opened = open_study("demo")
    return replace(opened, spec=replace(opened.spec, simulated=False))


def study(client: OpenStudy, name: str, persons: list[int] | range) -> OpenStudy:
    """A study with the answers of these persons, all in one group."""
    items = ITEMS.iloc[list(persons)].reset_index(drop=True)
    answers = answered_by(items=items, site=column(here=len(items)))
    return replace(client, spec=replace(client.spec, name=name), modules=None, responses=answers)


def issue(opened: OpenStudy) -> None:
    """Record a study's report, as a run does."""
    write_ledger(ledger_path(opened.spec.name), issued_with(opened))


def told(attacker: Attacker, opened: OpenStudy, persons: list[int] | range) -> None:
    """Let the attacker read what the report would show of everybody."""
    scores, release = construct_scores(opened.responses)["OPP"], open_release(opened)
    if release.shows((), (), of="OPP"):
        attacker.learn(list(persons), n=len(scores), mean=scores.mean(), sd=scores.std())


PARTS = {"north": range(60), "south": range(60, 119), "all": range(120)}


@pytest.mark.parametrize("way", ["one study", "three studies", "three studies with keys of their own"])
def test_two_parts_and_then_everybody_do_not_give_the_last_one_away(client, way, monkeypatch):
    if way.endswith("own"):  # as where ledgers were copied from other folders
        monkeypatch.setattr(
            "jq_models.disclosure.opened.issued_before", lambda o: read_ledger(ledger_path(o.spec.name))
        )
    attacker = Attacker()
    for part, persons in PARTS.items():
        opened = study(client, "acme" if way == "one study" else part, persons)
        told(attacker, opened, persons)
        if part != "all":
            assert open_release(opened).whole
            issue(opened)
    attacker.prepare()
    assert attacker.recovers(frozenset(range(60))) is not None  # the attacker can read
    assert attacker.recovers(frozenset([119])) is None
    with pytest.raises(DisclosureError, match="fewer than 10"):
        open_release(opened).require_whole()


def test_a_rule_that_sees_one_other_study_at_a_time_is_caught(client, monkeypatch):
    monkeypatch.setattr(
        "jq_models.disclosure.opened.kin", lambda *found, minimum: kin(*found, minimum=minimum)[:1]
    )
    attacker = Attacker()
    for part, persons in PARTS.items():
        opened = study(client, part, persons)
        told(attacker, opened, persons)
        issue(opened)
    attacker.prepare()
    assert attacker.recovers(frozenset([119])) is not None


def test_two_reports_without_a_person_in_common_tell_on_a_third(client):
    attacker = Attacker()
    for part in ("all", "south", "north"):
        opened = study(client, part, PARTS[part])
        told(attacker, opened, PARTS[part])
        assert open_release(opened).whole is (part != "north")
        issue(opened)
    attacker.prepare()
    assert attacker.recovers(frozenset(range(60))) is None
    assert attacker.recovers(frozenset([119])) is None


@pytest.mark.parametrize(("shared", "held"), [(5, False), (6, True), (9, True)])
def test_more_in_common_than_half_the_minimum_are_held_against_one_another(client, shared, held):
    issue(study(client, "first", range(60)))
    second = study(client, "second", range(60 - shared, 120))
    ledger = issued_before(study(client, "first", range(60)))
    assert bool(kin(Ledger(key="00"), [ledger], second.responses, minimum=10)) is held
    # of two that have few each it counts how many both have
    third = study(client, "third", [*range(57, 63), *range(100, 160)])
    issue(study(client, "other", range(60, 100)))
    others = [ledger, issued_before(study(client, "other", range(60)))]
    assert len(kin(Ledger(key="00"), others, third.responses, minimum=10)) == 1


def test_ledgers_of_one_folder_have_one_key(client):
    issue(study(client, "north", range(60)))
    issue(study(client, "south", range(60, 120)))
    keys = {read_ledger(ledger_path(name)).key for name in ("north", "south")}
    assert len(keys) == 1


def test_joined_ledgers_hold_every_person_once_and_every_cell(client):
    for name, persons in {"north": range(60), "all": range(40, 120)}.items():
        issue(study(client, name, persons))
    ledgers = [read_ledger(ledger_path(name)) for name in ("north", "all")]
    (both,) = joined(ledgers)
    assert len(both.persons) == 120
    assert {len(cell.persons) for cell in both.cells} == {60, 80}
    assert joined(ledgers[:1]) == ledgers[:1]
    assert len(joined([ledgers[0], replace(ledgers[1], key="77" * 32)])) == 2


def test_other_people_are_no_kin_though_some_always_tick_the_same(client):
    flat = pd.DataFrame(np.full((20, ITEMS.shape[1]), 4.0), columns=ITEMS.columns)
    ours = pd.concat([ITEMS.iloc[:60], flat], ignore_index=True)
    theirs = pd.concat([6.0 - ITEMS.iloc[60:120], flat], ignore_index=True)
    first = replace(study(client, "first", range(1)), responses=answered_by(items=ours, team=column(a=80)))
    issue(first)
    other = answered_by(items=theirs, team=column(a=80))
    assert kin(Ledger(key="00"), [issued_before(first)], other, minimum=10) == []
