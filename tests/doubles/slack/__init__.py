"""A strict double of Slack on loopback: the Web API, Socket Mode, signed requests, and what the real one refuses.

    async with SlackDouble(clock) as slack:                  # any bot.clock.Clock; limits and ages follow it
        config = SlackConfig(slack.bot_token, slack.app_token, slack.signing_secret, api_url=slack.api_url)
        ann = slack.person("ann")
        acme = slack.channel("acme", members=[ann])          # the bot is a member, unless has_bot=False
        slack.request_url = "http://127.0.0.1:8080/slack/events"     # signed HTTP; without it: Socket Mode

        delivery = await slack.says(ann, "Printer is on fire")       # a direct message; in_channel=acme, thread=ts
        answer = await slack.commands(ann, "/ticket queue")          # answer.body is what Slack would show
        await slack.presses(ann, slack.posts()[-1], "Claim")         # the button with that label
        await slack.reacts(ann, acme, ts, "ticket"); await slack.points(ann, acme, ts, "make_ticket")
        slack.posts(acme), slack.shown(post), slack.responses, slack.calls, slack.uploads

Refused as Slack does: wrong, revoked and mis-scoped tokens, unknown, archived and foreign channels, deactivated
people, more than a post a second and channel (429, Retry-After), blocks, texts and buttons over their limits, threads
and messages that are not there, triggers older than 3 s or used twice, a sixth post to a response_url, a socket
address used twice. Events that are not acknowledged within 3 s come again three times, under the same event id;
commands and presses never do. `refuse(method, error)` plants a failure; `calls` holds every call with its arguments.
"""

from tests.doubles.slack.double import Delivery, SlackDouble

__all__ = ["Delivery", "SlackDouble"]
