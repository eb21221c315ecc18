"""The main job from end to end: proposals in both languages, in the terminal and in Chromium, and the workbook."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.async_api import Page, expect

from tests.chromium import chromium
from tests.processes import demo, finish, free_port, read_until, start, stop

PHOTO = Path(__file__).parent.parent / "bot/channels/web/static/icon-192.png"
VIETNAMESE = "Em muốn vay vốn nuôi ong lấy mật, hỏi ai và cần giấy tờ gì ạ?"
ENGLISH = "Where can young farmers borrow money for a mushroom house?"


async def say(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")


async def press(page: Page, label: str) -> None:
    await page.locator("#log").get_by_role("button", name=label).last.click()


async def shows(page: Page, text: str) -> None:
    await expect(page.locator("#log")).to_contain_text(text, timeout=20_000)


def found_under(workbook: Path, text: str) -> tuple[str, str]:
    """The topic and the place under whose headings a proposal stands."""
    topic = place = ""
    for row in openpyxl.load_workbook(workbook).worksheets[1].values:
        if text in row:
            return topic, place
        cells = [cell for cell in row if cell]
        if len(cells) == 1 and (heading := re.fullmatch(r"(.*) \(\d+ (?:lượt|proposals?|.*)\)", str(cells[0]))):
            if re.match(r"Xã |Phường |Không|không|not said", heading[1]):
                place = heading[1]
            else:
                topic = heading[1]
    raise AssertionError(f"{text!r} is not in the workbook")


async def test_on_the_demo_page_in_both_languages_up_to_the_workbook(tmp_path: Path) -> None:
    port = free_port()
    async with chromium() as browser:
        async with demo(tmp_path, port) as (process, printed):
            address = f"http://127.0.0.1:{port}"
            assert address in printed
            owner_link = re.search(r"http\S+start=i_\w+", printed)
            assert owner_link
            lan = await (await browser.new_context(locale="vi-VN", viewport={"width": 390, "height": 844})).new_page()
            await lan.goto(address)
            await shows(lan, "Bạn đồng ý chứ?")
            await say(lan, VIETNAMESE)
            await press(lan, "Đồng ý, bắt đầu")
            await press(lan, "18–22")
            await shows(lan, "xã, phường nào")
            await say(lan, "xã Tân Thành, huyện Cao Lộc")
            await shows(lan, "Xã Tân Đoàn (trước là xã Tân Thành, huyện Cao Lộc)")
            await lan.set_input_files("#files", PHOTO)
            await say(lan, "ảnh đàn ong nhà em")
            await shows(lan, "1 tệp: icon-192.png")
            assert await lan.evaluate("document.documentElement.scrollWidth <= innerWidth")
            await lan.reload()
            await shows(lan, "1 tệp: icon-192.png")
            await press(lan, "Gửi")
            await shows(lan, "Đã gửi! Mã của bạn: LS-")

            amy = await (await browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})).new_page()
            await amy.goto(address)
            await shows(amy, "Do you agree?")
            await say(amy, ENGLISH)
            await press(amy, "I agree")
            await press(amy, "23–30")
            await say(amy, "Ky Lua ward")
            await shows(amy, "Review")
            await press(amy, "Send")
            await shows(amy, "Your code: LS-")

            boss = await (await browser.new_context(locale="vi-VN", accept_downloads=True)).new_page()
            await boss.goto(owner_link[0])
            await shows(boss, "chủ quản")
            await say(boss, "/hangdoi")
            await shows(boss, ENGLISH)
            await say(boss, "/xuat")
            async with boss.expect_download(timeout=30_000) as download:
                await boss.locator("#log a", has_text=".xlsx").click(timeout=30_000)
            workbook = tmp_path / "sent.xlsx"
            await (await download.value).save_as(workbook)
            await stop(process)
            assert process.returncode == 0
        topic, place = found_under(workbook, f"{VIETNAMESE}\nảnh đàn ong nhà em")
        assert (topic, place) == ("Vốn vay, tín dụng, quỹ khởi nghiệp", "Xã Tân Đoàn")
        assert found_under(workbook, ENGLISH) == ("Vốn vay, tín dụng, quỹ khởi nghiệp", "Phường Kỳ Lừa")

        async with demo(tmp_path, port) as (process, printed):
            assert "from before" in printed
            await lan.goto(address)
            await shows(lan, "Đã gửi! Mã của bạn: LS-")
            await stop(process)


SCRIPTS = {
    "vi": ([(VIETNAMESE, "đồng ý chứ"), ("1", "bao nhiêu tuổi"), ("3", "xã, phường nào"), ("xa Tan Thanh, Cao Loc", "Xem lại"), ("1", "LS-")], VIETNAMESE),
    "en": ([(ENGLISH, "Do you agree"), ("1", "How old"), ("3", "Which commune"), ("xã Tân Thành, Cao Lộc", "Review"), ("1", "LS-")], ENGLISH),
}  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_in_the_terminal_up_to_the_workbook(tmp_path: Path, language: str) -> None:
    script, text = SCRIPTS[language]
    process = await start(tmp_path, "chat", LANG=f"{language}_XX.UTF-8")
    assert process.stdin
    await read_until(process, "4. ")
    for said, expected in script:
        process.stdin.write(f"{said}\n".encode())
        await read_until(process, expected)
    process.stdin.close()
    assert await process.wait() == 0
    for form in ("xlsx", "csv", "json"):
        code, out, err = await finish(tmp_path, "export", "--format", form, "--out", f"all.{form}")
        assert code == 0, err
        assert "1 proposal" in out
    assert found_under(tmp_path / "all.xlsx", text) == ("Vốn vay, tín dụng, quỹ khởi nghiệp", "Xã Tân Đoàn")
    assert text in (tmp_path / "all.csv").read_text("utf-8-sig")
