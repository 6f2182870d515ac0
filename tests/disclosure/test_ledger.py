"""Reports already issued: late answers, leavers, renamed groups give nobody away; the file tells nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from grouped_answers import answered_by, plain, some_items

from jq_models.data import Responses
from jq_models.disclosure import Ledger, read_ledger, record, release, write_ledger
from jq_models.disclosure.linking import linked
from jq_models.errors import DisclosureError

ITEMS = some_items(120)
TEAM = pd.Series(["a"] * 30 + ["b"] * 40 + ["c"] * 50)


def of(persons: list[int] | range, *, team: pd.Series = TEAM, items: pd.DataFrame = ITEMS) -> Responses:
    """The answers of these persons."""
    chosen = list(persons)
    return answered_by(
        items=items.iloc[chosen].reset_index(drop=True), team=team.iloc[chosen].reset_index(drop=True)
    )


def issued(*files: Responses, ledger: Ledger | None = None) -> Ledger:
    """The ledger after reports on these files."""
    ledger = ledger or Ledger(key="0f" * 32)
    for responses in files:
        ledger = record(ledger, responses, release(responses, issued=ledger))
    return ledger


def test_the_same_file_again_changes_nothing():
    responses = of(range(120))
    ledger = issued(responses)
    again = release(responses, issued=ledger)
    assert plain(again.sizes("team")) == {"a": 30, "b": 40, "c": 50}
    assert (again.known, again.gone) == (120, 0)
    assert issued(responses, ledger=ledger) == ledger
    shuffled = of(np.random.default_rng(2).permutation(120).tolist())
    assert issued(shuffled, ledger=ledger).cells == ledger.cells


def test_one_late_answer_hides_its_group_and_the_whole():
    ledger = issued(of(range(119)))
    found = release(of(range(120)), issued=ledger)
    assert plain(found.sizes("team")) == {"a": 30, "b": 40, "c": None}
    assert (found.known, found.gone) == (119, 0)
    assert not found.whole
    with pytest.raises(DisclosureError, match=r"fewer than 10 persons would follow\. Fewer than that are"):
        found.require_whole()
    with pytest.raises(DisclosureError, match=r"or .* before that it cannot be ruled out\. Wait until"):
        found.require_whole()
    assert release(of(range(120))).whole  # had nothing been issued


@pytest.mark.parametrize(("late", "shown"), [(9, False), (10, True)])
def test_from_the_minimum_on_late_answers_are_shown(late, shown):
    found = release(of(range(120)), issued=issued(of(range(120 - late))))
    assert found.whole is shown
    assert found.shows("team", "c") is shown


def test_late_answers_in_two_groups_protect_each_other_in_the_whole_only():
    early = [k for k in range(120) if k not in (0, 1, 2, 3, 4, 5, 30, 31, 32, 33, 34, 35)]
    found = release(of(range(120)), issued=issued(of(early)))
    assert found.whole  # 12 are new
    assert plain(found.sizes("team")) == {"a": None, "b": None, "c": 50}


def test_those_who_left_count_too():
    ledger = issued(of(range(120)))
    found = release(of(range(3, 120)), issued=ledger)
    assert (found.known, found.gone) == (117, 3)
    assert not found.whole
    assert not found.shows("team", "a")
    assert release(of(range(12, 120)), issued=ledger).whole


def test_a_construct_hidden_before_stays_hidden():
    items = ITEMS.copy()
    items.loc[:29, ["OPP1", "OPP2", "OPP3", "OPP4"]] = 4.0
    responses = of(range(120), items=items)
    ledger = issued(responses)
    again = release(responses, issued=ledger)
    for found in (release(responses), again):
        assert not found.shows("team", "a", of="OPP")
        assert found.shows("team", "c", of="OPP")
        assert found.shows("team", "a", of="CON")
    assert issued(responses, ledger=ledger) == ledger


def test_what_was_shown_once_is_not_forgotten_when_a_later_report_withholds_it():
    items = ITEMS.copy()
    items.loc[8:29, ["OPP1", "OPP2", "OPP3", "OPP4"]] = np.nan
    responses, empty = of(range(120), items=items), Ledger(key="0f" * 32)
    first = record(empty, responses, release(responses, minimum=8, issued=empty))
    second = record(first, responses, release(responses, minimum=10, issued=first))
    assert not release(responses, minimum=10).shows("team", "a", of="OPP")
    assert not release(responses, minimum=10, issued=first).shows("team", "a", of="OPP")
    assert release(responses, minimum=8).shows("team", "a", of="OPP")
    assert second == first


def test_leavers_who_all_answered_alike_are_protected():
    items = ITEMS.copy()
    items.loc[:11, ["OPP1", "OPP2", "OPP3", "OPP4"]] = 4.0
    ledger = issued(of(range(120), items=items))
    found = release(of(range(12, 120), items=items), issued=ledger)
    assert found.whole
    assert found.shows("team", "a", of="CON")
    assert not found.shows((), (), of="OPP")  # the twelve's score would follow
    assert not found.shows("team", "a", of="OPP")


def test_renamed_groups_and_columns_in_another_order_are_the_same_people():
    ledger = issued(of(range(119)))
    renamed = of(
        range(120), team=TEAM.map({"a": "alpha", "b": "beta", "c": "gamma"}), items=ITEMS[ITEMS.columns[::-1]]
    )
    assert linked(ledger, renamed).tolist() == [*range(119), -1]
    assert not release(renamed, issued=ledger).shows("team", "gamma")


def test_equal_rows_are_counted():
    items = pd.DataFrame(np.full((60, 2), 3.0), columns=["OPP1", "CON1"])
    items.loc[::2] = 4.0
    team = pd.Series(["a", "b"] * 30)
    ledger = issued(of(range(58), team=team, items=items))
    assert linked(ledger, of(range(60), team=team, items=items)).tolist() == [*range(58), -1, -1]
    assert not release(of(range(60), team=team, items=items), issued=ledger).whole


def test_a_new_item_is_no_new_secret_of_those_who_left():
    ledger = issued(of(range(120), items=ITEMS.drop(columns=["ENJ1", "ENJ2", "ENJ3", "ENJ4"])))
    assert not any(column.startswith("ENJ") for column in ledger.columns)
    wider = record(ledger, of(range(120)), release(of(range(120)), issued=ledger))
    assert len(wider.persons) == 120
    assert {len(person.tags) for person in wider.persons} == {len(wider.columns)}
    assert any(column.startswith("ENJ") for column in wider.columns)
    assert release(of(range(120)), issued=wider).known == 120


def test_what_a_stricter_minimum_would_have_hidden_protects_nobody():
    empty, responses = Ledger(key="0f" * 32), of(range(120))
    ledger = record(empty, responses, release(responses, minimum=30, issued=empty))
    # region x is team a, told before, and 40 others
    region = pd.Series(["x"] * 30 + ["y"] * 40 + ["x"] * 40 + ["y"] * 10)
    regions = answered_by(items=ITEMS, region=region)
    assert release(regions, minimum=45).shows("region", "x")
    assert not release(regions, minimum=45, issued=ledger).shows("region", "x")
    assert release(regions, minimum=10, issued=ledger).shows("region", "x")


def test_only_a_release_beside_the_ledger_is_recorded():
    responses = of(range(120))
    with pytest.raises(DisclosureError, match="not held against the reports already issued"):
        record(issued(responses), responses, release(responses))


def test_the_file_holds_neither_names_nor_answers(tmp_path):
    path = tmp_path / "client.issued.json"
    ledger = issued(of(range(119)), of(range(100)), ledger=read_ledger(path))
    write_ledger(path, ledger)
    assert read_ledger(path) == ledger
    assert path.stat().st_mode & 0o077 == 0
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    held = json.loads(path.read_text(encoding="utf-8"))
    assert set(held) == {"kind", "key", "columns", "persons", "cells"}
    texts = {text for person in held["persons"] for text in person}
    assert all(set(text) <= set("0123456789abcdef-") for text in texts)
    assert "alpha" not in path.read_text(encoding="utf-8")
    assert "persons=" not in repr(ledger)
    assert ledger.key not in repr(ledger)


def test_fingerprints_depend_on_a_key_of_their_own():
    one, other = (issued(of(range(20)), ledger=Ledger(key=key * 32)) for key in ("01", "02"))
    assert not {p.answers for p in one.persons} & {p.answers for p in other.persons}
    assert len({p.tags for p in one.persons} & {p.tags for p in other.persons}) == 0


def test_every_client_gets_a_key_of_its_own(tmp_path):
    assert read_ledger(tmp_path / "a.json").key != read_ledger(tmp_path / "b.json").key


def good(tmp_path) -> dict:
    write_ledger(tmp_path / "x.json", issued(of(range(20))))
    return json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held.pop("kind"),
        lambda held: held.update(kind="another"),
        lambda held: held.update(key="no key"),
        lambda held: held.update(persons=[["a"]]),
        lambda held: held.update(cells=[{"persons": [99], "withheld": []}]),
        lambda held: held.update(cells=7),
    ],
)
def test_a_damaged_record_stops_everything(change, tmp_path):
    held = good(tmp_path)
    change(held)
    (tmp_path / "x.json").write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(DisclosureError, match=r"'x\.json', cannot be read\. Put its last copy back"):
        read_ledger(tmp_path / "x.json")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\xff"])
def test_what_is_no_record_stops_everything(text, tmp_path):
    (tmp_path / "x.json").write_text(text, encoding="latin-1")
    with pytest.raises(DisclosureError, match="cannot be read"):
        read_ledger(tmp_path / "x.json")


def test_a_record_that_cannot_be_written_whole_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    ledger = issued(of(range(20)))
    write_ledger(path, ledger)
    monkeypatch.setattr("jq_models.disclosure.ledger.json.dumps", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_ledger(path, replace(ledger, cells=()))
    monkeypatch.undo()
    assert read_ledger(path) == ledger


@pytest.mark.parametrize("way", ["fewer", "more"])
def test_persons_are_known_when_the_columns_change(way):
    fewer = ITEMS.drop(columns=["ENJ1", "ENJ2", "ENJ3", "CON4"])
    before, now = (ITEMS, fewer) if way == "fewer" else (fewer, ITEMS)
    ledger = issued(of(range(119), items=before))
    found = release(of(range(120), items=now), issued=ledger)
    assert (found.known, found.gone) == (119, 0)
    assert not found.whole
    assert not found.shows("team", "c")
    both = issued(of(range(119), items=now), ledger=ledger)  # knows them in either file from here on
    for items in (before, now):
        assert release(of(range(120), items=items), issued=both).known == 119


def test_what_was_not_asked_before_was_not_told_before():
    items = ITEMS.copy()
    items.loc[3:29, ["ENJ1", "ENJ2", "ENJ3", "ENJ4"]] = np.nan  # three of team a answered
    narrow = of(range(120), items=ITEMS.drop(columns=["ENJ1", "ENJ2", "ENJ3", "ENJ4"]))
    wide = of(range(120), items=items)
    first = [release(wide).shows("team", t, of="ENJ") for t in "abc"]
    ledger = issued(narrow)
    assert [release(wide, issued=ledger).shows("team", t, of="ENJ") for t in "abc"] == first
    assert not all(first)
    # nor by a report on a file that leaves it out again
    again = issued(wide, narrow, ledger=ledger)
    assert [release(wide, issued=again).shows("team", t, of="ENJ") for t in "abc"] == first


def test_a_file_in_which_nobody_is_recognised_is_refused():
    ledger = issued(of(range(119)))
    recoded = of(range(120), items=6.0 - ITEMS)
    found = release(recoded, issued=ledger)
    assert 2 * found.known < 119
    with pytest.raises(DisclosureError, match="not recognised in this file"):
        found.require_whole()
    release(of(range(60), items=6.0 - ITEMS), issued=ledger).require_whole()  # half as many: other people


def test_two_records_written_at_once_do_not_share_a_file(tmp_path, monkeypatch):
    path, seen = tmp_path / "x.json", []
    monkeypatch.setattr("jq_models.disclosure.ledger.Path.replace", lambda part, to: seen.append(part.name))
    for _ in range(2):
        write_ledger(path, issued(of(range(20))))
    assert len(set(seen)) == 2
    assert not list(tmp_path.iterdir())
