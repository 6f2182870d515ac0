"""The screen of a report made again: the verdict first, what differs by name, numbers told apart."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from jq_models.report.reproduce_record import Compared, Departure, Place, Reproduction, record
from jq_models.report.reproduce_screen import reproduction_screen

SAME = Compared(name="fit", kind="table", identical=10, within=0, changed=0)
DONE = Reproduction(
    report="demo",
    study="demo",
    language="en",
    seed=1,
    simulated=True,
    seconds=1.0,
    compared=(SAME,),
    departures=(),
)


def moved(stored: str, found: str, *, state="changed") -> Compared:
    place = Place(row="OPP OPP1", column="mean", stored=stored, found=found, state=state)
    return Compared(
        name="items",
        kind="table",
        identical=5,
        within=int(state == "within"),
        changed=int(state == "changed"),
        places=(place,),
    )


def shown(done: Reproduction, *, width: int = 120) -> str:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(reproduction_screen(done))
    return " ".join(console.export_text().split())


def test_identical():
    text = shown(DONE)
    assert "Identical: every number and every word of every table is the same." in text
    assert "packages and machine are as they were" in text


def test_in_a_narrow_window_every_row_keeps_its_name():
    many = tuple(replace(SAME, name=str(k), identical=1_000_000, changed=7_000) for k in range(3))
    text = shown(replace(DONE, compared=many), width=80)
    assert "identical tolerance changed identical within changed" in text
    for name in ("tables/*.csv", "study.xlsx, sheets", "notebooks' texts", "3,000,000", "21,000"):
        assert name in text


def test_an_option_that_moved_no_number_has_changed_the_report():
    option = Departure(part="study file", what="gates.full", stored="300", found="301", given=True)
    done = replace(DONE, departures=(option,))
    assert done.verdict == "changed"
    assert "Changed: no number of any table. Not as it was: study file: gates.full 300 -> 301." in shown(done)


def test_another_package_alone_has_not():
    done = replace(DONE, departures=(Departure(part="packages", what="numpy", stored="1", found="2"),))
    assert done.verdict == "identical"
    assert "packages numpy 1 -> 2" in shown(done)


@pytest.mark.parametrize(
    ("stored", "found", "told"),
    [
        ("3.714038128249567", "3.5", "3.714 3.5"),
        ("0.98965704853084", "0.98965704853085", "0.9896570485308 0.9896570485309"),
        ("supported", "inconclusive", "supported inconclusive"),
    ],
)
def test_numbers_have_as_few_digits_as_tell_them_apart(stored, found, told):
    assert f"items OPP OPP1 mean {told}" in shown(replace(DONE, compared=(SAME, moved(stored, found))))


def test_the_record_counts_and_keeps_what_differs():
    kept = record(replace(DONE, compared=(SAME, moved("1", "1.0000001", state="within"))))
    assert (kept["verdict"], kept["exit_code"]) == ("within", 3)
    assert kept["counts"]["table"]["files"] == {"identical": 1, "within": 1, "changed": 0}
    assert kept["counts"]["table"]["cells"]["identical"] == 15
    assert [one["name"] for one in kept["compared"]] == ["items"]
