"""A long reply goes out in pieces that lose nothing and end where a reader pauses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Button, Reply, Span, plain, spans
from bot.pieces import markup, split, units

BUTTONS = ((Button("Gửi", "1.1.send"),),)
RUNS = st.lists(
    st.builds(Span, st.text("aă🎉 .\n<&", min_size=1, max_size=60), st.sampled_from(["", "b", "i", "code"])), min_size=1
)


def test_a_short_reply_stays_as_it_is() -> None:
    reply = Reply("Xin <b>chào</b>", BUTTONS)
    assert split(reply, 10) == [reply]


def test_a_long_text_ends_a_piece_with_a_sentence() -> None:
    pieces = split(Reply("Câu một dài. Câu hai dài. Câu ba."), 28)
    assert [piece.text for piece in pieces] == ["Câu một dài. Câu hai dài. ", "Câu ba."]


def test_a_paragraph_is_a_better_end_than_a_sentence() -> None:
    pieces = split(Reply("Một câu nhé.\n\nHai câu. Ba câu đây"), 25)
    assert [piece.text for piece in pieces] == ["Một câu nhé.\n\n", "Hai câu. Ba câu đây"]


def test_buttons_come_with_the_last_piece() -> None:
    pieces = split(Reply("Câu này. " * 20, BUTTONS), 50)
    assert [piece.buttons for piece in pieces] == [()] * (len(pieces) - 1) + [BUTTONS]


def test_a_style_goes_on_in_the_next_piece() -> None:
    assert [piece.text for piece in split(Reply("<b>Một hai. Ba bốn.</b>"), 10)] == [
        "<b>Một hai. </b>",
        "<b>Ba bốn.</b>",
    ]


def test_a_character_of_two_units_counts_as_two() -> None:
    assert units("a🎉ă") == 4
    assert [piece.text for piece in split(Reply("🎉" * 5), 4)] == ["🎉🎉", "🎉🎉", "🎉"]


def test_no_piece_is_blank() -> None:
    assert [piece.text for piece in split(Reply("a" * 10 + "\n\n\n", BUTTONS), 10)] == ["a" * 10]


def test_a_reply_of_nothing_but_blanks_keeps_its_buttons() -> None:
    [only] = split(Reply(" " * 20, BUTTONS), 10)
    assert only.buttons == BUTTONS


@given(RUNS, st.integers(min_value=4, max_value=40))
def test_pieces_fit_and_together_say_the_same(runs: list[Span], limit: int) -> None:
    reply = Reply("".join(markup(run) for run in runs), BUTTONS)
    pieces = split(reply, limit)
    assert all(units(plain(piece.text)) <= limit for piece in pieces)
    assert "".join("".join(plain(piece.text) for piece in pieces).split()) == "".join(plain(reply.text).split())
    assert pieces[-1].buttons == BUTTONS
    styled = [(char, span.style) for piece in pieces for span in spans(piece.text) for char in span.text.strip()]
    wanted = [(char, span.style) for span in spans(reply.text) for char in span.text if char.strip()]
    assert [pair for pair in styled if pair[0].strip()] == wanted
