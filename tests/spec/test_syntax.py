"""The model language: what is read, and what is refused with line, column and remedy."""

from __future__ import annotations

import dataclasses

import pytest

from jq_models.errors import SyntaxProblem
from jq_models.spec.syntax import Statement, Term, parse


def shape(text: str) -> list[tuple[str, str, list[str]]]:
    return [(s.lhs, s.operator, [t.variable for t in s.terms]) for s in parse(text)]


def test_three_operators() -> None:
    assert shape("f =~ x1 + x2\ny ~ f\nx1 ~~ x2") == [
        ("f", "=~", ["x1", "x2"]),
        ("y", "~", ["f"]),
        ("x1", "~~", ["x2"]),
    ]


def test_modifiers() -> None:
    (statement,) = parse("f =~ 1*x1 + NA*x2 + a*x3 + -0.5*x4 + 1e-1 * x5 + .5*x6 + x7")
    fixed = [t.fixed for t in statement.terms]
    assert fixed == [1.0, None, None, -0.5, 0.1, 0.5, None]
    assert [t.free for t in statement.terms] == [False, True, False, False, False, False, False]
    assert [t.label for t in statement.terms] == ["", "", "a", "", "", "", ""]


def test_term_knows_its_place() -> None:
    (statement,) = parse("\n  f =~ x1 +\n     a*x2")
    assert statement == Statement(
        lhs="f",
        operator="=~",
        line=2,
        column=3,
        terms=(
            Term(variable="x1", line=2, column=8),
            Term(variable="x2", label="a", line=3, column=8),
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "f =~ x1 + x2; y ~ f",
        "f =~ x1 + x2 ; ; y ~ f;",
        "f =~ x1 +\n\n   x2\ny ~ f",
        "f =~ x1\n  + x2\ny ~ f",
        "f =~\nx1 + x2 # the first = two items\ny\n~ f",
        "! a comment; with a semicolon\nf =~ x1 + x2\r\ny ~ f # and: another := one",
        "f=~x1+x2\ny~f",
    ],
)
def test_layout_changes_nothing(text: str) -> None:
    assert shape(text) == [("f", "=~", ["x1", "x2"]), ("y", "~", ["f"])]


def test_modifier_goes_on_over_a_line_break() -> None:
    (statement,) = parse("f =~ a*\nx1 + 2\n*x2")
    assert [(t.variable, t.label, t.fixed) for t in statement.terms] == [("x1", "a", None), ("x2", "", 2.0)]


def test_several_left_hand_variables() -> None:
    assert shape("g + h ~ f") == [("g", "~", ["f"]), ("h", "~", ["f"])]


def test_names_with_dots_underscores_and_letters_of_any_language() -> None:
    assert shape("f.1 =~ x_1 + .x2 + tévredenheid") == [("f.1", "=~", ["x_1", ".x2", "tévredenheid"])]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("f =~ x1\nab := a*b", r"line 2, column 4: found ':='. defined parameters: not supported yet"),
        ("f =~ a*x1\na == 1", r"line 2, column 3: found '=='. equality constraints"),
        ("f =~ x1\na > 0", r"line 2, column 3: found '>'. inequality constraints"),
        ("y ~ 1", r"line 1, column 5: found '1'. Intercepts"),
        ("y ~ x + 0", r"line 1, column 9: found '0'. Intercepts"),
        ("f =~ start(0.8)*x1", r"line 1, column 11: found '\('. modifiers with arguments"),
        ("f =~ c(a, b)*x1", r"line 1, column 7: found '\('. modifiers with arguments"),
        ("x1 | t1", r"line 1, column 4: found '\|'. thresholds"),
        ("y ~ a:b", r"line 1, column 6: found ':'. interactions"),
        ("f <~ x1 + x2", r"line 1, column 3: found '<~'. composites"),
        ('f =~ "a"*x1', r"line 1, column 6: found '\"'. names and labels in quotes"),
        ("f =~ a*2*x1", r"line 1, column 8: found '2'. Here a variable's name is needed"),
        ("f =~ a*b*x1", r"line 1, column 9: found '\*'. Two modifiers on one variable: not supported yet"),
    ],
)
def test_what_is_not_supported_is_said(text: str, what: str) -> None:
    with pytest.raises(SyntaxProblem, match=what):
        parse(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "The model text is empty. Write at least one statement"),
        ("# only this\n\n", "The model text is empty"),
        ("f", r"line 1, column 2: found the end of the text. Here one of the operators =~, ~~, ~ is needed"),
        ("f x1", r"line 1, column 3: found 'x1'. Here one of the operators"),
        ("f =~ ", r"line 1, column 6: found the end of the text. Here a variable's name is needed"),
        ("f =~ x1 + \n", r"found the end of the text. Here a variable's name"),
        ("f =~ x1 x2", r"line 1, column 9: found 'x2'. Put '\+' between two variables"),
        ("f =~ x1 =~ x2", r"line 1, column 9: found '=~'. Put '\+'"),
        ("f =~ x1 - x2", r"line 1, column 9: found '-'. Put '\+'"),
        ("f =~ -x1", r"line 1, column 7: found 'x1'. After '-' a number is needed"),
        ("f =~ 2 + x1", r"line 1, column 6: found '2'. A number must be followed by '\*'"),
        ("f =~ 1x", r"line 1, column 6: found '1'. This character"),
        ("f =~ NA", r"line 1, column 6: found 'NA'. 'NA' is no variable"),
        ("f =~ x1 + + x2", r"line 1, column 11: found '\+'. Here a variable's name"),
        ("1 =~ x1", r"line 1, column 1: found '1'. Here a variable's name"),
        ("f =~ x1 & x2", r"line 1, column 9: found '&'. This character has no meaning"),
        ("f = ~ x1", r"line 1, column 3: found '='. This character has no meaning"),
        ("f ~~~ g", r"line 1, column 5: found '~'. Here a variable's name"),
    ],
)
def test_errors_name_line_column_and_remedy(text: str, what: str) -> None:
    with pytest.raises(SyntaxProblem, match=what):
        parse(text)


def test_result_is_frozen() -> None:
    (statement,) = parse("f =~ x1")
    with pytest.raises(dataclasses.FrozenInstanceError):
        statement.lhs = "g"  # type: ignore[misc]  # frozen: that is the test
