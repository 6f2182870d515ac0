"""The model language: what is read, and what is refused with line, column and remedy."""

from __future__ import annotations

import dataclasses

import pytest

from jq_models.errors import SyntaxProblem
from jq_models.spec.expression import parse_expression
from jq_models.spec.syntax import Constraint, Definition, Statement, Term, parse


def shape(text: str) -> list[tuple[str, str, list[str]]]:
    statements = [s for s in parse(text) if isinstance(s, Statement)]
    return [(s.lhs, s.operator, [t.variable for t in s.terms]) for s in statements]


def test_three_operators() -> None:
    assert shape("f =~ x1 + x2\ny ~ f\nx1 ~~ x2") == [
        ("f", "=~", ["x1", "x2"]),
        ("y", "~", ["f"]),
        ("x1", "~~", ["x2"]),
    ]


def test_modifiers() -> None:
    (statement,) = parse("f =~ 1*x1 + NA*x2 + a*x3 + -0.5*x4 + 1e-1 * x5 + .5*x6 + x7 + start(-.2)*x8")
    assert isinstance(statement, Statement)
    assert [t.values for t in statement.terms] == [(1.0,), (None,), (), (-0.5,), (0.1,), (0.5,), (), ()]
    assert [t.labels for t in statement.terms] == [(), (), ("a",), (), (), (), (), ()]
    assert [t.starts for t in statement.terms] == [()] * 7 + [(-0.2,)]


def test_modifiers_by_group() -> None:
    (statement,) = parse("f =~ c(a, b)*x1 + c(1, NA, -.5)*x2 + start(c(0.5, 1))*x3 + c(NA, NA)*x4")
    assert isinstance(statement, Statement)
    assert [(t.values, t.labels, t.starts) for t in statement.terms] == [
        ((), ("a", "b"), ()),
        ((1.0, None, -0.5), (), ()),
        ((), (), (0.5, 1.0)),
        ((None, None), (), ()),
    ]


def test_a_variable_that_stands_again_adds_modifiers() -> None:
    (statement,) = parse("f =~ x1 + a*x2 + NA*x1 + start(.3)*x1 + l*x1 + c(1, 2)*x2")
    assert isinstance(statement, Statement)
    assert statement.terms == (
        Term(variable="x1", values=(None,), labels=("l",), starts=(0.3,), line=1, column=6),
        Term(variable="x2", values=(1.0, 2.0), labels=("a",), line=1, column=13),
    )


@pytest.mark.parametrize(
    ("text", "values", "labels"),
    [
        ("y ~ 1", (), ()),
        ("y ~ 1*1", (1.0,), ()),
        ("y ~ 0.5*1", (0.5,), ()),
        ("y ~ -2*1", (-2.0,), ()),
        ("y ~ 0", (0.0,), ()),
        ("y ~ NA*1", (None,), ()),
        ("y ~ a*1", (), ("a",)),
        ("y ~ c(0, NA)*1", (0.0, None), ()),
        ("y ~ a*1 + c(0, NA)*1", (0.0, None), ("a",)),
    ],
)
def test_intercepts(text: str, values: tuple[float | None, ...], labels: tuple[str, ...]) -> None:
    (statement,) = parse(text)
    assert isinstance(statement, Statement)
    assert (statement.lhs, statement.operator) == ("y", "~1")
    assert [(t.variable, t.values, t.labels) for t in statement.terms] == [("", values, labels)]


def test_intercept_beside_paths() -> None:
    assert shape("y + z ~ 1 + x") == [
        ("y", "~1", [""]),
        ("y", "~", ["x"]),
        ("z", "~1", [""]),
        ("z", "~", ["x"]),
    ]


def test_thresholds_and_scale_factors() -> None:
    assert shape("u1 | t1 + a*t2\nu1 ~*~ 1*u1") == [("u1", "|", ["t1", "t2"]), ("u1", "~*~", ["u1"])]


def test_definitions_and_constraints() -> None:
    definition, constraint = parse("ind := a*b  # the indirect effect\n 2*a == \n b - 1")
    assert isinstance(definition, Definition)
    assert isinstance(constraint, Constraint)
    assert (definition.name, definition.line, definition.column) == ("ind", 1, 1)
    assert definition.expression == parse_expression("a*b")
    assert (constraint.left, constraint.right) == (parse_expression("2*a"), parse_expression("b-1"))
    assert (constraint.line, constraint.column) == (2, 2)


def test_term_knows_its_place() -> None:
    (statement,) = parse("\n  f =~ x1 +\n     a*x2")
    assert statement == Statement(
        lhs="f",
        operator="=~",
        line=2,
        column=3,
        terms=(
            Term(variable="x1", line=2, column=8),
            Term(variable="x2", labels=("a",), line=3, column=8),
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
    (statement,) = parse("f =~ a*\nx1 + 2\n*x2 + c(1,\n\n 2)*x3")
    assert isinstance(statement, Statement)
    assert [(t.variable, t.labels, t.values) for t in statement.terms] == [
        ("x1", ("a",), ()),
        ("x2", (), (2.0,)),
        ("x3", (), (1.0, 2.0)),
    ]


def test_formula_goes_on_over_a_line_break() -> None:
    (definition, after) = parse("k := (a +\n b\n) / 2 -\n c\nf =~ x")
    assert isinstance(definition, Definition)
    assert definition.expression == parse_expression("(a+b)/2-c")
    assert isinstance(after, Statement)


def test_several_left_hand_variables() -> None:
    assert shape("g + h ~ f") == [("g", "~", ["f"]), ("h", "~", ["f"])]


def test_a_composite_is_written_with_an_arrow_of_its_own() -> None:
    assert shape("c <~ x1 + x2\ny ~ c") == [("c", "<~", ["x1", "x2"]), ("y", "~", ["c"])]


def test_names_with_dots_underscores_and_letters_of_any_language() -> None:
    assert shape("f.1 =~ x_1 + .x2 + tévredenheid") == [("f.1", "=~", ["x_1", ".x2", "tévredenheid"])]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("f =~ x1\na > 0", r"line 2, column 3: found '>'. inequality constraints: not supported yet"),
        ("f =~ x1\na < 0", r"line 2, column 3: found '<'. inequality constraints"),
        ("y ~ a:b", r"line 1, column 6: found ':'. interactions"),
        ('f =~ "a"*x1', r"line 1, column 6: found '\"'. names and labels in quotes"),
        ("f =~ 'a'*x1", r"line 1, column 6: found .'.\. names and labels in quotes"),
        ("y %in% x", r"line 1, column 3: found '%'. operators between percent signs"),
        ("f =~ a*2*x1", r"line 1, column 8: found '2'. Here a variable's name is needed"),
        ("f =~ a*b*x1", r"line 1, column 9: found '\*'. Two modifiers on one variable: write them"),
        ("f =~ a*start(.5)*x1", r"line 1, column 13: found '\('. Two modifiers on one variable"),
        ("f =~ equal(a)*x1", r"line 1, column 6: found 'equal'. Of modifiers .* start\(\) and c\(\)"),
        ("f =~ c(a, NA)*x1", r"line 1, column 6: found 'c'. A label for some groups only"),
        ("f =~ c(0.5, b)*x1", r"line 1, column 6: found 'c'. A label for some groups only"),
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
        ("f", r"line 1, column 2: found the end of the text. Here one of the operators =~, <~, ~, ~~,"),
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
        ("f = ~ x1", r"line 1, column 3: found '='. Did you mean '=~', '==' or '~'\?"),
        ("f =~ x1 + x2 + x1", r"line 1, column 16: 'f =~ x1' stands twice"),
        ("y ~ 1 + 1", r"line 1, column 9: 'y ~ 1' stands twice"),
        ("f =~ a*x1 + b*x1", r"line 1, column 15: found 'x1'. 'x1' gets two labels here. Keep one"),
        ("f =~ NA*x1 + 1*x1", r"line 1, column 16: found 'x1'. 'x1' gets two values here"),
        ("f =~ start(1)*x1 + start(2)*x1", r"'x1' gets two starting values here"),
        ("y ~ 2", r"line 1, column 5: found '2'. A number must be followed by '\*'"),
        ("f =~ 1", r"line 1, column 6: found '1'. A number must be followed by '\*'"),
        ("f =~ 1*1", r"line 1, column 8: found '1'. Here a variable's name"),
        ("f =~ start(a)*x1", r"line 1, column 12: found 'a'. Here a number is needed, such as 'start\(0.5\)"),
        ("f =~ start(.5*x1", r"line 1, column 14: found '\*'. A closing bracket '\)' is missing"),
        ("f =~ start(.5) x1", r"line 1, column 16: found 'x1'. After the bracket '\*' and a variable"),
        ("f =~ start(c .5)*x1", r"line 1, column 14: found '.5'. After 'c' an opening bracket"),
        ("f =~ c(1 2)*x1", r"line 1, column 10: found '2'. Put ',' between the groups"),
        ("f =~ c(1, )*x1", r"line 1, column 11: found '\)'. Here a number, a label or NA is needed"),
        ("f =~ c(1, -)*x1", r"line 1, column 12: found '\)'. Here a number, a label or NA is needed"),
        ("k := ", r"line 1, column 6: found the end of the text. Here a label or a number is needed"),
        ("k + l := a", r"line 1, column 3: found '\+'. Before ':=' stands one new name"),
        ("k := a b", r"line 1, column 8: found 'b'. Put '\+' between two variables"),
        ("a b == c", r"line 1, column 3: found 'b'. Here '==' is needed"),
        ("a == b == c", r"line 1, column 8: found '=='. Put '\+'"),
        ("k := (a + b\nf =~ x1", r"line 2, column 1: found 'f'. A closing bracket"),
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
