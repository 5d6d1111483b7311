"""A page's web socket, spoken without a browser: what it is told, what it may say."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from dashboard import access


@dataclass
class Page:
    """A page of a session."""

    socket: ClientConnection
    number: str = ""  # that the server gave it

    def say(self, **told: object) -> None:
        """Send a message, by its type."""
        self.socket.send(BackMsg(**told).SerializeToString())

    def hear(self, kind: str) -> list[ForwardMsg]:
        """What is told until a message of this type, that one last."""
        found: list[ForwardMsg] = []
        while not found or found[-1].WhichOneof("type") != kind:
            found.append(ForwardMsg.FromString(self.socket.recv(timeout=90, decode=False)))
            self.number = found[-1].new_session.initialize.session_id or self.number
        return found

    def downloads(self, name: str) -> list[str]:
        """What the downloads that a page offers are asked for by."""
        self.say(rerun_script={"page_name": name})
        told = [it.delta.new_element for it in self.hear("script_finished")]
        return [
            it.download_button.deferred_file_id for it in told if it.HasField("download_button")
        ]

    def ask(self, name: str) -> None:
        """Ask for a download."""
        asked = {"request_id": name, "deferred_file": {"file_id": name}}
        asked["session_id"] = self.number
        self.say(backend_operation_request=asked)

    def made(self, name: str) -> str:
        """The address of a download, asked for and made."""
        self.ask(name)
        answer = self.hear("backend_operation_response")[-1].backend_operation_response
        assert answer.deferred_file.url, answer
        return answer.deferred_file.url


@contextmanager
def page(url: str, token: str) -> Generator[Page]:
    """A page of the server at `url`, of a session."""
    at = url.replace("http", "ws", 1) + "/_stcore/stream"
    head = {"Cookie": f"{access.COOKIE}={token}"}
    with connect(at, additional_headers=head, subprotocols=[Subprotocol("streamlit")]) as socket:
        yield Page(socket)
