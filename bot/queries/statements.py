"""Named queries of statements that are sent: kept when they are asked for, drawn once."""

from __future__ import annotations

from bot.store import Query

NEW = Query(
    "INSERT INTO statement (client_id, consultant_id, kind, key, month, content_json, render_at) VALUES (:client_id,"
    " :consultant_id, :kind, :key, :month, :content, :now) ON CONFLICT (key) DO NOTHING"
)
RENDERS_DUE = Query(
    "SELECT id, client_id, consultant_id, kind, month, content_json, failures FROM statement WHERE render_at <= :now"
    " ORDER BY render_at, id LIMIT :limit"
)
RENDERED = Query("UPDATE statement SET pdf_sha256 = :sha256, render_at = NULL WHERE id = :statement_id")
RENDER_LATER = Query("UPDATE statement SET failures = failures + 1, render_at = :again_at WHERE id = :statement_id")
