"""What `holdline --help` shows; written by `python -m bot.cli.help_page`, compared by a test."""

HELP = """\
Usage: holdline [OPTIONS] COMMAND [ARGS]...

  A support desk that lives in email, Slack and Telegram.

  Settings stand in config/holdline.toml and the environment; `holdline check` tells what is wrong
  with them.

Options:
  --version             Show the version and exit.
  --install-completion  Install completion for the current shell.
  --show-completion     Show completion for the current shell, to copy it or customize the
                        installation.
  -h, --help            Show this message and exit.

Commands:
  run          Run the desk: all roles, or those named.
  check        Check settings and rules; tell every fault at once, with file, key and what to...
  migrate      Bring the database to this version's tables; safe to repeat.
  import       Add and change clients, contacts, consultants and plans from a file.
  say          Give the desk a message, as the contact NAME would write it.
  do           Give a command of the desk, as NAME would in any channel.
  console      Sit at the running desk: give commands, see notices as they come.
  inspect      Show what the desk makes of a mail, a text or a day's work.
  rehearse     Play a day from a file; print its transcript, bills and digest.
  digest       Print a manager's digest of a day, as it is sent the morning after; sends nothing.
  statement    Print a client's statement: work, units, draws, what is due, balances.
  balance      Print the kept balances of a client or of all, account by account; what is zero...
  health       Show whether flat plans pay: fee against hours, reactive against proactive, over...
  bank         Book what a bank's CSV says came in, by invoice number and amount; safe to...
  close-month  Invoice a month's work of every client and lock the month; safe to repeat.
  export       Print the books for hledger, beancount or a spreadsheet, with the kept balances...
  audit        Prove the books: every charge from its evidence, every balance from postings,...
  requeue      Run a message from quarantine through the desk again.
  prune        Remove what the settings keep no longer; only shows it, without --apply.
  backup       Write database, attachments and signing key into one file; safe while the desk...
  restore      Put a backup in place of the desk's database, attachments and key; checks it first.
"""
