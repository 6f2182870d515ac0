"""A norm: means and spreads of other people's scores, with their source and the questions behind them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jq_models.errors import SpecError
from jq_models.paths import norms
from jq_models.spec.instrument import Instrument
from jq_models.spec.strict import Table, Text, read_toml
from jq_models.spec.study import check_name

REFUSALS = ("absent", "scale", "wording")
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NormValue:
    """The norm of one construct.

    Attributes
    ----------
    code : str
        Of the construct.
    mean, sd : float
        Of the scores, on `scale`; the spread with n - 1.
    n : int
        People behind them.
    wording : str
        ``Instrument.wording_hash`` of the questions they answered.
    scale : str
        `answer_scale` of those questions.
    """

    code: str
    mean: float
    sd: float
    n: int
    wording: str
    scale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """A norm file: `day` is when its data were gathered, `simulated` that nobody gave these answers."""

    name: str
    title: Text
    source: Text
    day: date
    simulated: bool
    values: tuple[NormValue, ...]

    def of(self, code: str) -> NormValue | None:
        """Return the norm of a construct, None when there is none."""
        return next((value for value in self.values if value.code == code), None)


def answer_scale(instrument: Instrument, code: str) -> str:
    """Return how a construct is scored, as norms write it: its answer scales and the range of its scores.

    ``"agree5 (1 to 5)"``; a questionnaire that mixes scales scores from 0 to 100: ``"agree5 (0 to 100)"``.

    Parameters
    ----------
    code : str
        Of the construct.
    """
    names = dict.fromkeys(item.scale.name for item in instrument.construct(code).items)
    low, high = instrument.score_range
    return f"{' + '.join(names)} ({low:g} to {high:g})"


def norm_refusal(norm: Norm, instrument: Instrument, code: str) -> str:
    """Return why a construct's scores cannot be held against a norm, ``""`` when they can.

    Parameters
    ----------
    code : str
        Of the construct.

    Returns
    -------
    {"", "absent", "scale", "wording"}
        "absent": the norm lacks the construct; "scale": it was answered or scored on another scale;
        "wording": the questions, their direction or the words of the scale were others.
    """
    value = norm.of(code)
    if value is None:
        return "absent"
    if value.scale != answer_scale(instrument, code):
        return "scale"
    return "" if value.wording == instrument.wording_hash(code) else "wording"


def load_norm(name: str, *, folder: Path | None = None) -> Norm:
    """Read ``data/norms/NAME.toml``.

    Parameters
    ----------
    name : str
        The file's name without its ending.
    folder : Path, optional
        Another folder than the project's.

    Raises
    ------
    SpecError
        On an unknown file or key, a wrong type, an impossible number, a construct named twice.
    """
    path = (folder or norms()) / f"{check_name(name)}.toml"
    table = read_toml(path)
    norm = Norm(
        name=table.take("name", str),
        title=table.text("title"),
        source=table.text("source"),
        day=table.take("date", date),
        simulated=table.take("simulated", bool, False),
        values=tuple(_value(entry) for entry in table.tables("constructs")),
    )
    table.done()
    if norm.name != name:
        raise SpecError(f"{path.name}: 'name' is '{norm.name}'. It must equal the file's name.")
    codes = [value.code for value in norm.values]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise SpecError(f"{path.name}: the construct '{twice}' stands there {codes.count(twice)} times.")
    if not codes:
        raise SpecError(f"{path.name}: no norm in it. Add at least one [[constructs]].")
    return norm


def _value(table: Table) -> NormValue:
    value = NormValue(
        code=table.take("code", str),
        mean=table.take("mean", float),
        sd=table.take("sd", float),
        n=table.take("n", int),
        wording=table.take("wording", str),
        scale=table.take("scale", str),
    )
    table.done()
    if not (math.isfinite(value.mean) and math.isfinite(value.sd) and value.sd > 0):
        raise SpecError(f"{table.where}: 'mean' must be a number and 'sd' one above 0.")
    if value.n < 2:
        raise SpecError(f"{table.where}: 'n' is {value.n}; a spread needs at least 2 people.")
    if not HASH.fullmatch(value.wording):
        raise SpecError(
            f"{table.where}: 'wording' must be the hash of the questions, 64 letters a-f and digits "
            "(Instrument.wording_hash)."
        )
    return value
