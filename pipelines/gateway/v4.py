"""The v4 calls of users: signing in at a site (protocol v5, 8.1)."""

import json
from typing import Any

from anyio import to_thread
from starlette.responses import Response

from pipelines.admin import credentials, site_users
from pipelines.gateway.answers import answered
from pipelines.gateway.calls import Call
from pipelines.gateway.door import TROUBLES, Door
from pipelines.gateway.identity import NONE
from pipelines.home import Home

WRONG = {"status": "error", "authenticated": False, "message": "Wrong user name or password"}


class V4:
    """The calls; a user that fails too often is told how long it must wait."""

    def __init__(self, home: Home, door: Door) -> None:
        self._home, self._door = home, door

    async def login(self, call: Call) -> Response:
        """`POST login`: who the user is, its stores, and what it may do there.

        Wrong passwords are answered by 401, trouble of our own by 500: then the site signs its
        users in by what it remembers.
        """
        address = call.claim.address
        try:
            told = json.loads(await call.body())
            name, password = str(told["username"]), str(told["password"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return answered(WRONG, 400)
        if max(len(name), len(password)) > credentials.LONGEST:
            return answered(WRONG, 401)
        guesses, who = self._door.guesses, f"user {name.casefold()}"
        if seconds := guesses.locked(who, address):
            call.error = "user_login_timeout"
            waits = {"status": "user_login_timeout", "timeoutRemaining": round(seconds * 1000)}
            return answered(waits, 403)
        try:
            user = await to_thread.run_sync(self._signed_in, name, password)
        except TROUBLES as trouble:
            call.error = str(trouble)
            return answered({"status": "error"}, 500)
        if user is None:
            guesses.fail(who, address)
            call.error = "wrong user name or password"
            return answered(WRONG, 401)
        return answered(_told(user))

    def _signed_in(self, name: str, password: str) -> dict[str, Any] | None:
        found = site_users.rows(self._home, name)
        user = found[0] if found else None
        stored = user["password"] if user else NONE
        proved = credentials.verified(stored, credentials.sent(password))
        return user if proved and user and not user["disabled"] else None


def _told(user: dict[str, Any]) -> dict[str, Any]:
    """A user as the client parses it; permission number n is the n-th of the booleans."""
    granted = set(json.loads(user["permissions"]))
    permissions = [number in granted for number in range(1, site_users.LAST + 1)]
    stores = json.loads(user["stores"])
    empty = (
        "startup_method group_id address_1 address_2 phone1 phone2 job_title ldap_login_string "
        "windows_user_name license_category_id spare_1"
    )
    false = "responsible_officer use_ldap receives_sms_errors is_group isInactiveAuthoriser"
    return {
        "status": "success",
        "authenticated": True,
        "username": user["name"],
        "userFirstName": user["first_name"],
        "userLastName": user["last_name"],
        "userJobTitle": "",
        "userType": "user",
        "service": "mobile",
        "storeName": "",
        "userInfo": {
            "user": {
                "ID": user["user_id"],
                "name": user["name"],
                "nblogins": 0,
                "mode": "store",
                "active": True,
                "lasttime": 0,
                "initials": (user["first_name"][:1] + user["last_name"][:1]).upper(),
                "first_name": user["first_name"],
                "last_name": user["last_name"],
                "e_mail": user["email"],
                "Language": 0,
                **dict.fromkeys(empty.split(), ""),
                **dict.fromkeys(false.split(), False),
            },
            "userStores": [
                {
                    "ID": f"{user['user_id']}-{store}",
                    "user_ID": user["user_id"],
                    "store_ID": store,
                    "can_login": True,
                    "store_default": store == stores[0],
                    "can_action_replenishments": False,
                    "permissions": permissions,
                }
                for store in stores
            ],
        },
    }
