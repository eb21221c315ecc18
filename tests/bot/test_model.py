"""What messengers share survives storage, and nothing that was written can break a message."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Attachment, AttachmentKind, Message, Phrase, PhraseValue, Span, escape, plain, readable, spans

FILES = st.builds(
    Attachment, st.sampled_from(AttachmentKind), st.text(), st.text(), st.integers(min_value=0), st.text(), st.text()
)
MESSAGES = st.builds(
    Message, st.text(), st.text(), st.text(), st.text(), st.text(), st.lists(FILES, max_size=3).map(tuple), st.text()
)
KEYS = st.text("abc.", min_size=1)
NAMES = st.text("xyz", min_size=1)
PHRASES: st.SearchStrategy[Phrase] = st.recursive(
    st.builds(Phrase, KEYS, st.dictionaries(NAMES, st.text() | st.integers(), max_size=3)),
    lambda inner: st.builds(Phrase, KEYS, st.dictionaries(NAMES, inner | st.lists(inner, max_size=3), max_size=2)),
    max_leaves=6,
)


@given(MESSAGES)
def test_a_message_survives_storage(message: Message) -> None:
    assert Message.from_json(json.loads(json.dumps(message.to_json()))) == message


@given(PHRASES)
def test_a_phrase_survives_storage(phrase: Phrase) -> None:
    assert Phrase.from_json(json.loads(json.dumps(phrase.to_json()))) == phrase


@pytest.mark.parametrize("value", [None, 1.5])
def test_what_is_no_value_of_a_phrase_is_refused(value: PhraseValue) -> None:
    with pytest.raises(TypeError):
        Phrase.from_json({"$": "key", "hole": value})


@given(st.text())
def test_a_value_made_harmless_reads_as_it_was_written(text: str) -> None:
    assert plain(escape(text)) == text


def test_only_three_elements_are_styles() -> None:
    assert list(spans("<b>đậm</b> và <u>gạch</u> &lt;b&gt;")) == [
        Span("đậm", "b"),
        Span(" và "),
        Span("gạch"),
        Span(" <b>"),
    ]


@given(st.text())
def test_readable_text_can_be_stored_and_loses_no_place(text: str) -> None:
    clean = readable(text)
    clean.encode("utf-8")
    assert readable(clean) == clean
    assert not set(clean) & {"\r", "\x00"}
    assert len(clean) == len(text.replace("\r\n", "\n"))


def test_what_cannot_be_read_is_marked() -> None:
    assert readable("a\x00b\ud800c\r\nd\re") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\nd\ne"
