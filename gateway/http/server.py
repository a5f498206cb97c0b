"""Serves the application on the gateway's own event loop."""

import asyncio
import contextlib
import errno
import resource
import socket
from collections.abc import Generator, Sequence
from typing import Any

import uvicorn

BACKLOG = 1_024
"""Connections that wait to be accepted; the loop accepts within milliseconds. A restart brings all pages at once."""

KEEP_ALIVE_S = 30
"""Idle connections are closed after this."""

GOODBYE_S = 3
"""Answers under way get this long to end when the gateway stops; live streams end at once."""

MAX_CONNECTIONS = 4_096
"""Connections at a time: live readers, and customers' pages, which keep theirs between two questions. An idle one takes
some 20 KB. Further ones are answered 503."""

OTHER_FILES = 512
"""Files and sockets beside: databases, the broker, export processes."""


class PortTaken(Exception):  # noqa: N818 - a state of the world, named as such
    """No port could be bound; the message names them and what to do."""


class Server(uvicorn.Server):
    """Uvicorn that leaves the signals to the composition root, and says when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        """Prepare to serve; `serving` is set once connections are accepted."""
        super().__init__(config)
        self.serving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await super().startup(sockets)
        self.serving.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture nothing."""
        yield


def make_server(application: Any, proxies: Sequence[str] = ()) -> Server:  # noqa: ANN401 - any ASGI application
    """Return a server for an ASGI application; run it with `serve(sockets=…)`, end it with `should_exit`.

    Of a connection from one of `proxies` (addresses or networks) the client's address and scheme are what the proxy
    says (X-Forwarded-For, X-Forwarded-Proto); of all others they are the connection's own, whatever they claim.
    """
    return Server(
        uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
            http="h11",
            ws="none",
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GOODBYE_S,
            limit_concurrency=MAX_CONNECTIONS,
        )
    )


def bind(host: str, port: int, further: int) -> socket.socket:
    """Return a listening socket on `port`, or on the first free one of the `further` ports above it.

    Raises:
        PortTaken: all of them are in use, or the address cannot be bound.

    """
    for candidate in range(port, port + further + 1):
        try:
            return _listen(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise PortTaken(f"cannot listen on {host}:{candidate}: {error.strerror}") from error
    tried = f"{port}" if not further else f"{port} to {port + further}"
    raise PortTaken(f"port {tried} of {host} is in use: stop the other program, or set another `port` under [http]")


def make_room() -> None:
    """Let the process open as many files as it takes connections, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.settimeout(0)
    return listener
