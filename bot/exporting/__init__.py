"""The books in the forms that outsiders check them with: hledger, beancount, CSV. Reads only."""

from bot.exporting.formats import FORMATS, export
from bot.exporting.journal import Kept, kept_balances

__all__ = ["FORMATS", "Kept", "export", "kept_balances"]
