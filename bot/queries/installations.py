"""Named queries of the workspaces that installed the Slack app."""

from __future__ import annotations

from bot.store import Query

TOKEN = Query("SELECT bot_token FROM slack_installation WHERE workspace = :workspace")
KEEP = Query(
    "INSERT INTO slack_installation"
    " (workspace, name, app_id, bot_token, bot_user_id, scopes, installer, installed_at)"
    " VALUES (:workspace, :name, :app_id, :bot_token, :bot_user_id, :scopes, :installer, :now)"
    " ON CONFLICT (workspace) DO UPDATE SET name = excluded.name, app_id = excluded.app_id,"
    " bot_token = excluded.bot_token, bot_user_id = excluded.bot_user_id, scopes = excluded.scopes,"
    " installer = excluded.installer, installed_at = excluded.installed_at"
)
REMOVE = Query("DELETE FROM slack_installation WHERE workspace = :workspace")
