"""How the settings become what lets Slack workspaces install the app themselves. Imported late, with that channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.channels.slack.installing import INSTALL_PATH, REDIRECT_PATH, InstallPages
from bot.channels.slack.service import Service
from bot.channels.slack.workspaces import Workspaces
from bot.installations import StoredInstallations
from bot.sealing import Seal
from bot.settings import signing_keys

if TYPE_CHECKING:
    from bot.wiring import Desk


def workspaces(desk: Desk) -> Workspaces:
    """The workspaces that installed the app, and their tokens, sealed under the desk's own secret."""
    seal = Seal(signing_keys(desk.settings))
    return Workspaces(StoredInstallations(desk.store, desk.clock, seal), desk.clock)


def pages(desk: Desk, installed: Workspaces, service: Service) -> dict[str, Any]:
    """Both pages of an installation, by path."""
    slack = desk.settings.slack
    application = InstallPages(
        client_id=slack.client_id,
        authorize_url=f"{slack.api_url.rstrip('/').removesuffix('/api')}/oauth/v2/authorize",
        redirect_url=f"{desk.settings.web.public_url.rstrip('/')}{REDIRECT_PATH}",
        workspaces=installed,
        service=service,
        signer=desk.policy.signer,
        clock=desk.clock,
    )
    return {INSTALL_PATH: application, REDIRECT_PATH: application}
