"""The Web API of the double: one function a method, named as Slack names it."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.doubles.slack.blocks import faults, is_too_long
from tests.doubles.slack.workspace import APP, BOT, BOT_USER, TEAM, Refusal, Upload, Workspace

TEXT_LENGTH_MAX = 40_000
NEEDED_SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.open": "im:write",
    "conversations.replies": "channels:history",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.info": "files:read",
}
Args = dict[str, Any]
_TS = re.compile(r"\d{1,12}\.\d{6}")


@dataclass(frozen=True)
class Call:
    """One call as it came, and what it was answered."""

    method: str
    args: Args
    answer: dict[str, Any]


class WebApi:
    """Answers calls, and keeps them."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.base_url = ""
        self.calls: list[Call] = []
        self.planted: dict[str, list[Refusal]] = {}
        self.socket_addresses: set[str] = set()
        self.dead_addresses = 0  # how many of the next socket addresses will not open
        self._methods: dict[str, Callable[[Args], dict[str, Any]]] = {
            "auth.test": self._auth_test,
            "apps.connections.open": self._open_connection,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.unfurl": self._unfurl,
            "chat.update": self._update,
            "conversations.info": self._conversation,
            "conversations.open": self._open_conversation,
            "conversations.replies": self._replies,
            "files.completeUploadExternal": self._complete_upload,
            "files.getUploadURLExternal": self._upload_url,
            "files.info": self._file,
            "users.info": self._person,
            "views.open": self._open_view,
            "views.publish": self._publish_view,
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/{method}", self._answer),
            web.post("/upload/{file_id}", self._take_upload),
            web.get("/files/{file_id}", self._give_file),
        ]

    # ------------------------------------------------------------ the call itself

    async def _answer(self, request: web.Request) -> web.Response:
        method, args = request.match_info["method"], await _args(request)
        headers = {}
        status = 200
        try:
            self._check_token(method, request.headers.get("Authorization", "").removeprefix("Bearer ") or args)
            if self.planted.get(method):
                raise self.planted[method].pop(0)
            answer = {"ok": True, **self._methods[method](args)}
        except Refusal as refusal:
            answer = {"ok": False, "error": refusal.error, "response_metadata": {"messages": refusal.messages}}
            status = refusal.status
            if refusal.retry_after is not None:
                headers["Retry-After"] = str(refusal.retry_after)
        self.calls.append(Call(method, args, answer))
        return web.json_response(answer, status=status, headers=headers)

    def _check_token(self, method: str, token: str | Args) -> None:
        given = token if isinstance(token, str) else token.pop("token", "")
        if not given:
            raise Refusal("not_authed")
        if given not in {self.workspace.bot_token, self.workspace.app_token}:
            raise Refusal("invalid_auth")
        if self.workspace.is_revoked:
            raise Refusal("token_revoked")
        if (method == "apps.connections.open") != (given == self.workspace.app_token):
            raise Refusal("not_allowed_token_type")
        if NEEDED_SCOPES.get(method, "chat:write") not in self.workspace.scopes:
            raise Refusal("missing_scope")
        if method not in self._methods:
            raise Refusal("unknown_method")

    def _auth_test(self, args: Args) -> Args:
        return {"team_id": TEAM, "team": "Double", "user_id": BOT_USER, "user": "holdline", "bot_id": BOT}

    def _open_connection(self, args: Args) -> Args:
        address = f"{self.base_url.replace('http', 'ws', 1)}/link/{uuid.uuid4().hex}"
        if self.dead_addresses:
            self.dead_addresses -= 1
        else:
            self.socket_addresses.add(address.rpartition("/")[2])
        return {"url": address}

    # ------------------------------------------------------------ messages

    def _post(self, args: Args) -> Args:
        channel = self.workspace.reachable(_needed(args, "channel", "channel_not_found")).channel_id
        message = _checked(args)
        thread = args.get("thread_ts")
        if thread is not None:
            if not isinstance(thread, str) or not _TS.fullmatch(thread):
                raise Refusal("invalid_thread_ts")
            parent = self.workspace.message(channel, thread, "thread_not_found")
            message["thread_ts"] = parent.get("thread_ts", thread)
        client_id = args.get("client_msg_id", "")
        if client_id and (before := self.workspace.posted_before(channel, str(uuid.UUID(client_id)))):
            return {"channel": channel, "ts": before, "message": self.workspace.message(channel, before)}
        self.workspace.take_turn(channel)
        ts = self.workspace.keep(channel, {**message, "user": BOT_USER, "bot_id": BOT, "app_id": APP})
        self.workspace.remember_post(channel, client_id, ts)
        return {"channel": channel, "ts": ts, "message": self.workspace.message(channel, ts)}

    def _post_ephemeral(self, args: Args) -> Args:
        channel = self.workspace.reachable(_needed(args, "channel", "channel_not_found"))
        if args.get("user") not in channel.members:
            raise Refusal("user_not_in_channel")
        self.workspace.ephemerals.append({**_checked(args), "channel": channel.channel_id, "user": args["user"]})
        return {"message_ts": self.workspace.new_ts()}

    def _update(self, args: Args) -> Args:
        channel = self.workspace.reachable(_needed(args, "channel", "channel_not_found")).channel_id
        message = self.workspace.message(channel, args.get("ts"))
        if message.get("bot_id") != BOT:
            raise Refusal("cant_update_message")
        message.update(_checked(args))
        return {"channel": channel, "ts": message["ts"], "text": message["text"]}

    def _replies(self, args: Args) -> Args:
        channel = self.workspace.reachable(_needed(args, "channel", "channel_not_found")).channel_id
        first = self.workspace.message(channel, args.get("ts"), "thread_not_found")
        replies = [
            message
            for (place, ts), message in sorted(self.workspace.messages.items())
            if place == channel and message.get("thread_ts") == first["ts"] and ts != first["ts"]
        ]
        return {"messages": [first, *replies], "has_more": False}

    # ------------------------------------------------------------ people, places, views

    def _conversation(self, args: Args) -> Args:
        channel = self.workspace.reachable(_needed(args, "channel", "channel_not_found"))
        return {"channel": {"id": channel.channel_id, "name": channel.name, "is_im": channel.kind == "im"}}

    def _open_conversation(self, args: Args) -> Args:
        person = self.workspace.known(_needed(args, "users", "users_list_not_supplied"))
        if person["deleted"]:
            raise Refusal("user_disabled")
        return {"channel": {"id": self.workspace.direct(person["id"])}}

    def _person(self, args: Args) -> Args:
        return {"user": self.workspace.known(_needed(args, "user", "user_not_found"))}

    def _unfurl(self, args: Args) -> Args:
        unfurls = args.get("unfurls")
        unfurls = json.loads(unfurls) if isinstance(unfurls, str) else unfurls
        if not isinstance(unfurls, dict) or not unfurls:
            raise Refusal("missing_unfurls")
        for shown in unfurls.values():
            if found := faults(shown.get("blocks")):
                raise Refusal("invalid_blocks", messages=found)
        where: dict[str, str] = {
            name: str(args[name]) for name in ("channel", "ts", "unfurl_id", "source") if name in args
        }
        if len(where) != 2:
            raise Refusal("invalid_arguments")
        self.workspace.unfurls.append((where, unfurls))
        return {}

    def _open_view(self, args: Args) -> Args:
        self.workspace.use_trigger(_needed(args, "trigger_id", "invalid_trigger_id"))
        view = args.get("view")
        view = json.loads(view) if isinstance(view, str) else view
        if not isinstance(view, dict) or view.get("type") != "modal":
            raise Refusal("invalid_arguments")
        if not 1 <= len(view.get("title", {}).get("text", "")) <= 24:
            raise Refusal("invalid_arguments", messages=["title must be 1 to 24 characters"])
        if found := faults(view.get("blocks"), blocks_max=100):
            raise Refusal("invalid_arguments", messages=found)
        if len(view.get("private_metadata", "")) > 3_000 or len(view.get("callback_id", "")) > 255:
            raise Refusal("invalid_arguments", messages=["private_metadata or callback_id is too long"])
        if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
            raise Refusal("invalid_arguments", messages=["a view with inputs needs a submit"])
        self.workspace.views.append({**view, "id": f"V{self.workspace.number()}", "hash": "1.a"})
        self.workspace.view_opened.set()
        return {"view": self.workspace.views[-1]}

    def _publish_view(self, args: Args) -> Args:
        view = args.get("view")
        view = json.loads(view) if isinstance(view, str) else view
        if not isinstance(view, dict) or view.get("type") != "home":
            raise Refusal("invalid_arguments")
        self.workspace.known(_needed(args, "user_id", "user_not_found"))
        if found := faults(view.get("blocks"), blocks_max=100):
            raise Refusal("invalid_arguments", messages=found)
        self.workspace.homes[args["user_id"]] = view
        self.workspace.view_opened.set()
        return {"view": view}

    # ------------------------------------------------------------ files

    def _upload_url(self, args: Args) -> Args:
        length = int(args.get("length") or 0)
        if length <= 0:
            raise Refusal("invalid_arguments", messages=["length must be above 0"])
        upload = Upload(f"F{self.workspace.number()}", _needed(args, "filename", "invalid_arguments"), length)
        self.workspace.uploads[upload.file_id] = upload
        return {"upload_url": f"{self.base_url}/upload/{upload.file_id}", "file_id": upload.file_id}

    def _complete_upload(self, args: Args) -> Args:
        files = json.loads(args["files"]) if isinstance(args.get("files"), str) else args.get("files") or []
        uploads = [self.workspace.uploads.get(file["id"]) for file in files]
        if not uploads or any(upload is None or upload.content is None for upload in uploads):
            raise Refusal("file_not_found")
        channel = self.workspace.reachable(args["channel_id"]).channel_id if args.get("channel_id") else ""
        thread = args.get("thread_ts") or ""
        if thread:
            self.workspace.message(channel, thread, "invalid_thread_ts")
        if channel:
            self.workspace.take_turn(channel)
        for upload in uploads:
            assert upload is not None
            upload.channel, upload.thread = channel, thread
        return {"files": [{"id": file["id"], "title": file.get("title", "")} for file in files]}

    def _file(self, args: Args) -> Args:
        upload = self.workspace.uploads.get(args.get("file", ""))
        if upload is None:
            raise Refusal("file_not_found")
        return {"file": {"id": upload.file_id, "url_private_download": f"{self.base_url}/files/{upload.file_id}"}}

    async def _take_upload(self, request: web.Request) -> web.Response:
        upload = self.workspace.uploads[request.match_info["file_id"]]
        content = await request.read()
        if len(content) != upload.length:
            return web.Response(status=400, text="length differs")
        upload.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def _give_file(self, request: web.Request) -> web.Response:
        upload = self.workspace.uploads.get(request.match_info["file_id"])
        if upload is None or upload.content is None:
            return web.Response(status=404)
        if request.headers.get("Authorization") != f"Bearer {self.workspace.bot_token}":
            # As Slack does: to the sign-in page.
            return web.Response(status=302, headers={"Location": f"{self.base_url}/signin"})
        return web.Response(body=upload.content)


def _checked(args: Args) -> Args:
    """The text and blocks of a message, or why Slack would not take them."""
    text, blocks = args.get("text") or "", args.get("blocks")
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > TEXT_LENGTH_MAX:
        raise Refusal("msg_too_long")
    if blocks is not None:
        if found := faults(blocks):
            raise Refusal("invalid_blocks", messages=found)
        if is_too_long(blocks):
            raise Refusal("msg_blocks_too_long")
    metadata = args.get("metadata")
    if metadata is not None and not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_format")
    return {"type": "message", "text": text, "blocks": blocks or [], "metadata": metadata}


def _needed(args: Args, name: str, error: str) -> str:
    value = args.get(name)
    if not value or not isinstance(value, str):
        raise Refusal(error)
    return value


async def _args(request: web.Request) -> Args:
    args: Args = dict(request.query)
    if request.content_type == "application/json":
        args.update(await request.json())
    elif request.method == "POST":
        args.update({name: str(value) for name, value in (await request.post()).items()})
    return args
