"""Formulas are shown as they were written."""

from jq_models.spec.formulas import formulas


def test_formulas_lose_blanks_comments_and_line_breaks_only() -> None:
    text = "f =~ a*x1 + b*x2; ind := a *\n b  # product\ntot := (ind + 1)^2\ny ~ f\na == 2*b"
    assert formulas(text) == {"ind": "a*b", "tot": "(ind+1)^2"}
