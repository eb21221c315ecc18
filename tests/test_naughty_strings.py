"""Texts that break things elsewhere travel from the chat to the card to every export unharmed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from bot.config import Location
from bot.exports import dialogue
from bot.exports.write import Format
from bot.model import readable
from tests.handlers.youth.test_propose import come_in
from tests.player import Town

LONG = "Đường vào bản em rất xấu. " * 461 + "Hết rồi ạ!!!!!"
NAUGHTY = {
    "formula": "=1+1 là công thức",
    "plus": "+84 là mã vùng",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "minus": "-2+3 độ ở Mẫu Sơn",
    "tab": "\t=cmd|'/c calc'!A1 đầu dòng",
    "markup": "<b>đậm</b> & <script>alert(1)</script> &amp; &lt;",
    "holes": "%s %d {0} {text} {lines} ${jndi:ldap} {{7*7}}",
    "sql": "'; DROP TABLE proposals;-- \" OR 1=1 /* */",
    "right to left": "\u202eđảo ngược\u202c \u200fمرحبا\u200e",
    "emoji families": "👨‍👩‍👧‍👦 👩🏽‍🌾 🏳️‍🌈 gia đình em",
    "zero width": "vay\u200bvốn\ufeff được\u00adkhông",
    "controls": "ký tự\x00điều\x07khiển\x1b[31m",
    "lone surrogates": json.loads('"nửa cặp \\ud83d và \\udc00 đó"'),
    "combining": "Za\u0336lgo\u0301\u0302\u0303 ạ̣̣̣",
    "not decomposed": "Hoa\u0300 Bi\u0300nh NFD",
    "lines": "dòng một\r\ndòng hai\rdòng ba\u2028dòng bốn",
    "rich string": "<r>đây là chữ</r>",
    "astral": "𝕳𝖊𝖑𝖑𝖔 𠮷野家 chào",
    "long": LONG,
}


def normal(text: str) -> str:
    """A text as XML and CSV readers give line ends back."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@pytest.mark.parametrize("channel", ["buttons", "lists"])
async def test_naughty_texts_reach_the_card_and_every_export(place: Town, tmp_path: Path, channel: str) -> None:
    assert len(LONG) == 12_000
    lan = place.person("lan", channel)
    await come_in(lan)
    await lan.press("Gửi")
    for name, text in NAUGHTY.items():
        card = await lan.send(text)
        assert readable(text)[:600].strip() in card, name
        answer = await lan.press("Gửi")
        assert "Đã gửi" in (answer if len(text) <= 600 else await lan.press("Bỏ qua, gửi luôn")), name
    house = place.bot.house
    for form in Format:
        out = tmp_path / f"all.{form}"
        count = dialogue_export(house.database, house.pack.folder, form, out, place)
        assert await count == len(NAUGHTY) + 1
        texts = TEXTS[form](out)
        for name, text in NAUGHTY.items():
            wanted = normal(readable(text))
            guarded = form is Format.CSV and wanted[:1] in ("=", "+", "-", "@")
            assert any(wanted in found for found in texts), (form, name)
            assert not guarded or any(f[0] == "'" and wanted in f for f in texts if f), (form, name)


async def dialogue_export(database: Location, folder: Path, form: Format, out: Path, place: Town) -> int:
    return await place.bot.house.workers.run(dialogue.export, database, folder, "", form, out, "vi", place.clock())


def workbook_texts(out: Path) -> list[str]:
    """The texts of the list; what goes on in further rows is put together again."""
    texts: list[str] = []
    for row in openpyxl.load_workbook(out).worksheets[1].iter_rows(min_row=2):
        code, cell = row[1], row[2]
        if not isinstance(cell.value, str):
            continue
        assert cell.data_type == "s", cell.value
        more = str(code.value or "").endswith("(tiếp)")
        said = cell.value.removesuffix("(còn tiếp ở dòng dưới)").strip()
        if more:
            texts[-1] = f"{texts[-1]} {said}"
        else:
            texts.append(said)
    return [normal(text) for text in texts]


def csv_texts(out: Path) -> list[str]:
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return [normal(row[2]) for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))]


def json_texts(out: Path) -> list[str]:
    return [normal(one["text"]) for one in json.loads(out.read_text("utf-8"))]


TEXTS = {Format.XLSX: workbook_texts, Format.CSV: csv_texts, Format.JSON: json_texts}
