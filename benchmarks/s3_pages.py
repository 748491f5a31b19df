"""An S3 that has pages of a listing ready, so that a client's own work is all that is measured: `python s3_pages.py KEYS` prints its port."""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KEYS_PER_PAGE = 1000
ENTRY = (
    "<Contents><Key>events/dt%3D2026-01-{day:02d}/hour%3D{hour:02d}/part-{number:08d}-3f2a9c4e-7d1b-4b2e-9a3c-5e6f7a8b9c0d"
    ".snappy.parquet</Key><LastModified>2026-01-31T07:{minute:02d}:{second:02d}.000Z</LastModified>"
    "<ETag>&quot;{number:032x}&quot;</ETag><Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
)


def page(number: int, last: int) -> bytes:
    places = range(number * KEYS_PER_PAGE, (number + 1) * KEYS_PER_PAGE)
    entries = "".join(
        ENTRY.format(
            day=place // 2400 % 28 + 1,
            hour=place // 100 % 24,
            number=place,
            minute=place // 60 % 60,
            second=place % 60,
            size=1_000_000 + place,
        )
        for place in places
    )
    more = "" if number == last else f"<NextContinuationToken>{number + 1}</NextContinuationToken>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<Name>bucket</Name><Prefix>events/</Prefix>{more}<KeyCount>{KEYS_PER_PAGE}</KeyCount>"
        f"<MaxKeys>{KEYS_PER_PAGE}</MaxKeys><EncodingType>url</EncodingType>"
        f"<IsTruncated>{str(number != last).lower()}</IsTruncated>{entries}</ListBucketResult>"
    ).encode()


def serve(keys: int) -> None:
    last = keys // KEYS_PER_PAGE - 1
    pages = [page(number, last) for number in range(last + 1)]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 1 << 16

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            body = pages[int(asked.get("continuation-token", ["0"])[0])]
            self.send_response(200)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
