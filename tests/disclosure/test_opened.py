"""A study's release beside what was issued for the same client before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from grouped_answers import answered_by, column, some_items

from jq_models.data import open_study
from jq_models.disclosure import (
    beside_wave,
    issued_before,
    issued_with,
    ledger_path,
    open_release,
    read_ledger,
    write_ledger,
)
from jq_models.errors import DisclosureError


@pytest.fixture
def client(tmp_path, monkeypatch):
    """A client's study with 60 answers, its raw data in a folder of its own."""
    monkeypatch.setattr("jq_models.disclosure.opened.paths.raw", lambda: tmp_path)
    opened = open_study("demo")
    spec = replace(opened.spec, name="acme", simulated=False)
    return replace(
        opened, spec=spec, modules=None, responses=answered_by(items=some_items(60), team=column(a=25, b=35))
    )


def test_the_first_report_is_recorded_with_the_raw_data(client, tmp_path):
    assert ledger_path("acme") == tmp_path / "acme.issued.json"
    ledger = issued_with(client)
    assert len(ledger.cells) == 3
    assert issued_before(client).cells == ()  # nothing is written by asking
    write_ledger(ledger_path("acme"), ledger)
    assert issued_before(client) == ledger
    assert issued_with(client) == ledger  # the same report again


def test_the_next_report_is_held_against_it(client):
    write_ledger(ledger_path("acme"), issued_with(client))
    items = some_items(60).iloc[:57]
    fewer = replace(client, responses=answered_by(items=items, team=column(a=25, b=32)))
    assert open_release(client).whole
    assert not open_release(fewer).whole
    assert open_release(fewer).gone == 3


def test_simulated_answers_are_nobodys(client, tmp_path):
    demo = replace(client, spec=replace(client.spec, simulated=True))
    assert issued_before(demo) is None
    assert issued_with(demo) is None
    assert open_release(demo).issued is None
    assert list(tmp_path.iterdir()) == []


def test_a_larger_minimum_can_be_asked_for_never_a_smaller_one(client):
    assert open_release(client, minimum=30).minimum == 30
    assert open_release(client, minimum=2).minimum == client.spec.minimum_group
    assert read_ledger(ledger_path("acme")).cells == ()


def masks(release) -> dict:
    """What a release shows of every group, for its size and for each construct."""
    groups = release.sizes("team").index
    return {
        (g, code): release.shows("team", g, of=code) for g in groups for code in (None, "OPP", "CON", "ENJ")
    } | {code: release.shows((), (), of=code) for code in (None, "OPP", "CON")}


def with_teams(client, items, **sizes):
    return replace(client, responses=answered_by(items=items, team=column(**sizes)))


@pytest.mark.parametrize("seed", range(8))
def test_two_runs_of_one_file_show_the_same_whatever_the_minimum(client, seed):
    rng = np.random.default_rng(seed)
    sizes = rng.choice([4, 12, 30, 45, 55, 60, 70], size=6)
    items = some_items(int(sizes.sum()), seed=seed).mask(rng.random((int(sizes.sum()), 16)) < 0.1)
    client = with_teams(client, items, **{f"t{k}": int(n) for k, n in enumerate(sizes)})
    first = [masks(open_release(client, minimum=minimum)) for minimum in (5, 20, 50)]
    write_ledger(ledger_path("acme"), issued_with(client))
    assert [masks(open_release(client, minimum=minimum)) for minimum in (5, 20, 50)] == first


def test_a_larger_minimum_holds_beside_groups_shown_with_a_smaller_one(client):
    client = with_teams(client, some_items(160), a=30, b=60, c=70)
    once = open_release(client, minimum=50)
    assert once.sizes("team").isna().to_list() == [True, True, False]  # b would tell a
    write_ledger(ledger_path("acme"), issued_with(client))
    assert open_release(client).sizes("team").notna().all()
    assert open_release(client, minimum=50).sizes("team").isna().to_list() == [True, True, False]


def test_what_the_larger_minimum_hid_before_stays_hidden_when_its_group_has_grown(client):
    write_ledger(ledger_path("acme"), issued_with(with_teams(client, some_items(160), a=30, b=60, c=70)))
    rows = [*range(30), *range(160, 185), *range(30, 160)]
    grown = with_teams(client, some_items(185).iloc[rows].reset_index(drop=True), a=55, b=60, c=70)
    assert open_release(grown).sizes("team").notna().all()
    found = open_release(grown, minimum=50)
    assert found.known == 160
    assert found.sizes("team").isna().to_list() == [
        False,
        True,
        False,
    ]  # whole of before less b and c: a then
    assert not found.whole  # 25 are new


def test_the_same_people_under_another_study_name_are_known(client):
    write_ledger(ledger_path("acme"), issued_with(with_teams(client, some_items(59), a=25, b=34)))
    later = replace(client, spec=replace(client.spec, name="acme_w2"))
    shown = open_release(later)
    assert not shown.whole
    assert shown.shows("team", "a")
    assert not shown.shows("team", "b")  # one more than before
    with pytest.raises(DisclosureError, match="fewer than 10"):
        shown.require_whole()
    others = with_teams(later, 6.0 - some_items(60, seed=9), a=25, b=35)
    assert open_release(others).sizes("team").notna().all()  # other people
    ledger_path("acme").write_text("{", encoding="utf-8")
    assert open_release(later).whole  # a record that cannot be read stops its own study only


def test_a_wave_before_of_almost_the_same_people_is_not_held_beside(client):
    before = with_teams(client, some_items(60).iloc[:57], a=57)
    assert not beside_wave(before, client).whole
    assert beside_wave(client, client).whole
    other = with_teams(client, some_items(60, seed=9), a=60)
    assert beside_wave(other, client).whole
    assert beside_wave(before, replace(client, spec=replace(client.spec, simulated=True))) is None


def test_the_same_report_in_another_language_leaves_the_record_as_it_is(client):
    ledger = issued_with(client)
    write_ledger(ledger_path("acme"), ledger)
    items = some_items(60)
    dutch = replace(client, responses=answered_by(items=items, team=column(aa=25, bb=35)))
    assert issued_with(dutch) == ledger


def test_a_wave_before_that_is_a_group_but_for_a_few_is_not_shown(client):
    items = some_items(120)
    now = replace(client, responses=answered_by(items=items, team=column(a=63, b=57)))
    before = replace(client, responses=answered_by(items=items.iloc[:60], team=column(a=60)))
    assert not beside_wave(before, now).whole  # three more in team a
    before = replace(client, responses=answered_by(items=items.iloc[:63], team=column(a=63)))
    assert beside_wave(before, now).whole


def test_a_wave_before_that_was_shown_in_a_report_is_on_record(client, monkeypatch):
    wave = answered_by(items=some_items(80, seed=9), team=column(a=80))
    monkeypatch.setattr("jq_models.disclosure.opened._wave_before", lambda opened: wave)
    write_ledger(ledger_path("acme"), issued_with(client))
    assert issued_with(client) == issued_before(client)
    assert {len(cell.persons) for cell in issued_before(client).cells} == {60, 25, 35, 80}
    spec = replace(client.spec, name="acme_w1")
    fewer = answered_by(items=some_items(80, seed=9).iloc[:77], team=column(a=77))
    assert not open_release(replace(client, spec=spec, responses=fewer)).whole
    assert open_release(replace(client, spec=spec, responses=wave)).whole
