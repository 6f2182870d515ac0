"""Random series of reports: of several studies on the same people, on parts of them, by other groupings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from attacker import lattice
from hypothesis import strategies as st
from random_studies import Shows, Study, one_after_the_other, studies

from jq_models.data import Responses


@st.composite
def series(draw: st.DrawFn) -> Study:
    """Three or four reports of one to three studies on the same people, by groupings of their own."""
    study = draw(studies(reports=1))
    rng, n = np.random.default_rng(draw(st.integers(0, 2**32 - 1))), len(study.groups)
    frame = study.groups[study.groups.columns[:3]].copy()
    for name in list(frame)[: draw(st.integers(0, 2))]:  # the same groups, cut or merged otherwise
        label = frame[name].map(dict(zip(frame[name].unique(), rng.integers(0, 3, size=n), strict=False)))
        frame[f"{name}_again"] = label.mask(rng.random(n) < 0.1, 7).astype(object)
    everybody, files, cells = np.arange(n), list[np.ndarray](), list(lattice(frame))
    for _ in range(draw(st.integers(3, 4))):
        of = draw(st.sampled_from(["everybody", "share", "groups", "rest", "rest", "joined", "joined"]))
        part = {
            "everybody": everybody,
            "share": np.flatnonzero(rng.random(n) < 0.6),
            "groups": np.array(
                sorted({p for k in rng.integers(len(cells), size=3) for p in cells[k]}), dtype=int
            ),
            "rest": np.setdiff1d(everybody, files[-1]) if files else everybody,
            "joined": np.union1d(files[-1], files[-2]) if len(files) > 1 else everybody[: n // 2],
        }[of]
        few = rng.choice(n, size=draw(st.sampled_from([0, 0, 1, 2, 6])))
        part = np.union1d(part, few) if draw(st.booleans()) else np.setdiff1d(part, few)
        files.append(part if len(part) else everybody)
    names = [draw(st.sampled_from("abc")) for _ in files]
    chosen = st.lists(st.sampled_from(list(frame)), unique=True, min_size=1, max_size=4)
    columns = [tuple(sorted(draw(chosen))) for _ in files]
    crossings = tuple(pair for pair in study.crossings if set(pair) <= set(frame))
    return replace(
        study,
        groups=frame,
        reports=tuple(files),
        crossings=crossings,
        names=tuple(names),
        columns=tuple(columns),
    )


def one_study_alone(files: list[Responses], study: Study) -> list[Shows]:
    """Weakened: held against the reports of the same study only."""
    return one_after_the_other(files, study, lambda *_: [[]])
