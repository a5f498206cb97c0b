"""`aiomqtt.Client` with the two things that it leaves out: what a PUBACK says, and ending a connection half made."""

from collections.abc import Callable
from typing import Any

import aiomqtt
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

FIRST_FAILURE = 0x80
"""Reason codes from here on are refusals (MQTT 5, 2.4)."""

Refused = Callable[[str], None]


class Client(aiomqtt.Client):
    """One connection. `on_refused` is told the reason of each PUBACK that is a refusal (MQTT 5 at QoS 1 only)."""

    def __init__(self, hostname: str, port: int, *, on_refused: Refused, **options: Any) -> None:  # noqa: ANN401
        super().__init__(hostname, port, **options)
        self._on_refused = on_refused

    def abandon(self) -> None:
        """Close the socket of a connection that was never accepted; aiomqtt would keep it."""
        self._client.disconnect()

    def _on_publish(
        self,
        client: Any,  # noqa: ANN401
        userdata: Any,  # noqa: ANN401
        mid: int,
        reason_code: ReasonCode,
        properties: Properties,
    ) -> None:
        if reason_code.value >= FIRST_FAILURE:
            self._on_refused(str(reason_code))
        super()._on_publish(client, userdata, mid, reason_code, properties)
