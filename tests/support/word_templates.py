"""How the template of official papers is made: ``python -m tests.support.word_templates`` writes it anew.

The page is that of GB/T 9704-2012: A4, 37 mm above, 28 mm left, a type area of 156 x 225 mm, 22 lines a page;
the title in 小标宋 2号, the text in 仿宋 3号, headings in 黑体 and 楷体, page numbers in
宋体 4号 between dashes. The fonts are named, not embedded; where one is not there the office program takes
one of the other names given to it.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION_START
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from workflows.entrypoints.documents import TEMPLATE

PLACE = Path(__file__).parents[2] / "src/workflows/entrypoints/papers" / TEMPLATE
TITLE, TEXT, BLACK, BRUSH, SONG, LATIN = (
    "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "Times New Roman",
)  # fmt: skip
OTHER_NAMES = {TITLE: "方正小标宋_GBK,宋体,Noto Serif CJK SC", TEXT: "仿宋,FangSong,Noto Serif CJK SC",
               BLACK: "SimHei,Noto Sans CJK SC", BRUSH: "楷体,KaiTi,Noto Serif CJK SC"}  # fmt: skip
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL = Pt(22), Pt(16), Pt(14), Pt(12)
LINE, TITLE_LINE, TABLE_LINE = Pt(28.95), Pt(35), Pt(18)
CHARACTER = 320
"""The width of a character of 3号, in twentieths of a point."""

WIDTHS = {"table": (14, 66, 46, 30), "led": (42, 32, 58, 24)}
"""The columns of both tables in millimetres: 156 in all."""


def template() -> bytes:
    """Return the template."""
    document = Document()
    _set_up(document)
    _line(document, "{{ title }}", TITLE, SIZE_2, TITLE_LINE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _blank(document)
    _tag(document, "{%p if to %}")
    _line(document, "{{ to }}", TEXT, SIZE_3)
    _tag(document, "{%p endif %}")
    _tag(document, "{%p for line in opening %}")
    _line(document, "{{ line }}", TEXT, SIZE_3, first=2)
    _tag(document, "{%p endfor %}")
    _tag(document, "{%p for section in sections %}")
    _line(document, "{{ section.head }}", BLACK, SIZE_3, first=2, stays=True)
    _tag(document, "{%p for block in section.blocks %}")
    _tag(document, '{%p if block.kind == "head" %}')
    _line(document, "{{ block.text }}", BRUSH, SIZE_3, first=2, stays=True)
    _tag(document, '{%p elif block.kind == "text" %}')
    _line(document, "{{ block.text }}", TEXT, SIZE_3, first=2)
    for kind, widths in WIDTHS.items():
        _tag(document, f'{{%p elif block.kind == "{kind}" %}}')
        _table(document, widths)
        _line(document, "", TEXT, SIZE_SMALL, Pt(8))
    for end in ("{%p endif %}", "{%p endfor %}", "{%p endfor %}"):
        _tag(document, end)
    _blank(document)
    right = WD_ALIGN_PARAGRAPH.RIGHT
    _tag(document, "{%p if issuer %}")
    _line(document, "{{ issuer }}", TEXT, SIZE_3, align=right, last=4, stays=True)
    _tag(document, "{%p endif %}")
    _line(document, "{{ issued_on }}", TEXT, SIZE_3, align=right, last=4, stays=True)
    _line(document, "{{ note }}", TEXT, SIZE_3, first=2)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# --- the page ---------------------------------------------------------------------------------------------


def _set_up(document: Any) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION_START.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, SIZE_3
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), TEXT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal.element.rPr.append(language)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    properties = document.core_properties
    properties.author, properties.comments, properties.title, properties.language = "", "", "", "zh-CN"
    _name_fonts(document)


def _name_fonts(document: Any) -> None:
    """Give each font the names by which it may be there instead."""
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    told = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in OTHER_NAMES.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    part._blob = f"{head}<w:fonts {nsdecls('w')}>{told}</w:fonts>".encode()


def _page_number(footer: Any, align: WD_ALIGN_PARAGRAPH) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    side = "w:right" if align == WD_ALIGN_PARAGRAPH.RIGHT else "w:left"
    _indent(paragraph, **{f"{side}Chars": 100, side: CHARACTER * SIZE_4 // SIZE_3})
    _run(paragraph, "— ", SONG, SIZE_4)
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    _font(field.find(qn("w:r")), SONG, SIZE_4)
    paragraph._p.append(field)
    _run(paragraph, " —", SONG, SIZE_4)


# --- lines and tables -------------------------------------------------------------------------------------


def _tag(document: Any, text: str) -> None:
    document.add_paragraph(text)


def _blank(document: Any) -> None:
    _line(document, "", TEXT, SIZE_3)


def _line(
    document: Any,
    text: str,
    font: str,
    size: Pt,
    line: Pt = LINE,
    *,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    first: int = 0,
    last: int = 0,
    stays: bool = False,
) -> None:
    """Add a line; ``first`` and ``last``: characters of room, ``stays``: with the next one on a page."""
    _shape(document.add_paragraph(), text, font, size, line, align, stays=stays, first=first, last=last)


def _shape(
    paragraph: Any,
    text: str,
    font: str,
    size: Pt,
    line: Pt,
    align: WD_ALIGN_PARAGRAPH,
    *,
    stays: bool = False,
    first: int = 0,
    last: int = 0,
) -> None:
    paragraph.alignment = align
    looks = paragraph.paragraph_format
    looks.line_spacing_rule, looks.line_spacing = WD_LINE_SPACING.EXACTLY, line
    looks.keep_with_next = stays
    room = {"w:firstLineChars": 100 * first, "w:firstLine": CHARACTER * first} if first else {}
    room |= {"w:rightChars": 100 * last, "w:right": CHARACTER * last} if last else {}
    _indent(paragraph, **room)
    _run(paragraph, text, font, size)


def _indent(paragraph: Any, **room: int) -> None:
    if room:
        indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
        for name, amount in room.items():
            indent.set(qn(name), str(int(amount)))


def _run(paragraph: Any, text: str, font: str, size: Pt) -> None:
    _font(paragraph.add_run(text)._r, font, size)


def _font(run: Any, font: str, size: Pt) -> None:
    looks = run.get_or_add_rPr()
    fonts = looks.get_or_add_rFonts()
    for name, value in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", font)):
        fonts.set(qn(f"w:{name}"), value)
    looks.sz_val = size
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")
    looks.append(language)


def _table(document: Any, widths: tuple[int, ...]) -> None:
    """Add a table of four columns, its heads repeated on every page, a row never broken."""
    table = document.add_table(rows=4, cols=len(widths))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    heads, loop, row, end = table.rows
    heads._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    loop.cells[0].text, end.cells[0].text = "{%tr for row in block.rows %}", "{%tr endfor %}"
    for place, width in enumerate(widths):
        for one in table.rows:
            one.cells[place].width = Mm(width)
        table.columns[place].width = Mm(width)
        centre, left = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
        shapes = ((heads, f"{{{{ block.heads[{place}] }}}}", BLACK, centre),
                  (row, f"{{{{ row[{place}] }}}}", TEXT, left))  # fmt: skip
        for one, text, font, align in shapes:
            _shape(one.cells[place].paragraphs[0], text, font, SIZE_SMALL, TABLE_LINE, align)


if __name__ == "__main__":
    PLACE.write_bytes(template())
