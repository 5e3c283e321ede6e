"""The shape of the house, enforced: imports point down, or sideways without a circle.

    7 entry      __main__  wiring  building  rehearsal/  roles  cli/
    6 adapters   channels/*  web/  scheduler  rendering/
    5 doors      reception  tick  courier, and the flows that cross rooms inside their one transaction
    4 rooms      desk  books  diary  people | views  digests
    3 storage    store  queries  outbox  blobs  tables  migrations  settings, and what only needs these
    2 rules      tickets  escalation  commands  notices  triage/  ledger/  channels/port
    1 ground     clock  errors  money  hours  messages

A module that is not in the table fails the test: give it a place. Every breach is told at once.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]

# The longest name that fits decides. A package's name stands for everything in it.
LAYERS: dict[int, str] = {
    1: "clock errors money hours invitations messages weekly zones plain readers quiet sentences texts_of_answers"
    " texts_of_grammar texts_of_ledger texts_of_orders texts_of_pages",
    2: "tickets escalation commands notices legible tokens calendars triage ledger pricelist channels.port addressing"
    " subjects silences side_by_side spells",
    3: "store queries outbox blobs tables migrations migrate settings pollers installations sealing backups policy"
    " scene logs health counts plan_history",
    4: "desk books diary people views digests letterhead electronic documents statement_text pay_documents exporting",
    5: "reception tick morning paperwork stating pay_papers courier intake grading laddering settling dues urgent"
    " breaker telling linking cards booking bounced joining orders importing attributing adopting receipts asides"
    " moving past resembling news folding retention parcels",
    6: "channels web scheduler rendering",
    7: "reports __main__ wiring building mailroom installing rehearsal roles cli",
}
# Rooms never import one another: a flow that crosses them is written in a door.
ROOMS = {"desk", "books", "diary", "people"}
# An adapter knows messages, the port and rules. Doors, rooms and storage it cannot even name.
CHANNEL_LAYERS = {1, 2}

LATE_IMPORTS = {
    "bot/wiring.py": "transports of the configured channels only",
    "bot/building.py": "transports of the configured channels only",
    "bot/__main__.py": "--help answers before anything is loaded",
    "bot/cli/": "a command loads what it needs",
    "bot/rendering/": "charts and PDF cost two seconds to load",
    "bot/channels/email/late.py": "parsers that most mail never needs",
    "bot/calendars.py": "the holidays of every country, of which a desk needs one or two, and no start any",
    "bot/migrate.py": "Alembic costs over a second, and most starts have nothing to upgrade",
    "bot/store/__init__.py": "the driver of the other database",
}
BROAD_EXCEPTS = {
    "bot/reception.py": "a door",
    "bot/tick.py": "a door",
    "bot/morning.py": "the tick's round of digests: one manager's must not cost another theirs",
    "bot/courier.py": "a door",
    "bot/scheduler.py": "calls a door",
    "bot/__main__.py": "the last to hear of anything",
    "bot/store/": "a unit's fault goes to whoever waits for it",
    "bot/cli/inspecting.py": "one case must not silence those behind it",
}
# The incoming halves of the channels, wherever they lie.
BROAD_EXCEPT_NAMES = ("listener.py", "poller.py", "webhook.py", "intake.py")
TIME_READERS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "localtime", "gmtime"},
}
LINES_MAX, FUNCTION_LINES_MAX, POSITIONAL_MAX = 300, 50, 4
# Their callers are libraries, which decide what they are given: aiosmtpd, Typer, Alembic.
CALLED_BY_LIBRARIES = {"bot/channels/email/listener.py", "bot/cli/do.py", "bot/cli/say.py", "bot/migrate.py"}
LONG_MODULES = {
    "bot/tables.py": "one list of tables, read from top to bottom",
    "bot/channels/email/phrases.py": "lists of words, not code",
}
MIGRATIONS = "bot/migrations/versions/"
# These make and change the schema; the running desk speaks SQL over the drivers.
SCHEMA_MODULES = ("bot.tables", "bot.migrations", "bot.migrate")
SCHEMA_PACKAGES = {"sqlalchemy", "sqlmodel", "alembic"}


@dataclass
class Import:
    """One import statement: what, where, and whether it runs when its module is loaded."""

    name: str
    line: int
    is_late: bool
    is_for_types: bool


@dataclass
class Module:
    name: str
    path: Path
    tree: ast.Module
    imports: list[Import] = field(default_factory=list)

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


@cache
def modules() -> dict[str, Module]:
    found = {}
    for path in sorted((ROOT / "bot").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")))
    for module in found.values():
        module.imports = list(_imports(module, set(found)))
    return found


def _imports(module: Module, known: set[str]) -> Iterator[Import]:
    def walk(node: ast.AST, is_late: bool, is_for_types: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            late = is_late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            types = is_for_types or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(alias.name, child.lineno, late, types)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{module.place}:{child.lineno}: relative import"
                for alias in child.names:
                    # `from bot.queries import people` means the module, `from bot.store import Tx` the package.
                    whole = f"{child.module}.{alias.name}"
                    yield Import(whole if whole in known else str(child.module), child.lineno, late, types)
            else:
                yield from walk(child, late, types)

    yield from walk(module.tree, False, False)


def own(module: Module) -> Iterator[Import]:
    """Imports of our own modules that happen at run time."""
    return (item for item in module.imports if item.name.split(".")[0] == "bot" and not item.is_for_types)


def layer(name: str) -> int | None:
    """The layer of `bot.a.b`, by the longest name in the table that it lies in."""
    parts = name.split(".")[1:]
    places = {word: number for number, words in LAYERS.items() for word in words.split()}
    for length in range(len(parts), 0, -1):
        if (number := places.get(".".join(parts[:length]))) is not None:
            return number
    return None


def room(name: str) -> str:
    return name.split(".")[1] if name.count(".") else ""


def channel(name: str) -> str:
    """The channel that a module belongs to: bot.channels.slack.sender → slack."""
    parts = name.split(".")
    return parts[2] if parts[1:2] == ["channels"] and len(parts) > 2 and parts[2] != "port" else ""


def told(breaches: list[str]) -> None:
    assert not breaches, "\n" + "\n".join(breaches)


def test_every_module_has_a_layer() -> None:
    told(
        [module.place for name, module in modules().items() if name not in ("bot", "bot.channels") and not layer(name)]
    )


def test_imports_never_point_up() -> None:
    breaches = []
    for name, module in modules().items():
        mine = layer(name)
        for item in own(module):
            theirs = layer(item.name)
            if mine and theirs and theirs > mine:
                breaches.append(f"{module.place}:{item.line}: layer {mine} imports {item.name} of layer {theirs}")
    told(breaches)


def test_rooms_do_not_import_one_another() -> None:
    told(
        [
            f"{module.place}:{item.line}: imports {item.name}"
            for name, module in modules().items()
            for item in own(module)
            if room(name) in ROOMS and room(item.name) in ROOMS and room(name) != room(item.name)
        ]
    )


def test_channels_know_neither_one_another_nor_what_lies_behind_the_port() -> None:
    breaches = []
    for name, module in modules().items():
        for item in own(module):
            if not channel(name) or channel(item.name) == channel(name) or item.name in ("bot", "bot.channels"):
                continue
            if channel(item.name) or layer(item.name) not in CHANNEL_LAYERS:
                breaches.append(f"{module.place}:{item.line}: imports {item.name}")
    told(breaches)


def test_ledger_and_triage_share_the_priorities_alone() -> None:
    breaches = []
    for name, module in modules().items():
        for item in own(module):
            if room(name) == "ledger" and room(item.name) == "triage" and item.name != "bot.triage.priority":
                breaches.append(f"{module.place}:{item.line}: imports {item.name}")
            if room(name) == "triage" and room(item.name) == "ledger":
                breaches.append(f"{module.place}:{item.line}: imports {item.name}")
    told(breaches)


def test_there_is_no_circle_of_imports() -> None:
    graph = {name: {item.name for item in own(module) if not item.is_late} for name, module in modules().items()}
    done: set[str] = set()
    breaches = []

    def visit(name: str, path: list[str]) -> None:
        if name in path:
            breaches.append(" → ".join([*path[path.index(name) :], name]))
            return
        if name in done:
            return
        for other in sorted(graph.get(name, ())):
            visit(other, [*path, name])
        done.add(name)

    for name in sorted(graph):
        visit(name, [])
    told(breaches)


def test_imports_stand_at_the_top() -> None:
    told(
        [
            f"{module.place}:{item.line}: {item.name} is imported inside a function"
            for module in modules().values()
            for item in module.imports
            if item.is_late and not module.place.startswith(tuple(LATE_IMPORTS))
        ]
    )


def test_the_ground_stands_on_the_standard_library_alone() -> None:
    told(
        [
            f"{module.place}:{item.line}: imports {item.name}"
            for name, module in modules().items()
            for item in module.imports
            if layer(name) == 1 and item.name.split(".")[0] not in {*sys.stdlib_module_names, "bot"}
        ]
    )


def test_the_running_desk_loads_no_sqlalchemy() -> None:
    told(
        [
            f"{module.place}:{item.line}: imports {item.name}"
            for name, module in modules().items()
            for item in module.imports
            if not item.is_for_types and not name.startswith(SCHEMA_MODULES)
            if item.name.split(".")[0] in SCHEMA_PACKAGES or item.name == "bot.tables"
        ]
    )


def test_the_time_is_read_in_one_place() -> None:
    breaches = []
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute):
                base = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
                is_read = node.attr in TIME_READERS.get(base, ())
                is_read |= node.attr == "time" and ast.unparse(node.value).endswith(("loop", "loop()"))
            else:
                is_read = (
                    isinstance(node, ast.ImportFrom)
                    and node.module == "time"
                    and any(alias.name in TIME_READERS["time"] for alias in node.names)
                )
            if is_read and module.place != "bot/clock.py":
                breaches.append(f"{module.place}:{node.lineno}: {ast.unparse(node)}")
    told(breaches)


def test_only_doors_and_listeners_catch_everything() -> None:
    breaches = []
    for module in modules().values():
        if module.place.startswith(tuple(BROAD_EXCEPTS)) or (
            channel(module.name) and module.path.name.endswith(BROAD_EXCEPT_NAMES)
        ):
            continue
        for node in ast.walk(module.tree):
            caught: ast.expr | None = None
            if isinstance(node, ast.ExceptHandler):
                caught = node.type
                if caught is None:
                    breaches.append(f"{module.place}:{node.lineno}: bare except")
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
                caught = ast.Tuple(node.args, ast.Load())
            if caught is None:
                continue
            named = caught.elts if isinstance(caught, ast.Tuple) else [caught]
            if {ast.unparse(one) for one in named} & {"Exception", "BaseException"}:
                breaches.append(f"{module.place}:{node.lineno}: {ast.unparse(node).splitlines()[0]}")
    told(breaches)


def test_modules_and_functions_stay_short() -> None:
    breaches = []
    for module in modules().values():
        lines = len(module.path.read_text(encoding="utf-8").splitlines())
        if module.place.startswith(MIGRATIONS):
            continue
        if lines > LINES_MAX and module.place not in LONG_MODULES:
            breaches.append(f"{module.place}: {lines} lines")
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > FUNCTION_LINES_MAX:
                    breaches.append(f"{module.place}:{node.lineno}: {node.name} has {length} lines")
    told(breaches)


def test_what_comes_after_the_fourth_parameter_is_named_by_the_caller() -> None:
    breaches = []
    for module in modules().values():
        if module.place in CALLED_BY_LIBRARIES:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [one.arg for one in (*node.args.posonlyargs, *node.args.args) if one.arg not in ("self", "cls")]
                if len(names) > POSITIONAL_MAX:
                    breaches.append(f"{module.place}:{node.lineno}: {node.name} takes {', '.join(names)}")
    told(breaches)


def test_every_module_says_why_it_exists() -> None:
    told(
        [
            module.place
            for module in modules().values()
            if module.path.name != "__init__.py" and not ast.get_docstring(module.tree)
        ]
    )
