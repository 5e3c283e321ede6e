"""A DNS that answers from a table, or not at all, and a key to sign mail with."""

from __future__ import annotations

from collections.abc import Mapping

from bot.channels.email.resolver import DnsDown

# Made for these tests alone: it proves nothing anywhere.
PRIVATE_KEY = b"""-----BEGIN RSA PRIVATE KEY-----
MIICXQIBAAKBgQCo8O4n+2vMtA9TkA4fWJ+TZK1lPp5plgOG/kjXC751IG6BV5gV
dS1hMPZRp47FmxzolpykzilB25ot/haHHoLsYFY82kKm5iVuZXhQVBAzhZ9LNzxx
UL7TjUAlrP553iFbwj3BXQkldRPyiP7u+c1xAx+w54LZqq3P/y9ebgJTlQIDAQAB
AoGAdLev8lOT0KN+Cz91Yla6OPzPhylSDKSl3zgDXv8wIH+9mQLJgdmo9oL7SsK2
svNNb6vOoVYFzwhHZwsqyUNdM46Vxe0+evE0E8fzJTF3nf7w9iNwQlQaOiFgG4po
EpP52NwmHkNvkuYhY+GjV1k6AZ7RDbi/GE7YBV8lhhw43akCQQDUjvFmQPgf8BRl
inh5kjC8T5+aB1MlZFwCwJhsozv6jRLmbF6GZiNNazOOzwBOOjVoH5s3lXYEaRKv
feu6MrVbAkEAy3fu0Bt2thyJUr44FJZ2Lje5s5Vn9nlzCAmVFbpNR16Fo4WE2AdO
ylVQ7DzXIp4EC4WJqZFQcAuQwGIAuFE9zwJAF+qVgtngkUdkJCC2eYdXcHjNDnmw
g06Ng8nD3MVpJEHnVIHxCNJJOpbLUFA+So8GH1cfEdwBUXG5JoHWmjbGbQJBAL8k
oT3xvvjgIAWSW17D5qwOf678eZkriOwRDHRH+5dDbeorYZwMaXFc6tOzaCvGJGiq
f6PDtrw7sTV6G9ELyTMCQQCA1R44hB2hgE1WiqTTmqTptXVhviL/TgwvUhfn5ytk
8ij93s+N/mh5lRhLPHN/EIeIKieMkzb4ZH2L24w/xuYm
-----END RSA PRIVATE KEY-----
"""
PUBLIC_KEY = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCo8O4n+2vMtA9TkA4fWJ+TZK1lPp5plgOG/kjXC751IG6BV5gVdS1hMPZRp47F"
    "mxzolpykzilB25ot/haHHoLsYFY82kKm5iVuZXhQVBAzhZ9LNzxxUL7TjUAlrP553iFbwj3BXQkldRPyiP7u+c1xAx+w54LZqq3P"
    "/y9ebgJTlQIDAQAB"
)


class TableDns:
    """Answers by "name kind"; a value of None is a name server that is down."""

    def __init__(self, records: Mapping[str, list[str] | None]) -> None:
        self.records = records
        self.asked: list[str] = []

    def lookup(self, name: str, kind: str) -> list[str]:
        question = f"{name.lower().rstrip('.')} {kind}"
        self.asked.append(question)
        found = self.records.get(question, [])
        if found is None:
            raise DnsDown(f"no answer for {name}")
        return found
