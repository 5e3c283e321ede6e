"""Sentences about what came back: bounces, complaints, and tickets that belong together."""

from __future__ import annotations

from collections.abc import Mapping

MAIL: Mapping[str, str] = {
    "dead moved": "It went to their next channel instead.",
    "dead address": "Nothing reaches {address}, so the desk writes there no more. A mail from that address, or "
    "handle lift {address}, takes this back.",
    "complained": "{name} ({address}) reported a mail of the desk as unwanted ({kind}).",
    "complained how": "The desk sends no more notices there by itself; what a person types still goes out. To take "
    "that back: handle lift {address}",
    "title complained": "A mail was reported as unwanted",
    "challenged": "A mail filter holds back what the desk wrote to {address} until a person proves to have sent it:",
    "challenged how": "Do what it asks for yourself, if you trust it: the desk answers no program. To see "
    "the whole mail: files {id} mail",
    # ---- tickets that belong together
    "wrote anew": "{name}, whose ticket #{id} is with you, wrote a new message. It opened ticket #{new}:",
    "wrote anew how": "If it belongs to #{id}: join {new} {id}",
    "button join": "Join to #{id}",
    "button join again": "Join again",
    "button split again": "Split again",
    "joined you": "Your message in ticket #{id} is now part of your ticket #{into}, where we answer both.",
    "joined": "{name} joined ticket #{id} to ticket #{into}. To take that back: split {id}",
    "split you": "Your message from ticket #{of} has its own ticket now: #{id}.",
}
