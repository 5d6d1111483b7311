"""Dagster's event log in one SQLite file that stays open: a run's events cost little to write.

Dagster's own log makes a file per run, opens it anew for each event and waits for the disk each
time. Its history may lose what the machine had not written when the power
went: nothing that counts is kept there.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import sqlalchemy
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.event_log.polling_event_watcher import SqlPollingEventWatcher
from sqlalchemy import Connection, Engine, event
from typing_extensions import override

PATIENCE = 30  # seconds to wait for another process's write


class EventLog(ConsolidatedSqliteEventLogStorage):
    """The log that `dagster.yaml` names; `base_dir` is the folder of its file."""

    @cached_property
    def _engine(self) -> Engine:
        engine = sqlalchemy.create_engine(
            f"sqlite:///{self.get_db_path()}", connect_args={"timeout": PATIENCE}
        )
        event.listen(engine, "connect", _hurry)
        return engine

    @contextmanager
    def _opened(self) -> Generator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    @override
    def run_connection(self, run_id: str | None) -> Any:
        """A connection in a transaction; all runs share the file."""
        return self._opened()

    @override
    def index_connection(self) -> Any:
        """A connection in a transaction."""
        return self._opened()

    @override
    def has_table(self, table_name: str) -> bool:
        """Whether the file has a table."""
        with self._opened() as connection:
            return sqlalchemy.inspect(connection).has_table(table_name)

    @cached_property
    def _watcher(self) -> SqlPollingEventWatcher:
        return SqlPollingEventWatcher(self)

    @override
    def watch(self, run_id: str, cursor: str | None, callback: Callable[..., Any]) -> None:
        """Tell of a run's events by asking for them: a file that stays open may not change."""
        self._watcher.watch_run(run_id, cursor, callback)

    @override
    def end_watch(self, run_id: str, handler: Callable[..., Any]) -> None:
        """Tell no more."""
        self._watcher.unwatch_run(run_id, handler)

    @override
    def dispose(self) -> None:
        """Close the file."""
        self._watcher.close()
        self._engine.dispose()


def _hurry(connection: Any, _record: Any) -> None:
    connection.execute("pragma synchronous = normal")
