"""Holdline: a support desk that lives in email, Slack and Telegram."""

__version__ = "0.1.0"
