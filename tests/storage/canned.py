"""An S3 that answers as a test says, in this process."""

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from lake.aws.connection import AwsConnection, AwsOptions
from lake.storage.s3 import ObjectStorage


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """`cut` leaves out that many bytes of the body, though its length was told; `lost` closes the connection unanswered."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    lost: bool = False


@dataclass
class CannedS3:
    url: str
    requests: list[Request] = field(default_factory=list)

    @property
    def storage(self) -> ObjectStorage:
        return ObjectStorage(AwsConnection(AwsOptions(endpoint_url=self.url, region="us-east-1")))


@contextmanager
def canned_s3(answer: Callable[[Request], Answer], *, certificate: Path | None = None) -> Iterator[CannedS3]:
    """Serve until the block ends; by TLS with a certificate, whose file holds its key too."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            split = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(
                self.command, split.path, dict(parse_qsl(split.query, keep_blank_values=True)), headers, body
            )
            canned.requests.append(request)
            found = answer(request)
            if found.lost:
                self.close_connection = True
                return
            self.send_response(found.status)
            for name, value in ({"Content-Length": str(len(found.body))} | found.headers).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(found.body[: len(found.body) - found.cut])
            self.close_connection = bool(found.cut)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815 - the names that the server calls

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        canned = CannedS3(f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}")
        if certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield canned
        finally:
            server.shutdown()
            thread.join()


def in_turn(answers: Sequence[Answer]) -> Callable[[Request], Answer]:
    """Answer one after the other, and with the last one from then on."""
    left = list(answers)

    def answer(_: Request) -> Answer:
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


def refusal(status: int, code: str, message: str = "no", **more: str) -> Answer:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in more.items())
    return Answer(status, f"<Error><Code>{code}</Code><Message>{message}</Message>{inner}</Error>".encode())


def page(keys: Sequence[str], *, token: str | None = None, truncated: bool | None = None, pad: str = "") -> Answer:
    """A page of a listing, keys URL-coded already, as AWS writes it; `pad` stands where others put more."""
    contents = "".join(
        f"<Contents>{pad}<Key>{key}</Key><LastModified>2026-01-31T07:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag>"
        f"<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents>"
        for key in keys
    )
    goes_on = token is not None if truncated is None else truncated
    more = f"<NextContinuationToken>{token}</NextContinuationToken>" if token else ""
    return Answer(
        body=(
            '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Name>bucket</Name><Prefix>t</Prefix><KeyCount>{len(keys)}</KeyCount><MaxKeys>1000</MaxKeys>"
            f"<EncodingType>url</EncodingType><IsTruncated>{str(goes_on).lower()}</IsTruncated>{more}{contents}"
            "</ListBucketResult>"
        ).encode()
    )
