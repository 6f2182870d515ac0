"""Making a report again is no new issue: it is held against what had been issued then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from grouped_answers import answered_by, column, some_items

from jq_models.data import open_study
from jq_models.disclosure import (
    as_issued,
    before_path,
    forget_issued,
    issued_with,
    keep_before,
    ledger_path,
    open_release,
    write_ledger,
)


@pytest.fixture(scope="module")
def opened():
    """The demo study."""
    return open_study("demo")


@pytest.fixture
def client(opened, tmp_path, monkeypatch):
    """A client's study with 60 answers, its raw data in a folder of its own."""
    raw = tmp_path / "raw"
    raw.mkdir()
    monkeypatch.setattr("jq_models.paths.raw", lambda: raw)
    spec = replace(opened.spec, name="acme", simulated=False)
    return replace(
        opened, spec=spec, modules=None, responses=answered_by(items=some_items(60), team=column(a=25, b=35))
    )


def issue(opened, run):
    ledger = issued_with(opened)
    keep_before("acme", "acme", run=run)
    write_ledger(ledger_path("acme"), ledger)


def fewer(client):
    """The same people but three."""
    return replace(client, responses=answered_by(items=some_items(60).iloc[:57], team=column(a=25, b=32)))


def test_what_was_issued_later_hides_nothing_of_an_earlier_report(client, tmp_path):
    issue(client, "first")
    assert not open_release(fewer(client)).whole  # a report on them would tell of three people
    before = ledger_path("acme").read_bytes()
    (tmp_path / "copies").mkdir()
    with as_issued("acme", "acme", run="first", folder=tmp_path / "copies") as known:
        assert known
        assert open_release(fewer(client)).whole
        issue_inside = issued_with(fewer(client))
        write_ledger(ledger_path("acme"), issue_inside)  # goes to the copies
    assert ledger_path("acme").read_bytes() == before
    assert not open_release(fewer(client)).whole


@pytest.mark.parametrize("run", ["another", ""])
def test_what_is_kept_of_another_run_is_not_taken(client, tmp_path, run):
    issue(client, "first")
    (tmp_path / "copies").mkdir()
    with as_issued("acme", "acme", run=run, folder=tmp_path / "copies") as known:
        assert not known
        assert not open_release(fewer(client)).whole  # held against what is issued by now


def test_where_nothing_was_ever_issued_that_is_known(client, tmp_path):
    (tmp_path / "copies").mkdir()
    with as_issued("acme", "acme", run="first", folder=tmp_path / "copies") as known:
        assert known


def test_it_is_readable_by_its_owner_only_and_forgets_who_is_purged(client):
    write_ledger(ledger_path("beta"), issued_with(client))
    issue(client, "first")
    path = before_path("acme", "acme")
    assert path.stat().st_mode & 0o077 == 0
    assert "beta.issued.json" in path.read_text(encoding="utf-8")
    forget_issued("beta")
    text = path.read_text(encoding="utf-8")
    assert "beta.issued.json" not in text
    assert '"run":"first"' in text
    assert path.stat().st_mode & 0o077 == 0
