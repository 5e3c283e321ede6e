"""Bytes by their SHA-256."""

from __future__ import annotations

from bot.store import Query

KEEP = Query("INSERT INTO blob (sha256, content) VALUES (:sha256, :content) ON CONFLICT (sha256) DO NOTHING")
CONTENT = Query("SELECT content FROM blob WHERE sha256 = :sha256")
