"""What is known of sites by the published reports: which are disabled, which have no store."""

import time

import duckdb
from anyio import to_thread

from pipelines.errors import MainstemError
from pipelines.gateway.refused import Refused
from pipelines.home import Home
from warehouse import report

EVERY = 1.0  # seconds between two looks at whether there are new reports
SITES = """
select
    site, disabled,
    site not in (select site from marts.store where site is not null)
    and site not in (select site from marts.store_copy) as homeless
from marts.site where not is_central and (disabled or homeless)
"""


class Known:
    """The sites of a home that are not as others; a site that no report knows is as others."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._primary = home.settings().primary
        self._disabled: set[int] = set()
        self._homeless: set[int] = set()
        self._looked, self._seen = 0.0, (0, 0)

    async def may_call(self, site: int) -> None:
        """Refused where a site is disabled (rule R11): it keeps what it has to send."""
        await self._look()
        if site in self._disabled:
            await self._look(now=True)
        if site in self._disabled:
            raise Refused(403, "site_disabled", "This site is disabled at the central")

    async def has_store(self, site: int) -> None:
        """Refused where a site has no store: it would initialise and hold nothing."""
        await self._look(now=True)
        if site in self._homeless and site != self._primary:
            raise Refused(
                403, "site_has_no_store", "This site has no store yet: the central gives it one"
            )

    async def _look(self, now: bool = False) -> None:
        """Take up new reports, if there are any."""
        if not now and time.monotonic() - self._looked < EVERY:
            return
        self._looked = time.monotonic()
        try:
            told = self._home.reports.stat()
        except OSError:
            return
        if self._seen == (told.st_ino, told.st_mtime_ns):
            return
        try:
            rows = await to_thread.run_sync(self._read)
        except (duckdb.Error, OSError, MainstemError):
            return  # as it was known
        self._seen = told.st_ino, told.st_mtime_ns
        self._disabled = {site for site, disabled, _ in rows if disabled}
        self._homeless = {site for site, _, homeless in rows if homeless}

    def _read(self) -> list[tuple[int, bool, bool]]:
        with report.opened(self._home.reports) as con:
            return con.execute(SITES).fetchall()
