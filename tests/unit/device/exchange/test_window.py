from device.exchange.window import MAX_MESSAGES_IN_FLIGHT, MAX_POSITIONS_IN_FLIGHT, Flight, Window


def test_the_cursor_follows_what_is_added_and_what_is_settled():
    window = Window(4)
    window.add(Flight(5, 9))
    assert (window.cursor, window.room) == (9, MAX_POSITIONS_IN_FLIGHT - 5)
    window.settle(20)
    assert (window.cursor, window.is_empty) == (20, True)


def test_a_batch_stays_in_flight_until_its_last_number_is_settled():
    window = Window(0)
    window.add(Flight(1, 5))
    window.settle(4)
    assert window.oldest == Flight(1, 5)
    window.settle(5)
    assert window.oldest is None


def test_many_small_messages_leave_no_room():
    window = Window(0)
    for number in range(1, MAX_MESSAGES_IN_FLIGHT + 1):
        window.add(Flight(number, number))
    assert window.is_full_of_messages
    assert window.room == 0


def test_a_restart_forgets_what_is_in_flight():
    window = Window(0)
    window.add(Flight(1, 100))
    window.restart(50)
    assert (window.cursor, window.is_empty, window.room) == (50, True, MAX_POSITIONS_IN_FLIGHT)
