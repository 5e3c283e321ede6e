"""Invoices and credit notes as PDF; only ever loaded in a child process, for fpdf2 costs 2 s to load.

The same content makes the same bytes: nothing of the clock stands in it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import matplotlib
from fpdf import FPDF, FPDFException, XPos, YPos
from fpdf.enums import VAlign
from fpdf.fonts import FontFace

from bot.rendering.metadata import XMP

INK, MUTED, LINE, PALE = (29, 35, 48), (107, 115, 133), (198, 203, 214), (243, 245, 249)
MARGIN, WIDTH = 20, 170
BLUE = (11, 92, 173)
LOGO_WIDTH, LOGO_HEIGHT = 60, 22
FACT_WIDTH = 42  # of a value beside the address
PADDING = 1.6  # of a table's cell
XML_NAME = "factur-x.xml"


class Page(FPDF):
    """A4, with the document's number and the page's at its foot."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        # PDF/A-3 is the one that may hold files of any kind: it is what Factur-X is made of.
        super().__init__(format="A4", enforce_compliance="PDF/A-3B" if document.get("xml") else None)
        self.document = document
        fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        self.add_font("body", "", fonts / "DejaVuSans.ttf")
        self.add_font("body", "B", fonts / "DejaVuSans-Bold.ttf")
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(True, margin=30)
        self.set_creation_date(datetime.fromisoformat(document["issued_on"]).replace(tzinfo=UTC))
        self.set_title(f"{document['title']} {document['number']}")
        self.set_author(document["seller"]["name"])

    def footer(self) -> None:
        self.set_y(-24)
        self.set_draw_color(*LINE)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.ln(2)
        seller = self.document["seller"]
        parts = [seller["name"], *seller["address"], seller["email"], seller["tax_number"]]
        self.ink(MUTED, 7)
        self.multi_cell(WIDTH - 40, 3.6, " · ".join(part for part in parts if part), align="L", new_y=YPos.TOP)
        self.set_x(MARGIN + WIDTH - 40)
        page = str(self.document["words"]["page"]).format(page=self.page_no(), pages="{nb}")
        self.cell(40, 3.6, f"{self.document['number']} · {page}", align="R")

    def ink(self, color: tuple[int, int, int], size: float, style: str = "") -> None:
        self.set_text_color(*color)
        self.set_font("body", style, size)

    def below(self, text: str, height: float, **more: Any) -> None:
        self.multi_cell(WIDTH, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, **more)


def draw(document: Mapping[str, Any]) -> bytes:
    """The document as a PDF. document: texts only, as bot.paperwork writes them; no amount is reckoned here."""
    page = Page(document)
    page.add_page()
    head(page, document)
    parties(page, document)
    _lines(page, document["lines"], document["words"])
    _totals(page, document["totals"])
    _payment(page, document)
    if document.get("xml"):
        hold(page, document["xml"])
    return bytes(page.output())


def hold(page: Page, xml: str) -> None:
    """Put the document as XML into the PDF, and say in its metadata what it is (Factur-X 1.0, 6.2 and 6.3)."""
    assert isinstance(page.creation_date, datetime)
    page.embed_file(
        bytes=xml.encode(), basename=XML_NAME, mime_type="text/xml", associated_file_relationship="Alternative",
        desc="The same invoice as XML (EN 16931)", creation_date=page.creation_date,
        modification_date=page.creation_date, compress=True,
    )  # fmt: skip
    at = page.creation_date.isoformat(timespec="seconds")
    page.set_xmp_metadata(XMP.format(title=escape(str(page.title or "")), author=escape(str(page.author or "")), at=at))


def head(page: Page, document: Mapping[str, Any]) -> None:
    seller = document["seller"]
    if not (seller.get("logo") and _logo(page, seller["logo"])):
        page.set_fill_color(*BLUE)
        page.rect(MARGIN, MARGIN, 10, 10, style="F")
        page.set_xy(MARGIN, MARGIN)
        page.ink((255, 255, 255), 13, "B")
        page.cell(10, 10, seller["name"][:1].upper(), align="C")
        page.set_xy(MARGIN + 13, MARGIN)
        page.ink(INK, 13, "B")
        page.cell(85, 10, seller["name"])
    page.ink(MUTED, 8)
    page.set_xy(MARGIN + 100, MARGIN)
    page.multi_cell(70, 4.2, "\n".join([*seller["address"], seller["email"]]), align="R")
    page.set_xy(MARGIN, 52)


def _logo(page: Page, path: str) -> bool:
    """The desk's logo, as large as its place is; False where it cannot be read any more: a document is not held up."""
    try:
        image = page.image(path, x=MARGIN, y=MARGIN, w=LOGO_WIDTH, h=LOGO_HEIGHT, keep_aspect_ratio=True)
    except (OSError, ValueError, SyntaxError, FPDFException) as error:
        print(f"the logo cannot be drawn: {error}", file=sys.stderr)
        return False
    return bool(image)


def parties(page: Page, document: Mapping[str, Any]) -> None:
    top = page.get_y()
    page.ink(MUTED, 8)
    page.cell(90, 5, document["words"]["addressed"], new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ink(INK, 10, "B")
    page.cell(90, 5.4, document["buyer"]["name"], new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ink(INK, 10)
    page.multi_cell(90, 5.4, "\n".join(document["buyer"]["address"]) or " ", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    bottom = page.get_y()
    page.set_y(top)
    for name, value in document["facts"]:
        page.set_x(MARGIN + 95)
        page.ink(MUTED, 8)
        page.cell(33, 5.6, name)
        style = "B" if name in document["strong"] else ""
        page.ink(INK, 9, style)
        # A long account or order number is written smaller rather than over its name.
        page.ink(INK, min(9.0, 9.0 * FACT_WIDTH / (page.get_string_width(value) or FACT_WIDTH)), style)
        page.cell(FACT_WIDTH, 5.6, value, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_y(max(bottom, page.get_y()) + 10)
    page.ink(INK, 17, "B")
    page.below(document["title"], 9)
    if document["about"]:
        page.ink(MUTED, 9)
        page.below(document["about"], 5)
    page.ln(4)


def _lines(page: Page, lines: Sequence[Mapping[str, str]], words: Mapping[str, str]) -> None:
    page.ink(INK, 9)
    page.set_draw_color(*LINE)
    page.set_fill_color(255, 255, 255)
    head = FontFace(emphasis="BOLD", color=MUTED, fill_color=PALE, size_pt=8)
    dates = date_width(page, [line["on"] for line in lines])
    with page.table(
        width=WIDTH, col_widths=(dates, WIDTH - dates - 30, 30), text_align=("LEFT", "LEFT", "RIGHT"),
        headings_style=head, line_height=4.8, borders_layout="HORIZONTAL_LINES", padding=PADDING, v_align=VAlign.T,
    ) as table:  # fmt: skip
        table.row((words["date"], words["what"], words["amount"]))
        for line in lines:
            text = f"{line['text']}\n{line['detail']}" if line["detail"] else line["text"]
            table.row((line["on"], text, line["amount"]))


def date_width(page: Page, dates: Sequence[str]) -> float:
    """As wide as a column of dates has to be in that language, in millimetres."""
    return max([24.0, *(float(page.get_string_width(on)) + 2 * PADDING + 1 for on in dates)])


def _totals(page: Page, totals: Sequence[Sequence[str]]) -> None:
    page.ln(3)
    # The block stays together.
    if page.get_y() + 7 * len(totals) > page.h - 34:
        page.add_page()
    for place, (name, amount) in enumerate(totals):
        is_last = place == len(totals) - 1
        page.set_x(MARGIN + 85)
        page.ink(INK if is_last else MUTED, 10 if is_last else 9, "B" if is_last else "")
        page.cell(45, 6.4, name, border="T" if is_last else "")
        page.cell(40 - PADDING, 6.4, amount, align="R", border="T" if is_last else "")
        page.cell(PADDING, 6.4, "", border="T" if is_last else "", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _payment(page: Page, document: Mapping[str, Any]) -> None:
    if not document["payment"]:
        return
    if page.get_y() + 30 > page.h - 34:
        page.add_page()
    page.ln(8)
    page.ink(INK, 9, "B")
    page.below(document["words"]["payment"], 5.4)
    page.ink(INK, 9)
    for line in document["payment"]:
        page.below(line, 5)
