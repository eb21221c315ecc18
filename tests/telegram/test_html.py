"""The server's own way with tags."""

from __future__ import annotations

import pytest

from tests.telegram.html import parse
from tests.telegram.refusals import RefusalError

BROKEN = [
    ("a <x>b", 'Unsupported start tag "x" at byte offset 2'),
    ("ế <SCRIPT>", 'Unsupported start tag "script" at byte offset 4'),
    ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("<< a >>", 'Unsupported start tag "<" at byte offset 0'),
    ("2<3", "Unclosed start tag at byte offset 1"),
    ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
    ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    ("<b><i>test</b></i>", 'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"'),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<a href="http://a.b>c</a>', "Unclosed start tag at byte offset 0"),
    ("<a href>c</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
    ("<a =x>c</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a b c=1>c</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
    ("<a href=http://a.b>c</a>", "Unexpected end of name token at byte offset 8"),
]


@pytest.mark.parametrize(("text", "reason"), BROKEN)
def test_broken_tags_are_refused(text: str, reason: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse(text)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


KINDS = [
    ("b", "bold"), ("strong", "bold"), ("i", "italic"), ("em", "italic"), ("u", "underline"), ("ins", "underline"),
    ("s", "strikethrough"), ("strike", "strikethrough"), ("del", "strikethrough"), ("code", "code"), ("pre", "pre"),
    ("tg-spoiler", "spoiler"), ("blockquote", "blockquote"), ("B", "bold"),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "kind"), KINDS)
def test_tags_become_entities(tag: str, kind: str) -> None:
    assert parse(f"😀<{tag}>ế😀</{tag}>!") == ("😀ế😀!", [{"offset": 2, "length": 3, "type": kind}])


def test_attributes_are_read() -> None:
    assert parse('<a href="https://a.vn/?x=1&amp;y">đây</a>')[1] == [
        {"offset": 0, "length": 3, "type": "text_link", "url": "https://a.vn/?x=1&y"}
    ]
    assert parse('<span class="tg-spoiler">a</span>')[1][0]["type"] == "spoiler"
    assert parse("<blockquote expandable>a</blockquote>")[1][0]["type"] == "expandable_blockquote"
    assert parse('<pre><code class="language-python">a</code></pre>')[1] == [
        {"offset": 0, "length": 1, "type": "pre", "language": "python"}
    ]


@pytest.mark.parametrize(
    ("written", "text"),
    [("&lt;&gt;&amp;&quot;", '<>&"'), ("&#39;&#x1F600;", "'😀"), ("&nbsp; &apos; &; & &#0;", "&nbsp; &apos; &; & &#0;"),
     ("AT&T &ltx", "AT&T &ltx"), ("&lt3", "<3")],
)  # fmt: skip
def test_entities_are_decoded_or_kept(written: str, text: str) -> None:
    assert parse(written) == (text, [])


def test_nested_entities_come_in_order() -> None:
    assert [entity["type"] for entity in parse("<b>a<i>b</i></b><u></u>")[1]] == ["bold", "italic"]
