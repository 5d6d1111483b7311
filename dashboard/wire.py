"""Files are for the session that was offered them, and a page says no more than pages need.

Streamlit gives a file an address that whoever knows it may fetch, has the work for a download done
for whoever names it, and clears what is cached for all when any browser says so. So what goes over
a web socket is read here: which files a session is offered, and what it asks for.
"""

import re
from collections.abc import Iterator

from google.protobuf.message import DecodeError, Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SAID = ("rerun_script", "stop_script", "app_heartbeat")
# Fields that Streamlit fills with a file's address, or the name of work for a download; never with
# what a person typed.
NAMED = ("url", "image", "icon_image", "favicon", "deferred_file_id")
FILE = re.compile(r"/media/([0-9a-f]+)(\.\w+)?")
MOST = 2000  # sessions, and files of one, that are remembered
_offered: dict[str, dict[str, None]] = {}  # by session, those of late last


def note(token: str, data: bytes) -> None:
    """Remember what files a message to a page offers to its session."""
    message = ForwardMsg()
    message.ParseFromString(data)
    mine = _offered.pop(token, {})
    for text in _named(message):
        told = FILE.fullmatch(text)
        name = told[1] if told else text
        mine.pop(name, None)
        mine[name] = None
    _offered[token] = mine
    for old in list(mine)[:-MOST]:
        del mine[old]
    for gone in list(_offered)[:-MOST]:
        del _offered[gone]


def is_file(token: str, path: str) -> bool:
    """Whether a path is one of a file that a session was offered."""
    told = FILE.fullmatch(path)
    return told is not None and told[1] in _offered.get(token, {})


def may_say(token: str, data: bytes) -> bool:
    """Whether a message from a page is one that pages send, of this session's own files."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return False
    asked = message.backend_operation_request
    match asked.WhichOneof("payload"):
        case "deferred_file":
            return asked.deferred_file.file_id in _offered.get(token, {})
        case "dataframe_chunk":
            return True  # Streamlit itself looks whose it is
    return message.WhichOneof("type") in SAID


def _named(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.message_type is None:
            if field.name in NAMED and isinstance(value, str):
                yield value
        elif not field.message_type.GetOptions().map_entry:
            for one in [value] if isinstance(value, Message) else value:
                yield from _named(one)
