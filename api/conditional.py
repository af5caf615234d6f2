"""Conditional answers (RFC 9110, 13): what the asker has already is not sent again.

They are bytes already, so they go to ASGI as they are, past what Litestar does to encode values.
"""

from collections.abc import Mapping

from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED


def held_tags(if_none_match: str | None) -> list[str]:
    """Read the tags that the asker holds, weak ones too, without their quotes."""
    if not if_none_match:
        return []
    return [
        tag.strip().removeprefix("W/").strip('"') for tag in if_none_match.split(",") if tag.strip()
    ]


def conditional(
    body: bytes | None, etag: str, held: list[str], media_type: str, headers: Mapping[str, str]
) -> ASGIResponse:
    """Answer 304 where the asker has this text, else 200 with it."""
    tagged = {**headers, "ETag": f'"{etag}"'}
    if body is None or etag in held or "*" in held:
        return ASGIResponse(status_code=HTTP_304_NOT_MODIFIED, headers=tagged)
    return ASGIResponse(body=body, status_code=HTTP_200_OK, media_type=media_type, headers=tagged)
