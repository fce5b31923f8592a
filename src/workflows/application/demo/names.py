"""Invented names: people, villages, offices. Nobody and nowhere is meant."""

from __future__ import annotations

from typing import Literal

from workflows.kernel.chance import Chance

Gender = Literal["male", "female"]

SURNAMES: dict[str, int] = dict(
    zip("王李张刘陈杨黄赵吴周", (70, 70, 66, 52, 44, 30, 22, 20, 20, 19), strict=True)
) | dict.fromkeys("徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈", 8)
SURNAMES |= dict.fromkeys("姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝", 4)
SURNAMES |= dict.fromkeys("龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿", 2)
SURNAMES |= dict.fromkeys("阚禤仝逄佴亓昝郄尧晁缑宓蒯麴暴逯琚郗甯种仉员乜墨", 1)
SURNAMES |= dict.fromkeys(
    ("欧阳", "上官", "司马", "诸葛", "慕容", "令狐", "尉迟", "皇甫", "东方", "端木", "司徒", "夏侯"), 1
)
"""Surnames by weight, from the commonest to some that input methods hardly know."""

_OF_MEN: tuple[str, ...] = (
    "建国",
    "建军",
    "志强",
    "卫东",
    "德胜",
    "国庆",
    "海波",
    "永福",
    "金山",
    "长河",
    "树林",
    "玉柱",
)
_OF_MEN += ("伟", "强", "磊", "军", "勇", "涛", "斌", "浩", "鹏", "峰", "明", "亮", "宁", "恒", "锐", "凯")
_OF_MEN += ("子轩", "宇航", "俊杰", "文博", "思远", "志远", "嘉豪", "一鸣", "天佑", "晓东", "立新", "庆华")
_OF_MEN += ("保田", "兴旺", "广才", "连生", "凤山", "有才", "根生", "大勇", "新民", "春生", "学文", "振华")
_OF_WOMEN: tuple[str, ...] = (
    "秀英",
    "桂兰",
    "玉兰",
    "淑珍",
    "春梅",
    "凤英",
    "桂芝",
    "玉梅",
    "秀兰",
    "红霞",
    "爱华",
    "金凤",
)
_OF_WOMEN += ("芳", "敏", "静", "丽", "娟", "燕", "霞", "莉", "萍", "雪", "婷", "琳", "璐", "倩", "妍", "珊")
_OF_WOMEN += ("雨桐", "思琪", "欣怡", "梦洁", "诗涵", "佳慧", "晓燕", "丽娜", "海燕", "雅琴", "慧敏", "文静")
_OF_WOMEN += ("冬梅", "翠莲", "巧云", "素芬", "彩霞", "月娥", "香菊", "小红", "明霞", "兰芳", "玉珍", "瑞云")
_RARE = (
    "翀",
    "祎",
    "喆",
    "堃",
    "犇",
    "赟",
    "玥",
    "昇",
    "旻",
    "珺",
    "劼",
    "芃",
    "淏",
    "㛃",
    "䶮",
    "𬍛",
    "𬀩",
    "𬘯",
)
"""Characters of given names that fonts and old systems lack; the last ones lie beyond the first plane."""

_MINORITY: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "维吾尔族": (
        ("艾力·买买提", "吐尔逊·卡德尔", "阿迪力·玉素甫"),
        ("阿依古丽·艾山", "古丽娜尔·托合提"),
    ),
    "蒙古族": (("巴特尔", "那顺", "朝鲁"), ("其其格", "萨仁", "乌云塔娜")),
    "藏族": (("扎西顿珠", "丹增"), ("卓玛", "德吉央宗")),
}
_PEOPLES = {"回族": 5, "满族": 5, "苗族": 3, "土家族": 3, "壮族": 2} | dict.fromkeys(_MINORITY, 1)
_HAN_SHARE, _RARE_SHARE = 0.93, 0.025

_PLACES = "杨柳槐桑枣梨桃杏桂松柏榆石沙清白黄青赤金银龙凤虎鹤马牛羊高低上下前后南北东西大小双三五七九"
_ENDINGS = "庄村营屯寨湾沟坡岭塘桥店铺堡渡口坪洼岗台井窑"


class Names:
    """Hands out invented names; a place name is given once, a person's may come again, as in life."""

    def __init__(self, chance: Chance) -> None:
        self._chance, self._places = chance, set[str]()

    def person(self, gender: Gender, chance: Chance) -> tuple[str, str]:
        """Return (name, ethnic group)."""
        people = "汉族" if chance.happens(_HAN_SHARE) else chance.weighted(_PEOPLES)
        if people in _MINORITY:
            return chance.pick(_MINORITY[people][gender == "female"]), people
        surname = chance.weighted(SURNAMES)
        if chance.happens(_RARE_SHARE):
            return surname + chance.pick(_RARE), people
        return surname + chance.pick(_OF_WOMEN if gender == "female" else _OF_MEN), people

    def place(self) -> str:
        """Return the name of a village or neighbourhood that no other one has."""
        while True:
            name = self._chance.pick(_PLACES) + self._chance.pick(_ENDINGS)
            if name not in self._places:
                self._places.add(name)
                return name
