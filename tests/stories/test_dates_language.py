"""A date that the desk says in an answer is written as the reader's language writes it; what is typed stays ISO."""

from __future__ import annotations

import pytest

from tests.desk import Desk
from tests.stories.cast import Cast

DUE = {"en": "2026-12-02", "de": "02.12.2026", "es": "2 dic 2026", "fr": "2 déc. 2026", "pt": "2 de dez. de 2026"}


@pytest.mark.parametrize("language", DUE)
async def test_a_date_in_an_answer_is_written_as_in_the_mail_beside_it(desk: Desk, language: str) -> None:
    cast = Cast(desk, language=language)
    for line in ("buy 12", "invoices"):
        assert f" {DUE[language]}" in (await desk.do(cast.anna, line)).text
    (invoice,) = desk.told(cast.anna, "invoice_issued")
    assert DUE[language] in invoice.body


async def test_a_date_in_a_balance_and_in_a_refusal(desk: Desk) -> None:
    cast = Cast(desk, language="de")
    await desk.do(cast.maria, "language de")
    await desk.do(cast.maria, "grant ACME 12h lapses 2027-01-15")
    assert "bis 15.01.2027" in (await desk.do(cast.anna, "balance")).text
    refused = await desk.do(cast.maria, "grant ACME 12h lapses 2020-01-01")
    assert "01.01.2020" in refused.text and "18.11.2026" in refused.text


async def test_no_line_has_two_kinds_of_dates(desk: Desk) -> None:
    cast = Cast(desk, language="de")
    await desk.do(cast.anna, "buy 12")
    assert (await desk.do(cast.anna, "invoices")).text == (
        "INV-2026-0001 ACME 18.11.2026 720,00\u00a0$: 720,00\u00a0$ offen, fällig am 02.12.2026"
    )
