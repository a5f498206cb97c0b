"""Device, broker and gateway under every fault in any order: never a deadlock, a loss or a double.

A position is told from another by its content (its time), so that a number that means two things is found out.
"""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from device.exchange import sender, window
from device.spool import room
from tests.property.exchange_world import Device, Gateway

ROUNDS_TO_SETTLE = 300
"""A round delivers all messages or waits for one time-out; halving down to a poison position needs about 20."""

SMALL = {
    (sender, "MAX_BATCH_POSITIONS"): 4,
    (window, "MAX_POSITIONS_IN_FLIGHT"): 9,
    (window, "MAX_MESSAGES_IN_FLIGHT"): 3,
    (room, "CHUNK_ROWS"): 6,
    (room, "MIN_CHUNK_ROWS"): 2,
}
"""Limits so small that a short story meets them."""


class Exchange(RuleBasedStateMachine):
    """One vehicle's spool against one gateway."""

    @initialize(jitter=st.floats(0, 0.99))
    def begin(self, jitter: float) -> None:
        self.patch = pytest.MonkeyPatch()
        for (module, name), value in SMALL.items():
            self.patch.setattr(module, name, value)
        self.folder = tempfile.TemporaryDirectory()
        self.gateway = Gateway()
        self.to_gateway: list[bytes] = []
        self.to_device: list = []
        self.device = Device(Path(self.folder.name), self.to_gateway.append, lambda: jitter)

    # --- the vehicle ------------------------------------------------------------------------------------------

    @rule(count=st.integers(1, 7))
    def drives(self, count: int) -> None:
        self.device.append(count)

    @rule()
    def sends_a_position_that_the_gateway_chokes_on(self) -> None:
        self.gateway.poison.add(self.device._next_content)
        self.device.append(1)

    @rule()
    def crashes(self) -> None:
        self.device.crash()

    @rule()
    def image_is_taken(self) -> None:
        self.device.take_image()

    @precondition(lambda self: self.device.has_image)
    @rule()
    def image_is_restored(self) -> None:
        self.to_gateway.clear()  # the one assumption of the exchange (0002)
        self.to_device.clear()
        self.device.restore_image()

    @rule()
    def disk_fills(self) -> None:
        self.device.fill_disk()

    @rule()
    def disk_is_freed(self) -> None:
        self.device.free_disk()

    @rule()
    def old_rows_expire(self) -> None:
        self.device.expire()

    @rule(milliseconds=st.sampled_from([100, 6_000, 80_000]))
    def time_passes(self, milliseconds: int) -> None:
        self.device.pass_time(milliseconds)

    # --- the path ---------------------------------------------------------------------------------------------

    @precondition(lambda self: not self.device.is_connected)
    @rule()
    def connects(self) -> None:
        self.device.connect(self.gateway.status)

    @rule()
    def loses_the_connection(self) -> None:
        self.device.disconnect()

    @precondition(lambda self: self.to_gateway)
    @rule(data=st.data(), fate=st.sampled_from(["arrives", "arrives", "arrives", "twice", "lost"]))
    def message_to_the_gateway(self, data: st.DataObject, fate: str) -> None:
        at = data.draw(st.integers(0, len(self.to_gateway) - 1))
        payload = self.to_gateway[at] if fate == "twice" else self.to_gateway.pop(at)
        if fate != "lost":
            self.to_device.extend(self.gateway.receive(payload))

    @precondition(lambda self: self.to_device)
    @rule(data=st.data(), fate=st.sampled_from(["arrives", "arrives", "arrives", "twice", "lost"]))
    def answer_to_the_device(self, data: st.DataObject, fate: str) -> None:
        at = data.draw(st.integers(0, len(self.to_device) - 1))
        mark = self.to_device[at] if fate == "twice" else self.to_device.pop(at)
        if fate != "lost":
            self.device.answer(mark)

    @rule()
    def all_arrives(self) -> None:
        self.deliver_all()

    # --- the gateway ------------------------------------------------------------------------------------------

    @rule()
    def gateway_answers_what_it_held_back(self) -> None:
        self.to_device.extend(self.gateway.flush())

    @rule()
    def gateway_turns_online(self) -> None:
        self.gateway.is_online = True
        self.device.hear(self.gateway.status)

    @rule()
    def gateway_goes_offline(self) -> None:
        self.gateway.is_online = False
        self.device.hear(self.gateway.status)

    @rule()
    def gateway_restarts(self) -> None:
        self.gateway.restart()
        self.gateway_turns_online()

    @rule()
    def gateway_is_backed_up(self) -> None:
        self.gateway.make_backup()

    @precondition(lambda self: self.gateway.backup is not None)
    @rule()
    def gateway_is_restored_from_its_backup(self) -> None:
        self.gateway.restore_backup()
        self.gateway_turns_online()

    # --- the laws ---------------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_stored_twice(self) -> None:
        if hasattr(self, "gateway"):
            assert not [content for content, times in self.gateway.stored.items() if times > 1]

    @rule()
    def faults_stop(self) -> None:
        self.device.free_disk()
        self.gateway_turns_online()
        if not self.device.is_connected:
            self.connects()
        set_aside_before = set(self.device.set_aside)
        self.device.append(1)  # a vehicle always has more to say; it shows what a late answer covered up
        for _ in range(ROUNDS_TO_SETTLE):
            self.deliver_all()
            if not self.device.is_connected:
                self.connects()
            elif self.device.unsettled and self.device.sender.wake_at is not None:
                self.device.pass_time(self.device.sender.wake_at - self.device.now)
            elif not self.to_gateway and not self.to_device and not self.gateway.coalesced:
                break
        assert not self.device.unsettled, f"stuck {self.device.sender.state} with {self.device.unsettled}"
        assert self.device.set_aside - set_aside_before <= self.gateway.poison, "good positions were set aside"
        self.everything_is_stored_or_counted()

    def everything_is_stored_or_counted(self) -> None:
        booked = {self.device.numbered[number] for number in self.gateway.lost & self.device.numbered.keys()}
        counted = self.device.discarded | self.device.set_aside | self.device.gone | booked
        missing = self.device.committed - set(self.gateway.stored) - counted
        taken_by_the_backup = self.gateway.ever_stored - self.device.held
        assert not missing - taken_by_the_backup, f"lost {missing - taken_by_the_backup}"

    def deliver_all(self) -> None:
        while self.to_gateway or self.to_device or self.gateway.coalesced:
            if self.to_gateway:
                self.to_device.extend(self.gateway.receive(self.to_gateway.pop(0)))
            elif self.to_device:
                self.device.answer(self.to_device.pop(0))
            else:
                self.to_device.extend(self.gateway.flush())

    def teardown(self) -> None:
        if not hasattr(self, "device"):
            return
        try:
            self.faults_stop()
        finally:
            self.device.close()
            self.patch.undo()
            self.folder.cleanup()


Exchange.TestCase.settings = settings(
    max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
TestExchange = Exchange.TestCase
