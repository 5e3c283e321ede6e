"""Documents of pay on their way: kept when they are asked for, sent once they are drawn (see stating).

A payout's statement and a month's earnings go to the consultant; a receipt goes to the managers, too, who paid.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from bot import books
from bot.messages import Attachment, Notice
from bot.notices import Reader
from bot.notices.figures import money_in
from bot.notices.of_pay import earnings_sent, paid_out, payout_arrived
from bot.pay_documents import Document, as_text, earnings_document, payout_document, receipt_document
from bot.queries import statements as queries
from bot.scene import Scene
from bot.store import Row
from bot.telling import tell_consultant, tell_managers
from bot.zones import zone_named

PAYOUT, RECEIPT, EARNINGS = "payout", "receipt", "earnings"
KINDS = frozenset({PAYOUT, RECEIPT, EARNINGS})


def ask_for_payout(scene: Scene, person: Row, number: str) -> None:
    """Keep the statement of a payout, to be drawn and sent to the consultant."""
    settled = books.settled_by(scene.tx, number)
    document = payout_document(settled, person, scene.policy)
    _keep(scene, PAYOUT, settled.payout, person, document=document, file=f"{number}.pdf")


def ask_for_receipt(scene: Scene, person: Row, payout: Row) -> None:
    """Keep the receipt of a payout, to be drawn and sent to the consultant and to the managers."""
    document = receipt_document(payout, person, scene.policy, arrived_on=_today(scene))
    _keep(scene, RECEIPT, payout, person, document=document, file=f"receipt-{payout.number}.pdf")


def ask_for_earnings(
    scene: Scene, person: Row, stated: books.Earnings, *, first_on: date, last_on: date, key: str
) -> None:
    """Keep a month of a consultant, to be drawn and sent to them. key: of what asked for it."""
    document = earnings_document(stated, person, scene.policy, first_on=first_on, last_on=last_on, on=_today(scene))
    file = f"earnings-{person.member_number}-{first_on:%Y-%m}.pdf"
    _insert(scene, EARNINGS, person, key=key, month=first_on, content={"document": document, "file": file})


def _keep(scene: Scene, kind: str, payout: Row, person: Row, *, document: Document, file: str) -> None:
    cents = payout.pay_cents + payout.commission_cents
    content = {"document": document, "file": file, "number": payout.number, "cents": cents, "name": person.name}
    _insert(scene, kind, person, key=f"{kind}:{payout.number}", month=payout.paid_on, content=content)


def _insert(scene: Scene, kind: str, person: Row, *, key: str, month: date, content: Mapping[str, object]) -> None:
    scene.tx.run(
        queries.NEW, client_id=None, consultant_id=person.id, kind=kind, key=key, month=f"{month:%Y-%m}",
        content=json.dumps(content), now=scene.now,
    )  # fmt: skip


def send(scene: Scene, row: Row, *, sha256: str) -> None:
    """Tell what was drawn; without its PDF where that could not be drawn. row: as queries.RENDERS_DUE gives it."""
    content = json.loads(row.content_json)
    files = (Attachment(content["file"], "application/pdf", 0, sha256=sha256),) if sha256 else ()
    told = partial(_notice, kind=row.kind, month=row.month, content=content, currency=scene.policy.currency)
    tell_consultant(scene, row.consultant_id, told, ticket_id=None, files=files)
    if row.kind == RECEIPT:
        tell_managers(scene, told, ticket_id=None, files=files)


def _notice(reader: Reader, *, kind: str, month: str, content: Mapping[str, Any], currency: str) -> Notice:
    if kind == EARNINGS:
        return earnings_sent(reader, month=month, text=as_text(content["document"]))
    number, amount = content["number"], money_in(reader.language, content["cents"], currency)
    if kind == RECEIPT:
        return payout_arrived(reader, number=number, amount=amount, name=content["name"])
    return paid_out(reader, number=number, amount=amount, statement=as_text(content["document"]))


def _today(scene: Scene) -> date:
    return scene.now.astimezone(zone_named(scene.policy.zone)).date()
