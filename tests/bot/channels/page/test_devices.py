"""The page on another device, in another language, installed, and woken."""

from __future__ import annotations

import json
import re

from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.model import Button, Reply
from tests.bot.channels.page.person import PHONE, SAID, answered, say
from tests.bot.channels.site import Site, page_texts

ENGLISH = page_texts().catalogues["en"]


async def code_on(page: Page) -> str:
    await page.locator("#more-button").click()
    await page.get_by_role("button", name=SAID["web.devices_make"]).click()
    return await page.locator(".code strong").inner_text()


async def another(site: Site, browser: Browser, path: str = "/") -> Page:
    context = await browser.new_context(base_url=site.url, viewport=PHONE, locale="vi-VN")
    page = await context.new_page()
    await page.goto(path)
    return page


async def test_a_conversation_goes_on_on_another_device(site: Site, browser: Browser, page: Page) -> None:
    await say(page, "từ máy cũ")
    await answered(page, "từ máy cũ")
    code = await code_on(page)
    await page.keyboard.press("Escape")
    other = await another(site, browser)
    await other.locator("#more-button").click()
    await other.get_by_label(SAID["web.devices_enter"]).fill(code.lower())
    await other.get_by_role("button", name=SAID["web.devices_join"]).click()
    await answered(other, "từ máy cũ")
    await expect(page.locator(".bot").last).to_contain_text("máy khác")
    await say(other, "từ máy mới")
    await answered(page, "từ máy mới")
    await page.locator("#more-button").click()
    await page.get_by_role("button", name=SAID["web.devices_end"]).click()
    await expect(other.locator("#notice")).to_have_text(SAID["web.signed_out"])
    await page.keyboard.press("Escape")
    await say(page, "chỉ còn mình")
    await answered(page, "chỉ còn mình")
    await expect(page.locator(".person", has_text="từ máy cũ")).to_have_count(1)
    await other.context.close()


async def test_a_scanned_code_asks_before_it_changes_anything(site: Site, browser: Browser, page: Page) -> None:
    code = (await code_on(page)).replace("-", "")
    other = await another(site, browser, f"/#code={code}")
    await expect(other.get_by_text(SAID["web.devices_sure"])).to_be_visible()
    await expect(other.get_by_label(SAID["web.devices_enter"])).to_have_value(code)
    assert "#" not in other.url
    await other.get_by_role("button", name=SAID["web.devices_join"]).click()
    await expect(other.get_by_text("Chào bạn! /start")).to_be_visible()
    await other.context.close()


async def test_a_wrong_code_says_so(page: Page) -> None:
    await page.locator("#more-button").click()
    await page.get_by_label(SAID["web.devices_enter"]).fill("AAAA-BBBB")
    await page.get_by_role("button", name=SAID["web.devices_join"]).click()
    await expect(page.locator("#part-devices .said")).to_have_text(SAID["web.bad_code"])


async def test_the_language_changes_on_the_page_and_in_the_chat(site: Site, page: Page) -> None:
    await page.locator("#more-button").click()
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_placeholder(ENGLISH["web.placeholder"])).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "en"
    assert site.received[-1].press == "/language en"
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH["web.title"])


async def test_the_page_can_be_installed(site: Site, page: Page) -> None:
    manifest = json.loads(await page.evaluate("fetch('manifest.webmanifest').then(r => r.text())"))
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("./", "./", "standalone")
    for icon in manifest["icons"]:
        response = await page.request.get(f"/{icon['src']}")
        assert response.status == 200
        assert response.headers["content-type"].startswith(icon["type"])
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}


async def kept_by_the_worker(page: Page) -> list[str]:
    await page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    return list(
        await page.evaluate(
            "(async () => { const all = []; for (const name of await caches.keys())"
            " for (const one of await (await caches.open(name)).keys()) all.push(new URL(one.url).pathname); return all; })()"
        )
    )


async def test_the_service_worker_keeps_the_shell_and_no_conversation(
    site: Site, context: BrowserContext, page: Page
) -> None:
    await say(page, "điều riêng tư")
    await answered(page, "điều riêng tư")
    await kept_by_the_worker(page)
    await page.reload()
    await answered(page, "điều riêng tư")
    kept = await kept_by_the_worker(page)
    assert all(re.fullmatch(r"/(static/[0-9a-f]{16}/[\w.-]+)?", path) for path in kept), kept
    assert "/" in kept
    await context.set_offline(True)
    await page.reload()
    await expect(page.get_by_placeholder(SAID["web.placeholder"])).to_be_visible()
    await say(page, "viết khi không có mạng")
    await expect(page.locator(".pending")).to_have_count(1)
    await context.set_offline(False)
    await answered(page, "viết khi không có mạng")


async def test_a_button_of_an_answer_leads_to_notifications(site: Site, page: Page) -> None:
    reply = Reply("Bật nhé?", ((Button("🔔 Bật thông báo", "page:wake"),),))
    await site.channel.send(site.received[0].chat, reply, key="k")
    await page.get_by_role("button", name="Bật thông báo").click()
    await expect(page.locator("#part-push")).to_be_visible()
    await expect(page.locator("#part-push h3")).to_be_in_viewport()
    assert len(site.received) == 1
