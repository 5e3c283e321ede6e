"""`holdline check`: is the configuration right? Every fault at once, with file, key and what to write."""

from __future__ import annotations

import typer

from bot.cli.show import role_table
from bot.errors import ConfigError, Fault
from bot.plain import counted
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
        typer.echo(f"{counted(len(faults), 'fault')} found.")
        return 2
    for warning in warnings(settings):
        typer.echo(f"! {warning}")
    _tell_of_signing(settings)
    typer.echo(role_table(roles(settings)))
    typer.echo("No fault found.")
    return 0


def _faults_of_files(settings: Settings) -> list[Fault]:
    """Of the rules and the keys; each file is read, whatever is wrong with another."""
    from bot import building, electronic, escalation, letterhead, pricelist
    from bot.triage import rules

    folder = settings.config_folder
    faults: list[Fault] = []
    for reading in (
        lambda: rules.load(folder / "triage.toml"),
        lambda: escalation.load_ladder(folder / "escalation.toml"),
        lambda: pricelist.load(folder),
        lambda: signing_keys(settings),
        lambda: building.dkim_keys(settings),
        lambda: electronic.is_on(settings.desk),
        lambda: letterhead.checked_logo(settings.desk.logo, folder),
    ):
        try:
            reading()
        except ConfigError as error:
            faults.extend(error.faults)
    return faults


def _tell_of_signing(settings: Settings) -> None:
    """Where and what the public halves of the DKIM keys have to be."""
    from bot import building

    rsa = building.dkim_key(settings)
    if rsa is not None and rsa.bits < BITS_TO_WISH:
        typer.echo(f"! the DKIM key has {rsa.bits} bits; {BITS_TO_WISH} are usual today.")
    keys = building.dkim_keys(settings)
    if keys and rsa is None:
        typer.echo("! Outgoing mail is signed by Ed25519 alone, which many do not know: set [dkim] key_file, too.")
    for key in keys:
        typer.echo(f"Outgoing mail is signed. In the DNS, as TXT of {key.record_name}:\n  {key.record}")
