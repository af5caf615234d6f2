"""The screen on pages and in JSON: what holds a text back, and saying why it may stand."""

from html import escape

from protocols.items.rules.states import NEXT
from tests.api.conftest import Node, Somebody
from tests.api.pages.test_text_pages import at_desk, begun, people

__all__ = ["people"]

NUMBER = "07700 900123"
WHY = "It is our own line."
SAID = (
    "Part 2, characters 6 to 17: this looks like a telephone number."
    " Use a placeholder, or say why it may stand there."
)
ADDRESS = "/api/v1/allowed-findings"


async def test_a_page_shows_what_holds_a_text_back_and_why_it_may_stand(
    node: Node, people: dict[str, Somebody]
) -> None:
    async with at_desk(node, people["reviewer"]) as writing:
        place = await begun(writing, **{"text-1": f"Ring {NUMBER}.", "gap": []})
        item = place.rpartition("/")[2]
        held = await writing.see(place)
        refused = await writing.press(f"{place}/review")
        allowed = await writing.go("/texts/allowed", words=NUMBER, reason=WHY, item=item)
        listed = await writing.see("/texts/allowed")
        asked = await writing.go(f"{place}/review")

    assert f"<mark>{NUMBER}</mark> <span>{escape(SAID)}</span>" in held
    assert refused.status_code == 422
    assert escape(SAID) in refused.text
    assert "What holds it back" not in allowed
    assert WHY in listed
    assert NUMBER not in listed
    assert escape(NEXT["in-review"]) in asked

    async with at_desk(node, people["reviewer"]) as writing:
        [button] = [part for part in listed.split('action="') if "/end" in part[:70]]
        after = await writing.go(button.partition('"')[0])
        unknown = await writing.press("/texts/allowed", words="no number", reason=WHY)

    assert WHY not in after
    assert (unknown.status_code, "in up to 300 letters why" in unknown.text) == (422, True)


async def test_programs_read_and_settle_it_as_well(node: Node, people: dict[str, Somebody]) -> None:
    bearer = people["coordinator"].bearer
    draft = {
        "kind": "answer",
        "title": "Where?",
        "question": "Where?",
        "source_language": "en",
        "jurisdictions": ["ireland"],
        "review_by": "2090-12-01",
        "use_limits": ["reply-only"],
        "blocks": [{"text": f"Ring {NUMBER}."}],
    }

    made = await node.web.post("/api/v1/texts", headers=bearer, json=draft)
    item = made.json()["text"]["id"]
    refused = await node.web.post(f"/api/v1/texts/{item}/review", headers=bearer)
    said = await node.web.post(
        f"/api/v1/texts/{item}/comments", headers=bearer, json={"said": f"Not {NUMBER}."}
    )
    allowed = await node.web.post(ADDRESS, headers=bearer, json={"words": NUMBER, "reason": WHY})
    [one] = (await node.web.get(ADDRESS, headers=bearer)).json()["items"]
    asked = await node.web.post(f"/api/v1/texts/{item}/review", headers=bearer)
    stranger = await node.web.delete(f"{ADDRESS}/{one['id']}", headers=people["stranger"].bearer)
    ended = await node.web.delete(f"{ADDRESS}/{one['id']}", headers=bearer)

    assert made.json()["held_back"] == [
        {"code": "personal-data-phone", "text": SAID.replace("Part 2", "Part 1")}
    ]
    assert (refused.status_code, refused.json()["code"]) == (422, "personal-data")
    assert refused.json()["reasons"] == made.json()["held_back"]
    assert (said.status_code, said.json()["code"]) == (422, "personal-data")
    assert allowed.status_code == 204
    assert {name: one[name] for name in ("kind", "reason")} == {"kind": "phone", "reason": WHY}
    assert asked.status_code == 200
    assert asked.json()["held_back"] == []
    assert (stranger.status_code, ended.status_code) == (404, 204)


async def test_workers_decide_nothing_about_texts(node: Node, people: dict[str, Somebody]) -> None:
    bearer = people["worker"].bearer
    body = {"words": NUMBER, "reason": WHY}

    listed = await node.web.get(ADDRESS, headers=bearer)
    allowed = await node.web.post(ADDRESS, headers=bearer, json=body)

    assert (listed.status_code, allowed.status_code) == (403, 403)
