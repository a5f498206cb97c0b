import logging

from device.logs import StateLog, VehicleLog


def test_a_state_is_said_once_per_change_with_the_vehicle(caplog):
    caplog.set_level(logging.INFO)
    state = StateLog(VehicleLog("van-7"))
    for _ in range(3):
        state.bad("no broker")
    state.good("connected")
    state.bad("no broker")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "van-7: no broker"),
        ("INFO", "van-7: connected"),
        ("WARNING", "van-7: no broker"),
    ]
