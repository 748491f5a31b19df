"""DuckDB over S3: the same answers as over a folder, the same walls, credentials that end, keys that are no paths."""

import gzip
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import lake
from lake.aws.connection import AwsConnection, AwsOptions
from lake.engine.httpfs import Secret
from lake.engine.remote_files import RemoteAccess
from lake.engine.sandbox import EngineLimits, Reach, SandboxPool, open_locked
from lake.errors import AccessDenied, ConnectionFailed, CredentialsFailed, LakeError, QueryCancelled, StorageFailed
from lake.model import Column, Partition, SerDe, StorageDescriptor, Table, TableName
from lake.storage.s3 import ObjectStorage
from tests.engine.s3_lake import BUCKET, s3_lake
from tests.servers import CREDENTIALS, Server
from tests.storage.canned import Answer, CannedS3, Request, canned_s3, refusal

PARQUET = SerDe("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe")
TEXT = SerDe("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", {"field.delim": ","})
ROOT = f"s3://{BUCKET}/"


@pytest.fixture
def db(s3: Server, tmp_path: Path, clock: lake.clock.FixedClock) -> Iterator[lake.Lake]:
    with s3_lake(tmp_path / "lake", clock) as db:
        yield db


def parquet(values: list[int]) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"n": pa.array(values, pa.int64())}), sink)
    return sink.getvalue().to_pybytes()


def make_table(db: lake.Lake, location: str, serde: SerDe = PARQUET, *, keys: tuple[str, ...] = ()) -> Table:
    descriptor = StorageDescriptor((Column("n", "bigint"),), serde=serde)
    partition_keys = tuple(Column(key, "string") for key in keys)
    table = Table("default", "t", descriptor, location, partition_keys)
    db.catalog.create_table(table)
    return db.table("t")


QUERIES = [
    'SELECT "$path", "$file_size", "$partition", n, dt FROM t ORDER BY n',
    "SELECT dt, count(*), sum(n), min(s) FROM t GROUP BY dt ORDER BY dt",
    "SELECT count(*) FROM t WHERE dt = '2026-01-02'",
    "SELECT n FROM t WHERE substr(dt, 9) = '03' AND n > 250 ORDER BY n",
    'SELECT * FROM "t$partitions" ORDER BY 1',
    "SELECT a.n, b.s FROM t a JOIN t b ON a.n = b.n + 1 WHERE a.dt = '2026-01-01' ORDER BY 1",
    "SELECT 1",
]


def test_answers_are_those_of_the_same_files_in_a_folder(db: lake.Lake) -> None:
    rows = {
        "n": list(range(300)),
        "s": [f"ü{n}" for n in range(300)],
        "dt": [f"2026-01-0{n % 4 + 1}" for n in range(300)],
    }
    db.write(pa.table(rows), "t", partition_by=["dt"])
    with lake.connect(db.directory.path, clock=db.clock) as folder:
        for sql in QUERIES:
            assert db.query(sql).to_arrow() == folder.query(sql).to_arrow(), sql


def test_rows_are_exported_from_s3(db: lake.Lake, tmp_path: Path) -> None:
    db.write(pa.table({"n": [1, 2, 3]}), "t")
    db.wait(db.submit("SELECT n + 1 AS m FROM t ORDER BY 1", export=tmp_path / "out.parquet").id)
    assert pq.read_table(tmp_path / "out.parquet").to_pydict() == {"m": [2, 3, 4]}


def test_partitions_may_lie_in_other_buckets(db: lake.Lake, s3: Server) -> None:
    client = s3.client("s3")
    client.create_bucket(Bucket="other")
    table = make_table(db, ROOT + "t/", keys=("dt",))
    for place, location in enumerate([f"{ROOT}t/dt=0/", "s3://other/a b/dt=1", "s3a://other/"]):
        key = location.partition("://")[2].partition("/")[2]
        bucket = location.split("/")[2]
        client.put_object(Bucket=bucket, Key=f"{key.rstrip('/')}/{place}.parquet".lstrip("/"), Body=parquet([place]))
        partition = Partition((str(place),), location, table.descriptor)
        assert not db.catalog.add_partitions(table.full_name, [partition])
    assert db.query("SELECT dt, sum(n) FROM t WHERE dt < '2' GROUP BY 1 ORDER BY 1").fetch_all() == [("0", 0), ("1", 1)]
    assert db.query("SELECT sum(n) FROM t WHERE dt = '2'").fetch_all() == [(3,)]


AWKWARD = ["a b+c.parquet", "dt=a%3Ab/x.parquet", "//x.parquet"]
AWKWARD += ["x?s3_endpoint=evil.example.parquet", "#?&=.parquet", "*[a]{b}?.parquet", "ü'\"\\.parquet", "\r.parquet"]


@pytest.mark.parametrize("key", AWKWARD)
def test_any_key_is_read_as_itself(db: lake.Lake, s3: Server, key: str) -> None:
    client = s3.client("s3")
    # What would be read if the key were taken for a path or a pattern.
    for near in ("u.parquet", "b.parquet", "t/x.parquet", "t/x"):
        client.put_object(Bucket=BUCKET, Key=near, Body=parquet([100]))
    client.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "t/x.parquet"}, {"Key": "t/x"}]})
    client.put_object(Bucket=BUCKET, Key=f"t/{key}", Body=parquet([1, 2]))
    make_table(db, ROOT + "t/")
    assert db.query('SELECT sum(n), min("$path") FROM t').fetch_all() == [(3, f"{ROOT}t/{key}")]
    assert db.query("SELECT count(*) FROM t WHERE n > 1").fetch_all() == [(1,)]


def test_a_location_with_dots_is_not_another_one(db: lake.Lake, s3: Server) -> None:
    for key, values in {"t/../w/x.parquet": [1, 2], "w/x.parquet": [100], "t/./w/x.parquet": [1000]}.items():
        s3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=parquet(values))
    make_table(db, ROOT + "t/../w/")
    assert db.query('SELECT sum(n), min("$path") FROM t').fetch_all() == [(3, f"{ROOT}t/../w/x.parquet")]


def test_copies_go_with_their_query(db: lake.Lake, s3: Server) -> None:
    for number in range(40):
        content = gzip.compress(f"{number}\n".encode())
        s3.client("s3").put_object(Bucket=BUCKET, Key=f"t/{number}.gz", Body=content)
    make_table(db, ROOT + "t/", TEXT)
    assert db.query("SELECT count(*), sum(n) FROM t").fetch_all() == [(40, 780)]
    s3.client("s3").put_object(Bucket=BUCKET, Key="t/cut.gz", Body=gzip.compress(b"1\n" * 1000)[:-9])
    with pytest.raises(StorageFailed, match=r"^s3://bucket/t/cut\.gz is no whole gzip file"):
        db.query("SELECT count(*), sum(n) FROM t").fetch_all()
    assert not [path for path in db.temp_folder.rglob("*") if "copies" in path.name]


# The walls

SECRETS = ("the-key-id", "the-secret-key", "the-session-token")


@pytest.fixture
def locked(s3: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    client = s3.client("s3")
    client.create_bucket(Bucket="other")
    for bucket in (BUCKET, "other"):
        for key in ("t/a.parquet", "t2/a.parquet", "u/a.parquet"):
            client.put_object(Bucket=bucket, Key=key, Body=parquet([1, 2, 3]))
    for name, value in zip(CREDENTIALS, ("the-key-id", "the-secret-key", "the-session-token"), strict=True):
        monkeypatch.setenv(name, value)
    host = s3.endpoint_url.removeprefix("http://")
    secret = Secret((ROOT + "t/",), *SECRETS, "us-east-1", host, path_style=True, use_ssl=False)
    limits = EngineLimits(memory="1GB", threads=1, temp_folder=tmp_path / "spill")
    with open_locked(Reach(frozenset({ROOT + "t/"}), secrets=frozenset({secret})), limits) as connection:
        yield connection


ESCAPES = [
    "FROM read_parquet('s3://bucket/u/a.parquet')",
    "FROM read_parquet('s3://bucket/t2/a.parquet')",
    "FROM read_parquet('s3://other/t/a.parquet')",
    "FROM read_parquet('s3a://bucket/u/a.parquet')",
    "FROM read_parquet(['s3://bucket/t/a.parquet', 's3://bucket/u/a.parquet'])",
    "FROM read_text('s3://bucket/u/a.parquet')",
    "FROM read_blob('s3://bucket/*/a.parquet')",
    "FROM glob('s3://bucket/**')",
    "FROM glob('s3://bucket/t*')",
    "FROM read_parquet('s3://bucket/t/a.parquet?s3_endpoint=evil.example')",
    "FROM read_parquet('s3://bucket/t/a.parquet?s3_access_key_id=x&s3_secret_access_key=y')",
    "FROM read_parquet('{endpoint}/bucket/u/a.parquet')",
    "FROM read_parquet('{endpoint}/bucket/t/a.parquet')",
    "FROM read_parquet('hf://datasets/a/b.parquet')",
    "FROM read_text('/etc/passwd')",
    "COPY (SELECT 1) TO 's3://bucket/u/written.parquet'",
    "COPY (SELECT 1) TO 's3://other/t/written.parquet'",
    "COPY (SELECT 1) TO '{endpoint}/bucket/u/written.parquet'",
    "COPY (SELECT 1) TO 's3://bucket/t/x?s3_endpoint=evil.example' (FORMAT parquet, USE_TMP_FILE false, OVERWRITE x)",
    "ATTACH 's3://bucket/u/a.duckdb'",
    "SET allowed_directories = ['s3://']",
    "SET s3_endpoint = 'evil.example'",
    "SET s3_url_compatibility_mode = false",
    "SET enable_external_access = true",
    "SET allow_unredacted_secrets = true",
    "CREATE PERSISTENT SECRET mine (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "FROM duckdb_secrets(redact = false)",
    "LOAD tpch",
    "INSTALL tpch",
    "LOAD '/tmp/any.duckdb_extension'",
]


@pytest.mark.parametrize("sql", ESCAPES)
def test_the_engine_alone_stops_what_is_out_of_reach(locked: duckdb.DuckDBPyConnection, s3: Server, sql: str) -> None:
    with pytest.raises(duckdb.Error) as refused:
        locked.execute(sql.replace("{endpoint}", s3.endpoint_url)).fetchall()
    assert not any(secret in str(refused.value) for secret in SECRETS[1:])
    assert "evil" not in str(refused.value).partition("LINE")[0] or "resolve" not in str(refused.value)
    found = s3.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]
    assert not any("written" in each["Key"] for each in found)


def test_the_engine_reads_what_it_may(locked: duckdb.DuckDBPyConnection) -> None:
    assert locked.execute("SELECT sum(n) FROM read_parquet('s3://bucket/t/a.parquet')").fetchall() == [(6,)]


class Signer(S3SigV4Auth):
    """Signs the headers that were signed."""

    def __init__(self, signed: set[str]) -> None:
        super().__init__(Credentials(*SECRETS), "s3", "us-east-1")
        self._signed = signed

    def headers_to_sign(self, request: AWSRequest) -> Any:
        found = super().headers_to_sign(request)
        for name in set(found.keys()) - self._signed:
            del found[name]
        return found


def is_signed(request: Request) -> bool:
    given = dict(part.strip().split("=", 1) for part in request.headers["authorization"].partition(" ")[2].split(","))
    url = f"http://{request.headers['host']}{request.path}"
    again = AWSRequest(request.method, url, headers=request.headers, params=request.query)
    again.context["timestamp"] = request.headers["x-amz-date"]
    signer = Signer(set(given["SignedHeaders"].split(";")))
    return bool(
        signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again) == given["Signature"]
    )


def ranged(request: Request, data: bytes) -> Answer:
    asked = request.headers.get("range")
    if asked is None:
        return Answer(body=data)
    start, end = map(int, asked.removeprefix("bytes=").split("-"))
    return Answer(206, data[start : end + 1], {"Content-Range": f"bytes {start}-{end}/{len(data)}"})


def test_dots_lead_nowhere_since_what_is_asked_for_is_not_what_was_signed(tmp_path: Path) -> None:
    """DuckDB compares prefixes with `..` in place, and asks without; only an S3 that looks at signatures stops it."""

    def answer(request: Request) -> Answer:
        return ranged(request, parquet([1, 2])) if is_signed(request) else refusal(403, "SignatureDoesNotMatch")

    limits = EngineLimits(memory="1GB", threads=1, temp_folder=tmp_path / "spill")
    with canned_s3(answer) as server:
        host = server.url.removeprefix("http://")
        secret = Secret((ROOT + "t/",), *SECRETS, "us-east-1", host, path_style=True, use_ssl=False)
        with open_locked(Reach(frozenset({ROOT + "t/"}), secrets=frozenset({secret})), limits) as connection:
            connection.execute("SELECT sum(n) FROM read_parquet('s3://bucket/t/a b/ü.parquet')")
            assert connection.fetchall() == [(3,)]
            with pytest.raises(duckdb.HTTPException, match="SignatureDoesNotMatch"):
                connection.execute("SELECT sum(n) FROM read_parquet('s3://bucket/t/../u/a.parquet')")
    assert {each.path for each in server.requests} == {"/bucket/t/a%20b/%C3%BC.parquet", "/bucket/u/a.parquet"}


@pytest.mark.parametrize("sql", ["FROM duckdb_secrets()", "FROM duckdb_settings()", "FROM duckdb_logs()"])
def test_the_engine_shows_no_secret(locked: duckdb.DuckDBPyConnection, sql: str) -> None:
    shown = str(locked.execute(sql).fetchall())
    assert not any(secret in shown for secret in SECRETS[1:])


def test_a_query_shows_no_secret(db: lake.Lake) -> None:
    for sql in ("SELECT * FROM duckdb_secrets()", "SELECT current_setting('s3_session_token')"):
        with pytest.raises(LakeError):
            db.query(sql).fetch_all()


def test_one_idle_instance_keeps_what_it_has_read(tmp_path: Path) -> None:
    pool = SandboxPool(EngineLimits(memory="1GB", threads=1, temp_folder=tmp_path))

    def reach(prefix: str, token: str = "old") -> Reach:
        secret = Secret((prefix,), "k", "s", token, "us-east-1", "127.0.0.1:9", path_style=True, use_ssl=False)
        return Reach(frozenset({prefix}), secrets=frozenset({secret}))

    def kept(wanted: Reach) -> bool:
        return wanted in pool._instances

    with pool.sandbox(reach("s3://b/1/")), pool.sandbox(reach("s3://b/2/")):
        assert kept(reach("s3://b/1/"))
    with pool.sandbox(reach("s3://b/2/")):
        assert kept(reach("s3://b/1/"))
        with pool.sandbox(reach("s3://b/3/")):
            assert not kept(reach("s3://b/1/"))
            assert kept(reach("s3://b/2/"))
        with pool.sandbox(reach("s3://b/2/", "new")) as renewed:
            assert not kept(reach("s3://b/2/"))
            assert renewed.cursor.execute("SELECT 1").fetchall() == [(1,)]
    pool.close()


# Credentials, and an S3 that refuses


class Guard:
    """Moto behind a door: what `refuse` does not answer goes through."""

    server: CannedS3

    def __init__(self, moto: Server) -> None:
        self._host = moto.endpoint_url.removeprefix("http://")
        self.refuse: Callable[[Request], Answer | None] = lambda _: None

    def answer(self, request: Request) -> Answer:
        return self.refuse(request) or self.forward(request)

    def forward(self, request: Request) -> Answer:
        connection = http.client.HTTPConnection(self._host)
        path = request.path + (f"?{urlencode(request.query)}" if request.query else "")
        connection.request(request.method, path, request.body, dict(request.headers))
        found = connection.getresponse()
        headers = {name: value for name, value in found.getheaders() if name not in ("Connection", "Server", "Date")}
        answer = Answer(found.status, found.read(), headers)
        connection.close()
        return answer


@pytest.fixture
def guarded(s3: Server) -> Iterator[Guard]:
    guard = Guard(s3)
    with canned_s3(guard.answer) as server:
        guard.server = server
        yield guard


@pytest.fixture
def behind(guarded: Guard, db: lake.Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> lake.Lake:
    """The lake, but through the door, by a profile that has its credentials from a file."""
    renew(tmp_path, "OLD")
    config = tmp_path / "config"
    config.write_text(f"[profile own]\nregion = us-east-1\ncredential_process = cat {tmp_path}/said.json\n")
    for name in CREDENTIALS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    storage = ObjectStorage(AwsConnection(AwsOptions(profile="own", endpoint_url=guarded.server.url)))
    monkeypatch.setattr(db._parts, "remote", storage, raising=False)
    storage.put(ROOT + "t/a.parquet", parquet([1, 2, 3]))
    make_table(db, ROOT + "t/")
    return db


def renew(folder: Path, token: str) -> None:
    """Give credentials that boto3 wants to renew at every look, as it does in their last quarter of an hour."""
    ends = (datetime.now(UTC) + timedelta(minutes=14)).isoformat()  # noqa: TID251
    said = {"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "s", "SessionToken": token, "Expiration": ends}
    (folder / "said.json").write_text(json.dumps(said))


def is_read(request: Request) -> bool:
    return "list-type" not in request.query and request.method in ("GET", "HEAD")


def test_a_query_that_outlives_its_credentials_says_so_and_the_next_has_new_ones(
    behind: lake.Lake, guarded: Guard, tmp_path: Path
) -> None:
    assert behind.query("SELECT sum(n) FROM t").fetch_all() == [(6,)]

    def refuse(request: Request) -> Answer | None:
        old = request.headers.get("x-amz-security-token") == "OLD"
        return refusal(400, "ExpiredToken", "The provided token has expired.") if old and is_read(request) else None

    guarded.refuse = refuse
    with pytest.raises(CredentialsFailed, match="the credentials expired while the query ran"):
        behind.query("SELECT max(n) FROM t WHERE n > 1").fetch_all()
    renew(tmp_path, "NEW")
    assert behind.query("SELECT max(n) FROM t").fetch_all() == [(3,)]


TROUBLES = [
    (refusal(403, "AccessDenied", "Access Denied"), AccessDenied, "s3:GetObject"),
    (refusal(403, "AccessDenied", "not authorized to perform: kms:Decrypt on"), AccessDenied, "kms:Decrypt"),
    (refusal(403, "SignatureDoesNotMatch", "no"), CredentialsFailed, "does not know these credentials"),
    (refusal(404, "NoSuchKey"), StorageFailed, "is not there any more"),
    (refusal(301, "PermanentRedirect"), StorageFailed, "--region"),
    (refusal(503, "SlowDown"), LakeError, "try again"),
    (Answer(lost=True), ConnectionFailed, "endpoint"),
]


@pytest.mark.parametrize(("answer", "kind", "words"), TROUBLES)
def test_what_s3_refuses_to_the_engine_is_told_as_if_asked_by_boto3(
    behind: lake.Lake, guarded: Guard, answer: Answer, kind: type[LakeError], words: str
) -> None:
    guarded.refuse = lambda request: answer if is_read(request) else None
    with pytest.raises(kind) as caught:
        behind.query("SELECT sum(n) FROM t").fetch_all()
    told = f"{caught.value.message} {caught.value.hint}"
    assert caught.value.message.startswith("s3://bucket/t/a.parquet")
    assert words in told
    assert not any(word in told for word in ("OLD", "AKIA", "\n", "duckdb.org"))


def test_an_object_that_is_replaced_while_it_is_read_is_told(behind: lake.Lake, guarded: Guard) -> None:
    def change(request: Request) -> Answer | None:
        found = guarded.forward(request)
        return replace(found, headers=found.headers | {"ETag": '"other"'}) if "range" in request.headers else None

    guarded.refuse = change
    with pytest.raises(StorageFailed, match="changed while it was read"):
        behind.query("SELECT sum(n) FROM t").fetch_all()


def test_an_answer_that_is_no_text_is_told(behind: lake.Lake, guarded: Guard) -> None:
    guarded.refuse = lambda request: Answer(500, b"\xbc\xff") if is_read(request) else None
    with pytest.raises(LakeError, match=r"^s3://bucket/t/a\.parquet"):
        behind.query("SELECT sum(n) FROM t").fetch_all()


def test_a_query_is_stopped_while_its_files_are_copied(behind: lake.Lake, guarded: Guard) -> None:
    storage = behind._parts.remote  # type: ignore[attr-defined]
    for number in range(30):
        storage.put(f"{ROOT}text/{number}.gz", gzip.compress(b"1\n"))
    begun, stopped = threading.Event(), threading.Event()

    def refuse(request: Request) -> Answer | None:
        if is_read(request) and request.method == "GET":
            begun.set()
            stopped.wait(5)
        return None

    behind.catalog.drop_table(TableName("default", "t"))
    make_table(behind, ROOT + "text/", TEXT)
    guarded.refuse = refuse
    execution = behind.submit("SELECT sum(n) FROM t")
    assert begun.wait(5)
    behind.engine.cancel(execution.id)
    stopped.set()
    with pytest.raises(QueryCancelled):
        behind.engine.result(execution.id).fetch_all()


def test_an_endpoint_shows_a_certificate_that_the_bundle_signs(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    limits = EngineLimits(memory="1GB", threads=1, temp_folder=tmp_path / "spill")
    with canned_s3(lambda request: ranged(request, parquet([1, 2])), certificate=certificate) as server:
        host = server.url.removeprefix("https://")
        for ca_file in (None, str(certificate)):
            secret = Secret((ROOT + "t/",), *SECRETS, "us-east-1", host, path_style=True, use_ssl=True, ca_file=ca_file)
            reach = Reach(frozenset({ROOT + "t/"}), secrets=frozenset({secret}))
            with open_locked(reach, limits) as connection:
                asked = connection.cursor()
                if ca_file is None:
                    with pytest.raises(duckdb.IOException, match="certificate"):
                        asked.execute("SELECT sum(n) FROM read_parquet('s3://bucket/t/a.parquet')")
                else:
                    found = asked.execute("SELECT sum(n) FROM read_parquet('s3://bucket/t/a.parquet')").fetchall()
                    assert found == [(3,)]


def self_signed(folder: Path) -> Path:
    """Write a key and a certificate of this machine into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)  # noqa: TID251
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = built.add_extension(names, critical=False).sign(key, hashes.SHA256())
    file = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


def test_without_credentials_a_query_says_so(
    behind: lake.Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    storage = ObjectStorage(AwsConnection(AwsOptions(region="us-east-1")))
    access = RemoteAccess(storage, tmp_path)
    plan = behind.plan("SELECT sum(n) FROM t")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with pytest.raises(CredentialsFailed, match="no AWS credentials were found"):
        access.reach(plan)
