"""A benchmark's home, served by a real gateway and loop, for clients that sign in."""

import resource
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

from pipelines import servers, up
from pipelines.admin import credentials
from pipelines.home import Home
from pipelines.simulation.client import Client
from pipelines.up import Wanted

PASSWORD = "bench"


def let_in(home: Home, sites: Iterable[int]) -> None:
    """Give sites a name and a password, the same for all: what its verification costs is told."""
    (hash_,) = credentials.hashed([PASSWORD])
    with credentials.opened(home) as con:
        con.executemany(
            "insert into site (site, name, password) values (?, ?, ?)",
            [(site, f"Site {site}", hash_) for site in sites],
        )


def client(url: str, site: int) -> Client:
    """A client of such a site, that looks at the status ten times a second."""
    return Client(url, f"Site {site}", PASSWORD, f"HW{site}", poll=0.1)


@contextmanager
def served(home: Home, loop: bool = True) -> Generator[tuple[str, Popen[bytes]]]:
    """The address of a gateway, and its process; with the loop that runs cycles."""
    port = servers.free_port(0)
    wanted = Wanted("127.0.0.1", port, None, None, loop)
    with servers.running(up.children(home, wanted), home.path / "logs") as (gateway, *_):
        yield f"http://127.0.0.1:{port}", gateway


def resident_mib(pid: int) -> int:
    """The memory that a process has now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() >> 20
