"""The settings of a home, and the only reader of the environment and of mainstem.toml."""

import os
import re
import tomllib
import zoneinfo
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines import crontab
from pipelines.errors import MainstemError
from warehouse.catalogue import FORMS, REPORTS

TEMPLATE = """\
# Settings of this home. A missing key has the default shown; an unknown key is an error.

[sites]
central = {central}                       # this hub
primary = {primary}                       # another number makes the system mirrored

[preferences]
timezone = "UTC"                  # days and months in reports
language = "en"                   # of the dashboard, for a browser that wants none of its own
prescriptions_follow_patient = false
repeats_everywhere = false
patients_edited_where_visible = false
lag_warning_days = 3
lag_alert_days = 30               # 'more than a month ago', shown in red

[sync]
enabled = true                    # false: feeds are refused
paused = false                    # true: feeds are received and kept; nothing is ingested

[mail]
server = ""                       # of outgoing mail, like smtp.example.org or one:2525
security = "starttls"             # or tls, or none; the password is $MAINSTEM_MAIL_PASSWORD
sender = ""                       # the address that mail comes from
user = ""                         # empty: the server asks nobody who he is

[alerts]
to = []                           # addresses that are told what needs somebody
vital = []                        # codes of items that must never be out
quiet = ""                        # hours in which nobody is told, like 20-7, in the time zone above

[dashboard]
public_url = ""                   # where a browser finds it, like https://reports.example.org

[oidc]
issuer = ""                       # of an OpenID Connect provider; empty: sign-in by password only
client_id = ""                    # of this hub there; its secret is $MAINSTEM_OIDC_SECRET
name = "OpenID Connect"           # the button says: Sign in with …
claim = "email"                   # by which the provider tells who somebody is

# A report that goes out by mail (crontab's five fields, in the time zone above); as many as wanted:
# [[reports]]
# name = "expiring"
# to = ["pharmacist@example.org"]
# cron = "0 7 * * 1"
# region = []                     # and district, level, store, item, category, programme, within
# format = "xlsx"
"""


LANGUAGES = ("en", "fr", "pt", "es", "ar")  # that the dashboard speaks
LAST_SITE = 999_999_999  # the largest number that a site may have


def _is_site(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LAST_SITE


def _is_days(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_timezone(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(value) and bool(zoneinfo.ZoneInfo(value))
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        return False


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_server(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"([\w.-]+(:[0-9]{1,5})?)?", value))


def _is_address(value: Any) -> bool:
    """Whether it is empty, or an address that nobody on the way can read or change."""
    if not isinstance(value, str):
        return False
    safe = r"https://[\w.-]+|http://(localhost|127\.0\.0\.1)"
    return value == "" or bool(re.fullmatch(rf"({safe})(:[0-9]{{1,5}})?(/[\w.~/-]*)?", value))


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one for one in value)


def _is_hours(value: Any) -> bool:
    told = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", value) if isinstance(value, str) else None
    return value == "" or bool(told and max(map(int, told.groups())) < 24)


def _key(
    section: str, default: Any, check: Callable[[Any], bool], wanted: str, name: str = ""
) -> Any:  # a dataclass field takes the type it is annotated with
    """A key of a section; `name` is what it is called there, unless as the field."""
    told = {"section": section, "check": check, "wanted": wanted, "name": name}
    return field(default=default, metadata=told)


_SITE = f"a site number, 1 to {LAST_SITE}"
_FLAG = "true or false"
_DAYS = "a whole number of days, 0 or more"
_ADDRESS = "an address like https://name.example.org (http for localhost only)"


def _is_report(value: Any) -> bool:
    return isinstance(value, str) and value in REPORTS


def is_mail_address(text: str) -> bool:
    """Whether a mail can be sent to it, as far as its form tells."""
    return bool(re.fullmatch(r"[\w.+%-]+@[\w-]+(\.[\w-]+)*", text, re.ASCII))


def _is_addresses(value: Any) -> bool:
    return _is_list(value) and all(map(is_mail_address, value))


@dataclass(frozen=True)
class Scheduled:
    """A report that is sent at set times; a key without a default has to be there."""

    name: str = _key(
        "reports", None, _is_report, "a report's name (mainstem report --help lists them)"
    )
    to: tuple[str, ...] = _key("reports", None, _is_addresses, "a list of mail addresses")
    cron: str = _key("reports", None, crontab.is_one, 'crontab\'s five fields, like "0 7 * * 1"')
    format: str = _key("reports", "xlsx", FORMS.__contains__, "one of " + ", ".join(FORMS))
    store: tuple[str, ...] = _key("reports", (), _is_list, "a list of codes")
    item: tuple[str, ...] = _key("reports", (), _is_list, "a list of codes")
    region: tuple[str, ...] = _key("reports", (), _is_list, "a list of regions")
    district: tuple[str, ...] = _key("reports", (), _is_list, "a list of districts")
    level: tuple[str, ...] = _key("reports", (), _is_list, "a list of levels")
    category: tuple[str, ...] = _key("reports", (), _is_list, "a list of categories")
    programme: tuple[str, ...] = _key("reports", (), _is_list, "a list of programmes")
    within: int | None = _key("reports", None, _is_days, _DAYS)


@dataclass(frozen=True)
class Settings:
    """What mainstem.toml says; every key has a default, its section stands in its metadata."""

    central: int = _key("sites", 1, _is_site, _SITE)
    primary: int = _key("sites", 1, _is_site, _SITE)
    timezone: str = _key(
        "preferences", "UTC", _is_timezone, "a time zone's name, like Africa/Abidjan"
    )
    language: str = _key(
        "preferences", "en", LANGUAGES.__contains__, "one of " + ", ".join(LANGUAGES)
    )
    prescriptions_follow_patient: bool = _key("preferences", False, _is_flag, _FLAG)
    repeats_everywhere: bool = _key("preferences", False, _is_flag, _FLAG)
    patients_edited_where_visible: bool = _key("preferences", False, _is_flag, _FLAG)
    lag_warning_days: int = _key("preferences", 3, _is_days, _DAYS)
    lag_alert_days: int = _key("preferences", 30, _is_days, _DAYS)
    enabled: bool = _key("sync", True, _is_flag, _FLAG)
    paused: bool = _key("sync", False, _is_flag, _FLAG)
    mail_server: str = _key("mail", "", _is_server, "a host, or host:port", "server")
    mail_security: str = _key(
        "mail", "starttls", ("starttls", "tls", "none").__contains__, "starttls, tls or none",
        "security",
    )  # fmt: skip
    mail_sender: str = _key("mail", "", _is_text, "a mail address", "sender")
    mail_user: str = _key("mail", "", _is_text, "a name", "user")
    alerts_to: tuple[str, ...] = _key("alerts", (), _is_list, "a list of mail addresses", "to")
    alerts_vital: tuple[str, ...] = _key("alerts", (), _is_list, "a list of item codes", "vital")
    alerts_quiet: str = _key("alerts", "", _is_hours, "two hours, like 20-7", "quiet")
    dashboard_url: str = _key("dashboard", "", _is_address, _ADDRESS, "public_url")
    oidc_issuer: str = _key("oidc", "", _is_address, _ADDRESS, "issuer")
    oidc_client: str = _key("oidc", "", _is_text, "a client's id", "client_id")
    oidc_name: str = _key("oidc", "OpenID Connect", _is_text, "a name", "name")
    oidc_claim: str = _key("oidc", "email", _is_word, "a claim's name, like email", "claim")
    reports: tuple[Scheduled, ...] = ()


def load(path: Path) -> Settings:
    """Read and check one mainstem.toml; a bad key or value is an error that names it."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MainstemError(f"{path} is not valid TOML: {error}. Mend that line.") from error
    values: dict[str, Any] = {"reports": _scheduled(path, told.pop("reports", []))}
    sections = {f.metadata["section"] for f in fields(Settings) if f.metadata}
    for section, keys in told.items():
        if section not in sections or not isinstance(keys, dict):
            raise MainstemError(f"{path}: [{section}] is not a section that Mainstem knows.")
        values |= _values(path, Settings, section, keys)
    settings = Settings(**values)
    if settings.lag_alert_days < settings.lag_warning_days:
        raise MainstemError(
            f"{path}: preferences.lag_alert_days is {settings.lag_alert_days}; "
            f"it must not be less than lag_warning_days ({settings.lag_warning_days})."
        )
    if settings.oidc_issuer and not (settings.oidc_client and settings.dashboard_url):
        lacking = "dashboard.public_url" if settings.oidc_client else "oidc.client_id"
        raise MainstemError(f"{path}: with oidc.issuer, {lacking} has to be told as well.")
    return settings


def _values(
    path: Path, of: type[Settings] | type[Scheduled], section: str, keys: dict[str, Any]
) -> dict[str, Any]:
    """The values of a section's keys, by field; MainstemError names what is not as it must be."""
    known = {
        f.metadata["name"] or f.name: f
        for f in fields(of)
        if f.metadata and f.metadata["section"] == section
    }
    values: dict[str, Any] = {}
    for key, value in keys.items():
        if key not in known:
            raise MainstemError(f"{path}: {section}.{key} is not a key that Mainstem knows.")
        meta = known[key].metadata
        if not meta["check"](value):
            raise MainstemError(
                f"{path}: {section}.{key} is {value!r}; it must be {meta['wanted']}."
            )
        values[known[key].name] = tuple(value) if isinstance(value, list) else value
    return values


def _scheduled(path: Path, told: Any) -> tuple[Scheduled, ...]:
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise MainstemError(f"{path}: write each report under a line [[reports]] of its own.")
    found = []
    for one in told:
        if lacking := [key for key in ("name", "to", "cron") if not one.get(key)]:
            raise MainstemError(f"{path}: a report under [[reports]] lacks {lacking[0]}.")
        found.append(Scheduled(**_values(path, Scheduled, "reports", one)))
    return tuple(found)


def now() -> datetime:
    """The time, in UTC, to the second; MAINSTEM_NOW (ISO) stands in for the clock when set."""
    told = os.environ.get("MAINSTEM_NOW")
    if not told:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise MainstemError(
            f"MAINSTEM_NOW is {told!r}; it must be an ISO time like 2018-07-01T08:00:00."
        ) from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


@contextmanager
def other_clock() -> Generator[Callable[[datetime], None]]:
    """Within the block a clock stands in for the real one, where what it yields was told it is."""
    before = os.environ.get("MAINSTEM_NOW")

    def tell(moment: datetime) -> None:
        os.environ["MAINSTEM_NOW"] = moment.isoformat(timespec="seconds")

    try:
        yield tell
    finally:
        os.environ.pop("MAINSTEM_NOW", None)
        if before is not None:
            os.environ["MAINSTEM_NOW"] = before


def home_path(told: Path | None) -> Path:
    """The home folder: what was told, else $MAINSTEM_HOME, else ./home."""
    return told or Path(os.environ.get("MAINSTEM_HOME") or "home")


def loop_runs_cycles() -> bool:
    """Whether a loop runs the cycles (MAINSTEM_LOOP=1, set by `mainstem up`), not Dagster."""
    return os.environ.get("MAINSTEM_LOOP") == "1"


def mail_password() -> str:
    """The mail server's password (MAINSTEM_MAIL_PASSWORD)."""
    return os.environ.get("MAINSTEM_MAIL_PASSWORD", "")


def oidc_secret() -> str:
    """What the hub proves with who it is to the OpenID Connect provider (MAINSTEM_OIDC_SECRET)."""
    return os.environ.get("MAINSTEM_OIDC_SECRET", "")


def alert_urls() -> list[str]:
    """Addresses of alerts' other channels (MAINSTEM_ALERT_URLS); they may hold secrets."""
    return os.environ.get("MAINSTEM_ALERT_URLS", "").split()


def signed_in_as() -> str:
    """The role that everybody has at the dashboard without signing in (MAINSTEM_SIGNED_IN_AS)."""
    return os.environ.get("MAINSTEM_SIGNED_IN_AS", "")


def dagster_url() -> str:
    """Where a browser finds Dagster's page (MAINSTEM_DAGSTER_URL, else as `mainstem up` set it)."""
    return os.environ.get("MAINSTEM_DAGSTER_URL", "").rstrip("/")


def wants_traceback() -> bool:
    """Whether an error that nobody foresaw is shown whole (MAINSTEM_TRACEBACK=1)."""
    return os.environ.get("MAINSTEM_TRACEBACK") == "1"
