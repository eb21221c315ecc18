"""`python -m bot …`: arguments only."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from bot.commands import chat, check, demo, evaluate, export, invite, located, run, train
from bot.errors import BotError
from bot.exports.write import Format
from handlers.acts.rights import useful

CONFIG = Path("config.toml")


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="python -m bot", description="A chatbot between young people and their leaders.")
    commands = top.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--config", type=Path, metavar="FILE", help="settings; config.toml of this folder if not given")
    for module, about in (
        (run, "runs the bot on every channel that is set up"),
        (check, "checks settings, pack and database, and says what is wrong"),
        (chat, "talks to the bot in this terminal"),
    ):
        one = commands.add_parser(name(module), parents=[shared], help=about, description=about)
        one.set_defaults(run=module.run)
        if module is check:
            one.add_argument("--pack", type=Path, metavar="DIR", help="checks nothing but the pack in this folder")
    demonstration = commands.add_parser("demo", help="runs the bot with invented proposals on the web page")
    demonstration.add_argument(
        "--config", type=Path, metavar="FILE", help="settings; only the environment if not given"
    )
    demonstration.set_defaults(run=demo.run)
    invitation = commands.add_parser("invite", parents=[shared], help="prints a one-time code that gives a role")
    invitation.add_argument("--role", required=True, choices=[str(role) for role in useful()])
    invitation.add_argument(
        "--scope", nargs="+", default=[], metavar="CODE", help="the communes that the role locality is for"
    )
    invitation.set_defaults(run=invite.run)
    exporting = commands.add_parser(
        "export", parents=[shared], help="writes the grouped proposals of a dialogue to a file"
    )
    exporting.add_argument("--format", required=True, choices=[str(form) for form in Format])
    exporting.add_argument("--out", required=True, type=Path, metavar="FILE")
    exporting.add_argument("--dialogue", default="", metavar="CODE", help="the current one if not given")
    exporting.add_argument("--language", default="", help="the first of the pack if not given")
    exporting.set_defaults(run=export.run)
    about = "measures how well texts are read, on a file of texts whose meaning is known"
    evaluating = commands.add_parser("evaluate", parents=[shared], help=about, description=about)
    evaluating.add_argument("--what", required=True, choices=("topics", "places", "similar", "language"))
    evaluating.add_argument("--data", required=True, type=Path, metavar="FILE", help="JSON, one text a line")
    evaluating.add_argument("--predict", type=Path, metavar="FILE", help="writes what was read; - prints it")
    evaluating.add_argument("--pack", type=Path, metavar="DIR", help="the one that comes along if not given")
    evaluating.add_argument("--verbose", action="store_true", help="shows what was read wrong")
    evaluating.set_defaults(run=evaluate.run)
    about = "learns the topics of a pack from its examples, and writes what was learnt into its folder"
    training = commands.add_parser("train", parents=[shared], help=about, description=about)
    training.add_argument("--pack", type=Path, metavar="DIR", help="the one that comes along if not given")
    training.set_defaults(run=train.run)
    return top


def name(module: object) -> str:
    return str(getattr(module, "__name__", "")).rpartition(".")[2]


def main() -> int:
    """Runs a command; gives its exit code: 2 for something that must be set right first."""
    os.umask(0o077)  # what young people wrote is for nobody else on this machine
    arguments = parser().parse_args()
    if arguments.config is None and arguments.run is not demo.run and CONFIG.exists():
        arguments.config = CONFIG
    try:
        return int(asyncio.run(arguments.run(arguments)))
    except BotError as error:
        print(located(str(error), arguments.config, os.environ), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read what is printed has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
