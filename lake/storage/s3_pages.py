"""Pages of a listing, read out of S3's answers before botocore parses them: that takes it twenty times as long."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from lake.collector import collector_held
from lake.model import StoredObject

BEGIN, END = b"<Contents>", b"</Contents>"
URL_CODED = b"<EncodingType>url</EncodingType>"
WHOLE = b"</ListBucketResult>"

_OBJECT = re.compile(
    r"<Contents><Key>([^<]*)</Key><LastModified>([^<]*)</LastModified><ETag>([^<]*)</ETag>"
    r"(?:<Checksum(?:Algorithm|Type)>[^<]*</Checksum(?:Algorithm|Type)>)*<Size>(\d+)</Size>"
)


class PageReader:
    """Asks one client for pages. The client serves others too, whose answers are left as they are."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._asking = threading.local()
        # Handlers under a wildcard are called before those of S3, of which one parses the whole answer to see whether it is an error.
        client.meta.events.register_first("before-parse.*.ListObjectsV2", self._take)

    def page(self, root: str, **arguments: Any) -> tuple[list[StoredObject], Mapping[str, Any]]:
        """Call ListObjectsV2 once; return the objects, `root` before their keys, and the rest of the answer."""
        self._asking.root = root
        self._asking.objects = None
        try:
            answer = self._client.list_objects_v2(**arguments)
            objects = self._asking.objects
        finally:
            self._asking.root = None
        if objects is None:
            objects = [_plain(root, each) for each in answer.get("Contents", ())]
        return objects, answer

    def _take(self, response_dict: dict[str, Any], **_: Any) -> None:
        root = getattr(self._asking, "root", None)
        if root is None or response_dict.get("status_code") != 200:
            return
        body: bytes = response_dict["body"]
        start, end = body.find(BEGIN), body.rfind(END)
        if start < 0 or end < start:
            return
        end += len(END)
        objects = None
        if URL_CODED in body[:start] + body[end:]:
            with collector_held():
                objects = read_objects(body[start:end], root)
        if objects is not None and WHOLE in body[end:]:
            self._asking.objects = objects
            response_dict["body"] = body[:start] + body[end:]


def read_objects(contents: bytes, root: str) -> list[StoredObject] | None:
    """Read `<Contents>` elements with URL-coded keys; None where one is not written as S3 writes it."""
    text = contents.decode().replace("&quot;", '"').replace("&#34;", '"')
    found = _OBJECT.findall(text)
    if len(found) != text.count("<Contents>"):
        return None
    keys, times, etags, sizes = zip(*found, strict=True)
    known = {time: datetime.fromisoformat(time) for time in set(times)}
    locations = [root + key for key in _decoded(keys)]
    return list(map(StoredObject, locations, map(int, sizes), map(known.__getitem__, times), etags))


def _decoded(keys: tuple[str, ...]) -> list[str]:
    """Decode all at once, which costs a third of each on its own."""
    joined = "\n".join(keys).replace("%3D", "=")
    if "%" not in joined and "+" not in joined:
        return joined.split("\n")
    if "%0A" in joined or "%0a" in joined:
        return [unquote_plus(key) for key in keys]
    return unquote_plus(joined).split("\n")


def _plain(root: str, each: Mapping[str, Any]) -> StoredObject:
    return StoredObject(root + each["Key"], each["Size"], each["LastModified"].astimezone(UTC), each.get("ETag"))
