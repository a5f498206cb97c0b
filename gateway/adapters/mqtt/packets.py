"""The two packets of MQTT that come and go by the thousand: PUBLISH is read and made here, PUBACK is made here.

All others are gmqtt's. Its own way of reading a PUBLISH costs three times the decision about the message (0030), its
own way of making one 25 µs.
"""

from enum import IntEnum

PUBLISH = 0x30
TYPE_BITS = 0xF0
RETAIN_BIT = 0x01
QOS_BITS = 0x06
PUBACK = b"\x40\x02"
_PUBLISH_BYTE = bytes([PUBLISH])


class Version(IntEnum):
    """The protocol level of CONNECT."""

    V3_1_1 = 4
    V5 = 5


Extent = tuple[int, int, int]
"""Where a packet lies in a buffer: its first byte's value, where its body begins, and where it ends."""

Publish = tuple[str, bytes, bool, int | None]
"""What a PUBLISH says: topic, payload, whether it was retained, and its packet id; None at QoS 0."""


class MalformedPacket(ValueError):  # noqa: N818 - what the packet is
    """The bytes are not MQTT; the connection must be given up."""


def split(buffer: bytes) -> list[Extent]:
    """Return the packets that begin in `buffer`, in order; the last one may end beyond it.

    Raises:
        MalformedPacket: a length of more than four bytes.

    """
    extents: list[Extent] = []
    start, size = 0, len(buffer)
    while size - start >= 2:
        length = buffer[start + 1]
        body = start + 2
        if length & 0x80:
            second = buffer[body] if body < size else 0x80
            if second & 0x80:
                length, body = _long_length(buffer, start + 1)
                if not body:
                    break
            else:  # 128 bytes to 16 KiB: nearly all
                length, body = length & 0x7F | second << 7, body + 1
        extents.append((buffer[start], body, body + length))
        start = body + length
    return extents


def _long_length(buffer: bytes, at: int) -> tuple[int, int]:
    """Return a length of several bytes and where it ends; (0, 0) if its bytes have not all come."""
    length = 0
    for shift, byte in enumerate(buffer[at : at + 4]):
        length |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return length, at + shift + 1
    if len(buffer) - at >= 4:
        raise MalformedPacket("a packet's length has more than four bytes")
    return 0, 0


def read_publish(buffer: bytes, extent: Extent, version: Version) -> Publish:
    """Read the PUBLISH that lies at `extent`.

    Raises:
        MalformedPacket: it is shorter than it says.

    """
    first, body, end = extent
    packet_id = None
    try:
        at = body + 2 + (buffer[body] << 8 | buffer[body + 1])
        topic = buffer[body + 2 : at].decode("utf-8", "replace")
        if first & QOS_BITS:
            packet_id = buffer[at] << 8 | buffer[at + 1]
            at += 2
        if version is Version.V5:
            at = _behind_properties(buffer, at)
    except IndexError as error:
        raise MalformedPacket("a PUBLISH is shorter than it says") from error
    if at > end:
        raise MalformedPacket("a PUBLISH is shorter than it says")
    return topic, buffer[at:end], bool(first & RETAIN_BIT), packet_id


def _behind_properties(packet: bytes, at: int) -> int:
    length = packet[at]
    if length < 0x80:
        return at + 1 + length
    length, at = _long_length(packet, at)
    if not at:
        raise IndexError
    return at + length


def publish(topic: str, payload: bytes, version: Version) -> bytes:
    """Return a message at QoS 0."""
    name = topic.encode()
    properties = b"\x00" if version is Version.V5 else b""
    length = 2 + len(name) + len(properties) + len(payload)
    return b"".join((_PUBLISH_BYTE, _length(length), len(name).to_bytes(2, "big"), name, properties, payload))


def _length(length: int) -> bytes:
    """Return a length as MQTT writes it: seven bits a byte, the lowest first."""
    digits = bytearray()
    while length > 0x7F:
        digits.append(length & 0x7F | 0x80)
        length >>= 7
    digits.append(length)
    return bytes(digits)


def puback(packet_id: int) -> bytes:
    """Return the acknowledgement of one message; the same bytes in both versions."""
    return PUBACK + packet_id.to_bytes(2, "big")
