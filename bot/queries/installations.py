"""Named queries of the workspaces that installed the Slack app."""

from __future__ import annotations

from bot.store import Query

TOKEN = Query(
    "SELECT workspace, enterprise, bot_token, refresh_token, expires_at FROM slack_installation"
    " WHERE workspace = :workspace"
)
KEEP = Query(
    "INSERT INTO slack_installation"
    " (workspace, name, app_id, bot_token, bot_user_id, scopes, installer, refresh_token, expires_at, installed_at)"
    " VALUES (:workspace, :name, :app_id, :bot_token, :bot_user_id, :scopes, :installer, :refresh_token, :expires_at,"
    " :now)"
    " ON CONFLICT (workspace) DO UPDATE SET name = excluded.name, app_id = excluded.app_id,"
    " bot_token = excluded.bot_token, bot_user_id = excluded.bot_user_id, scopes = excluded.scopes,"
    " installer = excluded.installer, refresh_token = excluded.refresh_token, expires_at = excluded.expires_at,"
    " installed_at = excluded.installed_at, enterprise = ''"
)
# Only where the workspace has no token of its own.
COVER = Query(
    "INSERT INTO slack_installation (workspace, enterprise, installed_at) VALUES (:workspace, :enterprise, :now)"
    " ON CONFLICT (workspace) DO UPDATE SET enterprise = excluded.enterprise"
    " WHERE slack_installation.bot_token = ''"
)
# Only in place of the token that was exchanged: whoever came second changes nothing.
ROTATE = Query(
    "UPDATE slack_installation SET bot_token = :bot_token, refresh_token = :refresh_token, expires_at = :expires_at"
    " WHERE workspace = :workspace AND refresh_token = :was"
)
REMOVE = Query("DELETE FROM slack_installation WHERE workspace = :workspace")
