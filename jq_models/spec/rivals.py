"""Rival measurement models of job quality's dimensions: what else could the same items measure?

All rivals are of the same items, the outcomes left out, so that their information criteria can be compared.
How they nest: one factor in three blocks, blocks in the separate dimensions; the second order in the second
order with a learning factor, and that in the separate dimensions; the second order in the bifactor model, of
which it is the case with proportional loadings (Yung, Thissen & McLeod 1999, Psychometrika 64, 113-128); a
dimension as one factor in the same dimension as two.
"""

from __future__ import annotations

from dataclasses import dataclass

from jq_models.errors import SpecError, suggest
from jq_models.spec.instrument import Construct, Instrument
from jq_models.spec.model import JOB_QUALITY, Model, residual_covariances

RIVALS = ("one_factor", "three_blocks", "dimensions", "higher", "higher_learning", "bifactor")
# smaller model, larger model
NESTING = (
    ("one_factor", "three_blocks"),
    ("three_blocks", "dimensions"),
    ("higher", "higher_learning"),
    ("higher_learning", "dimensions"),
    ("higher", "dimensions"),
    ("higher", "bifactor"),
)
# our choice: what the center runs on, what it learns from; the rest is the work itself and the people
BLOCKS = {"operational": ("AMB", "CON", "TOO", "SUP"), "learning": ("LCU", "LEM", "INF")}
REST = "rest"
HIGHER = ("higher", "higher_learning", "bifactor")
FEWEST_HIGHER = 3  # with fewer dimensions a general factor behind them is not identified
OBSTACLES = ("few_dimensions", "one_block", "few_new", "single_items")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """A construct whose items the questionnaire sorts into facets, each with at least two items.

    Attributes
    ----------
    construct : str
    items : dict of str to tuple of str
        The items of each facet.
    """

    construct: str
    items: dict[str, tuple[str, ...]]

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of the factors that stand for the facets, such as ``"INF_between"``."""
        return tuple(f"{self.construct}_{facet}" for facet in self.items)


def build_rival(name: str, *, instrument: Instrument, dimensions: tuple[str, ...]) -> Model:
    """Write a rival measurement model.

    Parameters
    ----------
    name : {"one_factor", "three_blocks", "dimensions", "higher", "higher_learning", "bifactor"}
        All items on job quality; on three correlated blocks (`BLOCKS`, ours); on their own correlated
        dimensions; dimensions on second-order job quality; the same with what the new dimensions share
        beyond it; on job quality and, apart from it, on a specific factor a dimension. In the last one a
        single item has no specific factor and two items load on theirs equally: more is not identified.
    instrument : Instrument
    dimensions : tuple of str
        Codes of the dimensions with answers.

    Raises
    ------
    SpecError
        On an unknown name, or a model that these dimensions cannot identify or tell from another.
    """
    kept = _kept(instrument, dimensions)
    why = obstacle(name, instrument=instrument, dimensions=dimensions)
    if why:
        raise SpecError(f"The rival '{name}' cannot be told from these dimensions: {why}. Leave it out.")
    return {
        "one_factor": _one_factor,
        "three_blocks": _three_blocks,
        "dimensions": _dimensions,
        "higher": _higher,
        "higher_learning": _higher_learning,
        "bifactor": _bifactor,
    }[name](kept)


def obstacle(name: str, *, instrument: Instrument, dimensions: tuple[str, ...]) -> str:
    """Return the code of `OBSTACLES` that keeps a rival from being written, or ``""``.

    Raises
    ------
    SpecError
        On an unknown name.
    """
    if name not in RIVALS:
        raise SpecError(f"No rival model '{name}'. {suggest(name, RIVALS)}")
    kept = _kept(instrument, dimensions)
    if len(kept) < (FEWEST_HIGHER if name in HIGHER else 2):
        return "few_dimensions"
    if name == "three_blocks" and len({_block(c) for c in kept}) < 2:
        return "one_block"
    if name == "higher_learning" and sum(c.new for c in kept) < 2:
        return "few_new"
    if name == "bifactor" and not any(len(c.items) > 1 for c in kept):
        return "single_items"
    return ""


def facets_of(instrument: Instrument, *, dimensions: tuple[str, ...]) -> tuple[Facets, ...]:
    """Return the dimensions that can be split by facet: two facets or more, each of two items or more.

    Parameters
    ----------
    dimensions : tuple of str
        The dimensions to look through.
    """
    found = []
    for construct in instrument.dimensions:
        if construct.code not in dimensions:
            continue
        items = {
            facet: tuple(i.code for i in construct.items if i.facet == facet) for facet in construct.facets
        }
        if len(items) > 1 and min(map(len, items.values())) > 1:
            found.append(Facets(construct=construct.code, items=items))
    return tuple(found)


def build_facets(facets: Facets, *, instrument: Instrument, dimensions: tuple[str, ...]) -> Model:
    """Write the model of correlated dimensions in which one dimension is a factor a facet.

    Parameters
    ----------
    dimensions : tuple of str
        The dimensions of the model, in its order.
    """
    whole = build_rival("dimensions", instrument=instrument, dimensions=dimensions)
    own = {
        name: f"{name} =~ {' + '.join(codes)}"
        for name, codes in zip(facets.factors, facets.items.values(), strict=True)
    }
    start = f"{facets.construct} =~"
    lines = [
        new
        for line in whole.text.splitlines()
        for new in (own.values() if line.startswith(start) else [line])
    ]
    factors = [
        new for code in whole.factors for new in (facets.factors if code == facets.construct else (code,))
    ]
    return Model(
        name=f"facets_{facets.construct}",
        text="\n".join(lines) + "\n",
        factors=tuple(factors),
        single_items=whole.single_items,
    )


def _kept(instrument: Instrument, dimensions: tuple[str, ...]) -> list[Construct]:
    return [c for c in instrument.dimensions if c.code in dimensions]


def _block(construct: Construct) -> str:
    return next((name for name, codes in BLOCKS.items() if construct.code in codes), REST)


def _one_factor(kept: list[Construct]) -> Model:
    codes = [item.code for c in kept for item in c.items]
    return Model(name="one_factor", text=_loads(JOB_QUALITY, codes) + "\n", factors=(JOB_QUALITY,))


def _three_blocks(kept: list[Construct]) -> Model:
    blocks: dict[str, list[str]] = {}
    for construct in kept:
        blocks.setdefault(_block(construct), []).extend(item.code for item in construct.items)
    lines = [_loads(name, codes) for name, codes in blocks.items()]
    return Model(
        name="three_blocks",
        text="\n".join(lines) + "\n",
        factors=tuple(blocks),
        single_items=tuple(name for name, codes in blocks.items() if len(codes) == 1),
    )


def _dimensions(kept: list[Construct], *, name: str = "dimensions", more: tuple[str, ...] = ()) -> Model:
    lines = [*(_loads(c.code, [i.code for i in c.items]) for c in kept), *more]
    return Model(
        name=name,
        text="\n".join(lines) + "\n",
        factors=tuple(c.code for c in kept),
        higher=(JOB_QUALITY,) if more else (),
        single_items=tuple(c.code for c in kept if len(c.items) == 1),
    )


def _higher(kept: list[Construct]) -> Model:
    return _dimensions(kept, name="higher", more=(_loads(JOB_QUALITY, [c.code for c in kept]),))


def _higher_learning(kept: list[Construct]) -> Model:
    new = [c.code for c in kept if c.new]
    more = (_loads(JOB_QUALITY, [c.code for c in kept]), *residual_covariances(new))
    return _dimensions(kept, name="higher_learning", more=more)


def _bifactor(kept: list[Construct]) -> Model:
    codes = [item.code for c in kept for item in c.items]
    several = [c for c in kept if len(c.items) > 1]
    lines = [_loads(JOB_QUALITY, codes)]
    for c in several:
        # two items: one covariance between them tells one number
        own = [f"{'1*' if len(c.items) == 2 else ''}{item.code}" for item in c.items]
        lines.append(_loads(c.code, own))
    names = [JOB_QUALITY, *(c.code for c in several)]
    lines += [f"{a} ~~ {' + '.join(f'0*{b}' for b in names[i + 1 :])}" for i, a in enumerate(names[:-1])]
    return Model(name="bifactor", text="\n".join(lines) + "\n", factors=tuple(names))


def _loads(factor: str, codes: list[str]) -> str:
    return f"{factor} =~ {' + '.join(codes)}"
