"""What a model text means to PLS, and what is refused in words."""

from __future__ import annotations

import numpy as np
import pytest
from pls_cases import SECOND, THREE

from jq_models.errors import SpecError, SyntaxProblem
from jq_models.pls.design import Design, design_of
from jq_models.spec.own_model import as_model

BLOCKS = "X =~ x1 + x2\nY =~ y1 + y2\nZ =~ z1 + z2\n"


def laid_out(text: str, **options: object) -> Design:
    return design_of(as_model(text), **{"scheme": "path", "consistent": True, **options})


def test_factors_composites_and_single_items() -> None:
    design = laid_out("F =~ x1 + x2\nC <~ y1 + y2\nS =~ s1\nF ~ C + S + w\n", modes={"C": "A"})
    kinds = {b.name: (b.operator, b.mode, b.corrected, b.dominant) for b in design.first.blocks}
    assert kinds == {
        "F": ("=~", "A", True, "x1"),
        "C": ("<~", "A", False, "y1"),
        "S": ("=~", "A", False, "s1"),
        # an observed variable in an arrow is a construct of itself
        "w": ("<~", "B", False, "w"),
    }
    assert design.first.indicators == ("x1", "x2", "y1", "y2", "s1", "w")
    assert design.second is None
    plain = laid_out("F =~ x1 + x2\nG =~ y1 + y2\nG ~ F", consistent=False)
    assert not plain.first.corrected.any()
    formed = laid_out("F =~ x1 + x2\nG =~ y1 + y2\nG ~ F", modes={"F": "B"}, dominant={"G": "y2"})
    assert formed.first.corrected.tolist() == [False, True]
    assert formed.first.dominant.tolist() == [0, 3]


def test_arrows_by_position() -> None:
    stage = laid_out(THREE).first
    assert np.argwhere(stage.paths).tolist() == [[1, 0], [2, 0], [2, 1]]
    assert (stage.links == ~np.eye(3, dtype=bool)).all()
    assert stage.endogenous == (1, 2)
    with pytest.raises(ValueError, match="read-only"):
        stage.paths[0, 0] = True


def test_second_stage_has_single_items_beside_second_order_constructs() -> None:
    design = laid_out(SECOND)
    first, second = design.first, design.last
    assert second is design.second
    # X leads to the parts of G, these to D
    arrows = {(first.constructs[i], first.constructs[j]) for i, j in np.argwhere(first.paths)}
    assert arrows == {(part, "X") for part in "ABE"} | {("D", part) for part in "ABE"} | {("D", "X")}
    assert second.constructs == ("G", "X", "D")
    assert second.indicators == ("A", "B", "E", "X", "D")


def test_without_arrows_all_constructs_are_neighbours() -> None:
    for text in (BLOCKS, BLOCKS + "G =~ X + Y"):
        design = laid_out(text)
        for stage in (design.first, design.last):
            assert (stage.links == ~np.eye(len(stage.blocks), dtype=bool)).all()
    two = laid_out(BLOCKS + "U =~ u1 + u2\nG =~ X + Y\nK <~ Z + U")
    assert two.last.constructs == ("G", "K")


def test_what_has_no_counterpart_is_left_out_by_name() -> None:
    text = "F =~ x1 + a*x2 + a*x3\nG =~ 1*y1 + 1*y2\nS =~ 1*s\nG ~ F + S\nx1 ~~ x2 + 0*x3\nx1 ~ 1\nF ~~ 1*F"
    assert laid_out(text).ignored == (
        "F =~ a*x3",
        "G =~ 1*y2",
        "x1 ~~ x2",
        "x1 ~~ x3",
        "x1 ~1",
        "F ~~ F",
    )
    assert laid_out("F =~ NA*x1 + start(0.5)*x2\nG =~ y1 + y2\nG ~ b*F").ignored == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("X =~ x1 + x2", "at least two constructs"),
        ("X =~ x1 + x2\nY =~ y1 + y2\nG =~ X + Y", "at least two constructs"),
        (BLOCKS + "Y ~ X", "No arrow leads to or from Z"),
        (BLOCKS + "Y ~ X\nZ ~ Y\nX ~ Z", "circle through X, Y, Z"),
        (BLOCKS + "Y ~ X\nZ ~ Y + Z", "circle through"),
        (BLOCKS + "Y ~ X\nZ ~ x1", "touches 'x1', an indicator of 'X'"),
        (BLOCKS + "U =~ u1 + y1\nY ~ X + Z + U", "'y1' measures 'Y' and 'U'"),
        (BLOCKS + "G =~ X + Y\nX ~ Z", "touches 'X', a part of a second-order construct"),
        (BLOCKS + "U =~ u1\nG =~ X + Y\nH =~ G + Z\nU ~ H", "'H' is made of G, which are second-order"),
        (BLOCKS + "G =~ X + y3\nZ ~ G + Y", "'G' is measured by constructs and by y3"),
        (BLOCKS + "G =~ X + Y\nH =~ X + Z\nH ~ G", "'X' measures 'G' and 'H'"),
        (BLOCKS + "X <~ x3\nY ~ X\nZ ~ X", "line 4: 'X' is both a factor"),
        (BLOCKS + "Y ~ 0.5*X\nZ ~ X", "line 4: 'Y ~ X' is fixed at a value"),
        ("X =~ 0.5*x1 + x2\nY =~ y1\nY ~ X", "line 1: 'X =~ x1' is fixed at a value"),
        (BLOCKS + "Y ~ c(a, b)*X\nZ ~ X", "for groups"),
        (BLOCKS + "Y ~ a*X\nZ ~ a*X", "label 'a' stands twice"),
        (BLOCKS + "Y ~ X\nY ~ X\nZ ~ X", "'Y ~ X' stands twice"),
        (BLOCKS + "Y ~ a*X\nZ ~ b*Y\na == b", "line 6: '==' constrains"),
        (BLOCKS + "Y ~ X\nZ ~ X\nx1 | t1", "ordered items"),
        (BLOCKS + "Y ~ a*X\nZ ~ b*Y\na := b", "line 6: 'a' is a label already"),
        (BLOCKS + "Y ~ a*X\nZ ~ b*Y\ni := a\ni := b", "line 7: 'i' is defined twice"),
        (BLOCKS + "j := i*2\nY ~ a*X\nZ ~ b*Y\ni := a*b", "line 4: no path has the label 'i'"),
        (BLOCKS + "Y ~ a*X\nZ ~ b*Y\ni := a*bb", "no path has the label 'bb'"),
    ],
)
def test_refusals_say_where_and_what_to_do(text: str, words: str) -> None:
    with pytest.raises(SpecError, match=words):
        laid_out(text)


def test_unknown_names_in_options() -> None:
    for options, words in (
        ({"modes": {"Q": "A"}}, "A mode for 'Q', which is no construct"),
        ({"modes": {"X": "C"}}, "The mode of 'X' is 'C'"),
        ({"dominant": {"X": "y1"}}, "'y1' is no indicator of 'X'"),
        ({"dominant": {"W": "y1"}}, "A dominant indicator for 'W'"),
    ):
        with pytest.raises(SpecError, match=words):
            laid_out(BLOCKS + "Y ~ X\nZ ~ Y", **options)
    with pytest.raises(SyntaxProblem, match="empty"):
        laid_out("")


def test_the_message_about_arrows_does_not_depend_on_the_order_of_sets() -> None:
    with pytest.raises(SpecError, match="'Z ~ X' touches"):
        laid_out(BLOCKS + "U =~ u1\nG =~ X + Y\nZ ~ X\nU ~ Y")
