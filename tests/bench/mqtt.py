"""Just enough of MQTT 3.1.1 to publish fast: the load must cost less than what it measures."""

import socket
from types import TracebackType
from typing import Self

CONNACK_ACCEPTED = b"\x20\x02\x00\x00"


def remaining_length(size: int) -> bytes:
    """MQTT's variable byte integer."""
    out = bytearray()
    while True:
        size, digit = divmod(size, 128)
        out.append(digit | (128 if size else 0))
        if not size:
            return bytes(out)


def text(value: str) -> bytes:
    raw = value.encode()
    return len(raw).to_bytes(2, "big") + raw


def connect_packet(client_id: str, keepalive_s: int = 600) -> bytes:
    body = text("MQTT") + b"\x04\x02" + keepalive_s.to_bytes(2, "big") + text(client_id)
    return b"\x10" + remaining_length(len(body)) + body


def publish_packet(topic: bytes, payload: bytes) -> bytes:
    """A QoS 0 PUBLISH; `topic` already carries its length."""
    return b"\x30" + remaining_length(len(topic) + len(payload)) + topic + payload


class FastPublisher:
    """A blocking connection that sends ready-made packets."""

    def __init__(self, port: int, client_id: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(connect_packet(client_id))
        answer = self._socket.recv(4)
        if answer != CONNACK_ACCEPTED:
            raise ConnectionError(f"the broker refused {client_id}: {answer.hex()}")

    def send(self, packets: bytes) -> None:
        self._socket.sendall(packets)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.sendall(b"\xe0\x00")
        self._socket.close()
