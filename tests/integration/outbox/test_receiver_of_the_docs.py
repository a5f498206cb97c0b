"""The receiver that `docs/webhooks.md` shows works as it stands there."""

import asyncio
import re
import socket
import sys
import time
from pathlib import Path

import pytest

from gateway.adapters.webhooks import WebhookOptions, WebhookPost
from gateway.domain.letter import Fate
from gateway.sending.secrets import write_secret
from tests.fixtures.letters import KEY, LOCAL, OLD_KEY, letter

PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"


def shown():
    """Return the code of the page's only block of Python."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return code


def test_it_has_twenty_lines():
    assert len([line for line in shown().splitlines() if line]) <= 20


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
async def receiver(tmp_path):
    """Return the running receiver with its port; it has the new secret."""
    (tmp_path / "erp.secret").write_text(write_secret(KEY) + "\n")
    port = free_port()
    arguments = ("-c", shown(), tmp_path / "erp.secret", str(port))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            break
    yield process, port
    process.kill()
    await process.wait()


async def send(port, keys, **fields):
    post = WebhookPost(WebhookOptions("erp", f"http://127.0.0.1:{port}/", keys, LOCAL))
    try:
        return await post.send(letter(**fields), time.time_ns() // 1_000_000)
    finally:
        await post.close()


async def test_it_takes_what_is_genuine_once_and_refuses_the_rest(receiver):
    process, port = receiver
    assert (await send(port, (OLD_KEY,))).detail == "401 Unauthorized"
    assert (await send(port, (KEY,))).fate is Fate.DELIVERED
    assert (await send(port, (KEY, OLD_KEY))).fate is Fate.DELIVERED
    assert (await send(port, (OLD_KEY, KEY), id="another", kind="stop.failed")).fate is Fate.DELIVERED
    assert await process.stdout.readline() == b"stop.arrived {'stop': 's1', 'order': 'A-1', 'seq': 7}\n"
    assert await process.stdout.readline() == b"stop.failed {'stop': 's1', 'order': 'A-1', 'seq': 7}\n"


async def test_it_refuses_an_old_copy(receiver):
    _, port = receiver
    post = WebhookPost(WebhookOptions("erp", f"http://127.0.0.1:{port}/", (KEY,), LOCAL))
    assert (await post.send(letter(), time.time_ns() // 1_000_000 - 301_000)).detail == "401 Unauthorized"
    await post.close()
