"""Taking messages in from the page: each once, whatever the phone does, and nothing that makes no sense."""

import asyncio
import gzip
from pathlib import Path

import pytest
from aiohttp import FormData
from structlog.testing import capture_logs

from bot.channels.web.form import LONGEST_TEXT, MOST_FILES
from bot.errors import DatabaseTroubleError
from bot.model import AttachmentKind, Button, Message, Reply
from storage.database import Statement
from tests.bot.channels.browser import PNG, YES, Browser, text
from tests.bot.channels.site import LARGEST, Site, running


async def test_a_message_comes_in_and_is_shown(site: Site, browser: Browser) -> None:
    assert await browser.post(text="Em muốn vay vốn") == {"ok": True}
    assert site.received == [
        Message("web", browser.chat, f"{browser.chat}:message-1", "Em muốn vay vốn", language="vi-VN")
    ]
    [message] = await browser.shown()
    assert (message["side"], message["key"], text(message)) == ("person", "message-1", "Em muốn vay vốn")


async def test_the_same_id_again_is_one_message(site: Site, browser: Browser) -> None:
    await asyncio.gather(*[browser.post(text="một lần") for _ in range(5)])
    assert len(site.received) == 1
    assert len(await browser.shown()) == 1


async def test_a_message_that_was_not_taken_is_taken_when_it_is_tried_again(site: Site, browser: Browser) -> None:
    site.troubles.append(DatabaseTroubleError("disk full"))
    await browser.post(status=503, text="thử lại nhé")
    await browser.post(text="thử lại nhé")
    assert [message.text for message in site.received] == ["thử lại nhé"]
    assert len(await browser.shown()) == 1


async def test_a_message_is_not_taken_before_there_is_a_receiver(tmp_path: Path) -> None:
    async with running(tmp_path, receiving=False) as site:
        browser = Browser(site)
        await browser.open()
        assert await browser.post(status=503, text="chào") == {"error": "web.lost"}
        await browser.session.close()


async def test_a_file_that_cannot_be_kept_now_is_asked_for_again(site: Site, browser: Browser) -> None:
    site.store.folder.write_text("stands in the way, like a full disk")
    with capture_logs() as logged:
        async with browser.session.post("/chat/messages", data=with_a_file(), headers=browser.headers) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "3")
            assert await response.json() == {"error": "web.lost"}
    assert [(line["log_level"], line["reason"]) for line in logged] == [("error", "File exists")]
    assert "bi-mat" not in str(logged)
    assert browser.chat not in str(logged)
    site.store.folder.unlink()
    await browser.post(files=(("bi-mat.png", PNG, "image/png"),))
    assert len(site.received) == 1


def with_a_file() -> FormData:
    form = multipart({"id": "message-1"})
    form.add_field("files", PNG, filename="bi-mat.png", content_type="image/png")
    return form


async def test_a_start_comes_in_as_a_command_and_is_not_shown(site: Site, browser: Browser) -> None:
    await browser.post(start="p_06187")
    await browser.post(id="message-2", start="")
    assert [message.text for message in site.received] == ["/start p_06187", "/start"]
    assert await browser.shown() == []


async def test_a_press_is_shown_by_its_label(site: Site, browser: Browser) -> None:
    await browser.post(text="chào")
    await site.channel.send(browser.chat, YES, key="k1")
    await browser.post(id="message-2", press="1:1:2")
    assert site.received[-1].press == "1:1:2"
    assert text((await browser.shown())[-1]) == "Không"


@pytest.mark.parametrize("data", ["/language en", "/queue 2", "x" * 64])
async def test_a_button_may_carry_a_command_with_its_argument(site: Site, browser: Browser, data: str) -> None:
    await browser.post(text="chào")
    await site.channel.send(browser.chat, Reply("Chọn đi", ((Button("Tiếp", data),),)), key="k1")
    await browser.post(id="message-2", press=data)
    assert site.received[-1].press == data
    assert text((await browser.shown())[-1]) == "Tiếp"


async def test_a_press_of_a_button_that_is_gone_comes_in_without_a_trace(site: Site, browser: Browser) -> None:
    await browser.post(press="9:9:9")
    assert [message.press for message in site.received] == ["9:9:9"]
    assert await browser.shown() == []


async def test_files_come_in_with_their_bytes(site: Site, browser: Browser) -> None:
    await browser.post(
        text="ảnh đây",
        files=(("đường làng.png", PNG, "image/png"), ("ghi âm.ogg", b"OggS" + b"0" * 60, "audio/ogg;codecs=opus")),
    )
    [message] = site.received
    assert [(file.kind, file.name, file.media_type, file.size) for file in message.attachments] == [
        (AttachmentKind.PHOTO, "đường làng.png", "image/png", len(PNG)),
        (AttachmentKind.VOICE, "ghi âm.ogg", "audio/ogg", 64),
    ]
    assert site.store.path(message.attachments[0].digest).read_bytes() == PNG


async def test_a_file_may_come_without_words(site: Site, browser: Browser) -> None:
    await browser.post(files=(("a.png", PNG, "image/png"),))
    assert len(site.received) == 1


async def test_a_file_may_be_as_large_as_the_limit_and_no_larger(site: Site, browser: Browser) -> None:
    await browser.post(files=(("a.png", PNG.ljust(LARGEST, b"x"), ""),))
    answer = await browser.post(id="message-2", status=413, files=(("a.png", PNG.ljust(LARGEST + 1, b"x"), ""),))
    assert answer == {"error": "web.too_large"}
    assert len(site.received) == 1


async def test_too_many_files_are_refused(site: Site, browser: Browser) -> None:
    files = tuple((f"{n}.png", PNG + bytes([n]), "image/png") for n in range(MOST_FILES + 1))
    assert await browser.post(status=413, files=files) == {"error": "web.too_many"}
    assert site.received == []
    [[stored]] = await site.database.read(Statement("SELECT COUNT(*) AS count FROM files"))
    assert stored["count"] == MOST_FILES, "what was stored is known, so that it is swept away"


async def test_a_field_comes_once(site: Site, browser: Browser) -> None:
    form = multipart({"id": "message-1", "text": "một"})
    form.add_field("text", "hai")
    async with browser.session.post("/chat/messages", data=form, headers=browser.headers) as response:
        assert response.status == 400
    assert site.received == []


async def test_a_body_larger_than_all_files_together_is_refused_unread(site: Site, browser: Browser) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    head = f"POST /chat/messages HTTP/1.1\r\nHost: 127.0.0.1:{site.server.port}\r\nOrigin: {site.url}\r\n"
    writer.write(f"{head}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 999999999\r\n\r\n".encode())
    assert b" 413 " in await asyncio.wait_for(reader.readline(), 3)
    writer.close()
    await writer.wait_closed()


async def test_an_upload_that_breaks_off_leaves_nothing(
    site: Site, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    head = f"POST /chat/messages HTTP/1.1\r\nHost: 127.0.0.1:{site.server.port}\r\nOrigin: {site.url}\r\n"
    part = '--b\r\nContent-Disposition: form-data; name="files"; filename="bi-mat.png"\r\n\r\nabc'
    writer.write(f"{head}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000\r\n\r\n{part}".encode())
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.close()
    await writer.wait_closed()
    await browser.post(text="vẫn chạy")
    assert [message.text for message in site.received] == ["vẫn chạy"]
    assert [file for file in site.store.folder.rglob("*") if file.is_file()] == []
    assert caplog.records == []


async def test_a_text_may_be_as_long_as_the_limit_and_no_longer(site: Site, browser: Browser) -> None:
    await browser.post(text="ỗ" * LONGEST_TEXT)
    assert await browser.post(id="message-2", status=413, text="ỗ" * (LONGEST_TEXT + 1)) == {"error": "web.too_long"}
    assert [len(message.text) for message in site.received] == [LONGEST_TEXT]


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "   "},
        {"id": "short", "text": "chào"},
        {"id": "bad_letters!", "text": "chào"},
        {"press": "không phải mã"},
        {"press": "x" * 65},
        {"start": "a b"},
        {"text": "chào", "press": "1:1:1"},
        {"text": "chào", "other": "field"},
    ],
)
async def test_a_form_that_makes_no_sense_is_refused(site: Site, browser: Browser, fields: dict[str, str]) -> None:
    async with browser.session.post(
        "/chat/messages", data=multipart({"id": "message-1", **fields}), headers=browser.headers
    ) as response:
        assert response.status in (400, 413)
    assert site.received == []


def multipart(fields: dict[str, str]) -> FormData:
    form = FormData(default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value)
    return form


NAUGHTY = [
    "<script>alert(1)</script> & \"'",
    "&amp;lt;b&gt;",
    "'; DROP TABLE transcripts; --",
    "👨‍👩‍👧‍👦 🇻🇳 zalgo h̷̢e",
    "dòng một\n\ndòng hai\t\u2028cuối",
    "\u202eđảo ngược\u202c \ufeff\u200b",
    "tiếng Việt tổ hợp: ệ ẵ",
    "{name} %s ${x} {{y}}",
    "/start x",
]


@pytest.mark.parametrize("naughty", NAUGHTY)
async def test_naughty_words_come_back_as_they_were(site: Site, browser: Browser, naughty: str) -> None:
    await browser.post(text=naughty)
    assert site.received[0].text == naughty
    [message] = await browser.shown()
    assert message["spans"] == [[naughty, ""]]


@pytest.mark.parametrize("broken", [b"\xff\xfe", b"\xed\xa0\x80", b"a\x00b", b"\xc3("])
async def test_broken_letters_become_marks(site: Site, browser: Browser, broken: bytes) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\nmessage-1\r\n'
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + broken + b"\r\n--b--\r\n"
    )
    headers = {**browser.headers, "Content-Type": "multipart/form-data; boundary=b"}
    async with browser.session.post("/chat/messages", data=body, headers=headers) as response:
        assert response.status == 200
    assert "\ufffd" in site.received[0].text


@pytest.mark.filterwarnings("ignore::aiohttp.BadContentDispositionHeader")
@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"", "multipart/form-data; boundary=b"),
        (b"--b\r\nContent-Disposition: form-data; name", "multipart/form-data; boundary=b"),
        (b"nothing of the kind", "multipart/form-data; boundary=b"),
        (b"x", "multipart/form-data"),
        (b'{"text": "x"}', "application/json"),
        (
            b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
        ),
    ],
)
async def test_a_broken_body_is_refused(site: Site, browser: Browser, body: bytes, media_type: str) -> None:
    headers = {**browser.headers, "Content-Type": media_type}
    async with browser.session.post("/chat/messages", data=body, headers=headers) as response:
        assert response.status == 400
    assert site.received == []


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_is_packed_wrong_is_refused(
    site: Site, browser: Browser, caplog: pytest.LogCaptureFixture, encoding: str
) -> None:
    packed = bytearray(gzip.compress(b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\nmessage-1\r\n' * 50))
    packed[12:40] = b"\xff" * 28
    headers = {**browser.headers, "Content-Type": "multipart/form-data; boundary=b", "Content-Encoding": encoding}
    for body in (bytes(packed), b"nothing of the kind"):
        async with browser.session.post("/chat/messages", data=body, headers=headers) as response:
            assert response.status == 400
    await browser.post(text="vẫn chạy")
    assert [message.text for message in site.received] == ["vẫn chạy"]
    assert caplog.records == []


async def test_a_body_in_broken_chunks_is_refused(site: Site, browser: Browser) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    head = f"POST /chat/messages HTTP/1.1\r\nHost: 127.0.0.1:{site.server.port}\r\nOrigin: {site.url}\r\n"
    more = "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer.write(f"{head}{more}5\r\n--b\r\n\r\nno number\r\n".encode())
    assert b" 400 " in await asyncio.wait_for(reader.readline(), 3)
    writer.close()
    await writer.wait_closed()
    await browser.post(text="vẫn chạy")
    assert [message.text for message in site.received] == ["vẫn chạy"]


async def test_a_page_without_a_cookie_gets_one_with_its_first_message(site: Site) -> None:
    browser = Browser(site)
    await browser.post(text="chào")
    assert [message.chat for message in site.received] == [browser.chat]
    assert len(await browser.shown()) == 1
    await browser.session.close()
