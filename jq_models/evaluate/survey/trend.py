"""How scores changed since the wave before, and whether the questions still mean the same."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jq_models.data import OpenStudy, Responses, open_study
from jq_models.errors import SpecError
from jq_models.evaluate.invariance import Invariance, invariance
from jq_models.evaluate.invariance.latent_means import holm
from jq_models.evaluate.nesting.clusters import cluster_level, nested_groupings
from jq_models.evaluate.scores import construct_scores
from jq_models.evaluate.survey.differences import WELCH, Vector, clustered, moments_of, welch
from jq_models.paths import inside, project_root
from jq_models.spec import Instrument, answer_scale, load_study

WAVE, BEFORE, NOW = "wave", "before", "now"
TREND_STATES = ("compared", "absent", "scale", "wording", "too_few")
TREND_WHYS = ("compared", "no_data", "questionnaire")
_WELCH = (*WELCH[:-2], "p_value", "p_holm", "effect", "welch_low", "welch_high")
COLUMNS = ("n_before", "n", "mean_before", "mean", *_WELCH, "clusters", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A study beside the wave before.

    Attributes
    ----------
    why : {"compared", "no_data", "questionnaire"}
        "no_data": the answers of the wave before are no longer there; "questionnaire": not one construct was
        asked in the same words on the same scale.
    before : OpenStudy or None
        The wave before.
    table : DataFrame
        Index ``construct``; columns n_before, n, mean_before, mean, difference (now - before), se, df,
        ci_low, ci_high, p_value, p_holm (for all constructs), effect (Hedges' g), welch_low, welch_high
        (the interval that takes people as independent), clusters (teams behind se, interval and p value; NaN
        where both waves do not have the same nested grouping: then these are Welch's) and state: "compared",
        "absent" (not asked then), "scale", "wording" (asked otherwise), "too_few".
    grouping : str or None
        The grouping the clusters come from, of at least 20 groups.
    invariance : Invariance or None
        The two waves as two groups ("before" is the reference); None where a wave has too few complete
        answers (the study's gate for groups) or nothing can be compared.
    """

    why: str
    before: OpenStudy | None = field(repr=False)
    table: pd.DataFrame = field(repr=False)
    grouping: str | None
    invariance: Invariance | None = field(repr=False)

    @property
    def compared(self) -> pd.DataFrame:
        """The rows that could be compared."""
        return self.table[self.table["state"] == "compared"]


def trend(opened: OpenStudy, *, estimator: str = "MLR") -> Trend | None:
    """Compare a study with the wave before; None when its file names none.

    The waves are not linked: their people count as different ones. Where both waves have people nested in
    teams (a grouping of the same name), teams of one name are one cluster in both.

    Parameters
    ----------
    opened : OpenStudy
    estimator : str
        Of the models of both waves.

    Raises
    ------
    SpecError, DataError
        When the wave before is this study, is not there or its data have an error.
    """
    if opened.spec.client.previous is None:
        return None
    before = wave_before(opened)
    if before is None:
        nothing = pd.DataFrame(columns=list(COLUMNS)).rename_axis("construct")
        return Trend(why="no_data", before=None, table=nothing, grouping=None, invariance=None)
    states = wave_states(before, opened)
    grouping = _common_grouping(before.responses, opened.responses)
    table = _table(before.responses, opened.responses, states=states, grouping=grouping)
    alike = [code for code in table.index if table.loc[code, "state"] == "compared"]
    return Trend(
        why="compared" if alike else "questionnaire",
        before=before,
        table=table,
        grouping=grouping if alike else None,
        invariance=wave_invariance(before, opened, constructs=alike, estimator=estimator),
    )


def wave_before(opened: OpenStudy) -> OpenStudy | None:
    """Open the wave before; None when the study file names none or its data are not there.

    Raises
    ------
    SpecError, DataError
        As `trend`.
    """
    name = opened.spec.client.previous
    if name is None:
        return None
    if name == opened.spec.name:
        raise SpecError(f"Study '{name}' names itself as the wave before. Name another study.")
    file = inside(project_root(), load_study(name).file)
    # the data are named: in a run, the environment names those of the study that is running
    return open_study(name, language=opened.language, data=file) if file.is_file() else None


def wave_states(before: OpenStudy, opened: OpenStudy) -> dict[str, str]:
    """Return of every construct whether both waves asked it in the same words on the same scale.

    Returns
    -------
    dict of str to {"", "absent", "scale", "wording"}
        ``""`` when they did.
    """
    return {code: _state(before, opened.instrument, code) for code in opened.responses.constructs}


def _state(before: OpenStudy, instrument: Instrument, code: str) -> str:
    if code not in before.responses.constructs:
        return "absent"
    if answer_scale(before.instrument, code) != answer_scale(instrument, code):
        return "scale"
    return "" if before.instrument.wording_hash(code) == instrument.wording_hash(code) else "wording"


def wave_invariance(
    before: OpenStudy, opened: OpenStudy, *, constructs: list[str], estimator: str = "MLR"
) -> Invariance | None:
    """Climb the ladder of invariance with the two waves as groups.

    Parameters
    ----------
    constructs : list of str
        Those both waves asked alike; only those of the study's models take part.

    Returns
    -------
    Invariance or None
        None where fewer than the gate for groups answered every item in a wave.
    """
    mine = [code for code in (*opened.dimensions, *opened.outcomes) if code in constructs]
    if not mine:
        return None
    others = [c.code for c in opened.instrument.constructs if c.code not in mine]
    model = opened.model("correlated", without=others)
    items = [
        item.code
        for item in opened.instrument.items
        if item.construct in mine
        and item.code in opened.responses.items
        and item.code in before.responses.items
    ]
    waves = {BEFORE: before.responses.items[items].dropna(), NOW: opened.responses.items[items].dropna()}
    if min(map(len, waves.values())) < opened.spec.gates.group:
        return None
    frame = pd.concat([one.assign(**{WAVE: name}) for name, one in waves.items()], ignore_index=True)
    return invariance(model, frame, group=WAVE, groups=(BEFORE, NOW), estimator=estimator)


def _table(
    before: Responses, now: Responses, *, states: dict[str, str], grouping: str | None
) -> pd.DataFrame:
    then, today = construct_scores(before), construct_scores(now)
    teams = None if grouping is None else _teams(before, now, grouping=grouping)
    rows = {}
    for code, state in states.items():
        own = today[code].to_numpy(dtype=float)
        if state:
            rows[code] = {"n": int(np.isfinite(own).sum()), "mean": float(np.nanmean(own)), "state": state}
        else:
            rows[code] = _row(then[code].to_numpy(dtype=float), own, teams=teams)
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("construct")
    table = table.reindex(columns=[name for name in COLUMNS if name != "p_holm"])
    return table.assign(p_holm=holm(table["p_value"]))[list(COLUMNS)]


def _teams(before: Responses, now: Responses, *, grouping: str) -> NDArray[np.object_]:
    """Return whom each person belongs with, the wave before first; who has no team stands alone."""
    members = pd.concat([one.groups[grouping].astype(object) for one in (before, now)], ignore_index=True)
    alone = pd.Series([("", place) for place in range(len(members))], dtype=object)
    return np.asarray(members.where(members.notna(), alone.astype(str)), dtype=object)


def _row(then: Vector, own: Vector, *, teams: NDArray[np.object_] | None) -> dict[str, object]:
    first, second = (moments_of(values[np.isfinite(values)]) for values in (own, then))
    found = welch(first, second)
    row: dict[str, object] = {
        "n_before": second.n,
        "n": first.n,
        "mean_before": second.mean,
        "mean": first.mean,
        **found,
        "welch_low": found["ci_low"],
        "welch_high": found["ci_high"],
        "clusters": math.nan,
        "state": "too_few" if math.isnan(found["se"]) else "compared",
    }
    if teams is None or row["state"] == "too_few":
        return row
    values, later = np.concatenate([then, own]), np.arange(len(then) + len(own)) >= len(then)
    known = np.isfinite(values)
    wide = clustered(values[known], later[known], clusters=teams[known])
    return row if math.isnan(wide["se"]) else row | wide | {"df": wide["clusters"] - 1.0}


def _common_grouping(before: Responses, now: Responses) -> str | None:
    """Return the finest grouping that people of both waves are nested in; None below 20 groups.

    With fewer, cluster-robust errors are too small themselves (Cameron & Miller 2015).
    """
    both = [name for name in nested_groupings(now) if name in nested_groupings(before)]
    finest = both[-1] if both else None
    if finest is None:
        return None
    names = set(before.groups[finest].dropna().astype(str)) | set(now.groups[finest].dropna().astype(str))
    return finest if cluster_level(len(names)) != "too_few" else None
