"""The gateway: what vehicles publish in; a database, live state and pages out."""
