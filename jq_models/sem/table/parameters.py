"""The rows of a parameter table and what is read off them: numbers, names and values of parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jq_models.errors import SpecError
from jq_models.sem.table.constraints import Defined


def parameter_name(lhs: str, op: str, rhs: str, *, group: int = 1) -> str:
    """Return a parameter's name: as written, and the group (from 1) when it is not the first."""
    written = f"{lhs} {op} {rhs}" if rhs else f"{lhs} {op}"
    return written if group == 1 else f"{written}.g{group}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One row of the table.

    Attributes
    ----------
    lhs, op, rhs : str
        As in the model language; rhs is "" for an intercept or mean (op ``~1``).
    group : int
        From 1.
    free : int
        Number of the first free parameter the row depends on, from 1; 0 when fixed.
    value : float
        The value of a fixed parameter; NaN when free, or when fixed at a sample moment.
    start : float
        The user's starting value; else NaN.
    label : str
        Else "".
    sample : bool
        Fixed at the sample moment: variances, covariances and means of observed covariates.
    user : bool
        Written in the model text, not added by default.
    """

    lhs: str
    op: str
    rhs: str
    group: int = 1
    free: int = 0
    value: float = np.nan
    start: float = np.nan
    label: str = ""
    sample: bool = False
    user: bool = False

    @property
    def name(self) -> str:
        """The parameter as written, with the group from the second on: ``"f =~ x1.g2"``."""
        return parameter_name(self.lhs, self.op, self.rhs, group=self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The parameter table with the roles of its variables.

    Attributes
    ----------
    rows : tuple of Parameter
        One group after the other, the same parameters in the same order in each.
    observed, latent, covariates : tuple of str
        Variables; the observed covariates are the last of `observed`.
    groups : tuple of str
        Labels of the groups; ("",) when there is one.
    ordered : tuple of (str, int)
        The ordered items and how many categories each has.
    free_names : tuple of str
        A name for each of the k free parameters: its label, else its first row's name.
    design : ndarray, shape (rows, k)
    constant : ndarray, shape (rows,)
        rows = design @ theta + constant; constant is 0 where a row is fixed at a sample moment.
    single : ndarray of int, shape (rows,), or None
        The parameter from 0 that each row is (plus its constant), -1 for none: `design` in short. None when
        a row combines parameters.
    defined : tuple of Defined
        Parameters computed from labelled ones (``:=``).
    meanstructure : bool
        Whether intercepts and means are modelled.
    parameterization : str
        "delta" or "theta", for ordered items.
    """

    rows: tuple[Parameter, ...]
    observed: tuple[str, ...]
    latent: tuple[str, ...]
    covariates: tuple[str, ...]
    groups: tuple[str, ...]
    ordered: tuple[tuple[str, int], ...]
    free_names: tuple[str, ...]
    design: NDArray[np.float64] = field(compare=False, repr=False)
    constant: NDArray[np.float64] = field(compare=False, repr=False)
    single: NDArray[np.intp] | None = field(default=None, compare=False, repr=False)
    defined: tuple[Defined, ...] = ()
    meanstructure: bool = False
    parameterization: str = "delta"

    def __hash__(self) -> int:
        """Hash what is quickly hashed: a table is the key of what follows from it alone."""
        return hash((self.observed, self.latent, self.groups, self.free_names, self.meanstructure))

    @property
    def n_free(self) -> int:
        """Number of free parameters k, equal ones counted once."""
        return len(self.free_names)

    @property
    def endogenous(self) -> tuple[str, ...]:
        """Variables explained by others, observed first."""
        explained = {row.rhs for row in self.rows if row.op == "=~"}
        explained |= {row.lhs for row in self.rows if row.op == "~"}
        return tuple(v for v in (*self.observed, *self.latent) if v in explained)

    def of_group(self, group: int) -> Parameters:
        """Return the rows of one group, counted from 1; theta stays that of all groups."""
        if not 1 <= group <= len(self.groups):
            raise SpecError(f"No group {group}: the model has {len(self.groups)}, counted from 1.")
        if len(self.groups) == 1:
            return self
        size = len(self.rows) // len(self.groups)
        own = slice((group - 1) * size, group * size)
        return Parameters(
            rows=self.rows[own],
            observed=self.observed,
            latent=self.latent,
            covariates=self.covariates,
            groups=(self.groups[group - 1],),
            ordered=self.ordered,
            free_names=self.free_names,
            design=self.design[own],
            constant=self.constant[own],
            single=None if self.single is None else self.single[own],
            defined=self.defined,
            meanstructure=self.meanstructure,
            parameterization=self.parameterization,
        )

    def labelled(self, theta: NDArray[Any]) -> dict[str, Any]:
        """Return the value of every label.

        Parameters
        ----------
        theta : ndarray, shape (k,) or (draws, k)
            Real or complex.

        Returns
        -------
        dict
            Numbers, or arrays of shape (draws,): what `Defined.expression` takes.
        """
        first: dict[str, int] = {}
        for i, row in enumerate(self.rows):
            if row.label:
                first.setdefault(row.label, i)
        return {label: theta @ self.design[i] + self.constant[i] for label, i in first.items()}

    def defined_values(self, theta: NDArray[Any]) -> dict[str, Any]:
        """Return the value of every defined parameter, for `theta` as in `labelled`."""
        values = self.labelled(theta)
        return {d.name: d.expression.value(values) for d in self.defined}
