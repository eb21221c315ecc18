"""Articles: who keeps them, how they are found, and what is read."""

from __future__ import annotations

import pytest

from bot import pack as packs
from handlers.acts import articles as acts
from handlers.acts import staff
from handlers.acts.rights import Right, Role, allows
from storage.database import Statement
from tests.handlers.staff.test_rights import said
from tests.handlers.staff.test_staff import make_staff
from tests.handlers.youth.test_propose import come_in, stored
from tests.player import Player, Town

LOANS = """Vay vốn khởi nghiệp ở đâu?
Thanh niên có phương án kinh doanh được vay tại Ngân hàng Chính sách xã hội qua Đoàn xã. Mức vay tối đa 100 triệu đồng."""
JOBS = """Phiên giao dịch việc làm tháng 3
Hai mươi doanh nghiệp tuyển lao động trong tỉnh và đi làm việc ở nước ngoài."""


async def put_up(boss: Player, text: str = LOANS, section: str = "Hỗ trợ khởi nghiệp") -> None:
    """Writes an article and puts it up."""
    await boss.send("/thongtin")
    await boss.press("Viết bài mới")
    for line in text.splitlines():
        await boss.send(line)
    await boss.press("Đăng bài")
    await boss.press(section)
    assert section in boss.last, "nothing goes up that was not seen"
    assert "Đã đăng" in await boss.press("Đăng bài")


@pytest.mark.everywhere
async def test_an_article_is_written_found_without_marks_and_read(lan: Player) -> None:
    await come_in(lan)
    await lan.press("Bỏ")
    await lan.send(f"/nhanma {await staff.invite(lan.town.bot.database, Role.PROVINCE, lan.town.clock())}")
    await put_up(lan)
    await lan.send("/thongtin von khoi nghiep")
    await lan.press("Vay vốn khởi nghiệp")
    assert lan.last.startswith("Vay vốn khởi nghiệp ở đâu?")
    assert "Mức vay tối đa 100 triệu" in lan.last
    assert "Cập nhật 02/03/2026" in lan.last


@pytest.mark.parametrize(
    "query", ["vay von", "VAY VỐN", "ngan hang chinh sach", "em muốn vay tiền mở quán thì làm sao"]
)
async def test_marks_and_the_very_words_do_not_matter(place: Town, query: str) -> None:
    boss, lan = await make_staff(place, Role.PROVINCE), place.person("lan")
    await put_up(boss)
    await put_up(boss, JOBS, "Việc làm")
    await lan.send(f"/thongtin {query}")
    assert lan.options[0] == "Vay vốn khởi nghiệp ở đâu?"


async def test_what_is_not_there_is_not_found(place: Town) -> None:
    boss, lan = await make_staff(place, Role.PROVINCE), place.person("lan")
    await put_up(boss)
    for query in ("sân bóng đá", "%", "_", "'; DROP TABLE articles;--", "9" * 40):
        assert "Mình chưa tìm thấy bài nào" in await lan.send(f"/thongtin {query}")


async def test_sections_are_shown_with_what_is_in_them(place: Town) -> None:
    boss, lan = await make_staff(place, Role.PROVINCE), place.person("lan")
    await lan.send("/thongtin")
    assert "Chưa có bài nào" in lan.last
    await put_up(boss)
    await put_up(boss, JOBS, "Việc làm")
    await lan.send("/thongtin")
    assert lan.options == ["Hỗ trợ khởi nghiệp (1)", "Việc làm (1)"]
    await lan.press("Việc làm")
    assert lan.options == ["Phiên giao dịch việc làm tháng 3", "📚 Thông tin"]


async def test_each_reads_it_in_their_language_with_its_files_and_links(place: Town) -> None:
    boss, amy = await make_staff(place, Role.PROVINCE), place.person("amy", language="en")
    await boss.send("/article")
    await boss.send(LOANS, files=[await boss.photo("bieu-mau.jpg")])
    await boss.press("English")
    await boss.send("Where to get a start-up loan\nAsk the Youth Union of your commune.")
    await boss.press("Thêm nút liên kết")
    await boss.send("Mẫu đơn https://example.org/mau")
    await boss.press("Mục")
    await boss.press("Hỗ trợ khởi nghiệp")
    await boss.press("Đăng bài")
    await amy.send("/info start-up")
    await amy.press("Where to get")
    shown = amy.screen.last
    assert "Ask the Youth Union of your commune." in shown.text
    assert [file.name for file in shown.files] == ["bieu-mau.jpg"]
    assert ("Mẫu đơn", "https://example.org/mau") in [(button.label, button.url) for button in shown.buttons]


async def test_a_changed_article_says_the_new_and_a_withdrawn_one_is_gone(place: Town) -> None:
    boss, lan = await make_staff(place, Role.PROVINCE), place.person("lan")
    await put_up(boss)
    await boss.send("/thongtin 1")
    await boss.press("Sửa bài")
    assert "Chủ đề: Vốn vay" in boss.last
    await boss.press("Viết lại")
    await boss.send("Vay vốn: mức mới\nTừ tháng 3, mức vay tối đa là 200 triệu đồng.")
    await boss.press("Đăng bài")
    assert "200 triệu" in await lan.send("/thongtin 1")
    assert "100 triệu" not in lan.shown()
    await boss.send("/thongtin 1")
    await boss.press("Gỡ bài")
    assert "chưa tìm thấy" in await lan.send("/thongtin 1")
    assert "chưa tìm thấy" in await lan.send("/thongtin vay vốn")
    await boss.send("/thongtin withdrawn")
    await boss.press("Vay vốn: mức mới")
    await boss.press("Đăng lại")
    assert "200 triệu" in await lan.send("/thongtin 1")


# -- who may


def test_an_agency_keeps_the_topics_it_answers_for_and_the_province_all() -> None:
    pack = packs.load(packs.DEFAULT)
    every = {topic.slug for topic in pack.topics}
    agency = pack.agencies("von", pack.era())[0]
    field = acts.field(Role.AGENCY, agency, pack, pack.era())
    assert field == {slug for slug in every if agency in pack.agencies(slug, pack.era())}
    assert 0 < len(field) < len(every)
    assert acts.field(Role.AGENCY, "", pack, pack.era()) == frozenset()
    for role in ("", *Role):
        if role != Role.AGENCY:
            assert acts.field(role, agency, pack, pack.era()) == (every if allows(role, Right.INFORM) else frozenset())


@pytest.mark.parametrize("by", ["word", "press"])
@pytest.mark.parametrize("role", ["", *Role])
async def test_each_command_is_allowed_or_as_if_there_were_none(place: Town, role: str, by: str) -> None:
    await put_up(await make_staff(place, Role.OWNER))
    someone = place.person("someone")
    await come_in(someone)
    if role:
        await someone.send(f"/nhanma {await staff.invite(place.bot.database, Role(role), place.clock())}")
    nothing = await said(someone, "/khongco", by)
    for command in ("/article", "/article 1", "/shelve 1", "/shelve 99", "/article 99"):
        answer = await said(someone, command, by)
        if not allows(role, Right.INFORM):
            assert answer == nothing, f"{role or 'nobody'}: {command}"
        elif role == Role.AGENCY or "99" in command:
            assert "không thuộc lĩnh vực của bạn" in str(answer)
        else:
            assert "không thuộc lĩnh vực" not in str(answer)
        await someone.send("/huy")
    can_keep = allows(role, Right.INFORM) and role != Role.AGENCY
    assert (await stored(place, "SELECT withdrawn_at FROM articles") == [{"withdrawn_at": None}]) == (not can_keep)


async def test_an_article_outside_of_the_field_is_neither_changed_nor_taken_down(place: Town) -> None:
    await put_up(await make_staff(place, Role.PROVINCE))
    await place.bot.database.write([Statement("UPDATE articles SET topic = 'khac'")])
    by = acts.Editor(1, 1, frozenset({"von"}))
    async with place.bot.database.transaction() as tx:
        assert not await acts.show(tx, by, 1, 0, shown=False)
        assert await acts.kept(tx, by, 1) is None


async def test_an_agency_keeps_articles_of_its_field_alone(place: Town) -> None:
    pack = packs.load(packs.DEFAULT)
    lan, other = place.person("lan"), place.person("other")
    agency = await make_staff(place, Role.AGENCY, scope=pack.agencies("von", pack.era())[0])
    await put_up(agency)
    await other.send(f"/nhanma {await staff.invite(place.bot.database, Role.AGENCY, place.clock(), 'so_xay_dung')}")
    assert "không thuộc lĩnh vực" in await other.tap("/shelve 1")
    assert "không thuộc lĩnh vực" in await other.tap("/article 1")
    assert "100 triệu" in await lan.send("/thongtin 1")
    await agency.tap("/article 1")
    await agency.press("Chủ đề")
    assert "Môi trường" not in agency.options
    await agency.send("/huy")
    await agency.tap("/shelve 1")
    assert "chưa tìm thấy" in await lan.send("/thongtin 1")
    assert "chưa tìm thấy" in await other.send("/thongtin 1")
    assert "chưa tìm thấy" in await other.send("/thongtin withdrawn")
    assert "100 triệu" in await agency.send("/thongtin 1")


# -- offered on the card


async def test_an_article_that_may_answer_is_offered_on_the_card_and_read_beside_it(place: Town) -> None:
    await put_up(await make_staff(place, Role.PROVINCE))
    lan = place.person("lan")
    await come_in(lan)
    assert "Có bài này có thể đã trả lời bạn" in lan.shown()
    await lan.press("📖 Vay vốn khởi nghiệp")
    assert "Mức vay tối đa 100 triệu" in lan.shown()
    assert "LS-2026-00001" in await lan.press("✅ Gửi"), "and whoever wants to sends it all the same"


@pytest.mark.parametrize("channel", ["buttons", "lists"])
async def test_what_is_not_close_or_was_taken_down_is_not_offered(place: Town, channel: str) -> None:
    boss = await make_staff(place, Role.PROVINCE)
    await put_up(boss)
    lan, hoa = place.person("lan", channel), place.person("hoa", channel)
    await come_in(lan, "Đường vào thôn em lầy lội quá, xe chở na không ra được")
    assert "có thể đã trả lời" not in lan.shown()
    await boss.tap("/shelve 1")
    await come_in(hoa)
    assert "có thể đã trả lời" not in hoa.shown()


async def test_the_offer_goes_with_the_text_it_was_for(place: Town) -> None:
    await put_up(await make_staff(place, Role.PROVINCE))
    lan = place.person("lan")
    await come_in(lan)
    assert "có thể đã trả lời" in lan.last
    await lan.press("Viết lại")
    assert "có thể đã trả lời" not in await lan.send("Đường vào thôn em lầy lội quá, xe chở na không ra được")
    assert not [option for option in lan.options if "📖" in option]
