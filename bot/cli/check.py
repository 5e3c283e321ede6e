"""`holdline check`: is the configuration right? Every fault at once, with file, key and what to write."""

from __future__ import annotations

import typer

from bot.cli.show import role_table
from bot.errors import ConfigError, Fault
from bot.settings import Settings, load, roles, warnings

BITS_TO_WISH = 2048

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def check() -> int:
    """Check settings and rules; tell every fault at once, with file, key and what to write."""
    faults: list[Fault] = []
    settings = None
    try:
        settings = load()
    except ConfigError as error:
        faults.extend(error.faults)
    if settings is not None:
        faults.extend(_faults_of_rules(settings))
    if faults or settings is None:
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


def _faults_of_rules(settings: Settings) -> list[Fault]:
    from bot import building, pricelist, wiring

    faults: list[Fault] = []
    for read in (wiring.policy, lambda settings: pricelist.load(settings.config_folder), building.dkim_key):
        try:
            read(settings)
        except ConfigError as error:
            faults.extend(error.faults)
    # The price list is a part of the policy, and is read alone for where that one stops at an earlier file.
    return list(dict.fromkeys(faults))


def _tell_of_signing(settings: Settings) -> None:
    """Where and what the public half of the DKIM key has to be."""
    from bot import building

    key = building.dkim_key(settings)
    if key is None:
        return
    if key.bits < BITS_TO_WISH:
        typer.echo(f"! the DKIM key has {key.bits} bits; {BITS_TO_WISH} are usual today.")
    typer.echo(f"Outgoing mail is signed. In the DNS, as TXT of {key.record_name}:\n  {key.record}")
