"""The page in a real browser, the size of a phone."""

import asyncio
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from bot.model import Button, Reply
from storage.database import Statement
from storage.transcripts import erase_said
from tests.bot.channels.page.person import PNG, SAID, answered, attach, bubbles, echo, nothing_overflows, say
from tests.bot.channels.samples import document
from tests.bot.channels.site import LARGEST, Site, page_texts, running, taking_in


async def test_the_page_starts_the_conversation_by_itself_and_once(site: Site, page: Page) -> None:
    await page.reload()
    await expect(page.get_by_text("Chào bạn! /start")).to_have_count(1)
    assert [message.text for message in site.received] == ["/start"]


async def test_a_button_may_carry_a_command_with_its_argument(site: Site, page: Page) -> None:
    await site.channel.send(site.received[0].chat, Reply("?", ((Button("English", "/language en"),),)), key="k1")
    await page.get_by_role("button", name="English", exact=True).click()
    await answered(page, "/language en")
    assert site.received[-1].press == "/language en"


async def test_a_button_that_opens_a_page_is_a_link_beside_the_chat(site: Site, page: Page) -> None:
    address = "https://example.org/dang-ky?x=1&y=2"
    buttons = ((Button("Đăng ký", "", address), Button("Thôi", "no")),)
    await site.channel.send(site.received[0].chat, Reply("Mời bạn", buttons), key="k1")
    link = page.get_by_role("link", name="Đăng ký")
    await expect(link).to_have_attribute("href", address)
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    box = await link.bounding_box()
    assert box
    assert box["height"] >= 44
    await page.get_by_role("button", name="Thôi").click()
    await answered(page, "no")


async def test_a_link_says_where_to_start_and_once(site: Site, page: Page) -> None:
    await page.goto("/?start=p_06187")
    await expect(page.get_by_text("/start p_06187")).to_be_visible()
    assert page.url == site.url + "/"
    await page.reload()
    await expect(page.get_by_text("/start p_06187")).to_be_visible()
    assert [message.text for message in site.received] == ["/start", "/start p_06187"]


async def test_what_is_typed_is_answered_and_there_after_a_reload(page: Page) -> None:
    await say(page, "Em muốn vay vốn")
    await answered(page, "Em muốn vay vốn")
    before = await bubbles(page)
    await page.reload()
    await answered(page, "Em muốn vay vốn")
    assert await bubbles(page) == before == ["Chào bạn! /start", "Em muốn vay vốn", "Bạn nói: Em muốn vay vốn "]


async def test_a_button_is_pressed(site: Site, page: Page) -> None:
    await page.get_by_role("button", name="Không").click()
    await answered(page, "no")
    assert (await bubbles(page))[1] == "Không"
    assert site.received[-1].press == "no"


async def test_an_edited_message_changes_where_it_stands(page: Page) -> None:
    await page.get_by_role("button", name="Đổi").click()
    await expect(page.locator(".bot .words")).to_have_text("Đã đổi")
    await expect(page.locator(".row button")).to_have_count(0)


async def test_everything_can_be_done_by_keyboard(site: Site, page: Page) -> None:
    field = page.get_by_placeholder(SAID["web.placeholder"])
    await field.focus()
    await page.keyboard.type("dòng một")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("dòng hai")
    await page.keyboard.press("Enter")
    await answered(page, "dòng một\ndòng hai")
    assert site.received[-1].text == "dòng một\ndòng hai"
    for _ in range(4):
        await page.keyboard.press("Shift+Tab")
        if await page.evaluate("document.activeElement.textContent") == "Không":
            break
    assert await page.evaluate("document.activeElement.matches('.row button:focus-visible')")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(field).to_be_focused()
    assert site.received[-1].press in ("yes", "no")


async def test_enter_sends_nothing_empty(site: Site, page: Page) -> None:
    await page.get_by_placeholder(SAID["web.placeholder"]).press("Enter")
    await say(page, "  \n ")
    await say(page, "có chữ")
    await answered(page, "có chữ")
    assert len(site.received) == 2


async def test_photos_and_files_are_attached(site: Site, page: Page) -> None:
    await attach(page, ("đường làng.png", "image/png", PNG), ("đơn.docx", "application/msword", document()))
    await expect(page.locator(".chosen li")).to_have_count(2)
    await nothing_overflows(page)
    await say(page, "ảnh đây")
    await answered(page, "ảnh đây")
    await expect(page.locator("article:not(.pending) .thumb")).to_be_visible()
    assert await page.locator(".thumb").evaluate("image => image.decode().then(() => image.naturalWidth)") == 2
    await expect(page.locator(".paper")).to_contain_text("đơn.docx")
    assert [file.name for file in site.received[-1].attachments] == ["đường làng.png", "đơn.docx"]


async def test_a_chosen_file_can_be_taken_away(site: Site, page: Page) -> None:
    await attach(page, ("a.png", "image/png", PNG))
    await page.get_by_role("button", name=SAID["web.remove"].format(name="a.png")).click()
    await say(page, "không ảnh")
    await answered(page, "không ảnh")
    assert site.received[-1].attachments == ()


async def test_a_file_that_is_too_large_is_said_before_it_is_sent(site: Site, page: Page) -> None:
    await attach(page, ("to.bin", "application/zip", b"x" * (LARGEST + 1)))
    await expect(page.get_by_role("status")).to_have_text(SAID["web.too_large"].format(name="to.bin", megabytes=1))
    await expect(page.locator(".chosen li")).to_have_count(0)


async def test_an_upload_shows_how_far_it_is(page: Page) -> None:
    go_on = asyncio.Event()

    async def hold(route: Route) -> None:
        await go_on.wait()
        await route.continue_()

    await page.route("**/chat/messages", hold)
    await attach(page, ("a.pdf", "application/pdf", b"%PDF-1.7" + b"x" * 500_000))
    await say(page, "kèm tệp")
    await expect(page.locator(".pending progress")).to_be_visible()
    go_on.set()
    await answered(page, "kèm tệp")
    await expect(page.locator("progress")).to_have_count(0)


async def test_a_message_that_is_refused_says_why_and_can_be_discarded(site: Site, page: Page) -> None:
    await page.route("**/chat/messages", lambda route: route.fulfill(status=413, json={"error": "web.too_long"}))
    await say(page, "chưa gửi được")
    failed = page.locator(".failed")
    await expect(failed).to_contain_text(SAID["web.too_long"].format(count=16000))
    await expect(failed).to_contain_text("chưa gửi được")
    await failed.get_by_role("button", name=SAID["web.discard"]).click()
    await expect(failed).to_have_count(0)
    await page.unroute_all()
    await say(page, "tin sau")
    await answered(page, "tin sau")
    assert [message.text for message in site.received] == ["/start", "tin sau"]


async def test_words_whose_files_were_lost_go_back_into_the_field(site: Site, page: Page) -> None:
    await page.route("**/chat/messages", lambda route: route.abort())
    page.on("dialog", lambda dialog: dialog.accept())
    await attach(page, ("a.png", "image/png", PNG))
    await say(page, "kèm ảnh")
    await expect(page.locator(".pending")).to_have_count(1)
    await page.unroute_all()
    await page.reload()
    await expect(page.get_by_role("status")).to_have_text(SAID["web.files_lost"])
    assert await page.get_by_placeholder(SAID["web.placeholder"]).input_value() == "kèm ảnh"
    await expect(page.locator(".pending")).to_have_count(0)
    assert len(site.received) == 1


async def test_only_the_buttons_that_wait_stand_out(page: Page) -> None:
    await expect(page.locator(".current .row button")).to_have_count(3)
    await say(page, "thôi, mình hỏi chuyện khác")
    await answered(page, "thôi, mình hỏi chuyện khác")
    await expect(page.locator(".current")).to_have_count(0)
    await expect(page.locator(".row button:enabled")).to_have_count(3)


async def test_a_text_that_is_too_long_stays_in_the_field(page: Page) -> None:
    await say(page, "a" * 16_001)
    await expect(page.get_by_role("status")).to_have_text(SAID["web.too_long"].format(count=16000))
    assert len(await page.get_by_placeholder(SAID["web.placeholder"]).input_value()) == 16_001


async def test_a_lost_connection_is_said_and_made_good(site: Site, context: BrowserContext, page: Page) -> None:
    await context.set_offline(True)
    await expect(page.get_by_role("status")).to_have_text(SAID["web.offline"])
    await say(page, "viết khi mất mạng")
    await expect(page.locator(".pending")).to_have_count(1)
    await site.channel.send(site.received[0].chat, Reply("nói khi mất mạng"), key="k")
    await context.set_offline(False)
    await expect(page.get_by_text("nói khi mất mạng")).to_be_visible(timeout=20_000)
    await expect(page.locator(".bot", has_text="viết khi mất mạng")).to_have_count(1, timeout=20_000)
    await expect(page.locator(".pending")).to_have_count(0)
    assert [message.text for message in site.received] == ["/start", "viết khi mất mạng"]


async def test_what_was_not_sent_survives_a_reload(site: Site, context: BrowserContext, page: Page) -> None:
    await page.route("**/chat/messages", lambda route: route.abort())
    await say(page, "đừng quên mình")
    await expect(page.locator(".pending")).to_have_count(1)
    await page.unroute_all()
    await page.reload()
    await answered(page, "đừng quên mình")
    assert [message.text for message in site.received] == ["/start", "đừng quên mình"]


async def test_an_answer_that_was_lost_makes_no_second_message(site: Site, page: Page) -> None:
    lost = [True]

    async def lose_the_answer(route: Route) -> None:
        if lost:
            lost.clear()
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/chat/messages", lose_the_answer)
    async with page.expect_response("**/chat/messages") as again:  # what was aborted gives none
        await say(page, "một lần thôi")
    assert (await again.value).status == 200
    await answered(page, "một lần thôi")
    assert [message.text for message in site.received] == ["/start", "một lần thôi"]
    await expect(page.locator(".person")).to_have_count(1)


async def test_the_page_comes_back_when_the_bot_was_away(site: Site, page: Page) -> None:
    port = site.server.port
    await site.server.stop()
    await expect(page.get_by_role("status")).to_have_text(SAID["web.lost"])
    await site.server.start(f"127.0.0.1:{port}")
    await say(page, "còn đó không")
    await expect(page.locator(".bot", has_text="còn đó không")).to_have_count(1, timeout=20_000)


async def test_a_screen_reader_hears_new_messages(page: Page) -> None:
    log = page.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log).to_have_attribute("aria-busy", "false")
    await say(page, "đọc lên nhé")
    await expect(log.locator("article").last).to_contain_text("đọc lên nhé")
    unnamed = await page.evaluate(
        "[...document.querySelectorAll('button, textarea')].filter(e => !(e.ariaLabel || e.textContent.trim())).length"
    )
    assert unnamed == 0


async def test_nothing_overflows_on_a_phone(site: Site, page: Page) -> None:
    await nothing_overflows(page)
    await say(page, "x" * 500 + "\n" + "dài " * 200)
    chat = site.received[0].chat
    long = Button("Một nút có nhãn rất dài, dài đến mức phải xuống dòng trên điện thoại " + "y" * 80, "long")
    rows = ((long,), tuple(Button(str(n), f"n{n}") for n in range(12)))
    await site.channel.send(chat, Reply("z" * 400 + " <code>" + "w" * 300 + "</code>", rows), key="k")
    await expect(page.get_by_role("button", name="11")).to_be_visible()
    await nothing_overflows(page)
    await page.set_viewport_size({"width": 320, "height": 480})
    await nothing_overflows(page)


async def test_what_a_person_writes_is_never_markup(page: Page) -> None:
    naughty = "<img src=x onerror=alert(1)> & <b>đậm</b>"
    await say(page, naughty)
    await answered(page, naughty)
    assert await page.locator(".log img").count() == 0


async def test_a_command_in_an_answer_is_said_by_a_touch(site: Site, page: Page) -> None:
    await site.channel.send(site.received[0].chat, Reply("Gõ /dulieu hoặc xem https://example.org/a/b."), key="k")
    await expect(page.get_by_role("link", name="https://example.org/a/b")).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    await page.get_by_role("link", name="/dulieu").click()
    await answered(page, "/dulieu")
    assert site.received[-1].text == "/dulieu"


async def test_who_reads_older_messages_is_not_torn_away(site: Site, page: Page) -> None:
    chat = site.received[0].chat
    for n in range(30):
        await site.channel.send(chat, Reply(f"tin {n}\n\n."), key=f"k{n}")
    await expect(page.get_by_text("tin 29")).to_be_in_viewport()
    await page.locator("#log").evaluate("log => log.scrollTop = 0")
    await site.channel.send(chat, Reply("tin cuối"), key="last")
    newer = page.get_by_role("button", name=SAID["web.newer"])
    await expect(newer).to_be_visible()
    await newer.click()
    await expect(page.get_by_text("tin cuối")).to_be_in_viewport()
    await expect(newer).to_be_hidden()


async def test_what_was_erased_leaves_the_open_page(site: Site, page: Page) -> None:
    await say(page, "xoá mình đi")
    await answered(page, "xoá mình đi")
    [[address]] = await site.database.read(Statement("SELECT id FROM addresses"))
    await site.database.write([erase_said(address["id"])])
    await site.channel.send(site.received[0].chat, Reply("Đã xoá."), key="k")
    await expect(page.get_by_text("Đã xoá.")).to_be_visible()
    await expect(page.locator(".person")).to_have_count(0)


async def test_two_pages_of_one_person_show_the_same(context: BrowserContext, page: Page) -> None:
    other = await context.new_page()
    await other.goto("/")
    await say(page, "từ trang kia")
    await answered(other, "từ trang kia")
    assert await bubbles(other) == await bubbles(page)


async def test_the_page_waits_for_a_bot_that_starts_later(tmp_path: Path, site: Site, page: Page) -> None:
    async with running(tmp_path / "later", receiving=False) as later:
        later.answer = echo
        await page.goto(later.url)
        await asyncio.sleep(0.5)
        assert later.received == []
        async with taking_in(later):
            await expect(page.get_by_text("Chào bạn! /start")).to_be_visible(timeout=20_000)


async def test_the_page_speaks_english_to_who_wants_it(site: Site, browser: Browser) -> None:
    context = await browser.new_context(base_url=site.url, locale="en-US")
    page = await context.new_page()
    await page.goto("/")
    await expect(page.get_by_role("heading")).to_have_text(page_texts().catalogues["en"]["web.title"])
    await context.close()
