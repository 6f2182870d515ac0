"""Every exercise of every chapter: hints that do not tell, traps that are known, right answers that pass."""

import re

import pytest

from jq_models.learn import Choice, Function, Names, Number, chapters, check, exercises_of, start_over

EXERCISES = [exercise for chapter in chapters() for exercise in exercises_of(chapter).values()]
EACH = pytest.mark.parametrize("exercise", EXERCISES, ids=[exercise.number for exercise in EXERCISES])
_NUMBER = re.compile(r"(?<![\w.])\d*\.?\d+")


@pytest.fixture(autouse=True)
def _first_tries():
    start_over()
    yield
    start_over()


def wrong_answers(exercise):
    """Two readable answers that are wrong and no traps."""
    kind = exercise.expected
    if isinstance(kind, Number):
        return [kind.truth() + 1000.123 * k for k in (1, 2)]
    if isinstance(kind, Choice):
        options = [option for option in kind.options if not kind.equal(option, kind.truth())]
        return [option for option in options if exercise.trap(option) is None]
    if isinstance(kind, Names):
        one_each = [[name] for name in kind.options]
        return [a for a in one_each if not kind.equal(a, kind.truth()) and exercise.trap(a) is None]
    assert isinstance(kind, Function)
    return [lambda *case: -12345.0, lambda *case: None]


def tells(kind, hint):
    """Whether a hint holds the answer."""
    if isinstance(kind, Number):
        found = [float(match) for match in _NUMBER.findall(hint)]
        return any(kind.equal(value, kind.truth()) for value in found)
    if isinstance(kind, Choice):
        return bool(re.search(rf"(?<!\w){re.escape(kind.truth())}(?!\w)", hint, re.IGNORECASE))
    if isinstance(kind, Names):
        return all(re.search(rf"\b{re.escape(name)}\b", hint, re.IGNORECASE) for name in kind.truth())
    return False


@pytest.mark.parametrize("chapter", chapters())
def test_a_chapter_has_three_to_five_in_order(chapter):
    numbers = list(exercises_of(chapter))
    assert numbers == [f"{chapter}.{k}" for k in range(1, len(numbers) + 1)]
    assert 3 <= len(numbers) <= 5


@EACH
def test_the_right_answer_passes_and_says_why(exercise):
    said = check(exercise.number, exercise.expected.truth())
    assert said.right, said.text
    assert len(exercise.reason()) > 30


@EACH
def test_no_hint_tells_the_answer(exercise):
    hints = [*exercise.hints, *(trap.hint for trap in exercise.traps)]
    assert len(set(hints)) == len(hints) >= 2
    assert not [hint for hint in hints if tells(exercise.expected, hint)]


@EACH
def test_each_trap_is_wrong_and_gets_its_own_hint(exercise):
    for trap in exercise.traps:
        answer = exercise.expected.settle(trap.answer)
        assert check(exercise.number, answer).text == f"Not yet: {trap.hint}"


@EACH
def test_other_wrong_answers_get_the_hints_in_turn(exercise):
    said = [check(exercise.number, answer).text for answer in wrong_answers(exercise)]
    hints = [f"Not yet: {hint}" for hint in exercise.hints]
    assert said[:2] == hints[: len(said[:2])]


@EACH
@pytest.mark.parametrize("answer", [..., None, object(), {}], ids=["dots", "none", "object", "dict"])
def test_an_answer_of_the_wrong_kind_is_told_what_is_expected(exercise, answer):
    said = check(exercise.number, answer)
    assert said.outcome == "no answer"
    assert exercise.expected.expects() in said.text


@EACH
def test_a_number_is_computed_and_its_tolerance_tells_the_traps_apart(exercise):
    kind = exercise.expected
    if isinstance(kind, Number):
        assert callable(kind.value), "a typed number may part from the data"
        assert 0 < kind.tolerance <= 0.2 * max(abs(kind.truth()), 1)
