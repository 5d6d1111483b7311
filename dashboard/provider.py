"""The OpenID Connect provider that vouches for people: the authorization code flow, with PKCE.

What it says of somebody counts when all holds that OpenID Connect Core 1.0, section 3.1.3.7, wants.
Its keys are asked for at every sign-in: one that it gave up opens nothing. Times are the machine's,
whatever $MAINSTEM_NOW says, for the provider has its own clock.
"""

import secrets
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import errors, jwt
from joserfc.jwk import KeySet

from pipelines import settings
from pipelines.admin.identities import Vouched
from pipelines.errors import MainstemError
from pipelines.settings import Settings

PATIENCE = 10.0  # seconds that the provider may take to answer
LEEWAY = 60  # seconds by which two clocks may differ
LASTS = 600  # seconds for which the provider's addresses are remembered
CALLBACK = "/oidc/callback"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Signatures by a key that the provider alone has: none of a shared secret, and no `none`.
SAFE = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)


@dataclass(frozen=True)
class Started:
    """What a sign-in begins with: the browser that began it comes back with the same."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))


def address(told: Settings, started: Started, again: bool) -> str:
    """Where the browser goes to sign in; `again`: even who is signed in there is asked anew."""
    about = _about(told.oidc_issuer, int(time.time() // LASTS))
    more = {"prompt": "login"} if again else {}
    found, _ = _client(told, about).create_authorization_url(
        about["authorization_endpoint"],
        state=started.state,
        code_verifier=started.verifier,
        nonce=started.nonce,
        **more,
    )
    return str(found)


def vouched(told: Settings, started: Started, code: str) -> Vouched:
    """Whom the provider vouches for by a code; MainstemError, in plain words, where it does not."""
    about = _about(told.oidc_issuer, int(time.time() // LASTS))
    try:
        token = _client(told, about).fetch_token(
            about["token_endpoint"],
            code=code,
            code_verifier=started.verifier,
            timeout=PATIENCE,
            allow_redirects=False,  # the secret goes nowhere else
        )
    except OAuthError as error:
        raise MainstemError(f"{told.oidc_name} did not sign you in: {error.error}.") from error
    except (requests.RequestException, ValueError) as error:
        raise _unreachable(about["token_endpoint"]) from error
    claims = _claims(told, about, started, token)
    if told.oidc_claim not in claims and "userinfo_endpoint" in about:
        bearer = {"Authorization": f"Bearer {token.get('access_token')}"}
        more = _fetched(about["userinfo_endpoint"], bearer)
        claims = more if more.get("sub") == claims["sub"] else {"sub": claims["sub"]}
    identity = claims.get(told.oidc_claim)
    if not isinstance(identity, str) or not identity.strip():
        raise MainstemError(f"{told.oidc_name} does not tell your {told.oidc_claim}.")
    if told.oidc_claim == "email" and claims.get("email_verified", True) not in (True, "true"):
        raise MainstemError(f"{told.oidc_name} has not verified that {identity} is yours.")
    return Vouched(told.oidc_issuer, claims["sub"], identity.strip(), told.oidc_claim == "email")


def _claims(
    told: Settings, about: dict[str, Any], started: Started, token: dict[str, Any]
) -> dict[str, Any]:
    """What the provider's token says, once it is proved to be its, for this hub and this start."""
    offered = about.get("id_token_signing_alg_values_supported", ["RS256"])
    try:
        keys = KeySet.import_key_set(_fetched(about["jwks_uri"]))  # ty: ignore[invalid-argument-type]
        read = jwt.decode(
            str(token.get("id_token", "")), keys, [one for one in SAFE if one in offered]
        )
        claims = CodeIDToken(
            read.claims,
            read.header,
            {"iss": {"value": told.oidc_issuer}, "aud": {"value": told.oidc_client}},
            {
                "nonce": started.nonce,
                "client_id": told.oidc_client,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=LEEWAY)
    except (errors.JoseError, ValueError, KeyError, TypeError) as error:
        late = getattr(error, "claim", "") in ("exp", "iat", "nbf")
        late = late and not isinstance(error, errors.MissingClaimError)
        raise MainstemError(
            f"The clocks of this hub and of {told.oidc_name} differ too much. Set them right."
            if late
            else f"What {told.oidc_name} says of you cannot be trusted ({error}). Sign in again."
        ) from error
    return claims


def _client(told: Settings, about: dict[str, Any]) -> OAuth2Session:
    secret = settings.oidc_secret()
    ways = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
    return OAuth2Session(
        told.oidc_client,
        secret or None,
        token_endpoint_auth_method=way if secret else "none",
        scope="openid email profile",
        redirect_uri=told.dashboard_url.rstrip("/") + CALLBACK,
        code_challenge_method="S256",
    )


@lru_cache(maxsize=1)
def _about(issuer: str, _since: int) -> dict[str, Any]:
    """What the provider says of itself, remembered for a while."""
    found = _fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise MainstemError(f"The provider at {issuer} says that it is {found.get('issuer')}.")
    for name in NEEDED:
        scheme = urlsplit(str(found.get(name, ""))).scheme
        if scheme not in ("https", urlsplit(issuer).scheme):
            raise MainstemError(f"The provider at {issuer} tells no {name} that is safe.")
    return found


def _fetched(url: str, head: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = requests.get(url, headers=head, timeout=PATIENCE, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise _unreachable(url) from error
    if not isinstance(found, dict):
        raise _unreachable(url)
    return found


def _unreachable(url: str) -> MainstemError:
    return MainstemError(f"{urlsplit(url).netloc} does not answer as it should. Try again later.")
