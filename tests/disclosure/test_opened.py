"""A study's release beside what was issued for the same client before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from grouped_answers import answered_by, column, some_items

from jq_models.data import open_study
from jq_models.disclosure import issued_before, ledger_path, open_release, read_ledger, write_ledger
from jq_models.disclosure.opened import issued_with


@pytest.fixture
def client(tmp_path, monkeypatch):
    """A client's study with 60 answers, its raw data in a folder of its own."""
    monkeypatch.setattr("jq_models.disclosure.opened.paths.raw", lambda: tmp_path)
    opened = open_study("demo")
    spec = replace(opened.spec, name="acme", simulated=False)
    return replace(opened, spec=spec, responses=answered_by(items=some_items(60), team=column(a=25, b=35)))


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
