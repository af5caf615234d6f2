"""A service where people have accounts, in a process of its own: Authlib's server on a socket.

It wants PKCE and a nonce of every client. Who signs in, and what it lies about, is said by whoever
plays the browser: `mail`, `unchecked` and `lie`, added to the address of its page; a real browser
is asked for the first. Authlib has no types, hence the exceptions below.
"""

import sys
import time
from dataclasses import dataclass
from socket import socket
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, render_template_string, request
from flask.typing import ResponseReturnValue
from joserfc.jwk import ECKey
from werkzeug.serving import make_server

CLIENT, SECRET = "netreach", "a-secret-of-the-tests"
KEY = ECKey.generate_key("P-256", {"kid": "one"})
LIES: dict[str, dict[str, Any]] = {
    "": {},
    "signature": {},
    "nonce": {"nonce": "of-another-browser"},
    "audience": {"aud": ["somebody-else"]},
    "issuer": {"iss": "https://elsewhere.test"},
    "expiry": {"exp": 1},
}


@dataclass
class Code:
    code: str
    redirect_uri: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    mail: str
    unchecked: bool
    lie: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return "openid email"

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Client:
    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/sign-in/provider/callback")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method, endpoint) == ("client_secret_basic", "token")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


CODES: dict[str, Code] = {}
TOKENS: dict[str, Code] = {}


class Codes(AuthorizationCodeGrant):  # type: ignore[misc]
    def save_authorization_code(self, code: str, request: Any) -> None:
        said = request.payload.data
        facts = (said["nonce"], said["code_challenge"], said["code_challenge_method"])
        asked = (said.get("mail", ""), "unchecked" in said, said.get("lie", ""))
        CODES[code] = Code(code, request.payload.redirect_uri, *facts, *asked)

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        del client
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del CODES[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> Code:
        return authorization_code


class IdTokens(OpenIDCode):  # type: ignore[misc]
    def exists_nonce(self, nonce: str, request: Any) -> bool:
        del request
        return any(each.nonce == nonce for each in CODES.values())

    def resolve_client_private_key(self, client: Client) -> ECKey:
        del client
        return KEY

    def get_client_algorithm(self, client: Client) -> str:
        del client
        return "ES256"

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        now = int(time.time())
        whose = {"iss": issuer(), "aud": [client.get_client_id()]}
        return {**whose, "iat": now, "exp": now + 600}

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
        signed: str = super().encode_id_token(token, request)
        return f"{signed[:-8]}AAAAAAAA" if request.user.lie == "signature" else signed

    def generate_user_info(self, user: Code, scope: str) -> dict[str, Any]:
        del scope
        return {"sub": user.mail} if user.lie == "told-apart" else who(user) | LIES[user.lie]


def who(user: Code) -> dict[str, Any]:
    return {"sub": user.mail, "email": user.mail, "email_verified": not user.unchecked}


def issuer() -> str:
    return request.host_url.rstrip("/")


def kept(token: dict[str, Any], request: Any) -> None:
    TOKENS[token["access_token"]] = request.user


app = Flask(__name__)
server = AuthorizationServer(app, query_client=lambda name: Client() if name == CLIENT else None)
server.save_token = kept
server.register_grant(Codes, [CodeChallenge(required=True), IdTokens(require_nonce=True)])


@app.get("/.well-known/openid-configuration")
def about() -> ResponseReturnValue:
    places = ("authorize", "token", "userinfo")
    told = {f"{each}_endpoint": f"{issuer()}/{each}" for each in places}
    told["authorization_endpoint"] = told.pop("authorize_endpoint")
    return jsonify(told | {"issuer": issuer(), "jwks_uri": f"{issuer()}/keys"})


ASKING = """<!doctype html><html lang="en"><title>Quayside accounts</title>
<link rel="icon" href="data:,">
<h1>Quayside accounts</h1><form>
{% for name, value in told.items() %}<input type="hidden" name="{{ name }}" value="{{ value }}">
{% endfor %}<label>Your address <input name="mail"></label><button>Continue</button></form></html>
"""


@app.get("/authorize")
def authorize() -> ResponseReturnValue:
    if "mail" not in request.args:
        return render_template_string(ASKING, told=request.args)
    answer: ResponseReturnValue = server.create_authorization_response(grant_user=request.args)
    return answer


@app.post("/token")
def token() -> ResponseReturnValue:
    answer: ResponseReturnValue = server.create_token_response()
    return answer


@app.get("/keys")
def keys() -> ResponseReturnValue:
    return jsonify({"keys": [KEY.as_dict(private=False)]})


@app.get("/userinfo")
def userinfo() -> ResponseReturnValue:
    user = TOKENS.get(request.headers["Authorization"].removeprefix("Bearer "))
    return jsonify(who(user)) if user else ("", 401)


if __name__ == "__main__":
    listening = socket(fileno=int(sys.argv[1]))
    host, port = listening.getsockname()
    make_server(host, port, app, threaded=True, fd=listening.fileno()).serve_forever()
