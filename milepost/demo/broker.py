"""An MQTT broker inside the process: amqtt, which speaks 3.1.1 only; Mosquitto does this everywhere else."""

import asyncio
from functools import partial
from types import TracebackType
from typing import Self

from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType

LOOPBACK = "127.0.0.1"
LISTENER = "default"
PLUGINS = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
"""Anybody on this machine may connect, as to a Mosquitto without a password file; nobody from outside can."""


class EmbeddedBroker:
    """Listens on a free port of the loopback while the context lasts."""

    def __init__(self) -> None:
        """Prepare; nothing is opened before the context is entered."""
        self._broker: Broker | None = None
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        # An external listener: the socket is ours, so that the system may choose the port.
        listener = ListenerConfig(type=ListenerType.EXTERNAL, bind=LOOPBACK)
        self._broker = Broker(BrokerConfig(listeners={LISTENER: listener}, plugins=PLUGINS))
        await self._broker.start()
        serve = partial(self._broker.stream_connected, listener_name=LISTENER)
        self._server = await asyncio.start_server(serve, LOOPBACK, 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        assert self._broker is not None
        self._server.close()
        await self._broker.shutdown()
