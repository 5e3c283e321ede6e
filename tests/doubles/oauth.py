"""A token endpoint and an IMAP login as strict as the real ones: what a provider would refuse is refused.

Sources: RFC 6749 (sections 4.4, 5, 6), RFC 7628 and the XOAUTH2 description of the large providers.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from urllib.parse import parse_qs

CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN = "desk-app", "app-secret", "refresh-0"


@dataclass
class Provider:
    """What the endpoint knows: the tokens it gave out, newest last. fails_with: a status to answer instead."""

    url: str = ""
    given: list[str] = field(default_factory=list)
    refresh_token: str = REFRESH_TOKEN
    is_rotating: bool = False
    fails_with: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, content_type: str, body: bytes) -> tuple[int, dict[str, object]]:
        """The status and the JSON for a request."""
        if self.fails_with:
            return self.fails_with, {"error": "temporarily_unavailable"}
        if content_type.partition(";")[0] != "application/x-www-form-urlencoded":
            return 400, {"error": "invalid_request"}
        form = {name: values[0] for name, values in parse_qs(body.decode("ascii"), strict_parsing=True).items()}
        self.asked.append(form)
        if form.get("client_id") != CLIENT_ID or form.get("client_secret", CLIENT_SECRET) != CLIENT_SECRET:
            return 401, {"error": "invalid_client", "error_description": f"no such client {form}"}
        kind = form.get("grant_type")
        if kind == "client_credentials" and "client_secret" in form and "scope" in form:
            return 200, self._token({})
        if kind != "refresh_token":
            return 400, {"error": "unsupported_grant_type"}
        if form.get("refresh_token") != self.refresh_token:
            return 400, {"error": "invalid_grant", "error_description": f"bad token {form.get('refresh_token')}"}
        if not self.is_rotating:
            return 200, self._token({})
        self.refresh_token = f"refresh-{len(self.given) + 1}"
        return 200, self._token({"refresh_token": self.refresh_token})

    def _token(self, more: dict[str, object]) -> dict[str, object]:
        self.given.append(f"access-{len(self.given) + 1}")
        return {"access_token": self.given[-1], "token_type": "Bearer", "expires_in": 3600, **more}


@contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, told = provider.answer(self.headers.get("Content-Type", ""), body)
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            return None

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        provider.url = f"http://127.0.0.1:{server.server_address[1]}/token"
        yield provider
        server.shutdown()


@contextmanager
def running_imap(user: str, good: set[str], *, said: list[str] | None = None) -> Iterator[tuple[int, list[str]]]:
    """The port of a server that takes XOAUTH2 alone, for tokens in `good`, and has no IDLE; the tokens it was shown.

    said: gathers the commands it is given.
    """
    shown: list[str] = []
    heard = said if said is not None else []

    class Mailbox(StreamRequestHandler):
        def handle(self) -> None:
            self._say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready")
            while line := self.rfile.readline().decode("ascii").strip():
                tag, _, rest = line.partition(" ")
                command = rest.partition(" ")[0].upper()
                heard.append(command)
                if command == "CAPABILITY":
                    self._say("* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2", f"{tag} OK done")
                elif command == "AUTHENTICATE":
                    self._authenticate(tag, rest.split())
                elif command == "SELECT":
                    self._say(
                        "* 0 EXISTS", "* OK [UIDVALIDITY 1] ok", "* OK [UIDNEXT 1] ok", f"{tag} OK [READ-WRITE] done"
                    )
                elif command in ("UID", "SEARCH"):
                    self._say("* SEARCH", f"{tag} OK done")
                elif command == "NOOP":
                    self._say(f"{tag} OK done")
                elif command == "LOGOUT":
                    self._say("* BYE", f"{tag} OK done")
                    return
                else:
                    self._say(f"{tag} NO only XOAUTH2 here")

        def _authenticate(self, tag: str, words: list[str]) -> None:
            if words[1].upper() != "XOAUTH2":
                self._say(f"{tag} NO no such mechanism")
                return
            if len(words) < 3:
                self._say("+ ")
                words.append(self.rfile.readline().decode("ascii").strip())
            named, token, *ends = base64.b64decode(words[2], validate=True).decode().split("\x01")
            assert named == f"user={user}" and token.startswith("auth=Bearer ") and ends == ["", ""]
            shown.append(token.removeprefix("auth=Bearer "))
            if shown[-1] in good:
                self._say(f"{tag} OK logged in")
                return
            # The providers explain first, and want an empty line before they refuse.
            self._say("+ " + base64.b64encode(b'{"status":"400","schemes":"Bearer"}').decode())
            self.rfile.readline()
            self._say(f"{tag} NO AUTHENTICATE failed")

        def _say(self, *lines: str) -> None:
            self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    class Server(ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Mailbox) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], shown
        server.shutdown()
