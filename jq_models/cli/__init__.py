"""The command line: thin, every command one call. Errors a user can mend end with exit code 2."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from jq_models import __version__, paths
from jq_models.cli.archive_command import ARCHIVE_HELP, archive
from jq_models.cli.batch_command import BATCH_HELP, batch
from jq_models.cli.client_command import end, start
from jq_models.cli.fit_command import HELP, fit
from jq_models.cli.init_command import init
from jq_models.cli.options import Language, StudyData, StudyName
from jq_models.cli.pls_command import PLS_HELP, pls
from jq_models.cli.power_command import POWER_HELP, power
from jq_models.cli.preregister_command import PREREGISTER_HELP, preregister
from jq_models.cli.privacy_command import PRIVACY_HELP, privacy
from jq_models.cli.problem_screen import refuse
from jq_models.cli.questionnaire_command import HELP as FORM_HELP
from jq_models.cli.questionnaire_command import questionnaire
from jq_models.cli.reproduce_command import REPRODUCE_HELP, reproduce
from jq_models.cli.screen import bars, complaints, mendable, screen
from jq_models.data import check_study
from jq_models.data.population import VARIANTS
from jq_models.data.population_modules import BEFORE_MODULES, DEMO_MODULES
from jq_models.data.simulate import write_simulated
from jq_models.errors import DataError, suggest
from jq_models.spec import load_instrument, load_study

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.command()
def study(
    name: StudyName,
    language: Language = None,
    data: StudyData = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of whatever is drawn at random.")] = None,
) -> None:
    """Run a study and write its report to reports/NAME."""
    # imported here: the notebook machinery takes seconds to load, and the other commands do without
    from jq_models.run.kernel import warm_kernels
    from jq_models.run.study import run_study
    from jq_models.run.together import NOTEBOOKS

    # its notebooks' kernels come from one process that imports everything while the data are checked
    with mendable(), warm_kernels() or nullcontext() as warm:
        refuse(check_study(name, data=data), language or load_study(name).language)
        with bars() as progress:
            tasks = {notebook: progress.add_task(notebook, total=None) for notebook in NOTEBOOKS}
            run = run_study(
                name,
                language=language,
                data=data,
                seed=seed,
                on_progress=lambda notebook, done, total: progress.update(
                    tasks[notebook], completed=done, total=total
                ),
                warm=warm,
            )
        if run.without_pdf:
            complaints.print(run.without_pdf, markup=False, soft_wrap=True)
        report = (run.folder / "report.html").relative_to(paths.project_root())
        screen.print(f"{report.as_posix()}  ({run.seconds:.0f} s)", markup=False, soft_wrap=True)


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="The data file; default: the study file's.")] = None,
    study: Annotated[str, typer.Option(help="The study it belongs to.")] = "demo",
    language: Language = None,
) -> None:
    """Check a data file against its study; nothing is written."""
    with mendable():
        problems = check_study(study, data=file)
        refuse(problems, language or load_study(study).language, always=True)


@app.command()
def simulate(
    seed: Annotated[int | None, typer.Option(min=0, help="Default: the seed of the study 'demo'.")] = None,
    n: Annotated[int, typer.Option(min=1, help="Employees.")] = 577,
    organisations: Annotated[int, typer.Option(min=1, help="Organisations.")] = 8,
    name: Annotated[str, typer.Option(help="Name of the files in data/simulated.")] = "demo",
    variant: Annotated[str, typer.Option(help=f"What is planted: {', '.join(VARIANTS)}.")] = "demo",
) -> None:
    """Draw the demo data, with the truth they were drawn from beside them."""
    with mendable():
        if variant not in VARIANTS:
            raise DataError(f"No variant '{variant}'. {suggest(variant, VARIANTS)}")
        if variant != "demo" and name == "demo":
            raise DataError(f"Give the variant a name of its own: --variant {variant} --name {variant}.")
        demo = load_study("demo")
        written = write_simulated(
            load_instrument(demo.instrument),
            folder=paths.own_project() / "data" / "simulated",
            seed=demo.seed if seed is None else seed,
            n=n,
            organisations=organisations,
            name=name,
            population=VARIANTS[variant],
            modules=load_instrument(demo.modules.instrument) if demo.modules.names else None,
            added=BEFORE_MODULES if variant == "before" else DEMO_MODULES,
        )
    for path in written:
        screen.print(path.relative_to(paths.project_root()).as_posix(), markup=False)


app.command()(init)
app.command(no_args_is_help=True, help=HELP)(fit)
app.command(no_args_is_help=True, help=PLS_HELP)(pls)
app.command(help=POWER_HELP)(power)
app.command(help=PREREGISTER_HELP)(preregister)
app.command(no_args_is_help=True, help=REPRODUCE_HELP)(reproduce)
app.command(no_args_is_help=True, help=ARCHIVE_HELP)(archive)
app.command(help=PRIVACY_HELP)(privacy)
app.command(help=FORM_HELP)(questionnaire)
app.command(no_args_is_help=True, help=BATCH_HELP)(batch)
app.command("new-client")(start)
app.command("purge")(end)


@app.command()
def refresh() -> None:
    """Execute the notebooks again and store them; run twice, it changes nothing."""
    from jq_models.run.refresh import refresh_all, stored_notebooks

    with mendable():
        refresh_all(stored_notebooks(paths.own_project() / "notebooks"), say=screen.print)


@app.command()
def version() -> None:
    """Print the version."""
    screen.print(__version__)
