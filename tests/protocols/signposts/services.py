"""Services that tests list."""

from datetime import date
from typing import Any

from protocols.signposts.rules.drafts import SignpostDraft

CLINIC = SignpostDraft(
    name="Harbour Clinic",
    services="Sexual health, free and without appointment",
    opening="Mon to Fri 9:00 to 17:00",
    area="Leeds",
    languages=["en", "ro"],
    phone="0113 496 0123",
    email="clinic@harbour.example",
    web="https://harbour.example/open",
    last_checked=date(2027, 1, 4),
    expires=date(2027, 3, 1),
)
WRITTEN = "Harbour Clinic, +44 113 496 0123, Mon to Fri 9:00 to 17:00, https://harbour.example/open"


def hsds(**more: Any) -> dict[str, Any]:
    """Write a service as HSDS 3 has it, with a person among its contacts."""
    return {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Drop-in",
        "description": "Advice by post and in person.",
        "status": "active",
        "url": "https://dropin.example",
        "email": "hello@dropin.example",
        "assured_date": "2027-01-02",
        "organization": {"id": "o", "name": "Harbour Trust", "website": "https://trust.example"},
        "phones": [
            {"id": "f", "number": "+44 113 496 0199", "type": "fax"},
            {"id": "p", "number": '"+44 113 496 0124"', "type": "voice", "extension": 100},
        ],
        "schedules": [
            {
                "id": "s",
                "freq": "WEEKLY",
                "byday": "TH,FR",
                "opens_at": "10:00:00",
                "closes_at": "18:00:00",
                "timezone": 3,
            }
        ],
        "languages": [{"id": "l", "name": "Urdu", "code": "ur"}, {"id": "m", "name": "Polish"}],
        "service_areas": [{"id": "a", "name": "West Yorkshire", "extent": {"deep": [1]}}],
        "contacts": [{"id": "c", "name": "Ann Persona", "email": "ann@dropin.example"}],
        "service_at_locations": [
            {
                "id": "x",
                "location": {
                    "id": "y",
                    "addresses": [{"id": "z", "city": "Leeds", "attention": "A. Persona"}],
                },
                "contacts": [{"id": "c", "name": "Ann Persona"}],
            }
        ],
        **more,
    }
