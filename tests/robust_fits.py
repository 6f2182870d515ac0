"""Optima at which robust inference is tested, and a dense second route to Gamma, Delta and V."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from jq_models.sem import fit as fitting
from jq_models.sem.estimators import Estimator, find_estimator
from jq_models.sem.matrices import ModelMatrices, filled, model_matrices
from jq_models.sem.optimise import minimise
from jq_models.sem.robust.inference import Normal
from jq_models.sem.sample import Sample, group_labels, read_sample
from jq_models.sem.start import start_values
from jq_models.sem.table import parameter_table

HOLZINGER = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
DEMOCRACY = """
    ind60 =~ x1 + x2 + x3
    dem60 =~ y1 + y2 + y3 + y4
    dem65 =~ y5 + y6 + y7 + y8
    dem60 ~ ind60
    dem65 ~ ind60 + dem60
    y1 ~~ y5
    y2 ~~ y4 + y6
    y3 ~~ y7
    y4 ~~ y8
    y6 ~~ y8
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An optimum with what it was found from."""

    estimator: Estimator
    groups: tuple[ModelMatrices, ...]
    sample: Sample
    discrepancy: Normal
    theta: np.ndarray
    chi_square: float
    df: int
    means: bool


def found(text: str, frame: pd.DataFrame, *, estimator: str = "MLR", **options: Any) -> Found:
    """Minimise the normal-theory discrepancy of a model."""
    group, missing = options.pop("group", None), options.pop("missing", "listwise")
    equal, means = options.pop("equal", ()), options.pop("meanstructure", None)
    labels = group_labels(frame, group)
    if means is None:
        means = len(labels) > 1 or missing == "fiml" or "cluster" in options
    parameters = parameter_table(text, groups=labels, meanstructure=means, equal=equal)
    sample = read_sample(
        frame,
        parameters.observed,
        labels=labels,
        group=group,
        missing=missing,
        covariates=parameters.covariates,
        **options,
    )
    groups = tuple(
        model_matrices(parameters.of_group(g + 1), sample.groups[g].moments) for g in range(len(labels))
    )
    discrepancy = fitting.discrepancy_of(groups, sample, means=means)
    optimum = minimise(discrepancy, start_values(groups, [g.moments for g in sample.groups]))
    return Found(
        estimator=find_estimator(estimator),
        groups=groups,
        sample=sample,
        discrepancy=discrepancy,
        theta=optimum.theta,
        chi_square=sample.n * optimum.point.objective,
        df=fitting.count_moments(parameters) - parameters.n_free,
        means=means,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """Delta (P, k), V and Gamma (P, P), blocks of groups with lavaan's weights n_g / N."""

    delta: np.ndarray
    V: np.ndarray
    gamma: np.ndarray


def dense(at: Found, *, x: tuple[int, ...] = ()) -> Dense:
    """Form what the package does without: every moment, in the order means, pairs below the diagonal."""
    from scipy.linalg import block_diag

    deltas, weights, gammas = [], [], []
    for matrices, group in zip(at.groups, at.sample.groups, strict=True):
        share = group.n / at.sample.n
        sigma = filled(matrices, at.theta).implied
        p = len(sigma)
        i, j = np.tril_indices(p)
        columns = []
        for a in range(len(at.theta)):
            step = at.theta.astype(complex)
            step[a] += 1e-30j
            moved = filled(matrices, step)
            mean = moved.mean.imag if at.means else np.zeros(p)
            columns.append(np.concatenate([mean, moved.implied.imag[i, j]]) / 1e-30)
        D = np.zeros((p * p, len(i)))
        D[i * p + j, np.arange(len(i))] = D[j * p + i, np.arange(len(i))] = 1.0
        precision = np.linalg.inv(sigma)
        V = block_diag(precision, 0.5 * D.T @ np.kron(precision, precision) @ D)
        d = group.cases - group.cases.mean(axis=0)
        moments = np.hstack([d, d[:, i] * d[:, j]])
        if x:
            h = d[:, x] @ np.linalg.lstsq(d[:, x], d, rcond=None)[0]
            moments -= np.hstack([h, h[:, i] * h[:, j]])
        kept = slice(None) if at.means else slice(p, None)
        deltas.append(np.array(columns).T[kept])
        weights.append(share * V[kept, kept])
        gammas.append(np.cov(moments[:, kept].T, bias=True) / share)
    return Dense(delta=np.vstack(deltas), V=block_diag(*weights), gamma=block_diag(*gammas))
