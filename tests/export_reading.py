"""Exports written, read and coded: what the tests of the layouts share."""

from __future__ import annotations

from dataclasses import replace

from export_files import BACKGROUND, EXPORTS, answers_frame

from jq_models.data import read_table
from jq_models.data.coding import code_table
from jq_models.data.simulate import MISSING_CODE
from jq_models.spec import load_study

FRAMES = {points: answers_frame(n=40, points=points) for points in (5, 7)}


def write_export(name, path, *, points=5, **options):
    """Write the answers in a tool's layout, by its name in `EXPORTS` or by its function."""
    frame, instrument = FRAMES[points]
    return EXPORTS.get(name, name)(frame, path, instrument=instrument, **options)


def read_export(written):
    """Read what a builder wrote; of the workbook with several sheets, the one with answers."""
    return read_table(written.path, sheet="Data" if written.path.stem.startswith("excel") else None)


def study_of(written):
    """Map the demo's columns the way the file calls them, as a study file would."""
    demo = load_study("demo")
    groups = tuple(
        replace(group, column=written.columns[group.name])
        for group in demo.groups
        if group.name in ("organisation", "team", "contract")
    )
    items = {
        code: column for code, column in written.columns.items() if code not in {*BACKGROUND, "language"}
    }
    covariates = {"customer_contact": written.columns["contact"], "recommend": written.columns["recommend"]}
    return replace(demo, columns=items, groups=groups, covariates=covariates, missing=(MISSING_CODE,))


def drawn_answers(points):
    """Return the answers that were drawn, NaN where there is none."""
    frame, instrument = FRAMES[points]
    items = frame[[item.code for item in instrument.items]].astype(float)
    return items.mask(items == MISSING_CODE)


def read_answers(written, raw, *, points):
    """Return the answers as the package codes them; every cell must be understood."""
    coding = code_table(raw, study=study_of(written), instrument=FRAMES[points][1])
    assert sum(coded.invalid for coded in coding.items.values()) == 0
    return coding.answers
