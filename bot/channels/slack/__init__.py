"""Slack: direct messages, request channels, slash commands, buttons and cards.

`intake` is the one way in for both transports: `http_listener` (signed requests, no framework on the hot path) and
`socket_listener` (Socket Mode through slack-bolt, for a desk without a public address). `sender` is the way out,
`service` the calls of Slack's Web API that both need. `translate`, `mrkdwn`, `render` and `faults` are pure.
"""
