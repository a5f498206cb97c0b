"""Grafana's dashboards as code: queries in InfluxQL, panels as plain JSON, and what Grafana reads at its start."""
