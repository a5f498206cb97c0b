"""`milepost notify`, as typed, beside a gateway that has the outbox open."""

import asyncio
import threading
import urllib.request
from contextlib import contextmanager
from urllib.error import HTTPError

import pytest
import typer
from standardwebhooks import Webhook
from typer.testing import CliRunner

from gateway.adapters.state import outbox, outbox_desk
from gateway.domain.letter import Fate
from gateway.sending.secrets import parse_secret, write_secret
from gateway.sending.signing import write_body, write_headers
from milepost.commands import notify
from milepost.errors import CommandError
from milepost.listening import Listener, describe
from tests.fixtures.letters import HAPPENED, HOOK, KEY, OLD_KEY, draft, letter
from tests.fixtures.waiting import until

runner = CliRunner()
A, B, C = draft("a"), draft("b", time=HAPPENED + 86_400_000), draft("c")


@pytest.fixture
def config(tmp_path):
    (tmp_path / "erp.secret").write_text(write_secret(KEY) + "\n")
    path = tmp_path / "gateway.toml"
    path.write_text(
        f'data_dir = "{tmp_path}/data"\n[[webhooks]]\nname = "erp"\nurl = "http://127.0.0.1:1/"\n'
        'secret_file = "erp.secret"\nallow = ["127.0.0.1"]\n'
    )
    return path


def run(*arguments):
    root = typer.Typer()
    root.callback()(lambda: None)
    notify.register(root)
    result = runner.invoke(root, ["notify", *map(str, arguments)])
    if isinstance(result.exception, CommandError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


async def beside(*arguments):
    """Run it while the loop of the test goes on."""
    return await asyncio.to_thread(run, *arguments)


@pytest.fixture
async def gateway(outbox_rig):
    """Return the outbox of a gateway with two dead letters and an open one, which stays open."""
    await outbox_rig.put(A, B, C)
    await outbox_rig.settle(A.id, Fate.FAILED, detail="500")
    await outbox_rig.settle(B.id, Fate.FAILED, detail="timed_out")
    return outbox_rig


async def test_the_list_counts_and_shows_what_was_asked_for(gateway, config):
    shown = (await beside("list", "--config", config, "--state", "dead")).splitlines()
    assert shown[0] == "2 dead  1 open"
    assert shown[3].split()[:2] == [HOOK, "failing"]
    assert [line.split()[0] for line in shown[6:]] == [B.id, A.id]
    assert shown[6].split()[-1] == "timed_out"


async def test_letters_are_replayed_by_id(gateway, config):
    assert (await beside("replay", A.id, C.id, "nothing", "--config", config)).splitlines() == [
        f"{C.id}: it is still being tried",
        "nothing: there is no such letter (any more)",
        "1 of 3 are sent again; a running gateway begins within a second",
    ]
    assert [each.id for each in await gateway.due(HAPPENED * 2)] == [A.id]


async def test_letters_are_replayed_by_the_day(gateway, config):
    told = await beside("replay", "--endpoint", "erp", "--from", "2024-11-24", "--to", "2024-11-25", "--config", config)
    assert told.startswith("1 of 1 are sent again")
    assert [each.id for each in await gateway.due(HAPPENED * 2)] == [B.id]


async def test_a_replay_goes_on_until_all_of_its_range_are_sent_again(gateway, config, monkeypatch):
    monkeypatch.setattr(outbox_desk, "REPLAYED_AT_ONCE", 1)
    told = await beside("replay", "--endpoint", "erp", "--config", config)
    assert told.startswith("2 of 2 are sent again")
    assert await gateway.desk.counts() == {"open": 3}


async def test_a_replay_says_what_is_left_and_why(gateway, config, monkeypatch):
    monkeypatch.setattr(outbox_desk, "REPLAYED_AT_ONCE", 1)
    monkeypatch.setattr(outbox, "OPEN_AT_MOST", 2)
    assert (await beside("replay", "--endpoint", "erp", "--config", config)).splitlines() == [
        "1 or more are left: too many letters wait for its endpoint; then replay again",
        "1 of 2 are sent again; a running gateway begins within a second",
    ]


async def test_a_replay_to_who_is_not_in_the_settings_is_refused_by_name(gateway, config):
    config.write_text(config.read_text().replace('name = "erp"', 'name = "shop"'))
    with pytest.raises(CommandError, match="no endpoint 'webhook/erp' in the settings"):
        await beside("replay", "--endpoint", "erp", "--config", config)
    assert (await beside("replay", A.id, "--config", config)).splitlines() == [
        f"{A.id}: its endpoint is not in the settings (any more): nobody would send it",
        "0 of 1 are sent again; a running gateway begins within a second",
    ]
    assert await gateway.desk.counts() == {"dead": 2, "open": 1}


async def test_a_replay_names_one_or_the_other(gateway, config):
    for arguments in ([], [A.id, "--endpoint", "erp"]):
        with pytest.raises(CommandError, match="either ids, or --endpoint"):
            await beside("replay", *arguments, "--config", config)


async def test_an_endpoint_is_enabled(gateway, config):
    with pytest.raises(CommandError, match="erp is not switched off"):
        await beside("enable", "erp", "--config", config)
    await gateway.outbox.disable(HOOK, HAPPENED, "410 Gone")
    assert (await beside("enable", "erp", "--config", config)).startswith("erp is switched on; 3 dead letters")
    assert (await gateway.outbox.standing(HOOK)).disabled is None


def test_without_a_state_the_path_is_told(config):
    with pytest.raises(CommandError, match=r"state\.db: the gateway makes it"):
        run("list", "--config", config)


def test_a_secret_is_one_for_the_standards_library():
    made = run("secret").strip()
    assert len(parse_secret(made)) == 32
    assert Webhook(made)


def test_send_test_says_what_is_wrong(config):
    with pytest.raises(CommandError, match="erp: failed, unreachable: Connection refused"):
        run("send-test", "erp", "--config", config)
    with pytest.raises(CommandError, match="no webhook 'shop'; the settings have erp"):
        run("send-test", "shop", "--config", config)
    config.with_name("erp.secret").write_text("hunter2")
    with pytest.raises(CommandError, match="holds no webhook's secret: it does not begin with whsec_") as refused:
        run("send-test", "erp", "--config", config)
    assert "hunter2" not in str(refused.value)


@contextmanager
def listening(lines):
    with Listener(("127.0.0.1", 0), [KEY], lines.append) as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,))
        thread.start()
        yield listener.server_address[1]
        listener.shutdown()
        thread.join()


def post(port, body, headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", body, dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


def signed(key=KEY, **fields):
    body = write_body(letter(**fields))
    return body, write_headers(letter().id, body, [key], notify._now())


def test_send_test_arrives_at_listen(config):
    lines = []
    with listening(lines) as port:
        config.write_text(config.read_text().replace(":1/", f":{port}/"))
        assert run("send-test", "erp", "--config", config) == "erp: delivered, 204\n"
    (line,) = lines
    assert "new    webhook.test" in line
    assert "note=a test of this webhook" in line


def test_listen_says_a_line_of_each_and_answers(config):
    lines = []
    with listening(lines) as port:
        assert post(port, *signed()) == 204
        assert post(port, *signed()) == 204
        assert post(port, *signed(OLD_KEY)) == 401
        assert post(port, b"{}", {}) == 401
        assert post(port, b"x" * 20_000, {}) == 413
        until(lambda: len(lines) == 5)
    assert "new    stop.arrived  2024-11-23T15:16:40.000Z  stop=s1  order=A-1  seq=7  id=" in lines[0]
    assert "again  stop.arrived" in lines[1]
    assert "REFUSED  no signature fits: it is signed with another secret" in lines[2]
    assert "REFUSED  the header webhook-id is missing" in lines[3]
    assert "REFUSED  a body of 20000 bytes" in lines[4]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"type":"a\\u001b[2J","timestamp":"t","data":{"x":[1,2]}}', "a�[2J  t  x=[1,2]"),
        (b'{"type":"a","timestamp":"t","data":{"x":"%s"}}' % (b"y" * 99), "a  t  x=" + "y" * 59 + "…"),
        (b"[]", "2 bytes that are no event"),
        (b'{"type":"a","timestamp":"t","data":7}', "37 bytes that are no event"),
        (b"\xff", "1 bytes that are no event"),
    ],
)
def test_a_line_is_legible_whatever_was_sent(body, told):
    assert describe(body) == told
