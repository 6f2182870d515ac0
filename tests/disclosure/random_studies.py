"""Random studies to attack, what rules of disclosure show of them, and what the attacker makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
from attacker import Attacker, cells_of, lattice
from hypothesis import strategies as st

from jq_models.data import Responses
from jq_models.disclosure import Ledger, Release, record, release
from jq_models.disclosure.earlier import kin
from jq_models.evaluate import construct_scores
from jq_models.spec import load_instrument

INSTRUMENT = load_instrument("ccc_job_quality")
ITEMS = ["OPP1", "OPP2", "OPP3", "OPP4", "CON1", "CON2"]
CODES = ("OPP", "CON", "OPP2", "recommend")
Row = tuple[tuple[str, ...], tuple, str]
Shows = Callable[[Row], bool]
Rule = Callable[[list[Responses], "Study"], list[Shows]]


@dataclass(frozen=True, repr=False)
class Study:
    """A population, who of it is in the file of each report, and what the reports cross.

    `names` and `columns` say for each report which study it is of and by what it groups: one study and
    everything, where they are empty.
    """

    groups: pd.DataFrame
    items: pd.DataFrame
    covariates: pd.DataFrame
    reports: tuple[np.ndarray, ...]
    crossings: tuple[tuple[str, str], ...]
    minimum: int
    names: tuple[str, ...] = ()
    columns: tuple[tuple[str, ...], ...] = ()

    def responses(self) -> list[Responses]:
        found = []
        for k, persons in enumerate(self.reports):
            shown = self.groups[list(self.columns[k])] if self.columns else self.groups
            items, groups, covariates = (
                frame.iloc[persons].reset_index(drop=True) for frame in (self.items, shown, self.covariates)
            )
            n = len(persons)
            found.append(
                Responses(
                    items=items, groups=groups, covariates=covariates, instrument=INSTRUMENT, log=(), n_read=n
                )
            )
        return found


@st.composite
def studies(draw: st.DrawFn, *, reports: int = 3, missing: tuple[float, ...] = (0, 0.03, 0.2)) -> Study:
    """One to four groupings, nested or crossing, skewed; answers missing or alike; late answers, leavers."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, minimum = draw(st.integers(30, 170)), draw(st.integers(5, 15))
    groups: dict[str, np.ndarray] = {}
    for k in range(draw(st.integers(1, 4))):
        within = draw(st.sampled_from([None, *groups]))
        shares = rng.dirichlet(np.full(draw(st.integers(2, 7)), draw(st.sampled_from([0.5, 2.0, 20.0]))))
        column = rng.choice(len(shares), size=n, p=shares)
        if within is not None:
            column = column + 10 * groups[within]
        groups[f"g{k}"] = column
    frame = pd.DataFrame(groups).astype(object)
    frame = frame.mask(rng.random(frame.shape) < draw(st.sampled_from([0, 0, 0.04])))
    items = pd.DataFrame(rng.integers(1, 6, size=(n, len(ITEMS))).astype(float), columns=ITEMS)
    recommend = pd.Series(rng.integers(0, 11, size=n).astype(float), name="recommend")
    cells = list(lattice(frame))
    for cell in (cells[k] for k in rng.integers(len(cells), size=draw(st.integers(0, 3)))):
        items.loc[list(cell), ITEMS[: draw(st.sampled_from([1, 2, 4, 6]))]] = float(rng.integers(1, 6))
        recommend[list(cell)] = 10.0
    items = items.mask(rng.random(items.shape) < draw(st.sampled_from(missing)))
    covariates = pd.DataFrame({"recommend": recommend, "customer_contact": rng.random(n)})
    files = [np.flatnonzero(rng.random(n) < draw(st.sampled_from([1.0, 0.98, 0.9, 0.6])))]
    for _ in range(draw(st.integers(0, reports - 1))):
        late = rng.choice(n, size=draw(st.integers(0, 25)))
        gone = rng.choice(n, size=draw(st.sampled_from([0, 0, 1, 3, 15])))
        files.append(np.setdiff1d(np.union1d(files[-1], late), gone))
    pairs = list(combinations(groups, 2))
    crossings = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3)) if pairs else []
    return Study(frame, items, covariates, tuple(files), tuple(crossings), minimum)


def released(files: list[Responses], study: Study) -> list[Shows]:
    """The rule of the house: one release a report, held against all earlier ones of all studies at once."""
    return one_after_the_other(files, study, lambda *found: [kin(*found, minimum=study.minimum)])


def one_after_the_other(files: list[Responses], study: Study, beside: Callable) -> list[Shows]:
    """Release every report beside its own study's and, set by set, the others that `beside` chooses."""
    found, ledgers = list[Shows](), dict[str, Ledger]()
    for responses, name in zip(files, study.names or [""] * len(files), strict=True):
        own = ledgers.pop(name, Ledger(key="5a" * 32))
        shown = [
            _release(responses, study, issued=own, others=others)
            for others in beside(own, list(ledgers.values()), responses)
        ]
        found.append(partial(_all_show, shown))
        ledgers[name] = record(own, responses, shown[0])
    return found


def no_complement(files: list[Responses], study: Study) -> list[Shows]:
    """Weakened: hide small cells, and nothing to protect them."""
    return [partial(_large, _counts(responses, study), study.minimum) for responses in files]


def each_by_itself(files: list[Responses], study: Study) -> list[Shows]:
    """Weakened: protect small cells within their own grouping or crossing only."""
    found = []
    for responses in files:
        kept = {}
        for (names, code), cells in _by_table(_counts(responses, study)).items():
            hidden = {labels for labels, n in cells.items() if n < study.minimum}
            order = sorted(cells.keys() - hidden, key=lambda labels: (cells[labels], str(labels)))
            while order and 0 < sum(cells[labels] for labels in hidden) < study.minimum:
                hidden.add(order.pop(0))
            kept |= {(names, labels, code): labels not in hidden for labels in cells}
        found.append(kept.__getitem__)
    return found


def forgetful(files: list[Responses], study: Study) -> list[Shows]:
    """Weakened: a good release of every file, as if nothing had been issued before."""
    return [partial(_shows, shown) for shown in _releases(files, study)]


def crossings_apart(files: list[Responses], study: Study) -> list[Shows]:
    """Weakened: groupings are released together, crossings only kept from being small."""
    return [
        partial(_apart, release(responses, minimum=study.minimum), _counts(responses, study), study.minimum)
        for responses in files[:1]
    ]


def _releases(files: list[Responses], study: Study) -> Iterator[Release]:
    for responses in files:
        yield _release(responses, study)


def _release(responses: Responses, study: Study, **given: object) -> Release:
    crossings = [pair for pair in study.crossings if set(pair) <= set(responses.groups)]
    return release(responses, minimum=study.minimum, crossings=crossings, **given)


def _all_show(shown: list[Release], row: Row) -> bool:
    return all(_shows(one, row) for one in shown)


def _shows(shown: Release, row: Row) -> bool:
    return shown.shows(row[0], row[1], of=row[2])


def _large(counts: dict[Row, int], minimum: int, row: Row) -> bool:
    return counts[row] >= minimum


def _apart(shown: Release, counts: dict[Row, int], minimum: int, row: Row) -> bool:
    return counts[row] >= minimum if len(row[0]) > 1 else _shows(shown, row)


def _counts(responses: Responses, study: Study) -> dict[Row, int]:
    return {row: len(persons) for row, persons, _ in rows_of(responses, study)}


def _by_table(counts: dict[Row, int]) -> dict[tuple, dict[tuple, int]]:
    tables: dict[tuple, dict[tuple, int]] = {}
    for (names, labels, code), n in counts.items():
        tables.setdefault((names, code), {})[labels] = n
    return tables


def rows_of(responses: Responses, study: Study) -> Iterator[tuple[Row, np.ndarray, np.ndarray]]:
    """Yield every row a report could hold, the places of its persons with a score, and their scores."""
    scores = construct_scores(responses)
    values = {code: scores.get(code, responses.items.get(code)) for code in CODES[:-1]}
    values["recommend"] = responses.covariates["recommend"]
    arrays = {code: column.to_numpy() for code, column in values.items()}
    crossings = [pair for pair in study.crossings if set(pair) <= set(responses.groups)]
    for names in [(), *((str(name),) for name in responses.groups), *crossings]:
        for labels, members in cells_of(responses.groups, names).items():
            for code, column in arrays.items():
                persons = np.array(members)[~np.isnan(column[members])]
                yield (names, labels, code), persons, column[persons]


@dataclass
class Outcome:
    """What an attack came to: rows shown, targets tried and recovered, and the sparsest combination found.

    `spare` is the fewest persons any combination was seen to lie on, beyond the minimum.
    """

    shown: int = 0
    rows: int = 0
    targets: int = 0
    recovered: int = 0
    spare: int = 10**6


def attack(study: Study, rule: Rule) -> Outcome:
    """Attack everything a rule shows of a study; what is recovered is checked to be the truth."""
    files, rng, outcome = study.responses(), np.random.default_rng(1), Outcome()
    attackers = {code: Attacker() for code in CODES}
    truth: dict[str, dict[int, float]] = {code: {} for code in CODES}
    shown: dict[str, set[frozenset]] = {code: set() for code in CODES}
    for responses, shows, everybody in zip(files, rule(files, study), study.reports, strict=False):
        for row, places, given in rows_of(responses, study):
            code, persons = row[2], everybody[places].tolist()
            truth[code].update(zip(persons, given, strict=True))
            outcome.rows += 1
            if len(given) and shows(row):
                sd = given.std(ddof=1) if len(given) > 1 else np.nan
                attackers[code].learn(persons, n=len(given), mean=given.mean(), sd=sd)
                shown[code].add(frozenset(persons))
                outcome.shown += 1
    cells = candidates(study)
    for code, attacker in attackers.items():
        if attacker.sets:
            attacker.prepare()
            outcome.spare = min(outcome.spare, attacker.sparsest(rng) - study.minimum)
            _try_all(attacker, cells, shown[code], truth[code], study.minimum, outcome)
    return outcome


def _try_all(attacker, cells, shown, truth, minimum, outcome) -> None:
    answered = frozenset(truth)
    tried = {cell & answered for cell in cells} | {a - b for a in shown for b in shown if a > b}
    for target in tried:
        values = [truth[person] for person in sorted(target)]
        if values and (len(values) < minimum or len(set(values)) == 1):
            outcome.targets += 1
            found = attacker.recovers(target)
            if found is not None:
                true = (len(values), sum(values), sum(v**2 for v in values))
                np.testing.assert_allclose(found, true, atol=1e-5)
                outcome.recovered += 1


def candidates(study: Study) -> set[frozenset]:
    """Return the cells of the full lattice, in every file and in the differences of files."""
    files = [frozenset(persons.tolist()) for persons in study.reports]
    files += [a - b for a in files for b in files if a != b]
    return {cell & file for cell in lattice(study.groups) for file in files} | set(files)


def recovered_items(study: Study, rule: Rule) -> int:
    """Return how many items follow, of few or alike persons, from the items and their scale together."""
    responses = study.responses()[0]
    values, attacker = responses.items[ITEMS[:4]].to_numpy(), Attacker()
    _learn_scale(attacker, responses, study, rule([responses], study)[0])
    if not attacker.sets:
        return 0
    attacker.prepare()
    found = 0
    for cell in {*lattice(responses.groups), frozenset(range(responses.n))}:
        for k, told in enumerate(values[list(cell)].T):
            if len(cell) < study.minimum or len(set(told)) == 1:
                answer = attacker.recovers(frozenset((person, k) for person in cell))
                if answer is not None:
                    np.testing.assert_allclose(answer[1], told.sum(), atol=1e-5)
                    found += 1
    return found


def _learn_scale(attacker: Attacker, responses: Responses, study: Study, shows: Shows) -> None:
    """Take in all that is shown of a scale without missing answers; the unknowns are persons' items."""
    values, parts = responses.items[ITEMS[:4]].to_numpy(), {"OPP": [0, 1, 2, 3]}
    parts |= {item: [k] for k, item in enumerate(ITEMS[:4])}
    for names in [(), *((str(name),) for name in responses.groups), *study.crossings]:
        for labels, members in cells_of(responses.groups, names).items():
            for code, items in parts.items():
                if shows((names, labels, code)):
                    pairs = [(person, k) for person in members for k in items]
                    attacker.learn(pairs, n=len(pairs), mean=values[np.ix_(members, items)].mean(), sd=np.nan)
