"""Sentences, tables and figure on the routes to the study's paths, from made-up results."""

from __future__ import annotations

from dataclasses import replace

import figure_frames as frames
import numpy as np
import pandas as pd
import pytest

from jq_models.data import open_study
from jq_models.evaluate import Plan
from jq_models.evaluate.composites.route_result import ROUTES, Route, Routes, often_impossible
from jq_models.numeric.reason import Reason
from jq_models.pls import PlsBootstrap, bootstrap_pls, fit_pls
from jq_models.report.reason_names import named_reason
from jq_models.report.sentences_routes import (
    route_differences,
    route_gate,
    route_sentences,
    route_views,
)
from jq_models.report.wording import wording
from jq_models.spec import Gates, load_instrument

EN, NL = wording("en"), wording("nl")
CCC = load_instrument("ccc_job_quality")
PLAN = Plan(n=150, gates=Gates(), sizes={})
PATHS = (("JQ", "SAT"), ("JQ", "COM"), ("SAT", "COM"), ("SAT", "TIN"), ("COM", "TIN"))
VALUES = (0.72, 0.40, 0.36, -0.38, -0.32)
FACTOR = {"sem": 1.0, "plsc": 1.02, "composite": 0.95, "pls": 0.85}


def boot(share: float = 0.0, failed: int = 0) -> PlsBootstrap:
    converged = np.arange(100) >= failed
    admissible = converged & (np.arange(100) < 100 - round(share * 100))
    zeros = np.zeros((100, 1))
    return PlsBootstrap(
        values=zeros,
        converged=converged,
        admissible=admissible,
        seed=1,
        estimate=np.zeros(1),
        n=497,
        clusters=None,
    )


def rows(code: str, *, population: bool) -> pd.DataFrame:
    estimate = np.array(VALUES) * FACTOR[code]
    frame = pd.DataFrame(PATHS, columns=["source", "target"]).assign(estimate=estimate, se=0.05)
    whole = estimate + 0.02 if population else np.nan
    return frame.assign(ci_low=estimate - 0.1, ci_high=estimate + 0.1, population=whole)


def made(*, truth: bool = True, **changes: Route) -> Routes:
    routes = {code: Route(code=code, n=497, estimates=rows(code, population=truth)) for code in ROUTES}
    for code in ROUTES[1:]:
        routes[code] = replace(routes[code], boot=boot())
    bound = rows("sem", population=False)[["source", "target", "estimate"]]
    return Routes(
        paths=PATHS,
        routes=tuple((routes | changes).values()),
        reliability=pd.Series({"JQ": 0.9, "SAT": 0.85, "COM": 0.87, "TIN": 0.81}),
        ignored=("LCU ~~ LEM", "LCU ~~ INF", "LEM ~~ INF"),
        plain_sem=bound.assign(estimate=bound["estimate"] + [0.0, 0.012, 0.0, 0.0, 0.001]),
        truth=dict(zip(PATHS, VALUES, strict=True)) if truth else {},
    )


def views(found: Routes | None, w=EN) -> list:
    return route_views(found, w, instrument=CCC)


def say(found: Routes, w=EN) -> str:
    return route_sentences(found, w, instrument=CCC)


def differences(found: Routes, w=EN) -> str:
    return route_differences(found, w, instrument=CCC)


def failed(code: str) -> Route:
    return Route(code=code, estimates=rows(code, population=False).iloc[:0])


def test_agreement_is_told_first_and_the_widest_difference_with_its_routes() -> None:
    first = say(made()).split("\n")[0]
    assert first.startswith("- The 5 main links, computed in 4 ways, tell one story")
    assert "differ most on job quality → job satisfaction: from .61 (Plain PLS) to .73" in first


def test_a_link_whose_direction_depends_on_the_route_is_named() -> None:
    own = rows("pls", population=False)
    own.loc[1, ["ci_low", "ci_high"]] = [-0.02, 0.5]
    found = made(truth=False, pls=Route(code="pls", n=497, estimates=own, boot=boot()))
    first, second = say(found).split("\n")[:2]
    assert "4 have the same direction in every way" in first
    assert "Job quality → affective commitment: Structural equations positive" in second
    assert "Plain PLS undecided" in second


def test_a_link_undecided_everywhere_does_not_count_as_agreement() -> None:
    changes = {}
    for code in ROUTES:
        own = rows(code, population=False)
        own.loc[4, ["ci_low", "ci_high"]] = [-0.5, 0.1]
        changes[code] = Route(code=code, n=497, estimates=own)
    assert "4 have the same direction" in say(made(truth=False, **changes))


def test_error_composite_and_covariances_are_told_with_their_numbers() -> None:
    text = say(made())
    assert "(reliability .81 for turnover intention to .90 for job quality)" in text
    assert ": job quality → job satisfaction is .61 instead of .73" in text
    text = differences(made())
    assert "by at most .050 (job quality → job satisfaction: .734 as a factor, .684 as a composite)" in text
    assert "learning from customers, learning from employees and information sharing may share" in text
    assert "move by at most .012 (job quality → affective commitment: .412 instead of .400)" in text


def test_what_does_not_apply_is_not_said() -> None:
    found = replace(
        made(truth=False), ignored=(), plain_sem=pd.DataFrame(), reliability=pd.Series(dtype=float)
    )
    text = say(found) + differences(found)
    assert "learning from" not in text
    assert "Plain PLS works with" not in text
    assert "simulated" not in text
    assert "impossible" not in text.lower()
    assert "cannot be true" not in text


def test_impossible_and_failed_resamples_are_counted() -> None:
    route = replace(made().of("plsc"), boot=boot(share=0.06, failed=3))
    text = differences(made(plsc=route))
    # of the 97 that have estimates
    assert "Some resamples end in a solution that cannot be true; they stay in the intervals" in text
    assert "Consistent PLS, factor in 6% of the resamples" in text
    assert "Consistent PLS, factor 3 of 100" in text
    assert "tell one story" in say(made(plsc=route))


def test_many_impossible_resamples_stand_in_the_sentence_of_the_finding() -> None:
    found = made(plsc=replace(made().of("plsc"), boot=boot(share=0.22)))
    first = say(found).split("\n")[0]
    assert first.startswith("- Each of the 5 main links has the same direction in all 4 ways of computing")
    assert "cannot be true: Consistent PLS, factor in 22% of the resamples." in first
    assert "one story" not in say(found)
    assert "cannot be true" not in differences(found)
    assert "niet waar kunnen zijn: Consistente PLS met factor in 22%" in say(found, NL)


def test_an_impossible_solution_is_never_one_story_and_names_no_code() -> None:
    wrong = replace(made().of("sem"), reasons=(Reason(code="correlation_above_one", where=("LCU ~~ LEM",)),))
    first = say(made(sem=wrong)).split("\n")[0]
    assert "one story" not in first
    assert (
        "cannot be true: Structural equations itself, because a correlation is above 1 (learning from "
        "customers – learning from employees)." in first
    )
    alone = made(sem=wrong, **{code: failed(code) for code in ROUTES[1:]})
    assert "That way ends in solutions that cannot be true: Structural" in say(alone).split("\n")[0]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("JQ =~ INT", "integrity"),
        ("ATM =~ ATM2", "a question on atmosphere"),
        ("SAT ~ JQ", "job quality → job satisfaction"),
        ("TIN", "turnover intention"),
    ],
)
def test_places_are_named_not_coded(where: str, said: str) -> None:
    reason = Reason(code="loading_above_one", where=(where,))
    assert named_reason(reason, EN, instrument=CCC) == f"a standardised loading is above 1 ({said})"


def test_what_is_most_often_impossible_is_found_in_the_resamples() -> None:
    study = open_study("demo")
    fit = fit_pls(study.model("second_order"), study.complete)
    drawn = bootstrap_pls(fit, draws=60, seed=1)
    route = Route(code="plsc", estimates=rows("plsc", population=False), fit=fit, boot=drawn)
    assert route.shaky
    assert not route.impossible
    assert often_impossible(route) == Reason(code="loading_above_one", where=("ATM =~ ATM2",))
    plain = replace(route, boot=replace(drawn, admissible=drawn.converged))
    assert often_impossible(plain) is None
    assert not plain.shaky


def test_which_intervals_hold_the_truth_is_counted() -> None:
    text = say(made())
    assert "How many of the 5 intervals of each way hold" in text
    assert "Structural equations 5 and 5" in text
    assert "Plain PLS 5 and 4" in text  # .61 + .10 stays below .72


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        ((Reason(code="not_converged"),), "the estimation did not converge"),
        ((), "too few resamples gave an estimate"),
    ],
)
def test_a_route_without_estimates_says_why(reasons: tuple[Reason, ...], why: str) -> None:
    found = made(composite=replace(failed("composite"), reasons=reasons))
    assert f"Consistent PLS, composite: not computed, because {why}." in say(found)
    _, drawing, _, table, _ = views(found)
    assert "Consistent PLS, composite" not in frames.tick_names(drawing.figure)
    assert set(table.frame["Consistent PLS, composite"]) == {"–"}


def test_one_route_or_none_leaves_nothing_to_compare() -> None:
    alone = made(**{code: failed(code) for code in ("plsc", "composite", "pls")})
    assert "nothing to compare them with" in say(alone)
    none = made(**{code: failed(code) for code in ROUTES})
    (only,) = views(none)
    assert "could not be computed in any way" in only


def test_a_closed_gate_and_absent_outcomes_say_why() -> None:
    assert views(None) == []
    said = route_gate(PLAN, EN, has_paths=True)
    assert said.startswith("The main links by several routes: left out; 200 complete answers are needed")
    enough = replace(PLAN, n=400)
    assert "Without questions about satisfaction" in route_gate(enough, EN, has_paths=False)
    assert route_gate(enough, EN, has_paths=True) == ""


def test_the_table_holds_every_number_and_the_truth_only_where_it_is_known() -> None:
    _, _, _, table, facts = views(made())
    assert table.raw["pls"].tolist() == pytest.approx([v * 0.85 for v in VALUES])
    assert table.raw["truth"].tolist() == list(VALUES)
    assert "truth" not in views(made(truth=False))[3].raw
    assert facts.raw["n"].tolist() == [497] * 4
    assert facts.frame.iloc[2, 1] == "their weighted sum"
    assert facts.frame.iloc[3, 2] == "stays in"


def test_the_figure_draws_estimates_intervals_and_truth() -> None:
    figure = views(made())[1].figure
    (ax,) = figure.axes
    assert frames.tick_names(figure) == [EN(f"routes.name.{code}") for code in ROUTES] * 5
    marks = [c for c in ax.collections if len(c.get_offsets()) == 1 and c.get_offsets()[0, 1] > 0]
    assert len(marks) == 2 * 4 * 5  # an estimate and a stroke each
    np.testing.assert_allclose(marks[0].get_offsets()[0], [0.72, 1.0])
    np.testing.assert_allclose(marks[1].get_offsets()[0], [0.74, 1.0])
    assert "Dotted line" in views(made())[1].note
    assert "Dotted line" not in views(made(truth=False))[1].note


def test_the_alternative_text_tells_every_estimate() -> None:
    alt = views(made())[1].alt
    assert "Job satisfaction → turnover intention: Structural equations −.38 [−.48, −.28]" in alt
    assert alt.count("Plain PLS") == 5


def test_dutch_holds_no_english_word() -> None:
    drawing = views(made(), NL)[1]
    shown = [*frames.texts(drawing.figure), drawing.title, drawing.alt, drawing.note]
    frames.assert_no_english(shown, en=EN, nl=NL, instrument=CCC)


def test_the_same_numbers_give_the_same_bytes() -> None:
    one, two = (views(made(), NL)[1].svg() for _ in range(2))
    assert one == two


@pytest.mark.parametrize("w", [EN, NL], ids=["en", "nl"])
def test_no_text_leaves_the_figure(w) -> None:
    figure = views(made(), w)[1].figure
    width = figure.get_window_extent().width
    for text in figure.axes[0].texts + figure.axes[0].get_yticklabels():
        box = text.get_window_extent()
        assert box.x0 >= -1
        assert box.x1 <= width + 1
