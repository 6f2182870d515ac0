"""Modules: scales a study may ask beside its questionnaire, each module whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from jq_models.errors import SpecError, suggest
from jq_models.spec.instrument import Instrument
from jq_models.spec.strict import Table

MODULES = "ccc_modules"  # the file of the modules this package comes with


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which modules of which file a study asked; no file: none."""

    instrument: str = ""
    names: tuple[str, ...] = ()


def read_asked(table: Table) -> Asked:
    """Read ``[modules]`` of a study file.

    Raises
    ------
    SpecError
        When a file is named and no module of it, or the other way round.
    """
    asked = Asked(instrument=table.take("instrument", str, ""), names=table.strings("use", []))
    if bool(asked.instrument) != bool(asked.names):
        raise SpecError(
            f"{table.where}: name both the 'instrument' the modules stand in and those to 'use', "
            'as in instrument = "ccc_modules", use = ["steering"].'
        )
    return asked


def with_modules(instrument: Instrument, modules: Instrument, names: Iterable[str]) -> Instrument:
    """Return a questionnaire with modules of another file behind its own constructs.

    Scales of the same name must be the same; the answer scale the questionnaire is fielded with is that of
    its modules, too. The hash stays the questionnaire's own.

    Parameters
    ----------
    names : iterable of str
        The modules to take.

    Raises
    ------
    SpecError
        On an unknown module, a code that both files use, a scale of one name that differs.
    """
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in modules.modules:
            raise SpecError(f"{modules.name} has no module '{name}'. {suggest(name, modules.modules)}")
    known = {scale.name: scale for scale in instrument.scales}
    for scale in modules.scales:
        if known.get(scale.name, scale) != scale:
            raise SpecError(
                f"{modules.name} and {instrument.name} describe the scale '{scale.name}' differently."
            )
    if instrument.default_scale in {scale.name for scale in modules.scales}:
        modules = modules.with_scale(instrument.default_scale)
    added = tuple(construct for construct in modules.constructs if construct.module in wanted)
    own = {c.code for c in instrument.constructs} | {i.code for i in instrument.items}
    for code in (*(c.code for c in added), *(i.code for c in added for i in c.items)):
        if code in own:
            raise SpecError(f"{modules.name} and {instrument.name} both use the code '{code}'. Rename one.")
    more = tuple(scale for scale in modules.scales if scale.name not in known)
    return replace(
        instrument,
        constructs=(*instrument.constructs, *added),
        scales=(*instrument.scales, *more),
        modules={name: modules.modules[name] for name in wanted},
    )


def without_modules(instrument: Instrument) -> Instrument:
    """Return a questionnaire without the modules `with_modules` put behind it."""
    own = tuple(construct for construct in instrument.constructs if not construct.module)
    return replace(instrument, constructs=own, modules={})
