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
    "test_a_change_promises_nobody_a_seat_who_waits_for_one": "needs two people",
    "test_alike.py": "needs several people; one of its scripts runs everywhere",
    "test_hints.py": "is about many words; a script of each kind runs everywhere",
    **dict.fromkeys(
        (
            "test_a_code_can_be_shown_on_either_side",
            "test_nothing_is_linked_before_both_sides_have_agreed",
            "test_a_request_is_no_matter_of_others",
            "test_a_code_works_once_and_for_ten_minutes",
            "test_a_code_that_is_the_first_word_in_a_new_chat_links_it",
            "test_whoever_guesses_is_stopped_even_before_a_right_code",
            "test_an_open_draft_goes_on_and_its_proposal_is_the_joint_persons",
            "test_a_draft_begun_on_one_messenger_is_gone_on_with_on_the_other",
            "test_a_draft_of_somebody_else_cannot_be_fetched",
            "test_settings_are_those_of_the_side_that_shows_the_code_and_come_back",
            "test_a_role_goes_along_after_both_were_told_and_stays_where_it_came",
            "test_of_two_roles_the_one_of_the_side_that_shows_the_code_counts",
            "test_a_stranger_who_is_linked_has_agreed_already",
            "test_two_strangers_have_nothing_to_link",
            "test_three_chats_come_together_and_each_can_go",
            "test_a_notice_comes_once_to_the_messenger_used_last",
            "test_a_draft_that_waits_for_its_dialogue_is_offered_where_it_went",
            "test_a_draft_is_spoken_of_where_it_can_be_gone_on_with",
            "test_a_draft_left_alone_is_spoken_of_in_its_own_chat",
            "test_of_two_seats_of_one_person_the_first_who_waits_gets_one",
            "test_who_turns_out_too_young_or_does_not_agree_is_linked_with_nobody",
        ),
        "needs two messengers at once",
    ),
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
