"""Files of sites (protocol v5, 9.4): pictures, documents; kept beside the feed, served to any site.

A file is named by the digest of its id, so that no id leads anywhere else.
"""

import hashlib
import os
import secrets
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.responses import FileResponse, Response

from pipelines.gateway import v6
from pipelines.gateway.answers import answered
from pipelines.gateway.calls import Call
from pipelines.gateway.door import Door
from pipelines.gateway.state import State
from pipelines.gateway.v6 import Trouble
from pipelines.home import Home

BLOCK = 1 << 20


class Files:
    """The two calls; who calls is said in the body, as over v6."""

    def __init__(self, home: Home, state: State, door: Door) -> None:
        self._home, self._state, self._door = home, state, door

    def path(self, id: str) -> Path:
        """Where a file is kept."""
        return self._home.files / hashlib.sha256(id.encode()).hexdigest()

    async def upload(self, call: Call) -> Response:
        """`PUT upload_file`: keep a file; on the disk before the answer. A second time replaces.

        Nobody replaces what another site brought.
        """
        length = call.told_length()
        if not length:
            raise Trouble("otherServerError", "The length of the file is unknown")
        call.hold(length)
        try:
            form = await call.request.form(max_files=1, max_fields=1, max_part_size=BLOCK)
        except (MultiPartException, KeyError) as error:
            raise Trouble("otherServerError", "The body is no form") from error
        try:
            part, content = form.get("json_part"), form.get("file_part")
            text = await part.read() if isinstance(part, UploadFile) else str(part or "").encode()
            body = v6.parsed(text)
            settings = {"syncV5Settings": body.get("sync_v5_settings")}
            version = {"syncV6Version": body.get("sync_v6_version", v6.NEWEST)}
            await self._door.prove(call, settings | version)
            id = body.get("file_id")
            if not isinstance(id, str) or not id or not isinstance(content, UploadFile):
                raise Trouble("otherServerError", "file_id or file_part is missing")
            await to_thread.run_sync(self._keep, id, content, call.site)
        finally:
            await form.close()
        call.records = 1
        return answered({"data": None})

    async def download(self, call: Call) -> Response:
        """`POST download_file`: the bytes of a file."""
        body = v6.parsed(await call.body())
        await self._door.prove(call, body)
        id = body.get("id")
        path = self.path(id) if isinstance(id, str) else None
        if path is None or not await to_thread.run_sync(path.is_file):
            call.error = "syncFileNotFound"
            return answered({"syncFileNotFound": id if isinstance(id, str) else ""}, 404)
        call.records = 1
        return FileResponse(path, media_type="application/octet-stream")

    def _keep(self, id: str, content: UploadFile, site: int) -> None:
        target = self.path(id)
        if self._state.owner(target.name, site) != site:
            raise Trouble("otherServerError", "The file is another site's")
        target.parent.mkdir(exist_ok=True)
        part = target.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with part.open("wb") as handle:
                while block := content.file.read(BLOCK):
                    handle.write(block)
                handle.flush()
                os.fsync(handle.fileno())
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
