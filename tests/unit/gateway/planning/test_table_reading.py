"""Tables of stops: how they are understood, and every fault in them."""

import pytest

from gateway.planning.columns import _SYNONYMS, COLUMN_FIELDS, plain
from gateway.planning.reading import read
from gateway.planning.report import MAX_FAULTS
from gateway.planning.settling import settled
from tests.fixtures.route_files import EIGHT, MINUTE_MS, csv_file

HEAD = "order,lat,lon"


def faults(text, **said):
    reading = read(csv_file(text, **said))
    settled(reading, {})
    return [(fault.row, fault.field, fault.value) for fault in reading.findings.faults]


def problems(text, **said):
    return " | ".join(fault.problem for fault in read(csv_file(text, **said)).findings.faults)


def only(text, **said):
    reading = read(csv_file(text, **said))
    assert reading.findings.faults == []
    (draft,) = reading.drafts
    return draft


def notes(text, **said):
    return [(note.row, note.field) for note in read(csv_file(text, **said)).findings.notes if note.field != "start"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_marks_and_line_ends_are_found_out(delimiter, start, end):
    text = start + end.join([HEAD, "A,60.17,24.94", "B,60.18,24.95", ""]).replace(",", delimiter)

    assert [(stop.stop, stop.place) for stop in only(text).stops] == [("A", (60.17, 24.94)), ("B", (60.18, 24.95))]


def test_windows_text_is_read_with_a_note():
    text = "order,lat,lon,recipient\nA,60.17,24.94,Müller\n".encode("cp1252")

    assert only(text).stops[0].details.recipient == "Müller"
    assert notes(text) == [(None, "encoding")]


@pytest.mark.parametrize("content", [b"\xff\xfeo\0r\0", b"order,lat\n\x81\x8d", b"", b"  \n "])
def test_what_is_no_text_is_one_fault(content):
    assert len(read(csv_file(content)).findings.faults) == 1


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            "Order Number,Latitude,Longitude,Street Address,Customer Name,Phone number,From,To,Packages,Instructions",
            "A,60.17,24.94,Kaivokatu 1,Virtanen,+358 40,09:00,11:00,2,ring",
        ),
        (
            "Bestellnummer;Breitengrad;Längengrad;Adresse;Empfänger;Telefon;Von;Bis;Pakete;Bemerkung",
            "A;60,17;24,94;Kaivokatu 1;Virtanen;+358 40;09:00;11:00;2;ring",
        ),
        (
            "Nº pedido;Latitud;Longitud;Dirección;Cliente;Teléfono;Desde;Hasta;Bultos;Observaciones",
            "A;60,17;24,94;Kaivokatu 1;Virtanen;+358 40;09:00;11:00;2;ring",
        ),
    ],
)
def test_columns_are_known_in_three_languages(head, row):
    (stop,) = only(f"{head}\n{row}\n").stops

    assert stop.place == (60.17, 24.94)
    assert stop.window == (EIGHT + 60 * MINUTE_MS, EIGHT + 180 * MINUTE_MS)
    assert (stop.details.order, stop.details.address, stop.details.recipient) == ("A", "Kaivokatu 1", "Virtanen")
    assert (stop.details.phone, stop.details.parcels, stop.details.notes) == ("+358 40", 2, "ring")


def test_no_name_of_a_column_means_two_fields():
    words = [plain(word) for field, words in _SYNONYMS.items() for word in {field, *words.split()}]

    assert sorted({word for word in words if words.count(word) > 1}) == []
    assert _SYNONYMS.keys() <= COLUMN_FIELDS


def test_the_mapping_is_shown_with_an_example():
    reading = read(csv_file(f"{HEAD},Colour,kg\nA,60.17,24.94,,\nB,60.18,24.95,red,\n"))

    shown = [(column.column, column.field, column.example) for column in reading.mapping]
    assert shown == [
        ("order", "order", "A"),
        ("lat", "lat", "60.17"),
        ("lon", "lon", "24.94"),
        ("Colour", None, "red"),
        ("kg", None, None),
    ]


def test_a_mapping_goes_over_what_names_suggest():
    text = "Order,Reference,lat,lon\nA,R1,60.17,24.94\n"

    assert only(text).stops[0].order == "A"
    assert notes(text) == [(1, "Reference")]
    assert only(text, mapping={"reference": "order"}).stops[0].order == "R1"
    assert only(text, mapping={"Reference": ""}).stops[0].order == "A"


@pytest.mark.parametrize("mapping", [{"colour": "notes"}, {"lat": "latitude"}, {"lat": "lon", "lon": "lon"}])
def test_a_mapping_that_cannot_be_is_a_fault(mapping):
    assert 1 in [row for row, _, _ in faults(f"{HEAD}\nA,60.17,24.94\n", mapping=mapping)]


def test_parts_of_an_address_come_together():
    text = "order;street;house no;zip;city;country;lat;lon\nA;Kaivokatu;1;00100;Helsinki;Finland;60,17;24,94\n"

    assert only(text).stops[0].details.address == "Kaivokatu 1, 00100 Helsinki, Finland"


def test_a_service_time_needs_its_unit():
    assert only(f'{HEAD},service_min\nA,60.17,24.94,"2,5"\n').stops[0].service_ms == 150_000
    assert only(f"{HEAD},service time\nA,60.17,24.94,5\n").stops[0].service_ms == 120_000
    assert notes(f"{HEAD},service time\nA,60.17,24.94,5\n") == [(1, "service time")]


@pytest.mark.parametrize("window", ["09:00", "09:00-", "a-b-c", "09:00-25:00"])
def test_a_window_that_is_none_is_a_fault(window):
    assert len(faults(f"{HEAD},window\nA,60.17,24.94,{window}\n")) == 1


def test_every_fault_is_found_with_row_field_and_value():
    text = (
        "order,lat,lon,parcels,window_start,window_end,email,service_s\n"
        "A,91,24.94,x,09:00,,no,\n"
        ",60.17,,2.5,11:00,09:00,,-1\n"
        "A,60.17,24.94,,,,,\n"
        "A,60.17,24.94,,,,,\n"
    )

    assert sorted(faults(text), key=str) == sorted(
        [
            (2, "lat", "91"),
            (2, "parcels", "x"),
            (2, "window_end", None),
            (2, "email", "no"),
            (3, "order", None),
            (3, "lon", None),
            (3, "parcels", "2.5"),
            (3, "service_s", "-1"),
            (4, "order", "A"),
            (5, "order", "A"),
        ],
        key=str,
    )


def test_rows_are_those_of_the_spreadsheet_although_cells_have_line_breaks():
    text = 'order,lat,lon,notes\nA,60.17,24.94,"two\nlines"\n\nB,60.17,99.x,\n'

    assert faults(text) == [(4, "lon", "99.x")]


def test_a_quote_that_is_not_closed_is_a_fault():
    assert "quote" in problems(f'{HEAD}\nA,60.17,24.94\n"B,60.18,24.95\n')


def test_a_cell_too_many_is_a_fault():
    assert [row for row, _, _ in faults(f"{HEAD}\nA,60.17,24.94,Kaivokatu 1\n")] == [2]


def test_formulas_stay_text_and_control_characters_are_faults():
    text = "order,lat,lon,recipient\nA,60.17,24.94,=1+1\nB,60.17,24.94,a\x07b\nC,60.17,24.94,a\u202eb\n"

    assert [(row, field) for row, field, _ in faults(text)] == [(3, "recipient"), (4, "recipient")]
    assert only(text.split("B,", maxsplit=1)[0]).stops[0].details.recipient == "=1+1"


def test_rows_of_a_date_and_vehicle_are_one_route():
    text = f"vehicle,date,{HEAD}\n" + "".join(
        f"{van},{day},{van}{day}-{n},60.17,24.94\n"
        for van in ("v1", "v2")
        for day in ("2026-11-24", "2026-11-25")
        for n in (1, 2)
    )
    drafts = read(csv_file(text)).drafts

    assert [(draft.key.route, len(draft.stops)) for draft in drafts] == [
        ("2026-11-24_v1", 2),
        ("2026-11-25_v1", 2),
        ("2026-11-24_v2", 2),
        ("2026-11-25_v2", 2),
    ]


def test_what_is_said_of_a_route_is_said_alike():
    text = f"route,driver,start,{HEAD}\nr,Aino,08:30,A,60.17,24.94\nr,,,B,60.17,24.94\nr,Eero,08:30,C,60.17,24.94\n"

    assert faults(text) == [(4, "driver", "Eero")]
    assert only(text.replace("Eero", "Aino")).driver == "Aino"


def test_the_sequence_orders_the_stops_and_its_gaps_are_noted():
    text = f"seq,{HEAD}\n30,C,60.17,24.94\n10,A,60.17,24.94\n60,D,60.17,24.94\n20,B,60.17,24.94\n"

    assert [stop.stop for stop in only(text).stops] == ["A", "B", "C", "D"]
    assert notes(text) == [(4, "sequence")]


@pytest.mark.parametrize("numbers", [("1", ""), ("1", "1"), ("1", "x"), ("1", "0"), ("1", "1.5")])
def test_a_faulty_sequence_is_a_fault(numbers):
    rows = "".join(f"{number},S{at},60.17,24.94\n" for at, number in enumerate(numbers))

    assert [(row, field) for row, field, _ in faults(f"seq,{HEAD}\n{rows}")] == [(3, "sequence")]


@pytest.mark.parametrize(
    ("place", "said"), [("24.94,60.17", "swapped"), ("60.17,-24.94", "check lat and lon"), ("0,0", "sea off Africa")]
)
def test_a_place_that_cannot_be_is_a_fault(place, said):
    reading = read(csv_file(f"{HEAD},depot_lat,depot_lon\nA,60.17,24.94,60.2,24.9\nB,{place},,\n"))
    settled(reading, {})

    assert [(fault.row, said in fault.problem) for fault in reading.findings.faults] == [(3, True)]


def test_too_many_faults_are_counted():
    text = f"{HEAD}\n" + "".join(f"O{n},x,y\n" for n in range(600))
    found = read(csv_file(text)).findings.faults

    assert len(found) == MAX_FAULTS + 1
    assert "more faults" in found[-1].problem


def test_too_many_stops_are_a_fault():
    text = f"{HEAD}\n" + "".join(f"O{n},60.17,24.94\n" for n in range(501))

    assert "more than 500 stops" in problems(text)
