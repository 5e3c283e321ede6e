"""`holdline import`: clients, contacts, consultants and plans from a TOML or CSV file.

`import_file` is the door: one transaction in which `read_file`'s records are compared with the rows there are and
the differences written. Absent rows are left alone and absent keys keep their value: an import adds and changes, it
never removes. A second run of the same file changes nothing. Every fault is told at once, with its line and what to
write.
"""

from bot.importing.changes import Change, compare
from bot.importing.door import EXAMPLE, import_file, seed_example
from bot.importing.files import read_file
from bot.importing.writing import BuyCredit

__all__ = ["EXAMPLE", "BuyCredit", "Change", "compare", "import_file", "read_file", "seed_example"]
