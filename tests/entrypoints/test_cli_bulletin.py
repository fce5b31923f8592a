"""``bulletin``: a Word document of a decided campaign, and of a period; what is not decided gives no file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from docx import Document

from tests.entrypoints.cli_support import a_county, answered


def test_a_bulletin_is_written_of_a_decided_campaign_and_of_a_period_and_of_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with a_county(monkeypatch) as (county, run):
        campaign = county.act(
            "open_campaign",
            date(2026, 1, 3),
            unit=county.east,
            subject="规范化建设",
            scheme="seed-000-a",
            year=2026,
        )
        county.act("review", date(2026, 2, 3), file=campaign, unit=county.east, score=85, passed=True)
        file = tmp_path / "通报.docx"

        early = run("bulletin", "规范化建设", str(file))
        assert early.exit_code == 2
        assert "不能生成“规范化建设”的通报" in "".join(early.stderr.split())
        assert not file.exists()

        county.act("confirm_rating", date(2026, 2, 20), file=campaign, unit=county.east, grade="优秀")
        told = answered(run("bulletin", "规范化建设", str(file), "--format", "json"))
        assert [one["grade"] for one in told["grades"]] == ["优秀"]
        assert Document(str(file)).paragraphs[0].text == "关于规范化建设结果的通报"
        assert run("bulletin", "规范化建设", str(file), "--on", "2026-02-19").exit_code == 2

        assert run("bulletin", "2026-01", str(file)).exit_code == 0
        assert Document(str(file)).paragraphs[0].text == "关于2026年1月按期事项履行情况的通报"
        assert run("bulletin", "2026-01", str(tmp_path / "通报.doc")).exit_code == 2
        assert run("bulletin", "2026-01", str(tmp_path / "没有" / "通报.docx")).exit_code == 2
