"""One call to a node: signed in, capped in time and size, repeated only where that is safe."""

import time
from collections.abc import Generator, Mapping
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

import httpx2
import msgspec
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from netreach_client.errors import (
    AddressError,
    AnswerError,
    AnswerTooLargeError,
    NetreachError,
    NoAnswerError,
    RefusedError,
    SignInError,
    TooSlowError,
    refusal_for,
)
from netreach_client.structs import Problem


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How long and how large a call may become, and how often it is tried."""

    connect_seconds: float = 5
    silence_seconds: float = 20
    """Longest pause between two pieces of an answer."""
    answer_seconds: float = 60
    """Longest time for the whole answer, however steadily it drips."""
    answer_bytes: int = 8_000_000
    attempts: int = 3
    first_wait: float = 0.5
    """Seconds before the second attempt; doubled for each one after."""
    longest_wait: float = 10


class TokenAuth(httpx2.Auth):
    """Puts the token on each request; performs none itself."""

    def __init__(self, token: str) -> None:
        """Refuse early what no header could carry, in words that do not repeat it."""
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise SignInError("The token is empty or holds characters that no token has.")
        self._header = f"Bearer {token}"

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Sign one request."""
        request.headers["Authorization"] = self._header
        yield request


def node_address(text: str) -> httpx2.URL:
    """Read a node's address; a token travels by https, or not beyond this machine."""
    try:
        url = httpx2.URL(text.strip())
    except httpx2.InvalidURL as error:
        raise AddressError("The node's address is not an address.") from error
    if not url.host or url.userinfo or url.query or url.fragment:
        raise AddressError("The node's address should read like https://node.example.org.")
    if url.scheme != "https" and not (url.scheme == "http" and on_this_machine(url.host)):
        raise AddressError(
            "The node's address must begin with https, so that nobody on the way reads the token."
        )
    return url


def on_this_machine(host: str) -> bool:
    """Tell whether a host name can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Wire:
    """A connection to one node on behalf of one token."""

    def __init__(self, address: str, token: str, limits: Limits) -> None:
        """Open nothing yet; the first call connects."""
        self.url = node_address(address)
        self._limits = limits
        self._http = httpx2.Client(
            auth=TokenAuth(token),
            base_url=self.url,
            # capping a compressed answer would mean to unpack it first
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            timeout=httpx2.Timeout(limits.silence_seconds, connect=limits.connect_seconds),
            follow_redirects=False,
            # a proxy named in the environment would see the token of a plain http call
            trust_env=self.url.scheme == "https",
        )

    def close(self) -> None:
        """End the connections that are kept."""
        self._http.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> bytes:
        """Call until an answer comes or trying again stops making sense, and give its bytes.

        A POST is repeated only under a `key`, by which the node knows it again.
        """
        headers = {"Idempotency-Key": key} if key else {}
        request = self._http.build_request(method, path, params=query, json=body, headers=headers)
        repeatable = method in {"GET", "DELETE"} or key is not None
        retrying = Retrying(
            retry=retry_if_exception(self._worth_another),
            stop=stop_after_attempt(self._limits.attempts if repeatable else 1),
            wait=self._wait,
            reraise=True,
        )
        try:
            return retrying(self._once, request)
        except RefusedError as error:
            error.attempts = retrying.statistics["attempt_number"]
            raise

    def _worth_another(self, error: BaseException) -> bool:
        return (
            isinstance(error, NetreachError)
            and error.may_pass
            and (error.ask_again_after or 0) <= self._limits.longest_wait
        )

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, NetreachError) and error.ask_again_after is not None:
            return error.ask_again_after
        return min(
            self._limits.first_wait * 2.0 ** (state.attempt_number - 1), self._limits.longest_wait
        )

    def _once(self, request: httpx2.Request) -> bytes:
        host = self.url.host
        try:
            answer = self._http.send(request, stream=True)
            try:
                body = self._read(answer)
            finally:
                answer.close()
        except httpx2.TimeoutException as error:
            raise TooSlowError(f"{host} did not answer in time. Try again later.") from error
        except httpx2.RequestError as error:
            raise NoAnswerError(
                f"{host} cannot be reached. Is the address right, and is the network up?"
            ) from error
        if not answer.is_success:
            raise refusal(answer, body)
        return body

    def _read(self, answer: httpx2.Response) -> bytes:
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise AnswerError("The answer is compressed, which was not asked for.")
        until = time.monotonic() + self._limits.answer_seconds
        body = bytearray()
        for piece in answer.iter_raw():
            body += piece
            if len(body) > self._limits.answer_bytes:
                raise AnswerTooLargeError(
                    f"The answer is larger than {self._limits.answer_bytes} bytes and was cut off."
                )
            if time.monotonic() > until:
                raise TooSlowError(f"{self.url.host} took too long to answer. Try again later.")
        return bytes(body)


def refusal(answer: httpx2.Response, body: bytes) -> NetreachError:
    """Turn what is not a success into the error that says it best."""
    status = answer.status_code
    if answer.is_redirect:
        return AnswerError("The address leads elsewhere. Ask for the node's own address.")
    try:
        problem = msgspec.json.decode(body, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "no reason"
        problem = Problem(title=f"The address answered {status} ({phrase}), without saying why.")
    error = refusal_for(status, problem.code)(
        problem.title, status=status, code=problem.code, reasons=problem.reasons
    )
    after = answer.headers.get("Retry-After", "")
    if after.isdecimal() and len(after) <= len("86400"):
        error.ask_again_after = float(after)
    return error
