"""Sentences, tables and figure on the variants, from made-up results."""

from __future__ import annotations

from dataclasses import replace

import figure_frames as frames
import numpy as np
import pandas as pd
import pytest

from jq_models.evaluate import Plan
from jq_models.evaluate.key_paths import DIRECT, KEY_PATHS
from jq_models.evaluate.robustness import VARIANTS, WHY_NOT, CarelessCounts, Robustness, Variant
from jq_models.report.sentences_robustness import careless_views, robustness_sentences, robustness_views
from jq_models.report.tables_robustness import shown_n, variant_name
from jq_models.report.wording import wording
from jq_models.sem import Reason
from jq_models.spec import Gates, Group, Text, load_instrument

EN, NL = wording("en"), wording("nl")
CCC = load_instrument("ccc_job_quality")
GROUPS = (Group(name="organisation", column="o", label=Text(en="Organisation", nl="Organisatie"), labels={}),)
PLAN = Plan(n=150, gates=Gates(), sizes={})
VALUES = (0.72, 0.40, 0.36, -0.38, -0.32, -0.48)


def rows(shift: float = 0.0, *, direct: bool = False) -> pd.DataFrame:
    paths = [*KEY_PATHS, *([DIRECT] if direct else [])]
    frame = pd.DataFrame(paths, columns=["source", "target", "kind"])
    estimate = np.array([*VALUES, *([-0.03] if direct else [])]) + shift
    return frame.assign(estimate=estimate, se=0.05, ci_low=estimate - 0.1, ci_high=estimate + 0.1)


def made(flagged: int = 6, **changes: Variant) -> Robustness:
    variants = {code: Variant(code=code, n=497, estimates=rows()) for code in VARIANTS}
    variants["cluster"] = replace(variants["cluster"], grouping="organisation")
    variants["careful"] = replace(variants["careful"], n=497 - flagged)
    variants["partial"] = replace(variants["partial"], estimates=rows(direct=True))
    variants["left_out"] = Variant(code="left_out", grouping="organisation")
    variants |= changes
    second = rows(-0.09)
    second.loc[0, "estimate"] = 0.61
    left = pd.concat([rows(0.02).assign(group="O1", n=430), second.assign(group="O2", n=440)])
    usable = not variants["left_out"].why_not
    return Robustness(
        paths=KEY_PATHS,
        variants=tuple(variants.values()),
        left_out=left.reset_index(drop=True) if usable else left.iloc[:0],
        failed_groups=0,
        careless=CarelessCounts(
            n=497, counts={"long_string": 0, "even_odd": None, "mahalanobis": flagged}, flagged=flagged
        ),
        n_clusters=8,
    )


def sentences(found: Robustness, w=EN) -> str:
    return robustness_sentences(found, w, groups=GROUPS, instrument=CCC)


def views(found: Robustness | None, w=EN, minimum: int = 10):
    return robustness_views(found, w, plan=PLAN, groups=GROUPS, instrument=CCC, minimum=minimum)


def test_all_conclusions_holding_is_one_sentence_with_the_number_of_fits():
    text = sentences(made())
    assert "All 6 conclusions on the key paths hold in every other way of computing (10 fits)" in text
    assert "but not in" not in text
    assert (
        "The most influential organisation is O2: without it, Job quality → job satisfaction is .61" in text
    )
    assert "in place of .72" in text
    assert "that path is −.03 [−.13, .07]." in text


def test_a_broken_conclusion_says_which_and_where():
    found = made(wlsmv=Variant(code="wlsmv", n=497, estimates=rows().assign(ci_low=-0.5, ci_high=0.5)))
    text = sentences(found)
    assert "None of the 6 conclusions" in text
    assert (
        "Job quality → job satisfaction: positive in the reference, .72 [.62, .82], but not in: Ordered"
        in text
    )
    one = rows()
    one.loc[3, "ci_high"] = 0.01
    text = sentences(made(fiml=Variant(code="fiml", n=577, estimates=one)))
    assert "Of the 6 conclusions on the key paths, 5 hold" in text
    assert "Job satisfaction → turnover intention: negative in the reference" in text
    assert text.count("but not in") == 1


@pytest.mark.parametrize("why", WHY_NOT)
@pytest.mark.parametrize("w", [EN, NL], ids=["en", "nl"])
def test_every_variant_that_was_not_computed_says_why(why, w):
    found = made(fiml=Variant(code="fiml", why_not=why))
    text = sentences(found, w)
    assert w(f"robustness.why.{why}") in text
    assert "(9 fits)" in sentences(found)


def test_reasons_of_a_failed_fit_are_worded():
    failed = Variant(code="fiml", why_not="failed", reasons=(Reason(code="not_converged", where=()),))
    text = sentences(made(fiml=failed))
    assert "Everybody (FIML): not computed, because the estimation did not converge." in text


def test_a_solution_to_read_with_care_and_an_absent_method_factor():
    below = Reason(code="negative_variance", where=("METHOD ~~ METHOD",))
    absent = Variant(code="method", n=497, estimates=rows(), reasons=(below,))
    assert "the answers show no sign of one" in sentences(made(method=absent))
    other = Reason(code="negative_variance", where=("SUP3 ~~ SUP3",))
    text = sentences(made(method=replace(absent, reasons=(below, other))))
    assert "With a method factor: read with care, because a variance is estimated below zero" in text


def test_tables_show_variants_side_by_side_and_the_ends_of_leaving_out():
    _, _, attitudes, turnover = views(made())
    assert list(attitudes.raw["variant"]) == [*VARIANTS[:-1], "left_out_lowest", "left_out_highest"]
    assert attitudes.frame.iloc[0, 2] == ".72 [.62, .82]"
    assert attitudes.frame.iloc[-2, 2] == ".61 [.53, .73]"
    assert attitudes.frame.iloc[-1, 2] == ".74 [.64, .84]"
    assert list(turnover.frame.columns[2:]) == [
        "Satisfaction → turnover intention",
        "Commitment → turnover intention",
        "Job quality → … → turnover intention",
    ]
    assert turnover.frame.iloc[-2, 2] == "−.47 [−.57, −.37]"
    assert "2 fits" in attitudes.note


def test_few_flagged_people_do_not_follow_from_the_number_used():
    few, many = made(flagged=6), made(flagged=12)
    assert np.isnan(shown_n(few.of("careful"), few, minimum=10))
    assert shown_n(many.of("careful"), many, minimum=10) == 485
    for table in views(few)[2:]:
        row = table.raw.set_index("variant").loc["careful"]
        assert row["n"] is None or np.isnan(row["n"])
        assert "491" not in table.plain()


def test_counts_of_flags_obey_the_minimum():
    sentence, table = careless_views(made(flagged=6), EN, minimum=10)
    assert "fewer than 10 show a sign" in sentence
    assert list(table.frame.iloc[:, 2]) == ["fewer than 10", "not computed", "fewer than 10", "fewer than 10"]
    assert not any(str(value) == "6" for value in table.raw["count"])
    sentence, table = careless_views(made(flagged=12), EN, minimum=10)
    assert "12 show a sign" in sentence
    assert list(table.frame.iloc[:, 2]) == ["fewer than 10", "not computed", "12", "12"]
    assert careless_views(None, EN, minimum=10) == []


def test_the_order_in_which_runs_were_counted_is_told():
    found = made()
    asked = replace(found, careless=replace(found.careless, as_asked=True))
    for w, own, file in (
        (EN, "in the questionnaire’s order (half", "in the order of the file’s columns"),
        (NL, "in de volgorde van de vragenlijst (de helft", "in de volgorde van de kolommen van het bestand"),
    ):
        notes = [careless_views(one, w, minimum=10)[1].note for one in (found, asked)]
        assert [own in note for note in notes] == [True, False]
        assert [file in note for note in notes] == [False, True]


def test_the_figure_draws_every_variant_and_every_left_out_group():
    drawing = views(made())[1]
    panels = drawing.figure.axes
    assert len(panels) == 6
    first = panels[0]
    dots = first.collections[1].get_offsets()
    np.testing.assert_allclose(dots[:, 0], [0.72] * 9)
    np.testing.assert_allclose(first.collections[2].get_offsets()[:, 0], [0.74, 0.61])
    assert frames.tick_names(drawing.figure)[-1] == "Without one organisation each time"
    assert panels[5].get_title(loc="left") == "Job quality →\n… → turnover intention"
    assert "Job quality → job satisfaction: reference .72, in all variants from .61 to .74." in drawing.alt


def test_a_variant_without_estimates_has_an_empty_row():
    drawing = views(made(fiml=Variant(code="fiml", why_not="failed")))[1]
    assert drawing.figure.axes[0].collections[1].get_offsets()[:, 1].tolist() == [0, 1, 2, 4, 5, 6, 7, 8]


def test_a_reference_that_failed_leaves_one_sentence():
    reason = Reason(code="not_converged", where=())
    found = made(ml=Variant(code="ml", why_not="failed", reasons=(reason,)))
    (only,) = views(found)
    assert "nothing to compare: the estimation did not converge" in only


def test_a_closed_gate_says_why():
    (only,) = views(None)
    assert (
        only
        == "The key paths in every variant: left out; 200 complete answers are needed, and there are 150."
    )


def test_without_groups_the_names_do_not_ask_for_one():
    for code in ("cluster", "left_out"):
        assert "{" not in variant_name(Variant(code=code, why_not="no_grouping"), EN, groups=GROUPS)
    found = made(left_out=Variant(code="left_out", why_not="no_grouping"))
    _, drawing, attitudes, _ = views(found)
    assert len(attitudes.frame) == len(VARIANTS) - 1
    assert len(drawing.figure.axes[0].collections) == 2


def test_dutch_holds_no_english_word():
    drawing = views(made(), NL)[1]
    shown = [*frames.texts(drawing.figure), drawing.title, drawing.alt, drawing.note]
    frames.assert_no_english(shown, en=EN, nl=NL, instrument=CCC)


def test_the_same_numbers_give_the_same_bytes():
    one, two = (views(made(), NL)[1].svg() for _ in range(2))
    assert one == two


def test_numbers_of_an_inadmissible_solution_are_marked_as_such():
    below = Reason(code="negative_variance", where=("METHOD ~~ METHOD",))
    found = made(method=Variant(code="method", n=497, estimates=rows(), reasons=(below,)))
    for w, name in (
        (EN, "With a method factor (inadmissible)"),
        (NL, "Met een methodefactor (ontoelaatbaar)"),
    ):
        _, drawing, attitudes, turnover = views(found, w)
        assert name in frames.tick_names(drawing.figure)
        assert name in set(attitudes.frame.iloc[:, 0]) & set(turnover.frame.iloc[:, 0])
    few = Reason(code="few_clusters", where=())
    other = replace(found.of("cluster"), reasons=(few,))
    assert "inadmissible)" not in views(made(cluster=other))[2].plain()


def test_few_people_without_a_group_do_not_follow_from_the_number_used():
    few = made(cluster=Variant(code="cluster", n=490, estimates=rows(), grouping="organisation"))
    many = made(cluster=Variant(code="cluster", n=487, estimates=rows(), grouping="organisation"))
    assert np.isnan(shown_n(few.of("cluster"), few, minimum=10))
    assert shown_n(many.of("cluster"), many, minimum=10) == 487
    assert all("490" not in table.plain() for table in views(few)[2:])


def test_left_out_groups_are_those_that_may_be_shown():
    assert "of those that may be shown (2 fits)" in views(made())[2].note
    assert "die getoond mogen worden" in views(made(), NL)[1].note
