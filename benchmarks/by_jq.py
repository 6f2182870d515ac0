"""Our engine's side of each task, whole calls: fit, standard errors, fit indices."""

from __future__ import annotations

import inspect
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.data import factor_model, factor_sample
from benchmarks.measure import Measured, Setting, rounds, stopwatch
from benchmarks.variants import variant
from jq_models import sem
from jq_models.errors import DataError, FitError, SpecError
from jq_models.evaluate import fit_indices
from jq_models.sem import fit as fitting

BOOTSTRAP_DRAWS = 200
LOOPS = 100
NOT_THERE = (ImportError, NotImplementedError, SpecError)


def measure(setting: Setting) -> Measured:
    """Time a task; a part of the engine that is not there is the reason given."""
    try:
        warm_up(setting.task)
        return _repeated(ONCE.get(setting.task, _whole_call), setting)
    except NOT_THERE as missing:
        return Measured(reason=f"not there yet: {missing}")
    except (DataError, FitError) as failed:
        return Measured(reason=f"failed: {failed}")


def _repeated(once: Callable[[Setting], tuple[float, Any]], setting: Setting) -> Measured:
    seconds, optimising = [], []
    for _ in rounds(setting):
        forget()
        with _optimiser_watched() as spent:
            one, fit = once(setting)
        seconds.append(one)
        optimising.append(sum(spent))
    known = bool(spent)
    return Measured(
        seconds=tuple(seconds),
        optimising=tuple(optimising) if known else (),
        looped=_in_a_loop(fit) if setting.task == "ml" else (),
        chi_square=fit.test.chi_square,
        chi_square_scaled=fit.test.scaled,
        df=fit.test.df,
        n_free=len(fit.theta),
    )


def _in_a_loop(fit: Any) -> tuple[float, ...]:
    """Time the optimiser alone on the data of a fit, from the start it had there."""
    start = fitting.start_values(fit.groups, [group.moments for group in fit.sample.groups])
    return tuple(stopwatch(lambda: fitting.minimise(fit.discrepancy, start))[0] for _ in range(LOOPS))


def fitted(setting: Setting) -> Any:
    """Fit the task's model.

    Raises
    ------
    NotImplementedError
        When `fit_sem` does not take what the task needs.
    """
    options = OPTIONS[setting.task](setting) if setting.task in OPTIONS else {}
    absent = sorted(set(options) - set(inspect.signature(sem.fit_sem).parameters))
    if absent:
        raise NotImplementedError(f"fit_sem takes no {', '.join(absent)}")
    return sem.fit_sem(setting.model, setting.data, engine="jq", **options)


OPTIONS: dict[str, Callable[[Setting], dict[str, Any]]] = {
    "mlr": lambda s: {"estimator": "MLR"},
    "fiml": lambda s: {"missing": "fiml"},
    "fiml_mlr": lambda s: {"missing": "fiml", "estimator": "MLR"},
    "wlsmv": lambda s: {"estimator": "WLSMV", "ordered": s.items},
    "groups": lambda s: {"group": "group", "equal": ("loadings", "intercepts")},
}


def _whole_call(setting: Setting) -> tuple[float, Any]:
    def whole() -> Any:
        fit = fitted(setting)
        fit_indices(fit)
        sem.parameter_estimates(fit)
        return fit

    return stopwatch(whole)


def _again(setting: Setting) -> tuple[float, Any]:
    """Time the second call with the same model text: what follows from the text alone is kept."""
    _whole_call(setting)
    return _whole_call(setting)


def _modification(setting: Setting) -> tuple[float, Any]:
    fit = fitted(setting)
    return stopwatch(lambda: part("modification_indices")(fit))[0], fit


def _replicate(setting: Setting) -> tuple[float, Any]:
    fit = fitted(setting)
    seconds, _ = stopwatch(lambda: part("bootstrap")(fit, draws=BOOTSTRAP_DRAWS, seed=1, workers=1))
    return seconds / BOOTSTRAP_DRAWS, fit


ONCE = {"ml_again": _again, "modification": _modification, "bootstrap": _replicate}


def part(name: str) -> Callable[..., Any]:
    """Return a function of the engine.

    Raises
    ------
    NotImplementedError
        When there is none of that name.
    """
    found: Callable[..., Any] | None = getattr(sem, name, None)
    if found is None:
        raise NotImplementedError(f"jq_models.sem has no {name}")
    return found


def warm_up(task: str) -> None:
    """Run the task on a small model: what is imported or set up at the first call does not count."""
    data = variant(task, factor_sample(300, items=9))
    ONCE.get(task, _whole_call)(Setting(task=task, model=factor_model(9), data=data, repeats=1, budget=0.0))


def forget() -> None:
    """Empty every cache of the package, so that each repeat reads its model text anew."""
    for name, module in list(sys.modules.items()):
        if name.startswith("jq_models") and module is not None:
            for value in list(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if callable(clear):
                    clear()


@contextmanager
def _optimiser_watched() -> Iterator[list[float]]:
    """Collect the seconds of each call of the optimiser; none when it goes by another name."""
    spent: list[float] = []
    plain = getattr(fitting, "minimise", None)
    if plain is None:
        yield spent
        return

    def watched(*positional: Any, **named: Any) -> Any:
        start = time.perf_counter()
        result = plain(*positional, **named)
        spent.append(time.perf_counter() - start)
        return result

    vars(fitting)["minimise"] = watched
    try:
        yield spent
    finally:
        vars(fitting)["minimise"] = plain
