"""Right answers pass with a reason, wrong ones get hints one after another, others a friendly word."""

import numpy as np
import pandas as pd
import pytest

from jq_models.errors import SpecError
from jq_models.learn import Choice, Exercise, Function, Names, Number, Trap, check, checking, start_over

ASKED = (
    Exercise(
        number="99.1",
        expected=Number(value=lambda: 0.64, tolerance=0.005),
        hints=("Square it.", "Multiply the loading with itself."),
        why=lambda: "a square is a share",
        traps=(Trap(answer=0.8, hint="That is the loading itself."),),
    ),
    Exercise(
        number="99.2",
        expected=Choice(options=("arrow", "none", "both"), right="none"),
        hints=("Compare.", "Compare the chi-squares."),
        why="they are the same",
    ),
    Exercise(
        number="99.3",
        expected=Names(options=("AMB1", "AMB2", "AMB3"), right=("AMB1", "AMB3")),
        hints=("Two.", "Look at signs."),
        why="signs differ",
    ),
    Exercise(
        number="99.4",
        expected=Function(
            reference=lambda x: x.mean(), cases=lambda: [(pd.Series([1.0, 2.0]),)], of="a series"
        ),
        hints=("Add up.", "Divide by the count."),
        why="that is a mean",
        traps=(Trap(answer=lambda x: x.sum(), hint="That is the sum."),),
    ),
)


@pytest.fixture(autouse=True)
def _asked(monkeypatch):
    asked = {exercise.number: exercise for exercise in ASKED}
    monkeypatch.setattr(checking, "exercises_of", lambda chapter: asked if chapter == "99" else {})
    monkeypatch.setattr(checking, "chapters", lambda: ("99",))
    start_over()
    yield
    start_over()


RIGHT = [
    ("99.1", 0.643),
    ("99.1", np.float64(0.64)),
    ("99.2", " NONE "),
    ("99.3", ["amb3", "AMB1"]),
    ("99.3", {"AMB1", "AMB3"}),
    ("99.3", pd.Index(["AMB1", "AMB3"])),
    ("99.3", np.array(["AMB1", "AMB3"], dtype=object)),
    ("99.3", {"AMB1": 1, "AMB3": 2}.keys()),
    ("99.4", lambda x: sum(x) / len(x)),
]


@pytest.mark.parametrize(("number", "answer"), RIGHT, ids=[str(i) for i in range(len(RIGHT))])
def test_right_says_why(number, answer):
    said = check(number, answer)
    assert said.right
    assert repr(said).startswith("Right: ")
    assert len(repr(said)) > len("Right: ")


def test_hints_come_one_after_another_and_the_last_stays():
    said = [check("99.1", wrong).text for wrong in (0.1, 0.2, 0.2)]
    assert said == ["Not yet: " + hint for hint in (*ASKED[0].hints, ASKED[0].hints[-1])]
    assert check("99.2", "arrow").text == "Not yet: Compare."


def test_a_right_answer_and_starting_over_bring_back_the_first_hint():
    check("99.1", 0.1)
    check("99.1", 0.64)
    assert check("99.1", 0.1).text == "Not yet: Square it."
    start_over()
    assert check("99.1", 0.1).text == "Not yet: Square it."


def test_a_common_error_has_its_own_hint_and_uses_up_none():
    assert check("99.1", 0.8).text == "Not yet: That is the loading itself."
    assert check("99.1", 0.1).text == "Not yet: Square it."
    assert check("99.4", lambda x: x.sum()).text == "Not yet: That is the sum."
    assert check("99.4", lambda x: "text").outcome == "not yet"


def test_a_share_in_per_cent_is_told_so_and_uses_up_no_hint():
    assert check("99.1", 64).text == f"Not yet: {checking.PER_CENT}"
    assert check("99.1", 0.1).text == "Not yet: Square it."


def test_a_function_that_changes_its_data_does_not_change_what_is_right():
    """Filling gaps in place would hide them from the reference, too."""

    def fills(answers):
        answers.fillna(0.0, inplace=True)
        return answers.mean()

    gaps = Function(reference=lambda x: x.mean(), cases=lambda: [(pd.Series([1.0, np.nan]),)], of="a series")
    assert not gaps.equal(fills, gaps.truth())
    assert gaps.equal(lambda x: x.mean(), gaps.truth())


UNREADABLE = [
    ("99.1", "0.64", "Leave the quotes out"),
    ("99.1", [0.64, 0.8], "several values"),
    ("99.1", [], "or none"),
    ("99.1", pd.Series([0.64]), "take it out"),
    ("99.1", 10**400, "missing or infinite"),
    ("99.1", True, "type bool"),
    ("99.1", float("nan"), "missing or infinite"),
    ("99.2", 3, "in quotes"),
    ("99.2", "all", "none of the options"),
    ("99.3", 3, "type int"),
    ("99.3", [], "This is empty"),
    ("99.3", [1, 2], "type list"),
    ("99.3", np.array([1.0]), "type ndarray"),
    ("99.3", ["AMB9"], "Not all of these names"),
    ("99.4", 3, "type int"),
    ("99.4", lambda x: x.nothing, "stops with AttributeError"),
]


@pytest.mark.parametrize(("number", "answer", "message"), UNREADABLE, ids=[u[2] for u in UNREADABLE])
def test_what_cannot_be_read_is_told_what_is_expected(number, answer, message):
    said = check(number, answer)
    assert said.outcome == "no answer"
    assert message in said.text
    assert f"Exercise {number} asks for" in said.text
    assert check("99.1", 0.1).text == "Not yet: Square it.", "an unreadable answer is no try"


@pytest.mark.parametrize("blank", [..., None, "", "  "], ids=repr)
def test_a_blank_is_told_what_to_give(blank):
    assert check("99.2", blank).text == (
        'No answer yet: replace the three dots of exercise 99.2 by one of "arrow", "none", "both".'
    )
    assert check("99.2").outcome == "no answer"


def test_an_unknown_number_is_told_the_known_ones():
    assert "chapter 99 has 99.1, 99.2" in check("99.8", 1).text
    assert "there are chapters 99" in check("9", 1).text
    assert "Write the number as text" in check(99.1, 1).text or check(99.1, 0.64).right


def test_the_page_shows_the_same_words_escaped():
    page = checking.Verdict(outcome="not yet", text="Not yet: is a < b?")._repr_html_()
    assert "<strong>Not yet:</strong> is a &lt; b?" in page


def test_an_exercise_that_cannot_help_is_refused():
    with pytest.raises(SpecError, match="give at least two"):
        Exercise(number="01.1", expected=ASKED[0].expected, hints=("One.",), why="")
    with pytest.raises(SpecError, match="write chapter and exercise"):
        Exercise(number="1.1", expected=ASKED[0].expected, hints=("One.", "Two."), why="")
