"""How faults are told on the command line: a sentence on standard error and an exit code, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bot.errors import BotError, ConfigError, LedgerError, TemporaryError, UserError

REFUSED, WRONG, TRY_AGAIN, INTERRUPTED = 1, 2, 75, 130


def guarded(action: Callable[[], object]) -> int:
    """Carry out a command; returns its exit code, or that of the fault it met."""
    try:
        outcome = action()
        sys.stdout.flush()
    except ConfigError as error:
        return told("\n".join(str(fault) for fault in error.faults), WRONG)
    except UserError as error:
        return told(str(error), WRONG)
    except TemporaryError as error:
        return told(f"{error} Try again.", TRY_AGAIN)
    except LedgerError as error:
        return told(f"The books do not balance, nothing was posted: {error}", REFUSED)
    except BotError as error:
        return told(str(error), REFUSED)
    except BrokenPipeError:
        # The reader (`head`, a closed pager) has seen enough; Python would complain once more while it ends.
        sys.stdout = None
        return REFUSED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return told(f"{where}{error.strerror or error}", WRONG)
    except KeyboardInterrupt:
        return INTERRUPTED
    return outcome if isinstance(outcome, int) else 0


def told(sentence: str, code: int) -> int:
    print(f"holdline: {sentence}", file=sys.stderr)
    return code
