"""Signed events over HTTP."""

from gateway.adapters.webhooks.post import WebhookOptions, WebhookPost

__all__ = ["WebhookOptions", "WebhookPost"]
