"""`holdline check`: is the configuration right? Every fault at once, with file, key and what to write."""

from __future__ import annotations

import typer

from bot.cli.show import role_table
from bot.errors import ConfigError, Fault
from bot.settings import Settings, read, roles, signing_keys, warnings

BITS_TO_WISH = 2048

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def check() -> int:
    """Check settings and rules; tell every fault at once, with file, key and what to write."""
    settings, faults = read()
    faults += _faults_of_files(settings)
    if faults:
        for fault in faults:
            typer.echo(f"✗ {fault}")
        typer.echo(f"{len(faults)} fault{'s' if len(faults) > 1 else ''} found.")
        return 2
    for warning in warnings(settings):
        typer.echo(f"! {warning}")
    _tell_of_signing(settings)
    typer.echo(role_table(roles(settings)))
    typer.echo("No fault found.")
    return 0


def _faults_of_files(settings: Settings) -> list[Fault]:
    """Of the rules and the keys; each file is read, whatever is wrong with another."""
    from bot import building, escalation, pricelist
    from bot.triage import rules

    folder = settings.config_folder
    faults: list[Fault] = []
    for reading in (
        lambda: rules.load(folder / "triage.toml"),
        lambda: escalation.load_ladder(folder / "escalation.toml"),
        lambda: pricelist.load(folder),
        lambda: signing_keys(settings),
        lambda: building.dkim_key(settings),
    ):
        try:
            reading()
        except ConfigError as error:
            faults.extend(error.faults)
    return faults


def _tell_of_signing(settings: Settings) -> None:
    """Where and what the public half of the DKIM key has to be."""
    from bot import building

    key = building.dkim_key(settings)
    if key is None:
        return
    if key.bits < BITS_TO_WISH:
        typer.echo(f"! the DKIM key has {key.bits} bits; {BITS_TO_WISH} are usual today.")
    typer.echo(f"Outgoing mail is signed. In the DNS, as TXT of {key.record_name}:\n  {key.record}")
