"""Reads config/holdline.toml, .env and the environment into `Settings`, or says everything that is wrong.

The later of file, .env and environment wins; an empty variable counts as unset. Each key answers to
HOLDLINE_SECTION_KEY and some to the name that people expect (DATABASE_URL, PORT, SLACK_BOT_TOKEN …).
"""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot import readers as r
from bot.errors import ConfigError, Fault
from bot.settings.database import database_url
from bot.settings.incoming import Imap
from bot.settings.outgoing import BackupRelay
from bot.settings.together import ENVIRONMENT, faults_together
from bot.settings.tree import SECTIONS, Folders, Settings, Web

FILE = "holdline.toml"
# Secrets of mailboxes that the file names, by themselves no mailbox.
IMAP_SECRETS = frozenset({"HOLDLINE_IMAP_PASSWORD", "HOLDLINE_IMAP_CLIENT_SECRET"})
SECRET_NAMES = ("password_env", "oauth_client_secret_env")
# Variables that are no key of the tree.
OWN_VARIABLES = ("HOLDLINE_HOME", "HOLDLINE_CONFIG")
# Sections that are written as [[name]], once for each of several.
LISTS: Mapping[str, type] = {"imap": Imap, "backup_relay": BackupRelay}
SHIPPED_CONFIG = Path(__file__).parents[2] / "config"


@dataclass
class Sources:
    """Where values come from, and the faults found on the way."""

    file: str
    environ: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, file: str, key: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(file, key, problem, remedy))

    def read(self, reader: r.Reader, value: object, *, file: str, key: str, default: Any) -> Any:
        """The typed value, or the default once the fault is noted."""
        try:
            return reader(value, file == ENVIRONMENT)
        except r.Wrong as wrong:
            self.fault(file, key, wrong.problem, wrong.remedy)
            return default


def load(
    environ: Mapping[str, str] | None = None, *, home: Path | None = None, config_folder: Path | None = None
) -> Settings:
    """Read everything once: see `read`. Raises ConfigError with every fault found."""
    settings, faults = read(environ, home=home, config_folder=config_folder)
    if faults:
        raise ConfigError(faults)
    return settings


def read(
    environ: Mapping[str, str] | None = None, *, home: Path | None = None, config_folder: Path | None = None
) -> tuple[Settings, list[Fault]]:
    """The settings, with the default where a value cannot be used, and every fault found.

    environ:       the environment; None: the process's own.
    home:          what relative paths start from; None: HOLDLINE_HOME, else the working directory.
    config_folder: None: HOLDLINE_CONFIG, else `config` at home, else the one shipped with the code.
    """
    given = dict(os.environ if environ is None else environ)
    root = (home or Path(given.get("HOLDLINE_HOME") or Path.cwd())).absolute()
    faults: list[Fault] = []
    environ = {**_dotenv(root / ".env", faults), **{name: value for name, value in given.items() if value != ""}}
    folder = config_folder or Path(environ.get("HOLDLINE_CONFIG") or root / "config")
    if not (folder / FILE).exists() and "HOLDLINE_CONFIG" not in environ and config_folder is None:
        folder = SHIPPED_CONFIG
    sources = Sources(file=_short(folder / FILE, root), environ=environ, faults=faults)
    written = _toml(folder / FILE, sources, is_needed="HOLDLINE_CONFIG" in environ)
    settings = _tree(written, sources, root=root, config_folder=folder.absolute())
    _check_unknown(written, sources)
    sources.faults += faults_together(settings, sources.file)
    return settings, sources.faults


def _short(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def _dotenv(path: Path, faults: list[Fault]) -> dict[str, str]:
    """Lines NAME=value; `export`, quotes and # comments are understood; empty values are unset."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(".env", path.name, f"it cannot be read ({_reason(error)})", "Make it readable, in UTF-8"))
        return {}
    found = {}
    for number, line in enumerate(lines, 1):
        stripped = line.strip().removeprefix("export ").strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, sign, value = stripped.partition("=")
        if not sign or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name.strip()):
            faults.append(Fault(".env", f"line {number}", "it is not NAME=value", "Write NAME=value, or # before it"))
            continue
        value = value.strip()
        if value[:1] in ("'", '"') and value.endswith(value[:1]) and len(value) > 1:
            value = value[1:-1]
        else:
            value = value.partition(" #")[0].rstrip()
        if value:
            found[name.strip()] = value
    return found


def _toml(path: Path, sources: Sources, *, is_needed: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if is_needed:
            sources.fault(sources.file, FILE, "there is no such file", "Correct HOLDLINE_CONFIG, or leave it out")
    except (OSError, UnicodeDecodeError) as error:
        sources.fault(sources.file, FILE, f"it cannot be read ({_reason(error)})", "Make it readable, in UTF-8")
    except tomllib.TOMLDecodeError as error:
        sources.fault(sources.file, FILE, f"it is not TOML: {error}", "Correct that line")
    return {}


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _tree(written: Mapping[str, Any], sources: Sources, *, root: Path, config_folder: Path) -> Settings:
    parts: dict[str, Any] = {}
    for name, kind in SECTIONS.items():
        table = written.get(name, {})
        if not isinstance(table, dict):
            sources.fault(sources.file, name, "it is not a table", f"Write [{name}] and the keys below it")
            table = {}
        parts[name] = _section(name, kind, table, sources)
    parts["folders"] = Folders(var=root / parts["folders"].var)
    parts["database"] = replace(parts["database"], url=database_url(parts["database"].url, root, sources.fault))
    parts["web"] = _web_host(parts["web"], sources)
    parts["imap"] = tuple(_mailboxes(written, sources))
    parts["backup_relays"] = tuple(_backup_relays(written, sources))
    return Settings(home=root, config_folder=config_folder, **parts)


def _section(name: str, kind: type, table: Mapping[str, Any], sources: Sources, *, place: str = "") -> Any:
    """One section: what the file says, overridden by the environment. `place` names it in a fault: imap[2]."""
    values = {}
    for item in dataclasses.fields(kind):
        if "reader" not in item.metadata:
            continue
        reader, default = item.metadata["reader"], item.default
        if item.name in table:
            key = f"{place or name}.{item.name}"
            if item.metadata["is_secret"]:
                remedy = f"Take it out and set {_variables(name, item)[0]} in the environment"
                sources.fault(sources.file, key, "a secret does not belong in a file", remedy)
            else:
                values[item.name] = sources.read(reader, table[item.name], file=sources.file, key=key, default=default)
        variable = "" if place else next((v for v in _variables(name, item) if v in sources.environ), "")
        if variable:
            values[item.name] = sources.read(
                reader, sources.environ[variable], file=ENVIRONMENT, key=variable, default=default
            )
    return kind(**values)


def _variables(section: str, item: dataclasses.Field[Any]) -> list[str]:
    """The names of a key in the environment, the expected one first."""
    own = f"HOLDLINE_{section}_{item.name}".upper()
    return [item.metadata["env"], own] if item.metadata["env"] else [own]


def _web_host(web: Web, sources: Sources) -> Web:
    # A host that hands out PORT routes from outside: the loopback address would never be reached.
    is_chosen = "HOLDLINE_WEB_HOST" in sources.environ
    return replace(web, host="0.0.0.0") if "PORT" in sources.environ and not is_chosen else web


def _listed(name: str, what: str, written: Mapping[str, Any], sources: Sources) -> list[tuple[str, Any]]:
    """Each table of [[name]] with its place in the file. what: whose keys they are, for the fault."""
    tables = written.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        sources.fault(sources.file, name, "it is not a list of tables", f"Write [[{name}]] above each {what}'s keys")
        tables = []
    return [
        (f"{name}[{number}]", _section(name, LISTS[name], table, sources, place=f"{name}[{number}]"))
        for number, table in enumerate(tables, 1)
    ]


def _backup_relays(written: Mapping[str, Any], sources: Sources) -> Iterator[BackupRelay]:
    for place, relay in _listed("backup_relay", "relay", written, sources):
        if not relay.host:
            sources.fault(sources.file, f"{place}.host", "it is missing", "Write the relay's host")
        password = sources.environ.get(relay.password_env, "")
        if relay.user and not password:
            remedy = f"Set {relay.password_env} in the environment, or name another variable as password_env"
            sources.fault(sources.file, f"{place}.password_env", f"{relay.password_env} is not set", remedy)
        yield replace(relay, password=password)


def _mailboxes(written: Mapping[str, Any], sources: Sources) -> Iterator[Imap]:
    boxes = [(place, sources.file, box) for place, box in _listed("imap", "mailbox", written, sources)]
    named = IMAP_SECRETS.union(*({box.password_env, box.oauth_client_secret_env} for _, _, box in boxes))
    if any(name.startswith("HOLDLINE_IMAP_") and name not in named for name in sources.environ):
        boxes.append(("HOLDLINE_IMAP", ENVIRONMENT, _section("imap", Imap, {}, sources)))
    for place, file, box in boxes:
        is_variable = file == ENVIRONMENT
        for key in ("host", "user"):
            if not getattr(box, key):
                name = f"{place}_{key.upper()}" if is_variable else f"{place}.{key}"
                sources.fault(file, name, "it is missing", f"Write the mailbox's {key}")
        password = sources.environ.get(box.password_env, "")
        if not password and not box.is_oauth:
            remedy = f"Set {box.password_env} in the environment, or name another variable as password_env"
            name = box.password_env if is_variable else f"{place}.password_env"
            problem = "it is not set" if is_variable else f"{box.password_env} is not set"
            sources.fault(file, name, problem, remedy)
        secret = sources.environ.get(box.oauth_client_secret_env, "")
        if not re.fullmatch(r"ask|all|none|\d{1,4}d|\d{4}-\d\d-\d\d", box.go_back):
            problem = f"{box.go_back!r} does not say how far back to go"
            sources.fault(file, f"{place}.go_back", problem, 'Write "ask", "none", "all", "30d" or a day: "2024-02-05"')
        yield replace(box, password=password, client_secret=secret, name=box.name or box.user)


def known_variables() -> set[str]:
    """Every name in the environment that this program reads."""
    sections = {**SECTIONS, "imap": Imap}
    names = {
        variable
        for section, kind in sections.items()
        for item in dataclasses.fields(kind)
        if "reader" in item.metadata
        for variable in _variables(section, item)
    }
    return names | set(OWN_VARIABLES) | IMAP_SECRETS | {"HOLDLINE_BACKUP_RELAY_PASSWORD"}


def _check_unknown(written: Mapping[str, Any], sources: Sources) -> None:
    for section, table in written.items():
        if section not in SECTIONS and section not in LISTS:
            near = r.nearest(section, [*SECTIONS, *LISTS])
            sources.fault(sources.file, section, "this section is not known", _meant(near, f"[{near}]"))
            continue
        kind = SECTIONS.get(section) or LISTS[section]
        known = [item.name for item in dataclasses.fields(kind) if "reader" in item.metadata]
        for number, rows in enumerate(table if isinstance(table, list) else [table], 1):
            place = f"{section}[{number}]" if isinstance(table, list) else section
            for key in rows if isinstance(rows, dict) else ():
                if key not in known:
                    near = r.nearest(key, known)
                    sources.fault(sources.file, f"{place}.{key}", "this key is not known", _meant(near, near))
    boxes = [box for name in LISTS for box in _tables(written.get(name))]
    names = known_variables().union(*({box.get(key, "") for key in SECRET_NAMES} for box in boxes))
    for name in sorted(sources.environ):
        # Only what looks like a slip: other programs and container platforms set HOLDLINE_… of their own.
        near = r.nearest(name, names, cutoff=0.9) if name.startswith("HOLDLINE_") and name not in names else ""
        if near:
            sources.fault(ENVIRONMENT, name, "this variable is not known", f"Did you mean {near}?")


def _tables(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _meant(near: str, written: str) -> str:
    return f"Did you mean {written}?" if near else "Take it out"
