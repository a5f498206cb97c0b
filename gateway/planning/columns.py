"""Which field a column of a table means, by its name in English, Spanish or German, or as its sender says."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from unicodedata import combining, normalize

from gateway.planning.raw import ROUTE_FIELDS, STOP_FIELDS

PARTS = frozenset({"house_number", "postcode", "city", "country", "window", "service_min"})
"""Columns that are parts or other units of fields: of the address, the time window and the service time."""

COLUMN_FIELDS = ROUTE_FIELDS | STOP_FIELDS | PARTS

_SYNONYMS = {
    "route": "route_id route_name route_number tour tour_id tournummer touren_nr ruta id_ruta ruta_id strecke",
    "date": "day delivery_date datum liefertag lieferdatum fecha dia fecha_entrega fecha_de_entrega",
    "zone": "timezone time_zone tz zeitzone zona_horaria huso_horario",
    "vehicle": "van truck vehicle_id car fahrzeug kfz wagen lkw fahrzeug_id vehiculo furgoneta camion coche "
    "id_vehiculo",
    "driver": "driver_name courier fahrer fahrername zusteller conductor chofer repartidor",
    "start": "start_time route_start departure_time startzeit abfahrt abfahrtszeit hora_inicio hora_salida "
    "salida inicio",
    "depot_lat": "start_lat depot_latitude start_latitude depot_breite latitud_deposito lat_deposito",
    "depot_lon": "depot_lng start_lon start_lng depot_longitude depot_laenge longitud_deposito lon_deposito",
    "depot_address": "depot start_address warehouse lager startadresse deposito almacen direccion_deposito",
    "ends": "route_end route_ends tourende fin_ruta",
    "geometry": "polyline geometria geometrie",
    "geometry_precision": "polyline_precision",
    "order": "order_id order_ref order_reference order_number order_no reference ref parcel_id tracking_number "
    "auftrag auftragsnummer auftrags_nr bestellnummer bestellung referenz sendung sendungsnummer "
    "pedido numero_pedido numero_de_pedido n_pedido no_pedido referencia id_pedido orden",
    "stop": "stop_id stop_name",
    "sequence": "seq stop_number stop_no position pos sequence_number reihenfolge stopp stoppnummer lfd_nr halt "
    "secuencia parada numero_parada orden_parada posicion",
    "lat": "latitude y breite breitengrad geo_lat latitud",
    "lon": "lng long longitude x laenge lange laengengrad langengrad geo_lon longitud",
    "address": "street delivery_address address_1 address1 street_address full_address adresse anschrift strasse "
    "lieferadresse direccion calle domicilio direccion_entrega direccion_de_entrega",
    "house_number": "house_no street_number hausnummer haus_nr hausnr numero_casa num_calle portal",
    "postcode": "zip zip_code zipcode postal_code plz postleitzahl codigo_postal cp",
    "city": "town ort stadt ciudad poblacion localidad municipio",
    "country": "land pais",
    "recipient": "name customer customer_name recipient_name consignee contact client empfaenger empfanger kunde "
    "kundenname destinatario cliente nombre nombre_cliente",
    "phone": "telephone tel mobile phone_number mobile_number telefon telefonnummer handy mobil telefono movil celular",
    "email": "e_mail mail email_address correo correo_electronico",
    "window_start": "from earliest ready_time tw_start time_window_start window_from von fruehestens zeitfenster_von "
    "zeitfenster_start desde hora_desde ventana_inicio inicio_ventana",
    "window_end": "to until latest due_time tw_end time_window_end window_to bis spaetestens zeitfenster_bis "
    "zeitfenster_ende hasta hora_hasta ventana_fin fin_ventana",
    "window": "time_window timewindow slot delivery_window zeitfenster lieferfenster ventana ventana_horaria franja "
    "franja_horaria",
    "service_s": "service_seconds service_time_s service_duration_s standzeit_s tiempo_servicio_s",
    "service_min": "service_minutes service_time_min service_time_minutes servicezeit_min standzeit_min "
    "tiempo_servicio_min minutos_servicio minutos_de_servicio",
    "parcels": "packages pieces quantity qty parcel_count pakete packstuecke packstucke anzahl kolli paquetes bultos "
    "cantidad",
    "notes": "note comment comments instructions remarks bemerkung bemerkungen hinweis hinweise notiz notas nota "
    "observaciones comentarios instrucciones",
    "proof": "proof_of_delivery nachweis zustellnachweis prueba prueba_entrega prueba_de_entrega",
    "notify": "notifications consent benachrichtigen benachrichtigung einwilligung avisar avisos notificar "
    "notificaciones consentimiento",
    "language": "lang locale sprache idioma lengua",
    "arrival": "eta planned_arrival arrival_time ankunft ankunftszeit geplante_ankunft llegada hora_llegada "
    "llegada_prevista",
    "drive_s": "drive_time_s travel_time_s fahrzeit_s tiempo_conduccion_s",
    "drive_m": "drive_distance_m travel_distance_m fahrstrecke_m distancia_m",
}


def plain(name: str) -> str:
    """Return a column's name without case, accents and signs: "Straße / Nr." is strasse_nr."""
    bare = "".join(sign for sign in normalize("NFKD", name.casefold()) if not combining(sign))
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


_WITHOUT_UNIT = frozenset(
    ["service", "service_time", "service_duration", "servicezeit", "standzeit", "tiempo_servicio", "tiempo_de_servicio"]
)
"""Seconds or minutes: only the sender knows."""

_FIELD_OF = {plain(word): field for field, words in _SYNONYMS.items() for word in (field, *words.split())}


class Column(NamedTuple):
    """One column: its name in the file, the field it is read as (None: left out), and why it is left out."""

    name: str
    field: str | None
    left_out: str | None = None


def columns_of(head: Sequence[str], mapping: Mapping[str, str]) -> list[Column]:
    """Return the columns in their order; what the sender says goes over what the names suggest.

    Of two columns that suggest one field the first is taken.
    """
    said = {plain(name): field for name, field in mapping.items()}
    taken = {field for field in said.values() if field}
    columns = []
    for name in head:
        column = _said(name, said[plain(name)]) if plain(name) in said else _suggested(name, taken)
        columns.append(column)
        taken |= {column.field} if column.field else set()
    return columns


def _said(name: str, field: str) -> Column:
    return Column(name, field) if field else Column(name, None, "left out, as asked for")


def _suggested(name: str, taken: set[str]) -> Column:
    if plain(name) in _WITHOUT_UNIT:
        return Column(name, None, "says no unit: map it to service_s or service_min; left out")
    field = _FIELD_OF.get(plain(name))
    if field is None:
        return Column(name, None, "not known as any field: left out")
    if field in taken:
        return Column(name, None, f"another column is read as {field}: left out")
    return Column(name, field)
