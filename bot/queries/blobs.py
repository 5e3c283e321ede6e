"""Bytes by their SHA-256."""

from __future__ import annotations

from bot.store import Query

KEEP = Query(
    "INSERT INTO blob (sha256, put_at, content) VALUES (:sha256, :put_at, :content) ON CONFLICT (sha256) DO NOTHING"
)
PUT_AT = Query("SELECT put_at FROM blob WHERE sha256 = :sha256")
PUT_AGAIN = Query("UPDATE blob SET put_at = :put_at WHERE sha256 = :sha256")
CONTENT = Query("SELECT content FROM blob WHERE sha256 = :sha256")
