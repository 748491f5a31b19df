"""Glue as it is where moto is not: what it refuses by size, how it pages and cuts into segments, and that it has no order.

    with fake_glue(latency=0.03) as fake:
        fake.fill("web", "clicks", values)              # partitions without a call each
        glue = fake.server.client("glue")
        ...
        assert fake.count("GetPartitions") == 11

As a program (`python -m tests.catalog.fake_glue --partitions 100000 --latency 0.03 --port 9000`) it serves a filled table web.clicks.
"""

import argparse
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zlib import crc32

from botocore import xform_name
from moto.glue.exceptions import GlueClientError
from moto.glue.utils import PartitionFilter

from tests.servers import Server

LIMITS = {
    "BatchCreatePartition": ("PartitionInputList", 100),
    "BatchUpdatePartition": ("Entries", 100),
    "BatchDeletePartition": ("PartitionsToDelete", 25),
    "BatchGetPartition": ("PartitionsToGet", 1000),
    "BatchDeleteTable": ("TablesToDelete", 100),
}
OWN = "123456789012"
MADE_AT = 1767225600.25

Answer = dict[str, Any]
Key = tuple[str, ...]


class Refusal(Exception):
    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


@dataclass
class FakeTable:
    fields: Answer
    version: int = 0
    partitions: dict[Key, Answer] = field(default_factory=dict)

    @property
    def versions(self) -> dict[str, Answer]:
        """What moto's reading of expressions looks at."""
        return {"0": self.fields}


@dataclass
class FakePartition:
    partition_input: Answer


@dataclass
class FakeGlue:
    """`empty_pages`: how many come first in every listing. `lose`, `throttle`: how often, by operation, an answer is lost
    after the call was carried out, or a call is refused as one too many. `leave`: how many of a batch of gets are left
    unprocessed. `before`: called with each operation before it is carried out."""

    latency: float = 0.0
    page: int = 1000
    empty_pages: int = 0
    leave: int = 0
    lose: Counter[str] = field(default_factory=Counter)
    throttle: Counter[str] = field(default_factory=Counter)
    before: Callable[[str], None] = lambda operation: None
    calls: list[tuple[str, Answer]] = field(default_factory=list)
    databases: dict[tuple[str, str], Answer] = field(default_factory=dict)
    tables: dict[tuple[str, str, str], FakeTable] = field(default_factory=dict)
    server: Server = field(default_factory=lambda: Server("", 0))
    lock: Any = field(default_factory=threading.RLock)
    listings: dict[Any, list[Answer]] = field(default_factory=dict)
    bodies: dict[tuple[str, bytes], bytes] = field(default_factory=dict)

    def count(self, operation: str) -> int:
        return sum(1 for name, _ in self.calls if name == operation)

    def requests(self, operation: str) -> list[Answer]:
        return [request for name, request in self.calls if name == operation]

    def fill(self, database: str, table: str, values: Iterable[Key], **fields: Any) -> None:
        found = self.tables[OWN, database, table]
        described = found.fields["StorageDescriptor"]
        for each in values:
            location = described["Location"] + "/".join(each) + "/"
            given = {"Values": list(each), "StorageDescriptor": described | {"Location": location}, **fields}
            found.partitions[each] = made(given)
        self.changed()

    def changed(self) -> None:
        self.listings.clear()
        self.bodies.clear()

    def answer(self, operation: str, body: bytes) -> bytes:
        self.before(operation)
        request = json.loads(body)
        with self.lock:
            self.calls.append((operation, request))
            if self.throttle[operation] > 0:
                self.throttle[operation] -= 1
                raise Refusal("ThrottlingException", "Rate exceeded")
            reads = operation.startswith(("Get", "BatchGet"))
            if reads and (operation, body) in self.bodies:
                return self.bodies[operation, body]
            check_limits(operation, request)
            method = getattr(self, xform_name(operation), None)
            if method is None:
                raise Refusal("UnknownOperationException", f"{operation} is not faked")
            answer = json.dumps(method(request)).encode()
            if reads:
                self.bodies[operation, body] = answer
            else:
                self.changed()
            return answer

    # Databases

    def create_database(self, request: Answer) -> Answer:
        key = catalog(request), request["DatabaseInput"]["Name"]
        if key in self.databases:
            raise Refusal("AlreadyExistsException", "Database already exists.")
        self.databases[key] = request["DatabaseInput"] | {"CreateTime": MADE_AT, "CatalogId": key[0]}
        return {}

    def get_database(self, request: Answer) -> Answer:
        return {"Database": self.database(request, request["Name"])}

    def get_databases(self, request: Answer) -> Answer:
        found = [fields for (owner, _), fields in self.databases.items() if owner == catalog(request)]
        return self.paged(shuffled(found), request, "DatabaseList", 100)

    def delete_database(self, request: Answer) -> Answer:
        self.database(request, request["Name"])
        del self.databases[catalog(request), request["Name"]]
        for key in [key for key in self.tables if key[:2] == (catalog(request), request["Name"])]:
            del self.tables[key]
        return {}

    # Tables

    def create_table(self, request: Answer) -> Answer:
        self.database(request, request["DatabaseName"])
        key = catalog(request), request["DatabaseName"], request["TableInput"]["Name"]
        if key in self.tables:
            raise Refusal("AlreadyExistsException", "Table already exists.")
        self.tables[key] = FakeTable(request["TableInput"] | {"CreateTime": MADE_AT, "UpdateTime": MADE_AT})
        return {}

    def get_table(self, request: Answer) -> Answer:
        return {"Table": shown(request, self.table(request, request["Name"]))}

    def get_tables(self, request: Answer) -> Answer:
        self.database(request, request["DatabaseName"])
        prefix = catalog(request), request["DatabaseName"]
        found = [shown(request, table) for key, table in self.tables.items() if key[:2] == prefix]
        return self.paged(shuffled(found), request, "TableList", 100)

    def update_table(self, request: Answer) -> Answer:
        table = self.table(request, request["TableInput"]["Name"])
        if request.get("VersionId", str(table.version)) != str(table.version):
            raise Refusal("ConcurrentModificationException", "Update table failed due to concurrent modifications.")
        kept = {"CreateTime": table.fields["CreateTime"], "UpdateTime": MADE_AT + table.version + 1}
        table.fields, table.version = request["TableInput"] | kept, table.version + 1
        return {}

    def delete_table(self, request: Answer) -> Answer:
        self.table(request, request["Name"])
        del self.tables[catalog(request), request["DatabaseName"], request["Name"]]
        return {}

    def batch_delete_table(self, request: Answer) -> Answer:
        for name in request["TablesToDelete"]:
            self.tables.pop((catalog(request), request["DatabaseName"], name), None)
        return {"Errors": []}

    # Partitions

    def get_partitions(self, request: Answer) -> Answer:
        table = self.table(request, request["TableName"])
        segment = request.get("Segment", {"SegmentNumber": 0, "TotalSegments": 1})
        expression = request.get("Expression")
        whole = (id(table), expression)
        if whole not in self.listings:
            self.listings[whole] = chosen(self.in_no_order(table), expression, table)
        key = (*whole, *segment.values())
        if key not in self.listings:
            number, total = segment["SegmentNumber"], segment["TotalSegments"]
            self.listings[key] = [each for each in self.listings[whole] if place(each) % total == number]
        answer = self.paged(self.listings[key], request, "Partitions", 1000, empty=self.empty_pages)
        if request.get("ExcludeColumnSchema"):
            answer["Partitions"] = [without_columns(partition) for partition in answer["Partitions"]]
        return answer

    def batch_get_partition(self, request: Answer) -> Answer:
        known = self.table(request, request["TableName"]).partitions
        asked = request["PartitionsToGet"]
        taken = asked[: max(1, len(asked) - self.leave)]
        values = [tuple(each["Values"]) for each in taken]
        return {"Partitions": [known[each] for each in values if each in known], "UnprocessedKeys": asked[len(taken) :]}

    def batch_create_partition(self, request: Answer) -> Answer:
        table = self.table(request, request["TableName"])
        given = request["PartitionInputList"]
        if len({tuple(each["Values"]) for each in given}) < len(given):
            raise Refusal("InvalidInputException", "The list of partitions contains duplicates.")
        errors = []
        for each in given:
            values = tuple(each["Values"])
            if len(values) != len(table.fields.get("PartitionKeys", ())):
                errors.append(error(values, "InvalidInputException", "The number of values does not match."))
            elif values in table.partitions:
                errors.append(error(values, "AlreadyExistsException", "Partition already exists."))
            else:
                table.partitions[values] = made(each)
        return {"Errors": errors}

    def batch_update_partition(self, request: Answer) -> Answer:
        known = self.table(request, request["TableName"]).partitions
        errors = []
        for entry in request["Entries"]:
            values = tuple(entry["PartitionValueList"])
            if values not in known:
                detail = error(values, "EntityNotFoundException", "Partition not found.")
                errors.append({"PartitionValueList": list(values), "ErrorDetail": detail["ErrorDetail"]})
            else:
                known[values] = entry["PartitionInput"] | {"CreationTime": known[values]["CreationTime"]}
        return {"Errors": errors}

    def batch_delete_partition(self, request: Answer) -> Answer:
        known = self.table(request, request["TableName"]).partitions
        values = [tuple(each["Values"]) for each in request["PartitionsToDelete"]]
        absent = [each for each in values if known.pop(each, None) is None]
        return {"Errors": [error(each, "EntityNotFoundException", "Partition not found.") for each in absent]}

    # Beneath

    def in_no_order(self, table: FakeTable) -> list[Answer]:
        if (id(table),) not in self.listings:
            self.listings[id(table),] = sorted(table.partitions.values(), key=place)
        return self.listings[id(table),]

    def database(self, request: Answer, name: str) -> Answer:
        if (catalog(request), name) not in self.databases:
            raise Refusal("EntityNotFoundException", f"Database {name} not found.")
        return self.databases[catalog(request), name]

    def table(self, request: Answer, name: str) -> FakeTable:
        self.database(request, request["DatabaseName"])
        key = catalog(request), request["DatabaseName"], name
        if key not in self.tables:
            raise Refusal("EntityNotFoundException", f"Table {name} not found.")
        return self.tables[key]

    def paged(self, items: list[Answer], request: Answer, name: str, most: int, *, empty: int = 0) -> Answer:
        size = min(request.get("MaxResults", most), most, self.page)
        start = int(request["NextToken"]) if "NextToken" in request else -empty
        if start < 0:
            return {name: [], "NextToken": str(start + 1)}
        answer: Answer = {name: items[start : start + size]}
        if start + size < len(items):
            answer["NextToken"] = str(start + size)
        return answer


def check_limits(operation: str, request: Answer) -> None:
    name, most = LIMITS.get(operation, ("", 0))
    if name and not 0 < len(request[name]) <= most:
        raise too_much(f"Value at '{name}' has {len(request[name])} members, not 1 to {most}")
    if operation == "GetPartitions":
        if len(request.get("Expression", "")) > 2048:
            raise too_much("Value at 'expression': Member must have length less than or equal to 2048")
        if not 1 <= request.get("MaxResults", 1000) <= 1000:
            raise too_much("Value at 'maxResults': Member must have value less than or equal to 1000")
        segment = request.get("Segment", {"SegmentNumber": 0, "TotalSegments": 1})
        if not 0 <= segment["SegmentNumber"] < segment["TotalSegments"] <= 10:
            raise too_much("Value at 'segment': Member must have value less than or equal to 10")


def too_much(message: str) -> Refusal:
    return Refusal("ValidationException", f"1 validation error detected: {message}")


def catalog(request: Answer) -> str:
    owner: str = request.get("CatalogId", OWN)
    return owner


def chosen(partitions: list[Answer], expression: str | None, table: FakeTable) -> list[Answer]:
    chooses = PartitionFilter(expression, table)
    try:
        return [each for each in partitions if chooses(FakePartition(each))] if expression else partitions
    except GlueClientError as refused:
        raise Refusal(refused.error_type, str(refused.message)) from refused


def place(partition: Answer) -> int:
    return crc32("\x00".join(partition["Values"]).encode())


def shuffled(items: list[Answer]) -> list[Answer]:
    return sorted(items, key=lambda item: crc32(item["Name"].encode()))


def shown(request: Answer, table: FakeTable) -> Answer:
    told = {"DatabaseName": request["DatabaseName"], "CatalogId": catalog(request), "VersionId": str(table.version)}
    return (
        table.fields
        | told
        | {"CreatedBy": "arn:aws:iam::123456789012:user/fake", "IsRegisteredWithLakeFormation": False}
    )


def made(given: Answer) -> Answer:
    return given | {"CreationTime": MADE_AT}


def without_columns(partition: Answer) -> Answer:
    described = {name: value for name, value in partition["StorageDescriptor"].items() if name != "Columns"}
    return partition | {"StorageDescriptor": described}


def error(values: Key, code: str, message: str) -> Answer:
    return {"PartitionValues": list(values), "ErrorDetail": {"ErrorCode": code, "ErrorMessage": message}}


def handler_of(fake: FakeGlue) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            begun = time.monotonic()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers["X-Amz-Target"].partition(".")[2]
            status = 200
            try:
                answer = fake.answer(operation, body)
            except Refusal as refusal:
                status = refusal.status
                answer = json.dumps({"__type": refusal.code, "Message": refusal.message}).encode()
            time.sleep(max(0.0, fake.latency - (time.monotonic() - begun)))
            if fake.lose[operation] > 0:
                fake.lose[operation] -= 1
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            """Say that it is there."""
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def fake_glue(port: int = 0, **options: Any) -> Iterator[FakeGlue]:
    fake = FakeGlue(**options)
    httpd = ThreadingHTTPServer(("127.0.0.1", port), handler_of(fake))
    httpd.daemon_threads = True
    fake.server = Server(f"http://127.0.0.1:{httpd.server_port}", 0)
    thread = threading.Thread(target=lambda: httpd.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def days_and_hours(count: int) -> Iterator[Key]:
    """Values of keys dt and hour, from 2020 on."""
    for number in range(count):
        day, hour = divmod(number, 24)
        year, rest = divmod(day, 12 * 28)
        yield f"{2020 + year}-{rest // 28 + 1:02d}-{rest % 28 + 1:02d}", f"{hour:02d}"


def make_clicks(fake: FakeGlue, partitions: int) -> None:
    """Table web.clicks with keys dt and hour, and so many partitions."""
    fake.create_database({"DatabaseInput": {"Name": "web"}})
    columns = [{"Name": f"c{number}", "Type": "string"} for number in range(20)]
    described = {
        "Columns": columns,
        "Location": "s3://bucket/web/clicks/",
        "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
    }
    keys = [{"Name": "dt", "Type": "string"}, {"Name": "hour", "Type": "string"}]
    table = {"Name": "clicks", "StorageDescriptor": described, "PartitionKeys": keys, "TableType": "EXTERNAL_TABLE"}
    fake.create_table({"DatabaseName": "web", "TableInput": table})
    fake.fill("web", "clicks", days_and_hours(partitions), Parameters={"transient_lastDdlTime": "1767225600"})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--partitions", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    with fake_glue(arguments.port, latency=arguments.latency) as fake:
        make_clicks(fake, arguments.partitions)
        print(fake.server.endpoint_url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
