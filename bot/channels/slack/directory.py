"""Who somebody on Slack is, by users.info: Slack's messages name nobody but by id. Asked once and kept for a while.

A name is a kindness and never a condition: where it cannot be had at once, the message goes on without it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

import structlog

from bot.channels.slack import hurry
from bot.channels.slack.faults import SlackMissing
from bot.channels.slack.payloads import Payload, part, string
from bot.channels.slack.service import Service
from bot.clock import Clock
from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.messages import Handle

log = structlog.get_logger(__name__)

# Slack waits three seconds for an acknowledgement; this comes before it.
ASK_SECONDS_MAX = 0.8
KEPT_SECONDS, UNKNOWN_KEPT_SECONDS = 6 * 3600.0, 600.0
# Names are not asked for while the service has just let us wait for one.
HANGING_SECONDS = 20.0
KEPT_MAX = 5_000
NAME_LENGTH_MAX = 100


@dataclass(frozen=True, slots=True)
class Profile:
    """name: "" where Slack does not say. language: as Slack writes it, "de-DE"."""

    name: str = ""
    language: str = ""


class Directory:
    """The people of the workspace, as far as they were asked for."""

    def __init__(self, service: Service, clock: Clock) -> None:
        self._service, self._clock = service, clock
        self._kept: OrderedDict[str, tuple[float, Profile]] = OrderedDict()
        self._silent_until = 0.0

    async def named(self, sender: Handle) -> Handle:
        """The same handle, with the person's name and language."""
        profile = await self._profile(sender.address.rpartition(":")[2])
        return replace(sender, display_name=sender.display_name or profile.name, language=profile.language)

    def known(self, sender: Handle) -> Handle:
        """The same, of what is known without asking: for what has to be acknowledged at once."""
        kept = self._kept.get(sender.address.rpartition(":")[2])
        return sender if kept is None else replace(sender, language=kept[1].language)

    async def _profile(self, person: str) -> Profile:
        now = self._clock.monotonic()
        kept = self._kept.get(person)
        if kept is not None and kept[0] > now:
            return kept[1]
        if now < self._silent_until:
            return Profile()
        found, seconds = kept[1] if kept is not None else Profile(), UNKNOWN_KEPT_SECONDS
        try:
            async with hurry.within(ASK_SECONDS_MAX):
                asked = {"user": person, "include_locale": "true"}
                found, seconds = _read(part(await self._service.read("users.info", asked), "user")), KEPT_SECONDS
        except SlackMissing as error:
            log.warning("slack_names_unknown", error=str(error))
            self._silent_until = now + UNKNOWN_KEPT_SECONDS
        except TimeoutError:
            # Not every message is to wait for a service that gives no answer.
            log.warning("slack_name_unknown", error="no answer in time")
            self._silent_until, seconds = now + HANGING_SECONDS, HANGING_SECONDS
        except (DeliveryDelayed, DeliveryRefused, ValueError) as error:
            log.warning("slack_name_unknown", error=str(error) or type(error).__name__)
        self._kept[person] = (now + seconds, found)
        self._kept.move_to_end(person)
        if len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return found


def _read(user: Payload) -> Profile:
    profile = part(user, "profile")
    names = (string(profile, "real_name"), string(user, "real_name"), string(profile, "display_name"))
    name = next((name for name in names if name), string(user, "name"))
    return Profile(" ".join(name.split())[:NAME_LENGTH_MAX], string(user, "locale")[:20])
