"""Contacts: each call that matters, kept in gateway.db a second later at most."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
from anyio import to_thread

from pipelines.gateway.state import Contact, State

EVERY = 1.0  # seconds
ERRORS = 100  # calls that went wrong of which so many are kept in that time: nobody fills the disk
MOST = 100_000  # contacts that are held where they cannot be written; older ones go


class Contacts:
    """Contacts in memory until they are written, all of a second in one transaction."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._held: list[Contact] = []
        self._errors = 0  # since they were last written

    def note(self, contact: Contact) -> None:
        """Keep a contact; of many that went wrong, the first."""
        self._errors += bool(contact.error)
        if not contact.error or self._errors <= ERRORS:
            self._held.append(contact)

    @asynccontextmanager
    async def kept(self) -> AsyncGenerator[None]:
        """Write contacts every second as long as the block runs, and what is left at its end."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._write)
            try:
                yield
            finally:
                group.cancel_scope.cancel()
        self._flush()

    async def _write(self) -> None:
        while True:
            await anyio.sleep(EVERY)
            if self._held:
                await to_thread.run_sync(self._flush)

    def _flush(self) -> None:
        """Write what is held; where it cannot be, as on a full disk, it stays for the next time."""
        held, self._held, self._errors = self._held, [], 0
        try:
            self._state.keep(held)
        except sqlite3.Error:
            self._held = (held + self._held)[-MOST:]
