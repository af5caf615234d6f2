"""How easily a text reads stands beside it, in each of its languages."""

from tests.api.conftest import Node, Somebody
from tests.api.pages.test_text_pages import at_desk, begun, people

__all__ = ["people"]


async def test_whoever_writes_sees_how_it_reads_and_what_would_ease_it(
    node: Node, people: dict[str, Somebody]
) -> None:
    async with at_desk(node, people["reviewer"]) as writing:
        hard = {"text-0": "Endeavour to be there prior to it.", "text-1": "Two of you.", "gap": []}
        place = await begun(writing, **hard)
        item = place.rpartition("/")[2]
        given = await node.web.get(f"/api/v1/texts/{item}", headers=people["reviewer"].bearer)
        parts = given.json()["blocks"]
        body = {
            "title": "Werkwijze",
            "texts": {part["id"]: "Kom langs. Het is gratis." for part in parts},
            "version": given.json()["version"],
        }
        translated = await node.web.put(
            f"/api/v1/texts/{item}/translations/nl", headers=people["reviewer"].bearer, json=body
        )
        seen = await writing.see(place)

    assert translated.json()["reading"] == [
        {
            "language": "en",
            "scale": "Flesch reading ease",
            "score": 75,
            "band": "easy",
            "hints": [
                {"code": "plain-word", "words": "endeavour", "text": "Perhaps say “try”."},
                {"code": "plain-word", "words": "prior to", "text": "Perhaps say “before”."},
            ],
        },
        {
            "language": "nl",
            "scale": "Flesch-Douma",
            "score": 112,
            "band": "very easy",
            "hints": [],
        },
    ]
    assert "Reads as <strong>easy</strong> (Flesch reading ease 75, 10 words)." in seen
    assert "“prior to”: <span>Perhaps say “before”.</span>" in seen
    assert "(Flesch-Douma 112, 10 words)" in seen
