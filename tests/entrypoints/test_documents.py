"""公文: every word of a paper stands in the Word document as it is, whatever it is made of."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm
from docxtpl import DocxTemplate

from tests.support.word_templates import template
from workflows.entrypoints.documents import Paper, as_docx, template_bytes

HOSTILE = {
    "<明>&": "<明>&",
    "李\x00\x0b\x1f四": "李 四",
    "{{ 7 * 7 }}{% endfor %}": "{{ 7 * 7 }}{% endfor %}",
    "一\n二\a三\f四\t五": "一 二 三 四 五",
    "张" * 200: "张" * 200,
    "]]><w:p/>": "]]><w:p/>",
    "&amp;&#60;": "&amp;&#60;",
    "\"引号\"'单'": "\"引号\"'单'",
}
"""Names nobody should have, and how each stands: what XML cannot hold, and breaks, are a blank."""


def paper(text: str = "字", rows: Any = (("一", "二", "三", "四"),)) -> Paper:
    heads = [f"{text}甲", f"{text}乙", f"{text}丙", f"{text}丁"]
    return {
        "title": text,
        "to": text,
        "opening": [text],
        "sections": [
            {
                "head": text,
                "blocks": [
                    {"kind": "head", "text": text},
                    {"kind": "table", "heads": heads, "rows": rows},
                    {"kind": "text", "text": text},
                    {"kind": "led", "heads": heads, "rows": rows},
                ],
            }
        ],
        "issuer": text,
        "issued_on": "2026年1月1日",
        "note": text,
    }


def opened(made: Paper) -> Any:
    return Document(io.BytesIO(as_docx(made)))


@pytest.mark.parametrize(("text", "stands"), HOSTILE.items())
def test_a_hostile_name_stands_in_every_line_and_cell_and_takes_nothing_along(text: str, stands: str) -> None:
    document = opened(paper(text, [(text, "乙", text, "丁"), ("甲", text, "丙", text)]))
    for table in document.tables:
        head, *found = [[cell.text for cell in row.cells] for row in table.rows]
        assert head == [f"{stands}{one}" for one in "甲乙丙丁"]
        assert found == [[stands, "乙", stands, "丁"], ["甲", stands, "丙", stands]]
    assert len(document.tables) == 2
    lines = [line.text for line in document.paragraphs if line.text]
    assert lines == [*[stands] * 7, "2026年1月1日", stands]


def test_an_empty_line_is_left_out_and_no_tag_of_the_template_stays() -> None:
    made = paper()
    made["to"] = made["issuer"] = ""
    lines = [line.text for line in opened(made).paragraphs]
    assert lines.count("字") == 6
    assert not [line for line in lines if "{" in line or "%" in line]


def test_a_paper_of_many_rows_keeps_each_of_them() -> None:
    rows = [(str(number), "乙", "丙", "丁") for number in range(300)]
    found = [row.cells[0].text for row in opened(paper(rows=rows)).tables[0].rows]
    assert found[1:] == [row[0] for row in rows]


def test_the_template_asks_for_what_a_paper_has_and_for_nothing_else() -> None:
    found = DocxTemplate(io.BytesIO(template_bytes())).get_undeclared_template_variables()
    assert found == set(Paper.__annotations__)


def test_the_template_that_is_shipped_is_the_one_that_is_made() -> None:
    shipped, made = (zipfile.ZipFile(io.BytesIO(one)) for one in (template_bytes(), template()))
    assert shipped.namelist() == made.namelist()
    for name in shipped.namelist():
        if name != "docProps/core.xml":  # tells when it was made
            assert shipped.read(name) == made.read(name), name


def test_the_page_is_that_of_an_official_paper() -> None:
    section = opened(paper()).sections[0]
    sides = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    for side, wanted in zip(sides, (37, 28, 35, 26), strict=True):
        assert abs(side - Mm(wanted)) < Mm(0.1)
