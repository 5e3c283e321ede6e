"""The desk's statements, a module for each room: `tx.one(tickets.BY_ID, ticket_id=42)`.

Each is a `bot.store.Query` that both databases take and that an index serves; a test EXPLAINs them all.
"""
