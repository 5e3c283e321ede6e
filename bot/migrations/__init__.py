"""How the tables came to be, a revision at a time. Run by `bot.migrate`, and by Alembic's own command to write one."""
