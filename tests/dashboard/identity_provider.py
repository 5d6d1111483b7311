"""A small OpenID Connect provider that keeps the rules, and can be told to break one."""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from serving import answering
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pipelines import servers
from pipelines.home import Home

CLIENT, SECRET = "mainstem", "not to be told"
FORM = '<form method="post"><h1>Provider</h1><button>Continue</button></form>'


@dataclass
class Provider:
    """Whom it vouches for, and which rule it breaks."""

    url: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "7", "email": "Amina@example.org", "email_verified": True}
    )
    told: dict[str, Any] = field(default_factory=dict)  # in the token, beside what is right
    sign: Callable[[dict[str, Any]], str] | None = None  # otherwise than it must be
    about: dict[str, Any] = field(default_factory=dict)  # of itself, beside what is right
    thin: bool = False  # tells of the person only where it is asked besides
    forgets: bool = False  # which codes were used
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def described(self, _request: Request) -> Response:
        """What it says of itself."""
        named = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        told: dict[str, Any] = {f"{k}_endpoint": f"{self.url}/{v}" for k, v in named.items()}
        told |= {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        told["id_token_signing_alg_values_supported"] = ["RS256", "HS256", "none"]
        return JSONResponse(told | self.about)

    def keys(self, _request: Request) -> Response:
        """The public half of its key."""
        return JSONResponse(KeySet([self.key]).as_dict())

    def authorize(self, request: Request) -> Response:
        """Ask who is there, who says that it is the person, and lead back with a code."""
        query = dict(request.query_params)
        if request.method == "GET":
            self.asked.append(query)
            return HTMLResponse(FORM)
        assert query["client_id"] == CLIENT and query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256" and "openid" in query["scope"].split()
        code = secrets.token_urlsafe()
        self.codes[code] = query
        back = urlencode({"code": code, "state": query["state"], "iss": self.url})
        return RedirectResponse(f"{query['redirect_uri']}?{back}", 303)

    async def token(self, request: Request) -> Response:
        """Give a token for a code, once, to the client that proves to be who asked for it."""
        form = {key: one for key, (one,) in parse_qs((await request.body()).decode()).items()}
        proof = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        query = self.codes.get(form["code"])
        if (
            query is None
            or request.headers.get("Authorization") != f"Basic {proof}"
            or form["redirect_uri"] != query["redirect_uri"]
            or create_s256_code_challenge(form["code_verifier"]) != query["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        if not self.forgets:
            del self.codes[form["code"]]
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "nonce": query["nonce"], "iat": now}
        claims |= {"exp": now + 300, "sub": self.person["sub"]}
        claims |= ({} if self.thin else self.person) | self.told
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = self.sign(claims) if self.sign else self.signed(claims, self.key)
        told = {"access_token": "access", "token_type": "Bearer", "id_token": signed}
        return JSONResponse(told)

    def userinfo(self, request: Request) -> Response:
        """What it tells of the person besides."""
        assert request.headers["Authorization"] == "Bearer access"
        return JSONResponse(self.person)

    @staticmethod
    def signed(claims: dict[str, Any], key: Any, kind: str = "RS256") -> str:
        """A token."""
        return jwt.encode({"alg": kind, "kid": "one"}, claims, key, [kind])

    @staticmethod
    def shared(claims: dict[str, Any], key: bytes | None) -> str:
        """A token signed by what others know as well; None: by nobody, which it says."""
        head = {"alg": "HS256" if key else "none", "kid": "one"}
        said = ".".join(_base64(json.dumps(it).encode()) for it in (head, claims))
        return f"{said}.{_base64(hmac.digest(key, said.encode(), 'sha256')) if key else ''}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def configure(home: Home, issuer: str, public_url: str, claim: str = "email") -> None:
    """Say in the settings of a home who vouches."""
    text = home.toml.read_text(encoding="utf-8").split("[dashboard]")[0]
    text += f'[dashboard]\npublic_url = "{public_url}"\n[oidc]\nissuer = "{issuer}"\n'
    text += f'client_id = "{CLIENT}"\nname = "Health <ID>"\nclaim = "{claim}"\n'
    home.toml.write_text(text, encoding="utf-8")


@contextmanager
def providing() -> Generator[Provider]:
    """A provider that answers."""
    port = servers.free_port(0)
    told = Provider(f"http://127.0.0.1:{port}")
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", told.described),
            Route("/keys", told.keys),
            Route("/authorize", told.authorize, methods=["GET", "POST"]),
            Route("/token", told.token, methods=["POST"]),
            Route("/userinfo", told.userinfo),
        ]
    )
    with answering(uvicorn.Config(app, port=port, log_level="warning")):
        yield told
