"""Streams over a real server: who goes away is let go, and a document that breaks off looks like one."""

import asyncio

import pytest

from gateway.http.api import build_api
from gateway.http.server import bind, make_server
from gateway.planning.document import MAX_DOCUMENT_BYTES
from tests.fixtures.api import TOKEN
from tests.fixtures.routes import START, plan
from tests.fixtures.waiting import eventually

REQUEST = "GET {} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {}\r\n\r\n"


@pytest.fixture
async def port(api_rig):
    """The port of a server over the rig's parts."""
    listener = bind("127.0.0.1", 0, 0)
    server = make_server(build_api(api_rig.parts))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await server.serving.wait()
    yield listener.getsockname()[1]
    api_rig.feed.close()
    server.should_exit = True
    await task


async def ask(port, path):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST.format(path, TOKEN).encode())
    return reader, writer


async def all_of(reader):
    async with asyncio.timeout(10):
        return await reader.read()


async def test_a_live_stream_begins_with_the_snapshot(api_rig, port):
    api_rig.put()
    reader, writer = await ask(port, "/api/v1/live")
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
        event = await reader.readuntil(b"\n\n")
    assert b"text/event-stream" in head
    assert b"no-store" in head
    assert b'event: snapshot\ndata: {"now":' in event
    writer.close()


async def test_a_reader_that_goes_away_is_let_go(api_rig, port):
    _, writer = await ask(port, "/api/v1/live")
    await eventually(lambda: api_rig.feed.readers == 1)
    writer.close()
    await eventually(lambda: api_rig.feed.readers == 0)


async def test_live_streams_end_when_the_feed_closes(api_rig, port):
    reader, _ = await ask(port, "/api/v1/live")
    await eventually(lambda: api_rig.feed.readers == 1)
    api_rig.feed.close()
    async with asyncio.timeout(10):
        assert b"snapshot" in await reader.readuntil(b"\r\n0\r\n\r\n")


async def test_a_track_that_breaks_in_the_middle_is_not_a_whole_document(api_rig, port):
    api_rig.tracks.pieces, api_rig.tracks.failure = [b"[1,", b"2,"], "the store is gone"
    reader, _ = await ask(port, "/api/v1/vehicles/van/track")
    answer = await all_of(reader)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"[1," in answer
    assert not answer.endswith(b"0\r\n\r\n")


async def test_a_whole_document_ends_as_one(api_rig, port):
    reader, writer = await ask(port, "/api/v1/vehicles/van/track")
    async with asyncio.timeout(10):
        assert b"[]" in await reader.readuntil(b"0\r\n\r\n")
    writer.close()


async def test_a_client_that_leaves_ends_the_export(api_rig, port):
    closed = asyncio.Event()

    async def endless(_request):
        try:
            while True:
                yield b"x" * 65_536
                await asyncio.sleep(0)
        finally:
            closed.set()

    api_rig.tracks.stream = endless
    reader, writer = await ask(port, "/api/v1/vehicles/van/track")
    await reader.readuntil(b"xxxx")
    writer.transport.abort()
    async with asyncio.timeout(10):
        await closed.wait()


async def test_a_live_stream_tells_of_routes(api_rig, port):
    api_rig.routes.follow(plan())
    feed = asyncio.create_task(api_rig.feed.run())
    reader, writer = await ask(port, "/api/v1/live")
    async with asyncio.timeout(10):
        assert b'"routes":[{"fleet":"main","route":"r1"' in await reader.readuntil(b"\n\n")
        await eventually(lambda: api_rig.feed.readers == 1)
        api_rig.feed.routes_changed(api_rig.routes.report(plan(), START, 60.17, 24.94))
        event = await reader.readuntil(b"event: routes")
        event += await reader.readuntil(b"\n\n")
    assert f'"heard":{START}'.encode() in event
    feed.cancel()
    writer.close()


async def test_a_record_that_breaks_in_the_middle_is_not_a_whole_document(api_rig, port):
    api_rig.routes.follow(plan())
    api_rig.routes.records.pieces, api_rig.routes.records.failure = [b"<html>", b"<p>"], "the process ended"
    reader, _ = await ask(port, "/api/v1/routes/r1/record?format=html")
    answer = await all_of(reader)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"<html>" in answer
    assert not answer.endswith(b"0\r\n\r\n")


async def test_a_client_that_leaves_ends_the_making_of_its_record(api_rig, port):
    closed = asyncio.Event()

    async def endless(_request):
        try:
            while True:
                yield b"x" * 65_536
                await asyncio.sleep(0)
        finally:
            closed.set()

    api_rig.routes.follow(plan())
    api_rig.routes.records.stream = endless
    reader, writer = await ask(port, "/api/v1/routes/r1/record?format=csv")
    await reader.readuntil(b"xxxx")
    writer.transport.abort()
    async with asyncio.timeout(10):
        await closed.wait()


async def test_a_file_that_is_too_large_is_refused_before_it_is_all_sent(api_rig, port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "POST /api/v1/routes HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n"
    writer.write(head.format(TOKEN, MAX_DOCUMENT_BYTES + 1).encode())
    async with asyncio.timeout(10):
        assert (await reader.readline()).startswith(b"HTTP/1.1 413")
    assert not api_rig.routes.dispatch.taken
    writer.close()
