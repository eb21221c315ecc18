"""Waking a browser whose page is closed: read by nobody else, sent nowhere inside, ended when it is gone."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.web.endpoints import Endpoints, OpenResolver, public
from bot.channels.web.waking import signing_key, unpacked
from bot.model import Json, Reply
from storage.database import Statement
from tests.bot.channels.browser import Browser, told
from tests.bot.channels.push import Maker, maker, packed, signed_by
from tests.bot.channels.site import SECRET, Site, running

INSIDE = Endpoints(schemes=("http",), ports=(), lets_in=lambda address: True)
SECRETS = Reply("Ngân hàng trả lời: em cần hai giấy tờ")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with running(tmp_path, endpoints=INSIDE) as site:
        yield site


@pytest.fixture
async def there() -> AsyncIterator[Maker]:
    async with maker() as there:
        yield there


async def subscribe(browser: Browser, subscription: Json, status: int = 200) -> None:
    async with browser.session.post("/chat/push", json=subscription, headers=browser.headers) as response:
        assert response.status == status, await response.text()


async def woken(site: Site, browser: Browser, key: str = "k1") -> None:
    await site.channel.send(browser.chat, SECRETS, key=key)
    await site.channel.waker.idle()


async def kept(site: Site) -> int:
    [[row]] = await site.database.read(Statement("SELECT count(*) AS n FROM subscriptions"))
    return int(row["n"])


async def test_a_closed_page_is_woken_without_a_word_of_what_came(site: Site, browser: Browser, there: Maker) -> None:
    await browser.post(text="chào")
    await subscribe(browser, there.subscription)
    await woken(site, browser)
    [(headers, body)] = there.taken
    assert there.read(body) == {"text": "Có câu trả lời mới"}
    assert headers["Content-Encoding"] == "aes128gcm"
    claims = signed_by(headers["Authorization"], site.channel.waker.public_key)
    assert claims["aud"] == there.url.removesuffix("/push/1")
    assert time.time() < claims["exp"] < time.time() + 24 * 3600
    assert len(body) < 300


async def test_an_open_page_needs_no_waking(site: Site, browser: Browser, there: Maker) -> None:
    await browser.post(text="chào")
    await subscribe(browser, there.subscription)
    async with browser.listening() as socket:
        await told(socket)
        await woken(site, browser)
    assert there.taken == []


async def test_an_answer_of_several_messages_wakes_once(site: Site, browser: Browser, there: Maker) -> None:
    await browser.post(text="chào")
    await subscribe(browser, there.subscription)
    for n in range(3):
        await woken(site, browser, f"k{n}")
    assert len(there.taken) == 1


@pytest.mark.parametrize(("status", "left"), [(404, 0), (410, 0), (201, 1), (500, 1), (302, 1), (429, 1)])
async def test_a_browser_that_is_gone_is_forgotten(
    site: Site, browser: Browser, there: Maker, status: int, left: int
) -> None:
    await browser.post(text="chào")
    await subscribe(browser, there.subscription)
    there.status = status
    await woken(site, browser)
    assert len(there.taken) == 1
    assert await kept(site) == left


async def test_a_maker_that_does_not_answer_holds_nothing_up(site: Site, browser: Browser, there: Maker) -> None:
    await browser.post(text="chào")
    await subscribe(browser, {**there.subscription, "endpoint": "http://127.0.0.1:9/gone"})
    await woken(site, browser)
    assert await kept(site) == 1


async def test_who_wants_no_more_is_left_in_peace(
    site: Site, browser: Browser, stranger: Browser, there: Maker
) -> None:
    await browser.post(text="chào")
    await stranger.post(text="mình khác")
    await subscribe(browser, there.subscription)
    end = {"endpoint": there.url}
    await stranger.session.post("/chat/push/end", headers=stranger.headers, json=end)
    assert await kept(site) == 1
    await browser.session.post("/chat/push/end", headers=browser.headers, json=end)
    await woken(site, browser)
    assert there.taken == []


async def test_devices_that_are_signed_out_are_woken_no_more(site: Site, browser: Browser, there: Maker) -> None:
    await browser.post(text="chào")
    await subscribe(browser, there.subscription)
    await browser.session.post("/chat/sign-out", json={}, headers=browser.headers)
    assert await kept(site) == 0


async def test_five_browsers_of_a_chat_are_woken_and_no_more(site: Site, browser: Browser, there: Maker) -> None:
    await browser.post(text="chào")
    for n in range(7):
        await subscribe(browser, {**there.subscription, "endpoint": f"{there.url}?{n}"})
    assert await kept(site) == 5


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/1",
        "https://127.0.0.1/1",
        "https://[::1]/1",
        "https://10.0.0.7/1",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/1",
        "https://2130706433/1",
        "https://localhost/1",
        "https://printer.local/1",
        "https://user:word@push.example.org/1",
        "https://push.example.org:22/1",
        "https://push.example.org/a b",
        "https://push.example.org/\r\nHost: x",
        "file:///etc/passwd",
        "https://" + "a" * 2000 + ".org/",
        "https://[",
        "",
    ],
)
def test_a_push_goes_to_public_places_alone(endpoint: str) -> None:
    assert not Endpoints().fits(endpoint)


def test_real_makers_are_taken() -> None:
    for host in ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com"):
        assert Endpoints().fits(f"https://{host}/wpush/v2/abc")


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "::1", "fe80::1%eth0", "::ffff:127.0.0.1", "100.64.0.1", "0.0.0.0"]
)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not public(address)


async def test_a_name_that_leads_inside_is_not_followed() -> None:
    resolver = OpenResolver(Endpoints())
    with pytest.raises(OSError, match="no public address"):
        await resolver.resolve("localhost", 443)
    await resolver.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": packed(b"\4" + b"x" * 64)},
        {"key": "é"},
        {"key": 7},
        {"auth": "AA"},
        {"auth": None},
        {"endpoint": "ftp://x.org"},
    ],
)
async def test_what_is_no_subscription_is_refused(
    site: Site, browser: Browser, there: Maker, wrong: dict[str, Json]
) -> None:
    await browser.post(text="chào")
    await subscribe(browser, {**there.subscription, **wrong}, 400)
    assert await kept(site) == 0


def test_the_key_lasts_as_long_as_the_secret() -> None:
    assert signing_key(SECRET).private_numbers() == signing_key(SECRET).private_numbers()
    assert signing_key(SECRET).private_numbers() != signing_key(b"t" * 32).private_numbers()


def test_bytes_are_unpacked_or_refused() -> None:
    assert unpacked(packed(b"\xff\xfe")) == b"\xff\xfe"
    for wrong in ("a", "a+b/", "é", "x" * 300, "a b"):
        with pytest.raises(ValueError, match="base64url"):
            unpacked(wrong)


async def test_pushes_end_with_the_channel(tmp_path: Path, there: Maker) -> None:
    async with running(tmp_path / "short", endpoints=INSIDE) as site:
        browser = Browser(site)
        await browser.post(text="chào")
        await subscribe(browser, there.subscription)
        await site.channel.send(browser.chat, SECRETS, key="k1")
        await browser.session.close()
    assert not site.channel.waker._tasks.busy
