"""Does acting on customers' signals matter more to those who speak with customers more (H6)?

Main route: a latent product, by indicators that are products of the items with the share of customer contact
(unconstrained approach of Marsh, Wen & Hau 2004; double mean centring of Lin, Wen, Marsh & Lin 2010). Second
route: least squares on scale scores, which measurement error makes too small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

from jq_models.data import OpenStudy
from jq_models.evaluate.gates import Plan
from jq_models.evaluate.hypotheses.gap import Gap, closed_gate, failed, inadmissible, missing_constructs
from jq_models.evaluate.items import items_by_construct
from jq_models.evaluate.scores import construct_scores
from jq_models.sem import FailedFit, SemFit, delta_se, filled, try_fit, wald
from jq_models.sem.matrices import Numbers
from jq_models.spec.model import Model

COVARIATE = "customer_contact"
LEVELS = (-1.0, 0.0, 1.0)  # standard deviations of the moderator
PRODUCT, MODERATOR = "PRODUCT", "CONTACT"
FLAT = 1e-8
RESULT = ("estimate", "se", "z", "pvalue", "ci_low", "ci_high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderation:
    """The product's effect by two routes, and the effect at three levels of the moderator.

    Attributes
    ----------
    source, target : str
    fit : SemFit or FailedFit or None
        The model with product indicators, by MLR: products are not normal.
    routes : DataFrame
        Index "latent", "scores" (those that could be run); estimate se z pvalue ci_low ci_high: by how much
        the standardised slope differs for one standard deviation more of the moderator.
    slopes : DataFrame
        Index level (standard deviations of the moderator); moderator (its value), then as `routes`; from the
        first route of `routes`.
    own : float
        Standardised effect of the moderator itself.
    n : int
        Persons of the first route: with all answers it needs and a known share of customer contact.
    gap : Gap or None
    without : Gap or None
        Why the first route is not "latent".
    doubt : Gap or None
        Why no verdict may rest on it: the model has impossible values.
    """

    source: str = "LCU"
    target: str = "SAT"
    fit: SemFit | FailedFit | None = None
    routes: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    slopes: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    own: float = math.nan
    n: int = 0
    gap: Gap | None = None
    without: Gap | None = None
    doubt: Gap | None = None

    @property
    def main(self) -> str:
        """The route that decides: the first of `routes`."""
        return str(self.routes.index[0])


def moderation(opened: OpenStudy, plan: Plan, *, source: str = "LCU", target: str = "SAT") -> Moderation:
    """Test whether customer contact moderates the effect of a dimension on an outcome.

    Parameters
    ----------
    opened : OpenStudy
        With the covariate ``customer_contact``.
    plan : Plan
        The latent product from ``second_order`` on, scores from ``score_path`` on; so many must also have
        told their customer contact.
    source, target : str
    """
    gap = missing_constructs(opened, (source, target))
    if gap is None and COVARIATE not in opened.responses.covariates:
        gap = Gap(code="no_covariate", where=(COVARIATE,))
    gap = gap or closed_gate(plan, "score_path")
    if gap is not None:
        return Moderation(source=source, target=target, gap=gap)
    used = _scored(opened, source=source, target=target)
    gap = _too_few(opened, plan, len(used)) or _degenerate(used)
    if gap is not None:
        return Moderation(source=source, target=target, n=len(used), gap=gap)
    by_scores, slopes, own = _by_scores(used)
    routes, fit, doubt = {"scores": by_scores}, None, None
    needs = plan.needs("second_order")
    answered = _answered(opened, source=source, target=target)
    # of complete answers, and of those to the questions of this model
    without = None
    if min(plan.n, len(answered)) < needs:
        without = Gap(code="too_few", needs=needs, n=min(plan.n, len(answered)))
    else:
        model, data = product_model(opened, source=source, target=target)
        fit = try_fit(model, data, estimator="MLR")
        without = failed(fit)
        if without is None and isinstance(fit, SemFit):
            latent, slopes, own = _latent(fit, source=source, target=target)
            routes, used, doubt = {"latent": latent, **routes}, answered, inadmissible(fit)
    contact = used["contact"]
    slopes["moderator"] = contact.mean() + slopes.index.to_numpy() * contact.std(ddof=0)
    return Moderation(
        source=source,
        target=target,
        fit=fit,
        routes=pd.DataFrame.from_dict(routes, orient="index")[list(RESULT)],
        slopes=slopes[["moderator", *RESULT]],
        own=own,
        n=len(used),
        without=without,
        doubt=doubt,
    )


def _too_few(opened: OpenStudy, plan: Plan, n: int) -> Gap | None:
    """Hold the persons with scores and a known share of contact against the gate."""
    least = max(plan.needs("score_path"), opened.spec.minimum_group)
    return Gap(code="too_few", needs=least, n=n) if n < least else None


def _degenerate(used: pd.DataFrame) -> Gap | None:
    """Return the gap of a variable that does not vary, or of a product that cannot be told from its parts."""
    spread = used.std(ddof=0)
    varies = (spread > FLAT * (1.0 + used.abs().max())).to_numpy()
    if not varies.all():
        flat = [COVARIATE if name == "contact" else str(name) for name in used.columns[~varies]]
        return Gap(code="constant", where=tuple(flat))
    x, _, m = ((used - used.mean()) / spread).to_numpy().T
    columns = np.column_stack([np.ones(len(used)), x, m, x * m])
    columns /= np.sqrt((columns**2).sum(axis=0))
    singular = np.linalg.svd(columns, compute_uv=False)
    # a person who alone decides a coefficient has leverage 1, and no error of its own to estimate (HC3)
    leverage = (np.linalg.qr(columns)[0] ** 2).sum(axis=1)
    if singular[-1] < FLAT or leverage.max() > 1.0 - FLAT:
        return Gap(code="collinear", where=(str(used.columns[0]), COVARIATE))
    return None


def _scored(opened: OpenStudy, *, source: str, target: str) -> pd.DataFrame:
    """Return both scores and the contact, in their own units, of the persons with all three."""
    scores = construct_scores(opened.responses)[[source, target]]
    return scores.assign(contact=opened.responses.covariates[COVARIATE]).dropna().astype(float)


def _answered(opened: OpenStudy, *, source: str, target: str) -> pd.DataFrame:
    """Return the items of both and the contact, in their own units, of the persons with all of them."""
    by_construct = items_by_construct(opened.responses)
    items = opened.responses.items[[*by_construct[source], *by_construct[target]]]
    contact = opened.responses.covariates[COVARIATE].rename("contact")
    return pd.concat([items, contact], axis=1).dropna().reset_index(drop=True)


def product_model(opened: OpenStudy, *, source: str, target: str) -> tuple[Model, pd.DataFrame]:
    """Write the model with product indicators and the data it is fitted to.

    Items are centred, contact is standardised, each item is multiplied by it and the products are centred
    again. Contact is one variable without error, so that product k shares nothing with item j beyond the
    factors, and with its own item only when their joint third moment is not zero: those residual
    covariances are free, all others zero.
    """
    by_construct = items_by_construct(opened.responses)
    items, others = list(by_construct[source]), list(by_construct[target])
    data = _answered(opened, source=source, target=target)
    data = data - data.mean()
    data["contact"] /= data["contact"].std(ddof=0)
    products = [f"{item}_x" for item in items]
    for item, product in zip(items, products, strict=True):
        data[product] = data[item] * data["contact"]
        data[product] -= data[product].mean()
    lines = [
        f"{source} =~ {' + '.join(items)}",
        f"{target} =~ {' + '.join(others)}",
        f"{MODERATOR} =~ contact",
        f"{PRODUCT} =~ {' + '.join(products)}",
        f"{target} ~ {source} + {MODERATOR} + {PRODUCT}",
    ]
    if len(items) > 1:
        lines += [f"{item} ~~ {product}" for item, product in zip(items, products, strict=True)]
    factors = (source, target, MODERATOR, PRODUCT)
    single = (
        MODERATOR,
        *([source, PRODUCT] if len(items) == 1 else []),
        *([target] if len(others) == 1 else []),
    )
    return Model(name="moderation", text="\n".join(lines) + "\n", factors=factors, single_items=single), data


def _latent(fit: SemFit, *, source: str, target: str) -> tuple[dict[str, float], pd.DataFrame, float]:
    """Return the product's effect, the simple slopes and the moderator's effect, standardised.

    The product's effect is b sd(source) sd(moderator) / sd(target), not with the product's own standard
    deviation (Wen, Marsh & Hau 2010, Structural Equation Modeling 17, 1-22).
    """
    names = list(fit.matrices.latent)
    s, t, m, p = (names.index(code) for code in (source, target, MODERATOR, PRODUCT))
    levels = np.array(LEVELS)

    def values(theta: Numbers) -> Numbers:
        state = filled(fit.matrices, theta)
        sd = np.sqrt(np.diag(state.latent_covariance))
        slope = state.path[t, s] * sd[s] / sd[t]
        product = state.path[t, p] * sd[s] * sd[m] / sd[t]
        return np.concatenate([[product], slope + levels * product, [state.path[t, m] * sd[m] / sd[t]]])

    estimate, se = values(fit.theta), delta_se(values, fit)
    frame = pd.DataFrame({"estimate": estimate, "se": se}).join(wald(estimate, se))
    slopes = frame.iloc[1:-1].set_axis(pd.Index(LEVELS, name="level"), axis=0)
    return {str(k): float(v) for k, v in frame.iloc[0].items()}, slopes.copy(), float(estimate[-1])


def _by_scores(used: pd.DataFrame) -> tuple[dict[str, float], pd.DataFrame, float]:
    """Return the same by least squares on standardised scores, errors robust to unequal variance (HC3)."""
    data = ((used - used.mean()) / used.std(ddof=0)).set_axis(["x", "y", "m"], axis=1)
    fit = smf.ols("y ~ x * m", data=data).fit(cov_type="HC3")
    # t_test on the slope b_x + level b_xm
    rows = np.array([[0.0, 0.0, 0.0, 1.0], *([0.0, 1.0, 0.0, level] for level in LEVELS)])
    found = fit.t_test(rows)
    estimate, se = np.asarray(found.effect), np.asarray(found.sd).ravel()
    frame = pd.DataFrame({"estimate": estimate, "se": se}).join(wald(estimate, se))
    slopes = frame.iloc[1:].set_axis(pd.Index(LEVELS, name="level"), axis=0).copy()
    first = {str(k): float(v) for k, v in frame.iloc[0].items()}
    return first, slopes, float(fit.params["m"])
