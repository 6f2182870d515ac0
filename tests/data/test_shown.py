"""Which headers may be repeated: a lost or mixed-up header row holds a person's answers."""

from __future__ import annotations

import pytest

from jq_models.data import check_table
from jq_models.data.shown import column_in_words, letter, shown_names

MARK = "QZXJ"


def test_names_are_shown(read, answers):
    raw = read(answers.assign(StartDate="x y", weight="1.5"))
    assert {"StartDate", "weight", "org", "team", "v1", "SAT4"} <= shown_names(raw).keys()
    assert column_in_words(raw, "team") == "'team'"


@pytest.mark.parametrize(
    "header",
    [
        "Jan is boos",
        "jan@voorbeeld.nl",
        "43",
        "3,5",
        "2024-05-01",
        "x" * 40,
        "a\nb",
        "06-12345678",
        "=1",
        "Zuid",
    ],
)
def test_what_looks_like_an_answer_is_shown_by_its_letter(read, answers, study, instrument, header):
    raw = read(answers.assign(**{header: "z z"}))
    assert header.strip() not in shown_names(raw)
    place = letter(raw, header)
    assert column_in_words(raw, header) == f"column {place}"
    found = [p for p in check_table(raw, study=study, instrument=instrument) if p.rule == "unknown_column"]
    assert [(p.column, p.place) for p in found] == [("", place)]


def test_the_letter_is_that_of_a_spreadsheet(read, answers):
    raw = read(answers)
    assert [letter(raw, name) for name in ("v1", "OPP2")] == ["A", "B"]
    assert letter(raw, "remarks") == "Q"


def test_letters_count_columns_that_are_left_out(write, tmp_path):
    from jq_models.data import read_table

    path = tmp_path / "a.csv"
    path.write_text("a,a,,b c\n1,2,3,4\n", encoding="utf-8")
    assert letter(read_table(path), "b c") == "D"


def test_a_name_like_its_cells_is_none(read, answers):
    rows = range(len(answers))
    raw = read(answers.assign(R_007=[f"R_{row + 100}" for row in rows], Q_7=[str(row) for row in rows]))
    assert "R_007" not in shown_names(raw)
    assert "Q_7" in shown_names(raw)


def test_two_numbers_among_the_names_put_all_in_doubt(read, answers):
    one, two = read(answers.assign(**{"4": "a b"})), read(answers.assign(**{"4": "a b", "5": "a b"}))
    assert "team" in shown_names(one)
    assert shown_names(two).keys() == set()
    assert shown_names(two, known=["team", "absent"]) == {"team": "team"}


def test_a_lost_line_end_behind_the_header_puts_all_in_doubt(write, answers, study, instrument):
    from jq_models.data import read_table

    path = write(answers.assign(id=[f"{MARK}{row}" for row in range(len(answers))]))
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"{header},{rest}", encoding="utf-8")
    raw = read_table(path)
    assert shown_names(raw) == {}
    assert MARK not in repr(check_table(raw, study=study, instrument=instrument))


def test_many_unknown_columns_are_counted(read, answers, study, instrument):
    raw = read(answers.assign(**{f"extra{k}": "a b" for k in range(101)}))
    found = [p for p in check_table(raw, study=study, instrument=instrument) if p.rule == "unknown_column"]
    assert [(p.column, p.count) for p in found] == [("", 101)]


def test_a_likely_name_is_offered_though_it_may_not_be_listed(read, answers, study, instrument):
    raw = read(answers.rename(columns={"OPP2": "OPP 2"}))
    (found,) = (p for p in check_table(raw, study=study, instrument=instrument) if p.rule == "missing_column")
    assert (found.column, found.hint) == ("OPP2", "OPP 2")


def test_a_number_before_a_name_is_not_offered(read, answers, study, instrument):
    group = study.groups[0].column
    raw = read(answers.rename(columns={group: f"20.735{group}"}))
    assert "20.735" not in repr(check_table(raw, study=study, instrument=instrument))
