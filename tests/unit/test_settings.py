"""Settings: what is read from where, and how every fault is told at once."""

from __future__ import annotations

import os
import stat
import tomllib
from datetime import time
from pathlib import Path

import pytest

from bot.building import dkim_key
from bot.errors import ConfigError, UserError
from bot.settings import chosen_roles, load, roles, signing_keys, warnings
from bot.settings.reading import SHIPPED_CONFIG, known_variables
from bot.settings.tree import SECTIONS

ROOT = Path(__file__).parents[2]
MAILBOX = '[[imap]]\nhost = "a.example"\nuser = "x"\n'


def written(home: Path, text: str) -> Path:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "holdline.toml").write_text(text, encoding="utf-8")
    return home


def faults(home: Path, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(environ or {}, home=home)
    return [str(fault) for fault in caught.value.faults]


def test_shipped_file_holds_every_key_with_its_default() -> None:
    shipped = tomllib.loads((SHIPPED_CONFIG / "holdline.toml").read_text(encoding="utf-8"))
    for section, kind in SECTIONS.items():
        for item in kind.__dataclass_fields__.values():
            if item.metadata["is_secret"]:
                assert item.name not in shipped.get(section, {})
                continue
            value = item.metadata["reader"](shipped[section].pop(item.name), False)
            assert value == item.default, f"{section}.{item.name}"
    assert not any(shipped.values())


def test_every_line_of_the_shipped_file_has_a_comment_before_it() -> None:
    lines = (SHIPPED_CONFIG / "holdline.toml").read_text(encoding="utf-8").splitlines()
    sections = [index for index, line in enumerate(lines) if line.startswith("[")]
    for start in sections:
        assert lines[start + 1].startswith("#"), lines[start]


def test_defaults_need_no_file_no_environment_and_stay_below_home(tmp_path: Path) -> None:
    settings = load({}, home=tmp_path)
    assert settings.database_file == tmp_path / "var/holdline.db"
    assert settings.folders.console_socket == tmp_path / "var/console.sock"
    assert settings.desk.domain == "desk.example"
    assert settings.config_folder == SHIPPED_CONFIG
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("[smtp]\nport = 70000", "smtp.port: 70000 is out of range. Write a whole number from 0 to 65535"),
        ("[smtp]\nport = true", "smtp.port: True is not a whole number. Write a whole number from 0 to 65535"),
        ('[smtp]\nport = "25"', "smtp.port: '25' is not a whole number. Write a whole number from 0 to 65535"),
        ('[smtp]\nis_on = "yes"', "smtp.is_on: 'yes' is neither true nor false. Write true or false"),
        ("[smpt]\nport = 25", "smpt: this section is not known. Did you mean [smtp]?"),
        ("[smtp]\nprot = 25", "smtp.prot: this key is not known. Did you mean port?"),
        ("[smtp]\nzzzzzz = 25", "smtp.zzzzzz: this key is not known. Take it out"),
        ('[desk]\nzone = "Europe/Berln"', "desk.zone: 'Europe/Berln' is not a time zone. Did you mean Europe/Berlin?"),
        ('[desk]\nzone = "../etc/passwd"', "desk.zone: '../etc/passwd' is not a time zone. Write an IANA name"),
        ('[desk]\naddresses = ["desk"]', "desk.addresses: 'desk' is not an email address. Write it as name@host"),
        ("[desk]\naddresses = []", "desk.addresses: the desk has no address. Write at least one email address"),
        ('[desk]\ndigest_time = "7:30"', "desk.digest_time: '7:30' is not a time of day. Write it as \"07:30\""),
        ('[log]\nlevel = "warn"', "log.level: 'warn' is not known. Did you mean warning?"),
        (
            '[slack]\nbot_token = "xoxb-1"',
            "slack.bot_token: a secret does not belong in a file. Take it out and set SLACK",
        ),
        ('[database]\nurl = "sqlite:///:memory:"', "DATABASE_URL: the desk keeps its database in a plain file"),
        ("smtp = 25", "smtp: it is not a table. Write [smtp] and the keys below it"),
        ("imap = 25", "imap: it is not a list of tables. Write [[imap]] above each mailbox's keys"),
        ('[[imap]]\nhost = "a.example"\nuser = "x"', "imap[1].password_env: HOLDLINE_IMAP_PASSWORD is not set"),
        (f'{MAILBOX}go_back = "soon"', "imap[1].go_back: 'soon' does not say how far back to go"),
        ('[smtp]\nproxy_networks = ["everywhere"]', "smtp.proxy_networks: 'everywhere' is no network"),
        ("[smtp\n", "it is not TOML"),
    ],
)
def test_a_wrong_line_is_told_with_its_key_and_what_to_write(tmp_path: Path, line: str, fault: str) -> None:
    found = faults(written(tmp_path, line))
    assert any(fault in one for one in found), found


def test_every_fault_is_reported_at_once(tmp_path: Path) -> None:
    home = written(tmp_path, '[smtp]\nport = -1\nhots = "x"\n[desk]\nzone = "Mars"\n')
    (home / ".env").write_text("this is no line\nLOG_LEVEL=loud\n")
    found = faults(home, {"TELEGRAM_BOT_TOKEN": "x", "DATABASE_URL": "mysql://me:hunter2@host/db"})
    assert len(found) == 7, found
    assert {one.partition(":")[0] for one in found} == {"config/holdline.toml", ".env", "environment"}
    # A fault never repeats a secret.
    assert not any("short" in one or "hunter2" in one for one in found)


def test_environment_wins_over_dotenv_wins_over_file(tmp_path: Path) -> None:
    home = written(tmp_path, "[smtp]\nport = 1\nsize_bytes_max = 70000\nconnections_max = 5\n")
    (home / ".env").write_text('export HOLDLINE_SMTP_PORT="2"\nHOLDLINE_SMTP_CONNECTIONS_MAX=6 # why\n\n# no\nEMPTY=\n')
    settings = load({"HOLDLINE_SMTP_PORT": "3"}, home=home)
    assert (settings.smtp.port, settings.smtp.connections_max, settings.smtp.size_bytes_max) == (3, 6, 70_000)


def test_names_on_slack_are_the_operators(tmp_path: Path) -> None:
    environ = {"HOLDLINE_SLACK_EMOJI": ":ambulance:", "HOLDLINE_SLACK_COMMANDS": " Claim=/Nehmen  ticket=/desk"}
    slack = load(environ, home=tmp_path).slack
    assert (slack.emoji, slack.commands) == ("ambulance", "claim=/nehmen ticket=/desk")
    wrong = {"HOLDLINE_SLACK_EMOJI": "two words", "HOLDLINE_SLACK_COMMANDS": "claim nehmen"}
    assert len(faults(tmp_path, wrong)) == 2


def test_an_empty_variable_is_unset(tmp_path: Path) -> None:
    settings = load({"SLACK_BOT_TOKEN": "", "PORT": "", "DATABASE_URL": ""}, home=tmp_path)
    assert settings.slack.mode == ""
    assert settings.web.host == "127.0.0.1"


def test_a_slip_in_a_variable_is_told_and_a_platforms_own_is_not(tmp_path: Path) -> None:
    assert load({"HOLDLINE_SERVICE_HOST": "10.0.0.1", "HOLDLINE_PORT_8080_TCP_ADDR": "x"}, home=tmp_path)
    found = faults(tmp_path, {"HOLDLINE_SMTP_PROT": "25"})
    assert found == ["environment: HOLDLINE_SMTP_PROT: this variable is not known. Did you mean HOLDLINE_SMTP_PORT?"]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("postgres://me@host/desk?sslmode=require", "postgresql://me@host/desk?sslmode=require"),
        ("postgresql+psycopg://me@host/desk", "postgresql://me@host/desk"),
        ("postgresql:///desk?host=/run/pg", "postgresql:///desk?host=/run/pg"),
        ("sqlite:////srv/desk.db", "sqlite:////srv/desk.db"),
    ],
)
def test_database_addresses_are_taken_as_people_paste_them(tmp_path: Path, url: str, kept: str) -> None:
    assert load({"DATABASE_URL": url}, home=tmp_path).database_url == kept


def test_port_of_a_hosting_platform_is_taken_on_every_address(tmp_path: Path) -> None:
    assert load({"PORT": "5000"}, home=tmp_path).web.host == "0.0.0.0"
    web = load({"PORT": "5000", "HOLDLINE_WEB_HOST": "127.0.0.1"}, home=tmp_path).web
    assert (web.host, web.port) == ("127.0.0.1", 5000)


def test_a_mailbox_may_stand_in_the_environment_alone(tmp_path: Path) -> None:
    environ = {"HOLDLINE_IMAP_HOST": "mail.example", "HOLDLINE_IMAP_USER": "desk", "HOLDLINE_IMAP_PASSWORD": "pw"}
    (box,) = load(environ, home=tmp_path).imap
    assert (box.host, box.user, box.password, box.port, box.name) == ("mail.example", "desk", "pw", 993, "desk")
    assert "pw" not in repr(box)
    assert len(faults(tmp_path, {"HOLDLINE_IMAP_HOST": "mail.example"})) == 2  # user and password


def test_a_mailbox_by_access_token_needs_no_password_and_its_secret_is_no_mailbox(tmp_path: Path) -> None:
    keys = 'oauth_token_url = "https://login.example/token"\noauth_client_id = "desk"\ngo_back = "30d"'
    home = written(tmp_path, f'[[imap]]\nhost = "mail.example"\nuser = "desk"\n{keys}')
    (box,) = load({"HOLDLINE_IMAP_CLIENT_SECRET": "hush"}, home=home).imap
    assert (box.is_oauth, box.password, box.client_secret, box.go_back) == (True, "", "hush", "30d")
    assert "hush" not in repr(box)


def test_several_mailboxes_name_variables_of_their_own(tmp_path: Path) -> None:
    oauth = 'oauth_token_url = "https://login.example/token"\noauth_client_id = "desk"'
    second = 'password_env = "HOLDLINE_IMAP_PASSWORD_2"\noauth_client_secret_env = "HOLDLINE_IMAP_CLIENT_SECRET_2"'
    boxes = '[[imap]]\nhost = "a.example"\nuser = "one"\n[[imap]]\nhost = "b.example"\nuser = "two"\n'
    home = written(tmp_path, f"{boxes}{second}\n{oauth}")
    secrets = {
        "HOLDLINE_IMAP_PASSWORD": "pw1",
        "HOLDLINE_IMAP_PASSWORD_2": "pw2",
        "HOLDLINE_IMAP_CLIENT_SECRET_2": "hush",
    }
    found = load(secrets, home=home).imap
    assert [(box.user, box.password, box.client_secret) for box in found] == [
        ("one", "pw1", ""),
        ("two", "pw2", "hush"),
    ]


def test_keys_that_need_company_say_so(tmp_path: Path) -> None:
    assert "SLACK_APP_TOKEN (Socket Mode) or" in faults(tmp_path, {"SLACK_BOT_TOKEN": "xoxb-1"})[0]
    assert "it is missing" in faults(tmp_path, {"SLACK_APP_TOKEN": "xapp-1"})[0]
    assert "HOLDLINE_RELAY_PASSWORD" in faults(tmp_path, {"HOLDLINE_RELAY_USER": "me"})[0]
    webhook = {"TELEGRAM_BOT_TOKEN": "1" * 30, "HOLDLINE_TELEGRAM_WEBHOOK_SECRET": "s" * 16}
    assert "a webhook needs the desk's address" in faults(tmp_path, webhook)[0]


@pytest.mark.parametrize(
    ("environ", "fault"),
    [
        ({"HOLDLINE_TELEGRAM_WEBHOOK_SECRET": "sixteen+letters!!"}, "letters, digits, _ and -"),
        ({"HOLDLINE_WEB_PUBLIC_URL": "http://desk.example"}, "Telegram calls no address but https"),
        ({"HOLDLINE_TELEGRAM_DESK_CHAT": "Our desk"}, "it is no number of a group"),
    ],
)
def test_what_telegram_would_refuse_is_told_before_the_start(
    tmp_path: Path, environ: dict[str, str], fault: str
) -> None:
    good = {
        "TELEGRAM_BOT_TOKEN": "123456:ABC",
        "HOLDLINE_TELEGRAM_WEBHOOK_SECRET": "sixteen-letters_0",
        "HOLDLINE_WEB_PUBLIC_URL": "https://desk.example",
        "HOLDLINE_TELEGRAM_DESK_CHAT": "-1001234567890",
    }
    assert load(good, home=tmp_path).telegram.mode == "webhook"
    (found,) = faults(tmp_path, good | environ)
    assert fault in found
    # Another server of the Bot API may take it.
    load(good | environ | {"HOLDLINE_TELEGRAM_API_URL": "http://127.0.0.1:8081"}, home=tmp_path)


def test_secrets_do_not_appear_when_settings_are_shown(tmp_path: Path) -> None:
    environ = {"SLACK_BOT_TOKEN": "xoxb-hidden", "SLACK_SIGNING_SECRET": "hidden-too", "HOLDLINE_SECRET_KEY": "h" * 40}
    settings = load(environ, home=tmp_path)
    assert "hidden" not in repr(settings)
    assert "hhhh" not in repr(settings) + repr(signing_keys(settings))


def test_unreadable_files_are_faults_not_tracebacks(tmp_path: Path) -> None:
    home = written(tmp_path, "")
    (home / "config" / "holdline.toml").write_bytes(b"name = '\xff'")
    (home / ".env").mkdir()
    found = faults(home)
    assert len(found) == 2
    assert "Make it readable, in UTF-8" in found[0]
    assert faults(tmp_path, {"HOLDLINE_CONFIG": str(tmp_path / "nowhere")})


def test_first_start_makes_one_signing_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    settings = load({}, home=tmp_path)
    first = signing_keys(settings)
    assert signing_keys(settings) == first
    assert stat.S_IMODE(os.stat(settings.folders.secret_key).st_mode) == 0o600
    assert len(first.keys[first.current]) >= 32


def test_a_replaced_key_keeps_its_id_and_still_verifies(tmp_path: Path) -> None:
    before = signing_keys(load({"HOLDLINE_SECRET_KEY": "a" * 40}, home=tmp_path))
    after = signing_keys(
        load({"HOLDLINE_SECRET_KEY": "b" * 40, "HOLDLINE_SECRET_KEY_PREVIOUS": "a" * 40}, home=tmp_path)
    )
    assert after.current != before.current
    assert after.keys[before.current] == before.keys[before.current]


def test_a_damaged_signing_key_is_told(tmp_path: Path) -> None:
    settings = load({}, home=tmp_path)
    settings.folders.var.mkdir()
    settings.folders.secret_key.write_text("short\n")
    with pytest.raises(ConfigError, match="too short"):
        signing_keys(settings)


def test_start_table_names_every_role_and_what_turns_it_on(tmp_path: Path) -> None:
    table = {line.name: line for line in roles(load({}, home=tmp_path))}
    assert [name for name, line in table.items() if not line.is_on] == ["slack", "telegram"]
    assert all(line.to_turn_on for line in table.values() if not line.is_on)
    assert "var/outgoing" in table["courier"].why
    split = {line.name: line.is_on for line in roles(load({}, home=tmp_path), chosen_roles(["mail"]))}
    assert [name for name, is_on in split.items() if is_on] == ["mail"]


def test_webhooks_are_the_web_roles_wherever_the_rest_runs(tmp_path: Path) -> None:
    hooked = {
        "TELEGRAM_BOT_TOKEN": "123456:ABC",
        "HOLDLINE_TELEGRAM_WEBHOOK_SECRET": "sixteen-letters-",
        "HOLDLINE_WEB_PUBLIC_URL": "https://desk.example",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "a-signing-secret",
    }
    web = {line.name: line for line in roles(load(hooked, home=tmp_path), chosen_roles(["web"]))}
    assert web["telegram"].is_on and web["telegram"].why == "webhook at https://desk.example/telegram/webhook"
    assert web["slack"].is_on and not web["courier"].is_on
    worker = {line.name: line for line in roles(load(hooked, home=tmp_path), chosen_roles(["worker"]))}
    for name in ("slack", "telegram"):
        assert not worker[name].is_on and worker[name].to_turn_on == "holdline run web"
        assert "comes in by the web role" in worker[name].why
    dark = load({**hooked, "HOLDLINE_WEB_IS_ON": "false"}, home=tmp_path)
    assert not {line.name: line for line in roles(dark)}["telegram"].is_on


def test_roles_are_named_alone_or_as_a_group() -> None:
    assert chosen_roles([]) == ("console", "web", "mail", "slack", "telegram", "scheduler", "courier")
    assert chosen_roles(["worker"]) == ("slack", "telegram", "scheduler", "courier")
    with pytest.raises(UserError, match="Did you mean worker"):
        chosen_roles(["workr"])


def test_postgresql_without_a_kept_secret_is_warned_of(tmp_path: Path) -> None:
    assert warnings(load({}, home=tmp_path)) == []
    assert len(warnings(load({"DATABASE_URL": "postgresql://host/desk"}, home=tmp_path))) == 2


def test_times_in_the_file_may_be_toml_times(tmp_path: Path) -> None:
    assert load({}, home=written(tmp_path, "[desk]\ndigest_time = 06:15:00")).desk.digest_time == time(6, 15)


def test_example_environment_names_every_variable_and_no_other() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {line.lstrip("# ").partition("=")[0] for line in lines if "=" in line and not line.startswith("# ")}
    assert {name for name in named if name} <= known_variables()
    for name in ("DATABASE_URL", "PORT", "LOG_LEVEL", "SLACK_BOT_TOKEN", "TELEGRAM_BOT_TOKEN", "HOLDLINE_SECRET_KEY"):
        assert name in named


def test_backup_relays_are_read_in_their_order_with_their_passwords(tmp_path: Path) -> None:
    home = written(
        tmp_path,
        '[relay]\nhost = "one.example"\n[[backup_relay]]\nhost = "two.example"\nuser = "desk"\n'
        '[[backup_relay]]\nhost = "three.example"\nport = 465\ntls = "implicit"\n',
    )
    two, three = load({"HOLDLINE_BACKUP_RELAY_PASSWORD": "secret"}, home=home).backup_relays
    assert (two.host, two.port, two.password) == ("two.example", 587, "secret") and "secret" not in repr(two)
    assert (three.host, three.port, three.tls, three.user) == ("three.example", 465, "implicit", "")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[relay]\nhost = "a.example"\n[[backup_relay]]\nport = 25', "backup_relay[1].host: it is missing"),
        ('[relay]\nhost = "a.example"\n[[backup_relay]]\nhost = "b.example"\nuser = "x"', "PASSWORD is not set"),
        ('[[backup_relay]]\nhost = "b.example"', "relay.host: there are backup relays, and no first one"),
        ('[[backup_relay]]\nhosts = "b.example"', "Did you mean host?"),
        ("[dkim]\nselector = 5", "dkim.selector"),
        ('[relay]\nreturn_path = "none"', "relay.return_path"),
    ],
)
def test_outgoing_mail_that_is_set_wrong_says_so(tmp_path: Path, text: str, fault: str) -> None:
    assert any(fault in one for one in faults(written(tmp_path, text)))


def test_key_for_signing_is_read_from_home_and_names_its_record(tmp_path: Path) -> None:
    (tmp_path / "dkim.pem").write_bytes((ROOT / "tests/data/tls/dkim.pem").read_bytes())
    key = dkim_key(load({"HOLDLINE_DKIM_KEY_FILE": "dkim.pem"}, home=tmp_path))
    assert key is not None and key.record_name == "holdline._domainkey.desk.example"
    assert key.bits == 2048 and key.record.startswith("v=DKIM1; k=rsa; p=MIIB")
    assert dkim_key(load({}, home=tmp_path)) is None
    with pytest.raises(ConfigError, match="cannot be read"):
        dkim_key(load({"HOLDLINE_DKIM_KEY_FILE": "none.pem"}, home=tmp_path))


@pytest.mark.parametrize(
    "url", ["http://localhost:8080", "http://slack-emulator:3000/api/", "http://127.0.0.1:9/a/prefix", "https://x/"]
)
def test_other_services_are_named_by_one_setting_each(tmp_path: Path, url: str) -> None:
    named = load({"SLACK_API_URL": url, "TELEGRAM_API_URL": url}, home=tmp_path)
    own = load({"HOLDLINE_SLACK_API_URL": url, "HOLDLINE_TELEGRAM_API_URL": url}, home=tmp_path)
    for settings in (named, own):
        assert settings.slack.api_url == settings.telegram.api_url == url.rstrip("/")
