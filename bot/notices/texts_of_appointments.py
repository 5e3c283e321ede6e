"""The sentences about appointments; part of `texts`."""

from __future__ import annotations

from collections.abc import Mapping

APPOINTMENTS: Mapping[str, str] = {
    "slot": "{start} to {end}",
    "appointment booked": "{name} has time for you: {slot} ({kind}). It belongs to ticket #{id}.",
    "appointment moved": "Your appointment with {name} is now {slot} ({kind}), no longer {was}. It belongs to ticket "
    "#{id}.",
    "appointment words": "For: {words}",
    "appointment how": "If that does not suit you, answer this message, or write: cancel {id}",
    "appointment in diary": "Booked for you: {slot} ({kind}), with {client}, on ticket #{id}.",
    "appointment wished": "{name} of {client} asks for an appointment: {slot} ({kind}), on ticket #{id}.",
    "appointment agree": "To agree: {line}. For another time: book {id} DAY TIME",
    "appointment cancelled": "The appointment of {slot} on ticket #{id} is called off.",
    "appointment reopened": "Ticket #{id} is being handed over, so your appointment of {slot} waits until "
    "whoever takes it has agreed.",
    "appointment reason": "Reason: {reason}",
    "appointment reminder": "A reminder of your appointment with {name}: {slot} ({kind}), on ticket #{id}.",
    "appointment over": "Your appointment on ticket #{id} is over, and no time was logged in it.",
    "appointment log": "To log it as booked: log {id} {minutes}m {kind} booked",
    "button agree to time": "Agree",
    "button cancel": "Cancel",
}
