"""The shape that a conversation must have to be run from the top at every turn: seen in its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HANDLERS = Path(__file__).parent.parent / "handlers"


def conversations(tree: ast.AST) -> Iterator[ast.AsyncFunctionDef]:
    """The coroutines that are given a Talk."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef):
            arguments = [*node.args.args, *node.args.kwonlyargs]
            if any(isinstance(one.annotation, ast.Name) and one.annotation.id == "Talk" for one in arguments):
                yield node


def faults(function: ast.AsyncFunctionDef) -> Iterator[str]:
    """What would act at a question, where a run ends: it would act at every turn."""
    for node in ast.walk(function):
        match node:
            case ast.Try(finalbody=[_, *_]):
                yield f"finally in {function.name}, line {node.lineno}"
            case ast.ExceptHandler(type=None) | ast.ExceptHandler(type=ast.Name(id="BaseException")):
                yield f"an except that stops a question in {function.name}, line {node.lineno}"
            case ast.AsyncWith():
                yield f"async with in {function.name}, line {node.lineno}"
            case ast.Attribute(attr="gather") | ast.Name(id="gather"):
                yield f"gather in {function.name}, line {node.lineno}"
            case _:
                pass


@pytest.mark.parametrize("file", sorted(HANDLERS.rglob("*.py")), ids=lambda file: file.stem)
def test_no_conversation_has_anything_around_a_question(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    assert [fault for function in conversations(tree) for fault in faults(function)] == []


def test_there_are_conversations_to_look_at() -> None:
    names = {f.name for file in HANDLERS.rglob("*.py") for f in conversations(ast.parse(file.read_text("utf-8")))}
    assert {"propose", "start", "known_person", "ask_place"} <= names


@pytest.mark.parametrize(
    "body",
    [
        "try:\n    await talk.ask('a', 'b')\n  finally:\n    pass",
        "try:\n    await talk.ask('a', 'b')\n  except BaseException:\n    pass",
        "try:\n    await talk.ask('a', 'b')\n  except:\n    pass",
        "async with x:\n    await talk.ask('a', 'b')",
        "await asyncio.gather(talk.ask('a', 'b'))",
    ],
)
def test_each_wrong_shape_is_seen(body: str) -> None:
    [function] = conversations(ast.parse(f"async def wrong(talk: Talk):\n  {body}"))
    assert list(faults(function))
