"""The customer's page in Spanish."""

from gateway.domain.estimate import EtaReason
from gateway.domain.stop import FailureReason, LeftWith
from gateway.links.delivery import Stage
from gateway.links.jumps import Jump
from gateway.links.visibility import Precision
from gateway.links.words import Said, Words

SPANISH = Words(
    title="Su entrega",
    progress="Progreso",
    steps=("Planificada", "En camino", "Entregada"),
    stages={
        Stage.PLANNED: Said("Su entrega está planificada", "El vehículo todavía no ha salido."),
        Stage.ON_THE_WAY: Said("Su entrega está en camino", ""),
        Stage.ARRIVED: Said("El vehículo está en su puerta", ""),
        Stage.LEFT: Said(
            "Nuestro vehículo estuvo en su dirección a las {time}", "El conductor aún no ha confirmado la entrega."
        ),
        Stage.PUT_OFF: Said("Su entrega se ha aplazado", "Se ha atendido antes otra parada. Aún puede llegar."),
        Stage.NOT_TODAY: Said("Su entrega no ha llegado hoy", ""),
        Stage.DELIVERED: Said("Entregada", ""),
        Stage.FAILED: Said("No hemos podido entregarla", ""),
        Stage.CANCELLED: Said("Su entrega se ha cancelado", "No llega con este vehículo."),
    },
    delayed=Said("Su entrega se retrasa", "Llega más tarde de lo prometido. Lo sentimos."),
    today="hoy",
    tomorrow="mañana",
    on_day="el {day}",
    expected="Prevista {day}",
    next="La suya es la próxima entrega",
    one_before="1 entrega antes de la suya",
    many_before="{count} entregas antes de la suya",
    ordinal="La suya es la parada {number} del reparto.",
    jumps={
        Jump.NEW_ORDER: "El número ha cambiado: el conductor sigue otro orden.",
        Jump.NEW_PLAN: "El número ha cambiado: se ha replanificado el reparto.",
        Jump.CORRECTED: "El número ha cambiado: se ha corregido el anterior.",
    },
    whys={
        EtaReason.TRAFFIC: "La hora se ha actualizado según el tráfico de hoy.",
        EtaReason.LONG_STOP: "La hora se ha actualizado tras paradas anteriores.",
        EtaReason.NEW_ORDER: "La hora se ha actualizado: el conductor sigue otro orden.",
        EtaReason.NEW_PLAN: "La hora se ha actualizado: se ha replanificado el reparto.",
    },
    promised="Prometida",
    between="{start}\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}{end}",
    just_known="Según datos de ahora mismo",
    known_ago="Según datos de hace {minutes} min",
    silent="No hay noticias del vehículo desde las {time}. La hora puede cambiar.",
    left_with={
        LeftWith.RECIPIENT: "Entregada en mano.",
        LeftWith.NEIGHBOUR: "Entregada a un vecino.",
        LeftWith.SAFE_PLACE: "Dejada en un lugar seguro.",
        LeftWith.LOCKER: "Dejada en una taquilla.",
    },
    reasons={
        FailureReason.ABSENT: "No había nadie.",
        FailureReason.REFUSED: "No fue aceptada.",
        FailureReason.WRONG_ADDRESS: "La dirección no era correcta.",
        FailureReason.NO_ACCESS: "No se pudo llegar a la puerta.",
        FailureReason.DAMAGED: "El paquete está dañado.",
        FailureReason.MISSING_ITEM: "El paquete no estaba en el vehículo.",
        FailureReason.CLOSED: "Estaba cerrado.",
        FailureReason.OUT_OF_TIME: "Hoy ya no quedaba tiempo.",
        FailureReason.VEHICLE_PROBLEM: "El vehículo ha tenido una avería.",
        FailureReason.OTHER: "",
    },
    at="A las {time}.",
    since="Desde las {time}.",
    again="Volvemos {day}, {span}.",
    call_next="Llámenos y buscamos otra hora.",
    ask_next="Pregunte al remitente qué pasa ahora.",
    call="Llamar al {phone}",
    seen={
        Precision.AREA: "El vehículo está en esta zona, según datos de las {time}.",
        Precision.POINT: "El vehículo está aquí, según datos de las {time}.",
    },
    about="A unos {distance} de usted, en línea recta.",
    nearer_than="A menos de {distance} de usted, en línea recta.",
    decimal=",",
    no_streets="Aquí no hay calles dibujadas.",
    map_label="Mapa con el vehículo",
    van="Vehículo",
    home="Usted",
    write="Escribir al conductor",
    write_hint="Código del portal, piso, dónde dejarla. Como máximo {most} caracteres.",
    send="Enviar al conductor",
    hold="No renovar esta página mientras escribo",
    written="El conductor lee: «{text}»",
    rewrite="Cambiarlo",
    too_long="Era demasiado largo: como máximo {most} caracteres.",
    messages_off="No quiero más mensajes",
    messages_are_off="Ya no recibe mensajes sobre sus entregas.",
    messages_on="Volver a recibir mensajes",
    behind="Sin conexión. Así estaba a las {time}.",
    gone=Said("Este enlace no lleva a ninguna parte", "Puede estar mal escrito, o la entrega fue hace días."),
    busy=Said("Un momento, por favor", "Se han pedido demasiadas páginas desde donde está. Pruebe en un minuto."),
    away=Said(
        "Ahora mismo no podemos consultarla", "Es un fallo nuestro, no de su enlace. Pruebe de nuevo en un minuto."
    ),
    retry="Probar de nuevo",
    refreshes="Esta página se renueva sola.",
    weekdays=("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    months=("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
)
