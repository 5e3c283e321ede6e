"""Statements as PDF, on the same paper as invoices; the same content makes the same bytes.

Only ever loaded in a child process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fpdf import XPos, YPos
from fpdf.enums import VAlign
from fpdf.fonts import FontFace

from bot.rendering.invoices import INK, LINE, MARGIN, MUTED, PADDING, PALE, WIDTH, Page, date_width, head, parties

ROW = 5.6
# How wide the columns of figures are, the last one last, in millimetres.
FIGURES = (22, 30)


def draw(document: Mapping[str, Any]) -> bytes:
    """The statement as a PDF. document: texts only, as statement_text and pay_documents write them."""
    page = Page(document)
    page.add_page()
    head(page, document)
    parties(page, document)
    for section in document["sections"]:
        _section(page, section["title"], section["rows"])
    for table in document["tables"]:
        _table(page, table)
    return bytes(page.output())


def _section(page: Page, title: str, rows: Sequence[Sequence[str]]) -> None:
    # A title and its first rows stay together.
    if page.get_y() + ROW * 4 > page.h - 34:
        page.add_page()
    page.ink(INK, 11, "B")
    page.below(title, 7)
    page.set_draw_color(*LINE)
    for kind, name, amount in rows:
        is_total = kind in ("opening", "closing")
        page.ink(INK if is_total else MUTED, 9, "B" if is_total else "")
        border = "T" if kind == "closing" else ""
        page.set_x(MARGIN)
        page.cell(WIDTH - 60, ROW, f"{'    ' * (kind == 'part')}{name}", border=border)
        page.cell(60, ROW, amount, align="R", border=border, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(6)


def _table(page: Page, table: Mapping[str, Any]) -> None:
    """A title, and below it dates, texts with their details in small, and one or two columns of figures."""
    if page.get_y() + ROW * 6 > page.h - 34:
        page.add_page()
    page.ink(INK, 11, "B")
    page.below(table["title"], 7)
    page.ink(INK, 9)
    page.set_draw_color(*LINE)
    page.set_fill_color(255, 255, 255)
    rows: Sequence[Mapping[str, Any]] = table["rows"]
    dates = date_width(page, [row["on"] for row in rows])
    figures = FIGURES[-len(rows[0]["figures"]) :]
    widths = (dates, WIDTH - dates - sum(figures), *figures)
    style = FontFace(emphasis="BOLD", color=MUTED, fill_color=PALE, size_pt=8)
    with page.table(
        width=WIDTH, col_widths=widths, text_align=("LEFT", "LEFT", *("RIGHT" for _ in figures)),
        headings_style=style, line_height=4.8, borders_layout="HORIZONTAL_LINES", padding=PADDING, v_align=VAlign.T,
    ) as drawn:  # fmt: skip
        drawn.row(table["heads"])
        for row in rows:
            text = f"{row['text']}\n{row['detail']}" if row["detail"] else row["text"]
            drawn.row((row["on"], text, *row["figures"]))
    page.ln(6)
