"""How far two fits of one model are apart, and what a second engine makes of a model."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from threading import Thread
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jq_models.errors import FitError, SpecError
from jq_models.evaluate.fit_indices import fit_indices
from jq_models.sem import FailedFit, FitStatus, SemFit, fit_sem
from jq_models.sem.sample import Data

Vector = NDArray[np.float64]
Outcome = Literal["agree", "differ", "unusable", "refused", "stopped", "slow", "no_solution"]
OUTCOMES: tuple[Outcome, ...] = (
    "agree", "differ", "unusable", "refused", "stopped", "slow", "no_solution"
)  # fmt: skip
KEYS = ["lhs", "op", "rhs", "group"]
# below these two engines agree: an optimum is flat, so chi-square settles long before the estimates do
LINE = 1e-4
CHI_SQUARE_LINE = 1e-6
PATIENCE = 60.0  # seconds; semopy takes about one


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The largest relative difference between two lists of numbers; 1e-4 means equal in four digits.

    Relative to the larger of 1 and the size of the number, so that numbers near 0 do not inflate it.

    Attributes
    ----------
    largest : float
        NaN when one fit has a number where the other has none.
    line : float
        Below it the two agree.
    compared : int
        How many numbers.
    where : str
        The parameter that differs most; empty for chi-square.
    first, second : float
        Its value in each fit.
    """

    largest: float
    line: float
    compared: int
    where: str
    first: float
    second: float

    @property
    def agrees(self) -> bool:
        """Whether the largest difference is below the line."""
        return self.largest < self.line


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The largest differences between two fits of one model."""

    estimates: Difference
    standard_errors: Difference
    chi_square: Difference

    @property
    def parts(self) -> dict[str, Difference]:
        """The three by name."""
        return {
            "estimates": self.estimates,
            "standard_errors": self.standard_errors,
            "chi_square": self.chi_square,
        }

    @property
    def largest(self) -> float:
        """The largest of the three."""
        return float(np.max([part.largest for part in self.parts.values()]))

    @property
    def agrees(self) -> bool:
        """Whether all three are below their lines: 1e-4, 1e-4 and 1e-6."""
        return all(part.agrees for part in self.parts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondEngine:
    """What the second engine made of a model.

    Attributes
    ----------
    model : str
        The model's name.
    outcome : str
        ``"agree"``, ``"differ"``; or why nothing was compared: its fit is ``"unusable"``, it ``"refused"``
        the kind of model, ``"stopped"`` with an error, was too ``"slow"``; ``"no_solution"`` when the
        first engine has none.
    agreement : Agreement or None
        None when nothing was compared: a fit that failed gives no numbers.
    status : FitStatus or None
        How the second engine's fit ended, when it did.
    error : str
        The kind of error it stopped with; never its text, which may quote the data.
    seconds : float
        How long it was waited for at most.
    """

    model: str
    outcome: Outcome
    agreement: Agreement | None = None
    status: FitStatus | None = None
    error: str = ""
    seconds: float = PATIENCE


def compare_fits(a: SemFit, b: SemFit) -> Agreement:
    """Compare two fits of the same model to the same data.

    Raises
    ------
    FitError
        When one must not be used, or they do not hold the same parameters and number of cases.
    """
    a.require()
    b.require()
    first, second = (fit.table.set_index(KEYS)[["est", "se"]] for fit in (a, b))
    if a.n != b.n or set(first.index) != set(second.index):
        raise FitError("The two fits differ in parameters or number of cases. Compare fits of one model.")
    second = second.loc[first.index]
    free = (a.table["free"] > 0).to_numpy()
    names = [_name(*key) for key in first.index[free]]
    estimates, errors = (
        largest_difference(
            first[column].to_numpy()[free], second[column].to_numpy()[free], names=names, line=LINE
        )
        for column in ("est", "se")
    )
    chi_square = largest_difference(
        *(np.array([fit_indices(fit).chi_square]) for fit in (a, b)), names=[""], line=CHI_SQUARE_LINE
    )
    return Agreement(estimates=estimates, standard_errors=errors, chi_square=chi_square)


def largest_difference(a: Vector, b: Vector, *, names: list[str], line: float) -> Difference:
    """Return the largest |a - b| / max(1, |a|, |b|), shapes (k,); NaN against NaN is no difference."""
    relative = np.abs(a - b) / np.maximum(1.0, np.maximum(np.abs(a), np.abs(b)))
    relative[np.isnan(a) & np.isnan(b)] = 0.0
    at = int(relative.argmax())  # a NaN is the largest
    return Difference(
        largest=float(relative[at]),
        line=line,
        compared=len(a),
        where=names[at],
        first=float(a[at]),
        second=float(b[at]),
    )


def second_engine(fit: SemFit | FailedFit, data: Data, *, seconds: float = PATIENCE) -> SecondEngine:
    """Fit a model once more by semopy and compare.

    semopy's optimiser is not ours to trust: whatever it does, an error or no end, is an outcome here and
    never an exception. When it is too slow it goes on in a thread that ends with the process.

    Parameters
    ----------
    fit : SemFit or FailedFit
        The first engine's, by ML or MLR, of one group.
    data : Responses, DataFrame or Moments
        What it was fitted to.
    seconds : float
        How long to wait.
    """
    blank = SecondEngine(model=fit.model.name, outcome="no_solution", seconds=seconds)
    if not isinstance(fit, SemFit) or not fit.usable:
        return blank

    def again() -> SemFit:
        return fit_sem(fit.model, data, estimator=fit.estimator, missing=fit.missing, engine="semopy")

    try:
        other = _within(seconds, again)
        if not other.usable:
            return replace(blank, outcome="unusable", status=other.status)
        found = compare_fits(fit, other)
    except TimeoutError:
        return replace(blank, outcome="slow")
    except SpecError:
        return replace(blank, outcome="refused")
    except Exception as problem:  # noqa: BLE001  # a report does not fall over the engine that checks it
        return replace(blank, outcome="stopped", error=type(problem).__name__)
    return replace(blank, outcome="agree" if found.agrees else "differ", agreement=found, status=other.status)


def _within(seconds: float, job: Callable[[], SemFit]) -> SemFit:
    future: Future[SemFit] = Future()

    def run() -> None:
        try:
            future.set_result(job())
        except Exception as problem:  # noqa: BLE001  # raised again where the result is asked for
            future.set_exception(problem)

    Thread(target=run, daemon=True, name="semopy").start()
    return future.result(timeout=seconds)


def _name(lhs: str, op: str, rhs: str, group: int) -> str:
    name = f"{lhs} {op} {rhs}".strip()
    return f"{name} [{group}]" if group > 1 else name
