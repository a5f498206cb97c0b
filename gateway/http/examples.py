"""Examples of the API's description: one morning of one van."""

VEHICLE = {
    "fleet": "main",
    "vehicle": "van-7",
    "source": "tracker",
    "time": 1732375000000,
    "received": 1732375000123,
    "lat": 60.1699012,
    "lon": 24.9384077,
    "state": "moving",
    "since": 1732374700000,
    "odometer_m": 18234.5,
    "speed": 8.42,
    "course": 271.0,
    "accuracy": 3.2,
    "sats": 9,
    "fix": "gps",
    "online": True,
    "spool_depth": 0,
}
POSITION = {"time": 1732375000000, "lat": 60.1699012, "lon": 24.9384077, "speed": 8.42, "course": 271.0}
TRACK = {
    "vehicle": "van-7",
    "fleet": "main",
    "from": 1732374000000,
    "to": 1732377600000,
    "positions": [{**POSITION, "source": "tracker", "spool": "9f1c2e", "seq": 1041}],
}
REPLAY = {"endpoint": "webhook/erp", "from": 1732375000000, "to": 1732378600000}
ENVELOPE = {"v": 1, "spool": "9f1c2e", "after": 1040, "seq": 1041, "sent": 1732375000123, "positions": [POSITION]}
WATERMARK = {"v": 1, "spool": "9f1c2e", "seq": 1041}
EVENTS = (
    'event: snapshot\ndata: {"now":1732375000123,"vehicles":[…],"routes":[…]}\n\n'
    'event: vehicles\ndata: {"now":1732375000223,"vehicles":[…]}\n\n'
    'event: routes\ndata: {"now":1732375000623,"routes":[…],"gone":[{"fleet":"main","route":"south-2"}]}\n\n'
    'event: heartbeat\ndata: {"now":1732375005123}\n\n'
)

ETA = {"p10": 1732375300000, "p50": 1732375420000, "p90": 1732375720000, "made": 1732375000000, "reason": "on_the_way"}
ROUTE = {
    "fleet": "main",
    "route": "north-1",
    "version": 2,
    "date": "2024-11-23",
    "zone": "Europe/Helsinki",
    "vehicle": "van-7",
    "phase": "under_way",
    "start": 1732371000000,
    "stops_total": 120,
    "counts": {"pending": 96, "on_track": 1, "completed": 22, "incident": 1, "late": 2, "at_risk": 4},
    "severity": 40,
    "revision": 412,
    "known": 1732375000123,
    "worst": {"kind": "window_at_risk", "since": 1732374600000, "stop": "s31"},
    "next": {
        "stop": "s24",
        "order": "A-1024",
        "sequence": 24,
        "execution": "en_route",
        "planned_arrival": 1732375100000,
        "eta": ETA,
    },
    "delay_ms": 320000,
    "heard": 1732375000000,
    "lat": 60.1699012,
    "lon": 24.9384077,
    "driven_m": 18234.5,
    "planned_m": 61200.0,
}
FOUND = {
    "fleet": "main",
    "route": "north-1",
    "date": "2024-11-23",
    "vehicle": "van-7",
    "stop": "s24",
    "order": "A-1024",
    "label": "on_track",
    "execution": "en_route",
    "outcome": "none",
    "timeliness": "on_time",
    "tracking_url": "https://track.example.org/t/…",
    "recipient": "A. Virtanen",
    "eta": ETA,
    "stops_remaining": 1,
}
ROUTES_FILE = {
    "routes": [
        {
            "route": "north-1",
            "date": "2024-11-23",
            "zone": "Europe/Helsinki",
            "vehicle": "van-7",
            "start": "08:00",
            "depot_lat": 60.1921,
            "depot_lon": 24.9458,
            "stops": [
                {"order": "A-1024", "lat": 60.1699, "lon": 24.9384, "window_start": "09:00", "window_end": "11:00"}
            ],
        }
    ]
}
EDITS = {"base_version": 1, "edits": [{"kind": "reassign", "vehicle": "van-9"}, {"kind": "cancel", "stop": "s31"}]}
WORD = {"id": "5f1c", "said": "succeeded", "left_with": "neighbour"}
DRIVER = {
    "driver": "K. Laine",
    "fleet": "main",
    "vehicle": "van-7",
    "route": "north-1",
    "url": "https://track.example.org/driver/…",
}
DRIVER_LINK = {"driver": "K. Laine", "url": "https://track.example.org/driver/…", "svg": "<svg …></svg>"}
CUSTOMER_LINK = {"order": "ORD-7781", "fleet": "main", "url": "https://track.example.org/t/…"}
LINK_RENEWAL = {"order": "ORD-7781", "fleet": "main"}
RENEWAL = {"driver": "K. Laine", "fleet": "main"}
PROOF = {
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "kind": "photo",
    "media_type": "image/jpeg",
    "size": 214003,
    "taken": 1732375000000,
    "received": 1732375004210,
}
