"""Contacts: each call that matters, kept in gateway.db a second later at most."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
from anyio import to_thread

from pipelines.gateway.state import Contact, State

EVERY = 1.0  # seconds


class Contacts:
    """Contacts in memory until they are written, all of a second in one transaction."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._held: list[Contact] = []

    def note(self, contact: Contact) -> None:
        """Keep a contact."""
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
        held, self._held = self._held, []
        if held:
            self._state.keep(held)
