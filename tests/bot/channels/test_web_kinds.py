"""What a file is, by what stands in it and not by what it is called."""

from pathlib import Path

import pytest

from bot.channels.web.kinds import ENDINGS, Kind, kind
from tests.bot.channels.browser import Browser
from tests.bot.channels.samples import BAD, GOOD
from tests.bot.channels.site import Site


def test_there_is_a_sample_of_every_kind_that_is_taken() -> None:
    assert GOOD.keys() == ENDINGS.keys()


@pytest.mark.parametrize("media_type", GOOD)
def test_what_people_send_is_known_by_its_content(tmp_path: Path, media_type: str) -> None:
    (tmp_path / "file").write_bytes(GOOD[media_type])
    assert kind(tmp_path / "file") == Kind(media_type)


@pytest.mark.parametrize("what", BAD)
def test_what_could_be_run_or_is_unknown_is_nothing(tmp_path: Path, what: str) -> None:
    (tmp_path / "file").write_bytes(BAD[what])
    assert kind(tmp_path / "file") is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a.pdf", "a.pdf"), ("A.PDF", "A.PDF"), ("a.exe", "a.exe.pdf"), ("a", "a.pdf"), ("a.html", "a.html.pdf")],
)
def test_a_name_gets_the_ending_of_what_it_is(given: str, kept: str) -> None:
    assert Kind("application/pdf").name(given) == kept


@pytest.mark.parametrize("what", BAD)
async def test_whoever_sends_such_a_thing_is_told(site: Site, browser: Browser, what: str) -> None:
    files = (("tai-lieu.pdf", BAD[what], "application/pdf"),)
    assert await browser.post(status=415, text="kèm tệp", files=files) == {"error": "web.bad_kind"}
    assert site.received == []
