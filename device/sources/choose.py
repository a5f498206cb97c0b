"""The source that the settings name."""

from device.clock import Clock
from device.settings import FileSettings, SerialSettings, SourceSettings, TcpSettings, UdpSettings
from device.sources.recording import FileSource
from device.sources.source import Source
from device.sources.tcp import TcpSource
from device.sources.udp import UdpSource


def source_for(settings: SourceSettings, clock: Clock) -> Source:
    """Return the source; nothing is opened yet."""
    match settings:
        case SerialSettings():
            from device.sources.serial_port import SerialSource  # noqa: PLC0415 - pyserial only where there is a port

            return SerialSource(settings)
        case TcpSettings():
            return TcpSource(settings)
        case UdpSettings():
            return UdpSource(settings)
        case FileSettings():
            return FileSource(settings, clock)
