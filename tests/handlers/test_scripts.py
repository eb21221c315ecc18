"""Young people's scripts run on every messenger, or say why not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

YOUTH = Path(__file__).parent / "youth"
EVERYWHERE = "lan"  # the fixture that is a person on each messenger
ELSEWHERE = {
    "test_a_draft_of_another_chat_cannot_be_discarded": "needs two people",
    "test_a_question_of_staff_is_answered_and_the_answer_reaches_them": "needs two people",
    "test_anothers_proposal_is_as_if_it_were_not_there": "needs two people",
    "test_a_question_while_it_is_on_reaches_staff_at_once": "needs two people",
    "test_full_means_a_place_in_line_and_a_free_seat_goes_to_the_first": "needs three people",
    "test_more_seats_are_given_to_those_who_wait": "needs two people",
    "test_the_qr_code_opens_the_bot_with_the_event": "needs pages with an address",
    "test_a_restart_in_the_middle_changes_nothing": "starts the bot twice",
    "test_a_typed_send_counts_for_the_card_that_was_seen": "is about messengers without buttons",
    "test_a_flood_before_consent_is_refused_with_a_reason_not_scored_word_by_word": "120 messages take long",
    "test_a_whole_english_visit": "needs somebody who speaks English",
    "test_a_word_that_looks_like_a_button_is_a_word": "is about many words, not about messengers",
    "test_an_age_that_is_written_is_read": "is about many words, not about messengers",
    "test_each_command_has_its_name_in_each_language": "needs two people",
    "test_nothing_is_kept_of_somebody_who_does_not_agree_or_is_too_young": "reads every file of a bot of its own",
    "test_pressing_send_twice_says_only_that_it_is_done": "needs buttons",
    "test_the_first_text_decides_the_language": "needs somebody whose language is not known",
    "test_the_language_is_offered_with_the_first_question_and_changes_it": (
        "needs somebody whose language is not known"
    ),
    "test_what_is_turned_off_stays_off_however_often_the_button_is_pressed": "needs buttons",
    "test_what_is_no_plain_age_decides_nothing": "is about many words, not about messengers",
    "test_alike.py": "needs several people; one of its scripts runs everywhere",
    "test_hints.py": "is about many words; a script of each kind runs everywhere",
    "test_rights.py": "is about roles, and about what two people may do with each other's",
    "test_files.py": "has a messenger of its own that loses files",
    "test_typing.py": "is about messengers without buttons",
}  # a script, or a whole file, and the reason


def scripts() -> Iterator[tuple[str, ast.AsyncFunctionDef]]:
    for file in sorted(YOUTH.glob("test_*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield file.name, node


def runs_everywhere(script: ast.AsyncFunctionDef) -> bool:
    return any(argument.arg == EVERYWHERE for argument in script.args.args)


def test_every_script_runs_on_every_messenger_or_says_why_not() -> None:
    missing = [
        script.name
        for file, script in scripts()
        if not runs_everywhere(script) and not {file, script.name} & ELSEWHERE.keys()
    ]
    assert missing == []


def test_no_reason_is_given_for_a_script_that_needs_none() -> None:
    needed = {name for file, script in scripts() if not runs_everywhere(script) for name in (file, script.name)}
    assert ELSEWHERE.keys() <= needed
