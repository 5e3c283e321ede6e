"""Slack as a person in it would use it. See the package's docstring."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiohttp import web

from bot.clock import Clock, SystemClock
from tests.doubles.slack.transport import DEADLINE_SECONDS, Attempt, SignedRequests, Sockets
from tests.doubles.slack.web_api import Call, WebApi
from tests.doubles.slack.workspace import APP, BOT_USER, RESPONSES_MAX, TEAM, Refusal, Upload, Workspace

RETRY_PAUSES = (0.0, 60.0, 300.0)


@dataclass
class Delivery:
    """What became of one thing that Slack told the app."""

    payload: Mapping[str, Any]
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def is_acknowledged(self) -> bool:
        return self.attempts[-1].is_acknowledged

    @property
    def status(self) -> int:
        return self.attempts[-1].status

    @property
    def body(self) -> Any:
        """The answer: a JSON object, or text."""
        text = self.attempts[-1].body
        return json.loads(text) if text.startswith("{") else text

    @property
    def ts(self) -> str:
        """The message that was told of."""
        return str(self.payload["event"]["ts"])


class SlackDouble:
    """One workspace with one app in it."""

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        """pause: waits between retries; a test that moves the clock by hand gives its own."""
        self.workspace = Workspace(clock or SystemClock())
        self.bot_token, self.app_token = self.workspace.bot_token, self.workspace.app_token
        self.signing_secret = self.workspace.signing_secret
        self.request_url = ""
        self.api = WebApi(self.workspace)
        self.sockets = Sockets(self.api, deadline_seconds)
        self.requests = SignedRequests(self.workspace, deadline_seconds)
        self.responses: list[dict[str, Any]] = []
        self._response_uses: dict[str, int] = {}
        self._answered = asyncio.Event()
        self._pause = pause
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> SlackDouble:
        app = web.Application(client_max_size=64 * 1_048_576)
        app.add_routes(self.api.routes() + self.sockets.routes())
        app.add_routes([web.post("/response/{address}", self._take_response)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api.base_url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.requests.close()
        for socket in list(self.sockets.open):
            await socket.close()
        assert self._runner is not None
        await self._runner.cleanup()

    # ------------------------------------------------------------ what the app is told

    @property
    def api_url(self) -> str:
        return f"{self.api.base_url}/api"

    def person(self, name: str, *, team: str = TEAM) -> str:
        """Somebody in the workspace, or a guest of another; returns the user id."""
        return self.workspace.add_person(name, team)

    def channel(self, name: str, members: Iterable[str] = (), *, is_private: bool = False, has_bot: bool = True) -> str:
        """A channel; returns its id."""
        return self.workspace.add_channel(name, members, is_private=is_private, has_bot=has_bot)

    def file(self, filename: str, content: bytes) -> Upload:
        """A file that somebody may share."""
        upload = Upload(f"F{self.workspace.number()}", filename, len(content), content)
        self.workspace.uploads[upload.file_id] = upload
        return upload

    def refuse(self, method: str, error: str, *, status: int = 200, retry_after: int | None = None) -> None:
        """The next call of this method fails."""
        self.api.planted.setdefault(method, []).append(Refusal(error, status=status, retry_after=retry_after))

    # ------------------------------------------------------------ what was seen

    @property
    def calls(self) -> list[Call]:
        return self.api.calls

    @property
    def uploads(self) -> list[Upload]:
        return [upload for upload in self.workspace.uploads.values() if upload.channel]

    def posts(self, channel: str = "") -> list[dict[str, Any]]:
        """What the app has posted, oldest first, as it stands now."""
        found = [message for message in self.workspace.messages.values() if message["user"] == BOT_USER]
        return [message for message in found if channel in {"", message["channel"]}]

    async def response(self, number: int) -> dict[str, Any]:
        """The n-th post to a response_url, counted from 1; waits for it."""
        while len(self.responses) < number:
            self._answered.clear()
            await self._answered.wait()
        return self.responses[number - 1]

    # ------------------------------------------------------------ what people do

    async def says(
        self, person: str, text: str, *, in_channel: str = "", thread: str = "", files: Iterable[Upload] = ()
    ) -> Delivery:
        """Write a message; `text` as Slack would send it, escaped."""
        channel = in_channel or self.workspace.direct(person)
        message: dict[str, Any] = {"type": "message", "user": person, "text": text}
        if thread:
            message["thread_ts"] = thread
        if shared := [upload.as_seen(self.api.base_url) for upload in files]:
            message |= {"subtype": "file_share", "files": shared}
        ts = self.workspace.keep(channel, {**message, "team": self.workspace.people[person]["team_id"]})
        event = self.workspace.messages[channel, ts] | {"team": self.workspace.people[person]["team_id"]}
        return await self.event(event | self._place(channel, ts))

    async def mentions(self, person: str, text: str, *, in_channel: str) -> tuple[Delivery, Delivery]:
        """Write `@bot text`: Slack tells of it as a message and as a mention."""
        told = await self.says(person, f"<@{BOT_USER}> {text}", in_channel=in_channel)
        event = {**told.payload["event"], "type": "app_mention"}
        del event["channel_type"]
        return told, await self.event(event)

    async def edits(self, channel: str, ts: str, text: str) -> Delivery:
        message = self.workspace.messages[channel, ts]
        before = dict(message)
        message |= {"text": text, "edited": {"user": message["user"], "ts": self.workspace.new_ts()}}
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "message": dict(message)}
        return await self.event(event | {"previous_message": before} | self._place(channel, self.workspace.new_ts()))

    async def deletes(self, channel: str, ts: str) -> Delivery:
        before = self.workspace.messages.pop((channel, ts))
        event = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": ts}
        return await self.event(event | {"previous_message": before} | self._place(channel, self.workspace.new_ts()))

    async def reacts(self, person: str, channel: str, ts: str, emoji: str) -> Delivery:
        item = {"type": "message", "channel": channel, "ts": ts}
        author = self.workspace.messages[channel, ts]["user"]
        event = {"type": "reaction_added", "user": person, "reaction": emoji, "item_user": author, "item": item}
        return await self.event(event | {"event_ts": self.workspace.new_ts()})

    async def commands(self, person: str, line: str, *, in_channel: str = "") -> Delivery:
        """Type a slash command."""
        name, _, text = line.partition(" ")
        form = {
            "token": "legacy",
            "team_id": self.workspace.people[person]["team_id"],
            "team_domain": "double",
            "channel_id": in_channel or self.workspace.direct(person),
            "channel_name": "directmessage",
            "user_id": person,
            "user_name": self.workspace.people[person]["name"],
            "command": name,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self._response_url(),
            "trigger_id": self.workspace.new_trigger(),
        }
        return await self.deliver("command", form)

    async def presses(self, person: str, message: Mapping[str, Any], label: str) -> Delivery:
        """Press the button of that label on a message."""
        buttons = [button for block in message["blocks"] for button in block.get("elements", ()) if "value" in button]
        button = next(button for button in buttons if button["text"]["text"] == label)
        action = {"type": "button", "action_id": button["action_id"], "value": button["value"], "text": button["text"]}
        container = {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]}
        payload = self._interaction(person, "block_actions") | {
            "actions": [action | {"block_id": "b", "action_ts": self.workspace.new_ts()}],
            "channel": {"id": message["channel"], "name": "double"},
            "container": container,
            "message": dict(message),
        }
        return await self.deliver("interaction", payload)

    async def view(self, number: int) -> dict[str, Any]:
        """The n-th modal that was opened, counted from 1; waits for it."""
        while len(self.workspace.views) < number:
            self.workspace.view_opened.clear()
            await asyncio.wait_for(self.workspace.view_opened.wait(), 5)
        return self.workspace.views[number - 1]

    async def home(self, person: str) -> dict[str, Any]:
        """Open the app's home tab, and wait for what is shown there."""
        self.workspace.homes.pop(person, None)
        told = {"type": "app_home_opened", "user": person, "tab": "home", "channel": self.workspace.direct(person)}
        await self.event(told | {"event_ts": self.workspace.new_ts()})
        while person not in self.workspace.homes:
            self.workspace.view_opened.clear()
            await asyncio.wait_for(self.workspace.view_opened.wait(), 5)
        return self.workspace.homes[person]

    async def presses_at_home(self, person: str, label: str) -> Delivery:
        """Press a button in the home tab; there is no response_url."""
        blocks = self.workspace.homes[person]["blocks"]
        buttons = [element for block in blocks for element in block.get("elements", ()) if "value" in element]
        button = next(button for button in buttons if button["text"]["text"] == label)
        action = {"type": "button", "action_id": button["action_id"], "value": button["value"]}
        pressed = self._interaction(person, "block_actions") | {
            "actions": [action | {"block_id": "b", "action_ts": self.workspace.new_ts()}],
            "container": {"type": "view", "view_id": "V1"},
        }
        del pressed["response_url"]
        return await self.deliver("interaction", pressed)

    async def chooses_at_home(self, person: str, label: str) -> Delivery:
        """Choose an option of the home tab's lists."""
        elements = [
            element for block in self.workspace.homes[person]["blocks"] for element in block.get("elements", ())
        ]
        found = [(e, option) for e in elements for option in e.get("options", ()) if option["text"]["text"] == label]
        (element, option) = found[0]
        return await self._acts_at_home(
            person, {"type": "static_select", "action_id": element["action_id"], "selected_option": option}
        )

    async def types_at_home(self, person: str, label: str, words: str) -> Delivery:
        """Type into a field of the home tab, and press Enter."""
        blocks = [block for block in self.workspace.homes[person]["blocks"] if block["type"] == "input"]
        element = next(block["element"] for block in blocks if block["label"]["text"] == label)
        return await self._acts_at_home(
            person, {"type": "plain_text_input", "action_id": element["action_id"], "value": words}
        )

    async def _acts_at_home(self, person: str, action: dict[str, Any]) -> Delivery:
        acted = self._interaction(person, "block_actions") | {
            "actions": [action | {"block_id": "b", "action_ts": self.workspace.new_ts()}],
            "container": {"type": "view", "view_id": "V1"},
        }
        del acted["response_url"]
        self.workspace.view_opened.clear()
        delivery = await self.deliver("interaction", acted)
        async with asyncio.timeout(5):
            await self.workspace.view_opened.wait()
        return delivery

    async def submits(self, person: str, view: Mapping[str, Any], **answers: str) -> Delivery:
        """Fill a modal in, by the names of its questions, and send it."""
        values: dict[str, Any] = {}
        for block in view["blocks"]:
            name, kind = block["block_id"], block["element"]["type"]
            answer = answers.pop(name, None)
            assert answer is not None or block["optional"], f"{name} must be answered before Slack sends it"
            if kind == "static_select":
                option = None if answer is None else {"value": answer, "text": {"type": "plain_text", "text": answer}}
                values[name] = {block["element"]["action_id"]: {"type": kind, "selected_option": option}}
            else:
                values[name] = {block["element"]["action_id"]: {"type": kind, "value": answer}}
        assert not answers, f"the form does not ask for {list(answers)}"
        sent = self._interaction(person, "view_submission") | {"view": {**view, "state": {"values": values}}}
        del sent["response_url"]
        return await self.deliver("interaction", sent)

    async def points(self, person: str, channel: str, ts: str, shortcut: str) -> Delivery:
        """Use a message shortcut on a message."""
        payload = self._interaction(person, "message_action") | {
            "callback_id": shortcut,
            "channel": {"id": channel, "name": "double"},
            "message": dict(self.workspace.messages[channel, ts]),
            "message_ts": ts,
        }
        return await self.deliver("interaction", payload)

    async def event(self, event: Mapping[str, Any], *, event_id: str = "") -> Delivery:
        """Tell the app of an event, with Slack's retries."""
        payload = {
            "token": "legacy",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": dict(event),
            "type": "event_callback",
            "event_id": event_id or f"Ev{self.workspace.number():08d}",
            "event_time": int(self.workspace.clock.now().timestamp()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        }
        return await self.deliver("event", payload)

    async def deliver(self, kind: str, payload: Mapping[str, Any]) -> Delivery:
        """kind: event, command or interaction. Events come again, at once, after 1 and after 5 minutes."""
        delivery = Delivery(payload)
        for retry, pause in enumerate((0.0, *RETRY_PAUSES)):
            if pause:
                await self._pause(pause)
            if self.request_url:
                attempt = await self.requests.deliver(self.request_url, kind, payload, retry)
            else:
                attempt = await self.sockets.deliver(kind, payload, retry)
            delivery.attempts.append(attempt)
            if attempt.is_acknowledged or kind != "event":
                break
        return delivery

    # ------------------------------------------------------------ parts

    def _place(self, channel: str, ts: str) -> dict[str, Any]:
        kind = self.workspace.channels[channel].kind
        return {"channel": channel, "ts": ts, "event_ts": ts, "channel_type": kind}

    def _interaction(self, person: str, kind: str) -> dict[str, Any]:
        known = self.workspace.people[person]
        return {
            "type": kind,
            "team": {"id": TEAM, "domain": "double"},
            "user": {"id": person, "username": known["name"], "team_id": known["team_id"]},
            "api_app_id": APP,
            "trigger_id": self.workspace.new_trigger(),
            "response_url": self._response_url(),
        }

    def _response_url(self) -> str:
        return f"{self.api.base_url}/response/{self.workspace.number()}"

    async def _take_response(self, request: web.Request) -> web.Response:
        address = request.match_info["address"]
        uses = self._response_uses[address] = self._response_uses.get(address, 0) + 1
        if uses > RESPONSES_MAX:
            return web.Response(status=404, text="used_url")
        self.responses.append(await request.json())
        self._answered.set()
        return web.Response(text="ok")
