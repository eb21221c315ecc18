"""What the process writes about itself: nothing that anybody said."""

from __future__ import annotations

import subprocess
import sys

SAYS = """
import logging
from bot.logs import set_up
set_up("info", "console")
try:
    raise ValueError("BIMAT của Lan")
except ValueError:
    logging.getLogger("aiohttp.server").exception("Error handling %s", "a request")
"""


def test_the_message_of_a_librarys_error_stays_out_of_the_log() -> None:
    done = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, timeout=20, check=True)
    assert "Error handling a request (ValueError)" in done.stderr
    assert "BIMAT" not in done.stderr
