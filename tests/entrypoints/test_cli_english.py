"""English output is English: only what the user's own file or the regulations say stays Chinese."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from workflows.entrypoints.catalogue import Catalogue
from workflows.entrypoints.cli import zhibu
from workflows.entrypoints.wording import Wording
from workflows.policies.findings import Calc, Finding, Verdict

ROSTER = """姓名,公民身份号码,支部,入党时间,转正时间
赵一,35012319900101003Y,东河村党支部,2010-07-01,2011-07-01
钱二,,东河村党支部,不详,
孙三,,东河庄党支部,2010-07-01,2011-07-01
李四,,东河村党支部,2010-07-01,2009-07-01
"""
OWN = re.compile("赵一|钱二|孙三|李四|东河[村庄]党支部|不详|姓名|公民身份号码|支部|(入党|转正)时间|花名册|、")
CHINESE = re.compile(r"[\u4e00-\u9fff，。：；“”（）]")


def test_an_import_told_in_english_gives_every_reason_and_remark_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIBU_MASTER_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    monkeypatch.setenv("ZHIBU_HOME", str(tmp_path / "home"))
    (roster := tmp_path / "花名册.csv").write_text(ROSTER, "utf-8")

    def run(*args: str) -> str:
        result = CliRunner().invoke(zhibu, ["--lang", "en", *args], prog_name="zhibu")
        assert result.exit_code in (0, 3), result.output
        return result.stdout

    run("record", "establish_unit", "--on", "2000-01-01", "--with", '{"name": "东河村党支部"}')
    answer = json.loads(run("import", str(roster), "--check", "--format", "json"))
    reasons = {refusal["row"]: refusal["reason"] for refusal in answer["refusals"]}
    assert reasons == {
        2: "the check character of an identity number is a digit or X",
        3: "not a date: 不详",
        4: "no such branch: 东河庄党支部; one of a like name is 东河村党支部",
    }
    assert [remark["message"] for remark in answer["remarks"] if remark["rule"] == "input-date-order"] == [
        "转正时间 (2009-07-01) lies before 入党时间 (2010-07-01)"
    ]
    said = [refusal[part] for refusal in answer["refusals"] for part in ("reason", "remedy")]
    said += [remark["message"] for remark in answer["remarks"]]
    assert all(said)
    assert [text for text in said if CHINESE.search(OWN.sub("", text))] == []
    assert "not a date: 不详" in " ".join(run("import", str(roster), "--check").split())


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("within 1 months", "within 1 month"),
        ("1 working days", "1 working day"),
        ("is 1 days overdue", "is 1 day overdue"),
        ("11 months, 2026-1 days, 1/1 days", "11 months, 2026-1 days, 1/1 days"),
        ("within 0 days", "within 0 days"),
    ],
)
def test_one_is_singular(many: str, one: str) -> None:
    assert Catalogue("en").numbered(many) == one
    assert Catalogue("zh").numbered(many) == many


@pytest.mark.parametrize(
    ("stage", "said"),
    [("probationary", "is a probationary member"), ("activist", "is an activist"), ("dropped", "no longer")],
)
def test_a_stage_behind_is_has_its_article(stage: str, said: str) -> None:
    finding = Finding(
        rule="dev-contact",
        verdict=Verdict.BLOCK,
        kind="qualified",
        calc=(Calc("stage", "=", stage, unit="夏涛"),),
    )
    assert said in Wording("en").finding(finding, command="assign_mentors")
    assert "现为" in Wording().finding(finding, command="assign_mentors")
