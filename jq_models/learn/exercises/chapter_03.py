"""Chapter 03: reliability and validity."""

from __future__ import annotations

import numpy as np

from jq_models.evaluate import reliability
from jq_models.evaluate.reliability import alpha, average_variance_extracted, composite_reliability
from jq_models.learn.answers import Choice, Number
from jq_models.learn.exercise import Exercise, Trap
from jq_models.learn.worlds import model_text
from jq_models.learn.worlds_scales import TRUE_OVERLAP, TWINS, scores, twins
from jq_models.numeric.moments import Array
from jq_models.report import wording
from jq_models.sem import fit_sem

GIVEN = np.array([0.9, 0.8, 0.5, 0.4])
DEPENDABLE, ONE_THING, VALID = "the score is dependable", "one thing is measured", "the scale is valid"
KEEP, SHOW, DROP = (
    "keep both as they are",
    "show the overlap, and results without one",
    "drop the weaker one silently",
)


def _errors() -> Array:
    return np.asarray(1.0 - GIVEN**2)


def _omega() -> float:
    return composite_reliability(GIVEN, _errors())


def _alpha_of_given() -> float:
    return alpha(np.outer(GIVEN, GIVEN) + np.diag(_errors()))


def _seen() -> float:
    return float(scores(twins()).corr().to_numpy()[0, 1])


def _omegas() -> tuple[float, float]:
    found = reliability(fit_sem(model_text(TWINS), twins().answers))["omega"]
    return float(found["ENJ"]), float(found["SAT"])


def _corrected() -> float:
    one, other = _omegas()
    return _seen() / float(np.sqrt(one * other))


def _why_omega() -> str:
    w = wording("en")
    return (
        f"{w.percent(_omega())} of the score's variance is true; the weak questions bring little "
        "truth and much noise, "
        f"and alpha would say {w.coefficient(_alpha_of_given())}."
    )


def _why_corrected() -> str:
    w = wording("en")
    return (
        f"without noise the two correlate {w.coefficient(_corrected())} (the truth is "
        f"{w.coefficient(TRUE_OVERLAP)}), not "
        f"{w.coefficient(_seen())}."
    )


EXERCISES = (
    Exercise(
        number="03.1",
        expected=Number(value=_omega, tolerance=0.005),
        hints=(
            (
                "True variance of the sum: add the loadings, then square. Noise: 1 minus the squared "
                "loading, added up."
            ),
            "Omega = (sum of loadings) squared / ((sum of loadings) squared + sum of (1 - loading squared)).",
        ),
        why=_why_omega,
        traps=(
            Trap(
                answer=lambda: average_variance_extracted(GIVEN, _errors()),
                hint=(
                    "That is the mean squared loading, AVE: about single questions. Omega is about their sum."
                ),
            ),
            Trap(
                answer=_alpha_of_given,
                hint=(
                    "That is alpha, which takes all questions for equally good. Square the sum of "
                    "the loadings."
                ),
            ),
            Trap(
                answer=lambda: float(np.mean(GIVEN)),
                hint="That is the mean loading. Omega is a share of variance, so loadings enter squared.",
            ),
        ),
    ),
    Exercise(
        number="03.2",
        expected=Choice(options=(DEPENDABLE, ONE_THING, VALID), right=DEPENDABLE),
        hints=(
            "Alpha knows how much the questions go together on average. What can an average not see?",
            "Look again at the fit of one factor to these ten questions: which conclusions does it rule out?",
        ),
        why=(
            "ten other questions of this kind would give people much the same scores; alpha does not know "
            "what the scores mean, nor whether they last."
        ),
        traps=(
            Trap(
                answer=ONE_THING,
                hint=(
                    "These very questions measure two, and one factor fits badly. What is left for "
                    "alpha to say?"
                ),
            ),
            Trap(
                answer=VALID,
                hint="A scale may hang together and still miss what it is named after. Think smaller.",
            ),
        ),
    ),
    Exercise(
        number="03.3",
        expected=Number(value=_corrected, tolerance=0.01),
        hints=(
            "Noise lowers a correlation. Which two numbers of the table say how much noise there is?",
            "Divide the correlation of the scores by the square root of (omega of ENJ times omega of SAT).",
        ),
        why=_why_corrected,
        traps=(
            Trap(answer=_seen, hint="So do the noisy scores correlate. What would they do without noise?"),
            Trap(
                answer=lambda: _seen() / (_omegas()[0] * _omegas()[1]),
                hint=(
                    "Too much: each reliability is a share of variance. Take the square root of "
                    "their product."
                ),
            ),
            Trap(
                answer=lambda: _seen() * float(np.sqrt(_omegas()[0] * _omegas()[1])),
                hint="This makes it smaller. Noise has already made it too small: undo that.",
            ),
        ),
    ),
    Exercise(
        number="03.4",
        expected=Choice(options=(KEEP, SHOW, DROP), right=SHOW),
        hints=(
            "What does a reader need in order to judge for herself whether the two names hide one thing?",
            "Neither silence helps: not that of two bars that are one, nor that of a scale that vanished.",
        ),
        why="the reader then sees what depends on the choice; this workbook's reports do so for ENJ and SAT.",
        traps=(
            Trap(
                answer=KEEP,
                hint="Then the report explains satisfaction by itself, and calls it a strong effect.",
            ),
            Trap(
                answer=DROP, hint="Then nobody can see that there was a choice. What could you show instead?"
            ),
        ),
    ),
)
