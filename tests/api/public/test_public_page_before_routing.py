"""What is not simply answered goes the way of all requests, and is refused there."""

import pytest

from tests.api.conftest import Node


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/open/nowhere", 404, "not-found"),
        ("GET", "/open/nowhere.json", 404, "not-found"),
        ("GET", "/open/nowhere.json?x=1", 404, "not-found"),
        ("POST", "/open/nowhere.json", 405, "method-not-allowed"),
        ("GET", "/open/", 404, "not-found"),
        ("GET", "/open/a/b", 404, "not-found"),
    ],
)
async def test_what_is_refused_is_refused_as_everywhere(
    node: Node, method: str, path: str, status: int, code: str
) -> None:
    answer = await node.web.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
