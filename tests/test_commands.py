"""The commands as their users run them: what they print, what they refuse and in how many lines."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.pack import DEFAULT
from tests.processes import demo, environment, finish, free_port, start, stop

LIMIT = 25.0  # seconds for what a test waits for

FINE = 0
TO_BE_SET_RIGHT = 2


async def refused(folder: Path, *arguments: str, **more: str) -> str:
    """The one line of a command that something must be set right for first; one that runs on is ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=folder, env=environment(**more),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, err = (text.decode() for text in await asyncio.wait_for(process.communicate(), LIMIT))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (process.returncode, out) == (TO_BE_SET_RIGHT, ""), err
    [line] = err.splitlines()
    return line


async def answers(port: int) -> None:
    """Returns when the bot answers on a port."""
    async with asyncio.timeout(LIMIT), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/healthz") as response:
                    assert response.status == 200
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


def modes(folder: Path) -> Iterator[tuple[str, int]]:
    for path in sorted(folder.rglob("*")):
        yield str(path.relative_to(folder)), path.stat().st_mode & 0o077


# -- check


async def test_check_says_that_all_is_fine(tmp_path: Path) -> None:
    code, out, err = await finish(tmp_path, "check")
    assert code == FINE, err
    assert [line.partition(": ")[0] for line in out.splitlines()] == [
        "settings",
        "pack",
        "database",
        "telegram",
        "zalo",
    ]


async def test_check_names_all_that_is_wrong_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[web]\nlisten = 'x'\n[log]\nlevl = 'info'\n")
    code, out, err = await finish(tmp_path, "check", "--config", "c.toml")
    assert (code, out) == (TO_BE_SET_RIGHT, "")
    assert [line.split(": ")[:2] for line in err.splitlines()] == [["c.toml", "web.listen"], ["c.toml", "log.levl"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[dialogue]\nera = 1999", "[dialogue] era: "),
        ("[pack]\npath = 'nowhere'", "[pack] path: there is no folder nowhere"),
        ("[staff]\nowners = ['foo:1']", "[staff] owners: foo is no channel"),
        ("[files]\nfolder = '/proc/x'", "[files] folder: /proc/x: "),
        ("[database]\nurl = 'sqlite:////proc/x/bot.db'", "[database] url: /proc/x/bot.db: "),
    ],
)
async def test_what_is_found_after_the_settings_were_read_names_the_file_too(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "c.toml").write_text(text)
    for command in ("check", "run"):
        line = await refused(tmp_path, command, "--config", "c.toml")
        assert line.startswith(f"c.toml: {said}")
        assert "hidden" not in line


async def test_what_the_environment_says_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[dialogue]\nera = 2025")
    line = await refused(tmp_path, "check", "--config", "c.toml", BOT_DIALOGUE__ERA="1999")
    assert line.startswith("BOT_DIALOGUE__ERA: [dialogue] era: ")


async def test_every_command_reads_the_config_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[database]\nurl = "sqlite:///other/my.db"\n[web]\nlisten = "127.0.0.1:8192"\n'
    )
    code, out, _ = await finish(tmp_path, "invite", "--role", "owner")
    assert code == FINE
    assert "127.0.0.1:8192" in out
    assert (tmp_path / "other" / "my.db").exists()
    code, out, _ = await finish(tmp_path, "check")
    assert "other/my.db" in out
    (tmp_path / "config.toml").write_text("[web]\nlisten = 1\n")
    assert (await refused(tmp_path, "export", "--format", "csv", "--out", "x.csv")).startswith(
        "config.toml: web.listen"
    )


async def test_a_variable_that_is_wrong_later_on_is_named(tmp_path: Path) -> None:
    line = await refused(tmp_path, "check", BOT_STAFF__OWNERS='["viber:1"]')
    assert line.startswith("BOT_STAFF__OWNERS: [staff] owners: viber is no channel")


async def test_a_pack_that_lacks_a_file_says_so_once(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "c.toml").write_text("[pack]\npath = 'p'")
    line = await refused(tmp_path, "check", "--config", "c.toml")
    assert line == "p/pack.toml: No such file or directory"


async def test_a_broken_pack_names_its_file(tmp_path: Path) -> None:
    shutil.copytree(DEFAULT, tmp_path / "p")
    (tmp_path / "p" / "topics.toml").write_text("[[topics]")
    assert (await refused(tmp_path, "check", BOT_PACK__PATH="p")).startswith("p/topics.toml: ")


# -- run


@pytest.mark.parametrize("command", ["check", "run", "demo", "chat"])
async def test_a_folder_of_files_that_cannot_be_is_named_before_anything_is_made(tmp_path: Path, command: str) -> None:
    line = await refused(tmp_path, command, BOT_FILES__FOLDER="/proc/x")
    assert line.startswith("BOT_FILES__FOLDER: [files] folder: /proc/x: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["check", "run", "demo", "chat", "invite --role viewer"])
async def test_a_database_that_cannot_be_is_one_line(tmp_path: Path, command: str) -> None:
    line = await refused(tmp_path, *command.split(), BOT_DATABASE__URL="sqlite:////proc/x/bot.db")
    assert line.startswith("BOT_DATABASE__URL: [database] url: /proc/x/bot.db: ")


@pytest.mark.parametrize("command", ["run", "demo"])
async def test_a_bot_without_a_channel_says_so_before_it_makes_anything(tmp_path: Path, command: str) -> None:
    line = await refused(tmp_path, command, BOT_WEB__ENABLED="false")
    assert line.startswith("no channel is set up")
    assert list(tmp_path.iterdir()) == []


async def test_run_answers_keeps_all_to_itself_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    port = free_port()
    process = await start(tmp_path, "run", BOT_WEB__LISTEN=f"127.0.0.1:{port}")
    try:
        await answers(port)
        async with aiohttp.ClientSession(headers={"Origin": f"http://127.0.0.1:{port}"}) as session:
            form = aiohttp.FormData(default_to_multipart=True)
            form.add_field("id", "message-1")
            form.add_field("files", b"\x89PNG\r\n\x1a\n", filename="a.png", content_type="image/png")
            async with session.post(f"http://127.0.0.1:{port}/chat/messages", data=form) as response:
                assert response.status == 200
        code, _, err = await finish(tmp_path, "run", BOT_WEB__LISTEN=f"127.0.0.1:{free_port()}")
        assert (code, err) == (
            TO_BE_SET_RIGHT,
            f"[database] url: data/bot.db is in use by process {process.pid}; stop that one first\n",
        )
        found = dict(modes(tmp_path / "data"))
        assert {"bot.db", "bot.db-wal", "files", "secret.key"} <= found.keys()
        assert any(re.fullmatch(r"files/../[0-9a-f]{64}", name) for name in found)
        assert {name: mode for name, mode in found.items() if mode} == {}
        await stop(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == FINE


async def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    taken = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    address = f"127.0.0.1:{taken.sockets[0].getsockname()[1]}"
    code, _, err = await finish(tmp_path, "run", BOT_WEB__LISTEN=address, BOT_LOG__LEVEL="error")
    taken.close()
    await taken.wait_closed()
    assert code == TO_BE_SET_RIGHT
    assert err.startswith(f"BOT_WEB__LISTEN: [web] listen: cannot listen on {address}: ")
    assert len(err.splitlines()) == 1


# -- invite


async def test_invite_prints_a_code_and_where_to_use_it(tmp_path: Path) -> None:
    code, out, err = await finish(tmp_path, "invite", "--role", "owner", BOT_WEB__PUBLIC_URL="https://bot.example.org")
    assert code == FINE, err
    invitation = out.splitlines()[0]
    assert f"/nhanma {invitation}" in out
    assert f"https://bot.example.org/?start=i_{invitation}" in out


async def test_a_role_that_does_not_exist_is_refused_with_the_roles_there_are(tmp_path: Path) -> None:
    code, out, err = await finish(tmp_path, "invite", "--role", "king")
    assert (code, out) == (TO_BE_SET_RIGHT, "")
    assert "owner" in err.splitlines()[-1]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("--role locality", "locality needs the code of at least one commune"),
        ("--role locality --scope 99999", "there is no commune 99999"),
        ("--role owner --scope 06124", "only locality has one, not owner"),
    ],
)
async def test_a_scope_that_cannot_be_is_refused(tmp_path: Path, given: str, complaint: str) -> None:
    assert await refused(tmp_path, "invite", *given.split()) == f"--scope: {complaint}"


async def test_an_invitation_for_communes_holds_them(tmp_path: Path) -> None:
    code, _, err = await finish(tmp_path, "invite", "--role", "locality", "--scope", "06124", "05977")
    assert code == FINE, err
    with closing(sqlite3.connect(tmp_path / "data" / "bot.db")) as reading:
        assert reading.execute("SELECT role, scope FROM invites").fetchall() == [("locality", "06124 05977")]


# -- export


@pytest.fixture
async def there(tmp_path: Path) -> Path:
    """A folder with an empty database."""
    code, _, err = await finish(tmp_path, "invite", "--role", "viewer")
    assert code == FINE, err
    return tmp_path


async def test_an_export_needs_a_database(tmp_path: Path) -> None:
    line = await refused(tmp_path, "export", "--format", "csv", "--out", "all.csv")
    assert line == "[database] url: there is no database data/bot.db yet"
    assert list(tmp_path.iterdir()) == []


async def test_an_export_writes_the_file_and_says_how_much_is_in_it(there: Path) -> None:
    for form in ("xlsx", "csv", "json"):
        code, out, err = await finish(there, "export", "--format", form, "--out", f"all.{form}")
        assert (code, out) == (FINE, f"all.{form}: 0 proposals\n"), err
        assert (there / f"all.{form}").stat().st_size


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("/proc/all.csv", "--out: /proc/all.csv: "),
        ("missing/all.csv", "--out: missing/all.csv: No such file or directory"),
        ("data/bot.db/all.csv", "--out: data/bot.db/all.csv: Not a directory"),
        ("data", "--out: data: "),
        ("pipe", "--out: pipe: "),
        ("link", "--out: link: "),
    ],
)
async def test_a_place_that_cannot_take_an_export_is_one_line(there: Path, out: str, said: str) -> None:
    os.mkfifo(there / "pipe")  # stands for a device: no test may aim at one of the machine
    (there / "link").symlink_to("data/bot.db")
    before = sorted(there.rglob("*"))
    line = await refused(there, "export", "--format", "csv", "--out", out)
    assert line.startswith(said)
    assert sorted(there.rglob("*")) == before
    assert (there / "pipe").is_fifo()
    assert (there / "link").is_symlink()


async def test_an_export_of_an_unknown_dialogue_or_language_names_the_known_ones(there: Path) -> None:
    line = await refused(there, "export", "--format", "csv", "--out", "a.csv", "--dialogue", "XX-1999")
    assert re.fullmatch(r"--dialogue: there is no dialogue XX-1999; known are: LS-\d{4}", line)
    line = await refused(there, "export", "--format", "csv", "--out", "a.csv", "--language", "fr")
    assert re.fullmatch(r"--language: there is no fr; known are .*vi.*", line)


# -- demo


async def test_the_demo_prints_where_it_is_and_ends_by_ctrl_c(tmp_path: Path) -> None:
    port = free_port()
    async with demo(tmp_path, port) as (process, printed):
        await answers(port)
        assert "200 invented proposals" in printed
        assert re.search(rf"http://127\.0\.0\.1:{port}/\?start=i_\w+", printed)
        await stop(process)
    assert process.returncode == FINE
    code, out, err = await finish(
        tmp_path, "export", "--format", "json", "--out", "demo.json", BOT_DATABASE__URL="sqlite:///data/demo.db"
    )
    assert code == FINE, err
    count = re.fullmatch(r"demo\.json: (\d+) proposals\n", out)
    assert count
    assert int(count[1]) > 100
    with closing(sqlite3.connect(tmp_path / "data" / "demo.db")) as database:
        assert database.execute("SELECT state FROM events").fetchall() == [("published",)] * 2
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (3,)


# -- evaluate


async def test_readings_are_measured_and_written_down(tmp_path: Path) -> None:
    data, out = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    data.write_text('{"id": "1", "text": "em muốn vay vốn", "topics": ["von"], "note": "ignored"}\n\n', "utf-8")
    code, told, _ = await finish(tmp_path, "evaluate", "--what", "topics", "--data", str(data), "--predict", str(out))
    assert code == FINE
    assert "accuracy, any listed                   1.000" in told
    assert '"id": "1", "text": "em muốn vay vốn", "topics": ["von"' in out.read_text("utf-8")
    _, printed, figures = await finish(tmp_path, "evaluate", "--what", "topics", "--data", str(data), "--predict", "-")
    assert (printed, "accuracy" in figures) == (out.read_text("utf-8"), True)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"id": "1", "text": "x"}', "line 2: topics: Field required"),
        ("not json", "line 2: Expecting value: line 1 column 1 (char 0)"),
        ('{"id": "0", "text": "x", "topics": []}', "line 2: id 0 stands there twice"),
    ],
)
async def test_a_bad_line_of_measured_texts_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    data = tmp_path / "rows.jsonl"
    data.write_text('{"id": "0", "text": "x", "topics": ["von"]}\n' + line, "utf-8")
    assert (await refused(tmp_path, "evaluate", "--what", "topics", "--data", str(data))).endswith(complaint)
