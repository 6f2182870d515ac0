"""Formulas of parameters: R's order of operations, real, complex and array values, and what is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from jq_models.errors import SyntaxProblem
from jq_models.spec.expression import Name, Number, Operation, parse_expression

VALUES = {"a": 0.7, "b": -1.3, "d": 2.5}
# R 4.2.2: a <- 0.7; b <- -1.3; d <- 2.5; sprintf("%.17g", eval(parse(text = formula)))
BY_R = [
    ("-a^2", -0.48999999999999994),
    ("2^-1", 0.5),
    ("2^3^2", 512),
    ("2**3", 8),
    ("d/a/b", -2.7472527472527473),
    ("a-b-d", -0.5),
    ("-a*-b", -0.90999999999999992),
    ("a*b+d", 1.5900000000000001),
    ("a+b*d", -2.5499999999999998),
    ("(a+b)*d", -1.5000000000000002),
    ("exp(a)-log(d)*sqrt(d)", 0.56496985165798908),
    ("--a", 0.69999999999999996),
    ("a^2/d^-a", 0.93058079634215785),
    ("sqrt(a^2+b^2)", 1.4764823060233401),
    ("-2^2", -4),
    ("1e-3*a + .5", 0.50070000000000003),
    ("a/b*d", -1.346153846153846),
    ("+a - +b", 2),
    ("exp(-(a))", 0.49658530379140953),
]


@pytest.mark.parametrize(("text", "expected"), BY_R)
def test_values_are_rs(text: str, expected: float) -> None:
    np.testing.assert_allclose(parse_expression(text).value(VALUES), expected, rtol=1e-15)


@pytest.mark.parametrize("text", [text for text, _ in BY_R])
def test_arrays_and_complex_numbers(text: str) -> None:
    expression = parse_expression(text)
    expected = expression.value(VALUES)
    columns = {name: np.full((3,), value) for name, value in VALUES.items()}
    np.testing.assert_allclose(expression.value(columns), np.full(3, expected), rtol=1e-14)
    near = expression.value({name: complex(value, 1e-30) for name, value in VALUES.items()})
    np.testing.assert_allclose(np.real(near), expected, rtol=1e-14)


def test_a_complex_step_gives_the_derivative() -> None:
    expression = parse_expression("exp(a)*b^2 / sqrt(d)")
    step = {name: VALUES[name] + (1e-30j if name == "d" else 0) for name in VALUES}
    derivative = np.imag(expression.value(step)) / 1e-30
    by_hand = -0.5 * np.exp(0.7) * 1.3**2 / 2.5**1.5
    np.testing.assert_allclose(derivative, by_hand, rtol=1e-14)


def test_names_in_order_of_first_use() -> None:
    assert parse_expression("b*a + exp(b) - sqrt(c.1)/2").names == ("b", "a", "c.1")
    assert parse_expression("1 + 2").names == ()


def test_names_are_replaced_by_formulas() -> None:
    replaced = parse_expression("-k + exp(k)^2 + 1").replaced({"k": parse_expression("a*b")})
    assert replaced == parse_expression("-(a*b) + exp(a*b)^2 + 1")


@pytest.mark.parametrize(
    ("text", "expected"), [("log(b)", np.nan), ("sqrt(b)", np.nan), ("1/(a - a)", np.inf)]
)
def test_what_is_not_defined_is_no_warning(text: str, expected: float) -> None:
    np.testing.assert_equal(float(parse_expression(text).value(VALUES)), expected)


def test_an_expression_is_frozen_and_equal_by_content() -> None:
    expression = parse_expression("a + 1")
    assert expression == Operation(sign="+", left=Name(name="a"), right=Number(number=1.0))
    assert hash(expression) == hash(parse_expression("a+1.0"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        expression.sign = "-"  # type: ignore[attr-defined]  # frozen: that is the test


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", r"line 1, column 1: found the end of the text. Here a label or a number is needed"),
        ("a +", r"column 4: found the end of the text. Here a label"),
        ("a b", r"column 3: found 'b'. Put an operator"),
        ("a * * b", r"column 5: found '\*'. Here a label"),
        ("(a", r"column 3: found the end of the text. A closing bracket"),
        ("a)", r"column 2: found '\)'. Put an operator"),
        ("sin(a)", r"column 1: found 'sin'. No function of this name. Allowed: exp, log, sqrt"),
        ("exp(a, b)", r"column 6: found ','. A closing bracket"),
        ("NA + 1", r"column 1: found 'NA'. Here a label"),
        ("a & b", r"column 3: found '&'. This character has no meaning"),
        ("__import__('os')", r"column 12: found .'.\. names and labels in quotes"),
        ("(" * 60 + "a" + ")" * 60, r"More than 50 brackets or powers"),
        ("a" + "^a" * 60, r"More than 50 brackets or powers"),
        ("a" + " + a" * 201, r"found '\+'. More than 200 terms"),
    ],
)
def test_errors_name_place_and_remedy(text: str, what: str) -> None:
    with pytest.raises(SyntaxProblem, match=what):
        parse_expression(text)
