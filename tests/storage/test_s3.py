"""What storage in S3 does beyond what every storage does: keys that are no paths, paging, answers lost and cut, refusals."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lake.aws.connection import AwsConnection, AwsOptions
from lake.errors import AccessDenied, ConnectionFailed, CredentialsFailed, LakeError, LocationForbidden, StorageFailed
from lake.model import StoredObject
from lake.partitions.survey.discovery import list_data_of_all
from lake.storage.s3 import ObjectStorage
from lake.storage.s3_endpoint import endpoint_of
from tests.servers import CREDENTIALS, Server, free_port
from tests.storage.canned import Answer, Request, canned_s3, in_turn, page, refusal

ROOT = "s3://bucket/"
NO_PATHS = [
    "t//a",
    "/t/a",
    "//",
    "t/",
    "t/./a",
    "t/../a",
    "..",
    "t/a/",
    "t/a b+c%2B",
    "t/ü/#?&<>'\"*[]{}\\|^`",
    "t/\r\x01",
]


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


def located(storage: ObjectStorage, prefix: str) -> list[str]:
    return sorted(found.location for found in storage.list_keys(prefix))


def test_keys_that_are_no_paths_are_objects_of_their_own(objects: ObjectStorage) -> None:
    for key in NO_PATHS:
        assert objects.put(ROOT + key, key.encode(), if_absent=True)
    assert located(objects, ROOT) == sorted(ROOT + key for key in NO_PATHS)
    for key in NO_PATHS:
        assert objects.get_range(ROOT + key) == key.encode()
        found = objects.head(ROOT + key)
        assert found is not None
        assert found.location == ROOT + key
    assert sorted(objects.list_prefixes(ROOT)) == [ROOT + "/", ROOT + "t/"]
    below = set(objects.list_prefixes(ROOT + "t/"))
    assert below == {ROOT + f"t/{part}/" for part in ("", ".", "..", "a", "ü")}
    objects.delete([ROOT + key for key in NO_PATHS])
    assert located(objects, ROOT) == []


def test_more_objects_than_a_call_takes_are_deleted(objects: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lake.storage.s3.KEYS_PER_DELETE", 10)
    locations = [f"{ROOT}t/{number:02d}" for number in range(23)]
    for location in locations:
        objects.put(location, b"x")
    objects.delete([*locations[:-1], *locations])
    assert located(objects, ROOT) == []


def test_any_bucket_is_reached_and_a_missing_one_is_named(objects: ObjectStorage, moto: Server) -> None:
    moto.client("s3").create_bucket(Bucket="other")
    objects.put("s3a://other/a", b"1")
    assert located(objects, "s3a://other/") == ["s3a://other/a"]
    objects.delete(["s3://other/a", "s3://bucket/a"])
    assert located(objects, "s3://other") == []
    for call in (
        lambda: list(objects.list_keys("s3://absent/t/")),
        lambda: objects.get_range("s3://absent/t"),
        lambda: objects.put("s3://absent/t", b""),
        lambda: objects.delete(["s3://absent/t"]),
    ):
        with pytest.raises(StorageFailed, match=r"s3://absent\S*: there is no such bucket") as caught:
            call()
        assert caught.value.hint


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "https://bucket/a", "a/b", "s3:///a", "s3://", "s3://bucket/\ud800"]
)
def test_what_is_no_place_in_s3_is_refused(objects: ObjectStorage, location: str) -> None:
    with pytest.raises(LocationForbidden):
        objects.head(location)


def test_an_object_is_downloaded_to_a_file(objects: ObjectStorage, tmp_path: Path) -> None:
    data = bytes(range(256)) * 40_000
    objects.put(ROOT + "large", data)
    objects.put(ROOT + "small", b"")
    targets = {ROOT + "large": tmp_path / "a", ROOT + "small": tmp_path / "b"}
    assert sorted(objects.download_many(targets)) == sorted(targets)
    assert [path.read_bytes() for path in targets.values()] == [data, b""]
    with pytest.raises(StorageFailed, match="s3://bucket/gone is not there"):
        objects.download(ROOT + "gone", tmp_path / "c")


# Listings


def test_pages_are_followed_also_where_one_is_empty(credentials: None) -> None:
    answers = [page([], token="1"), page(["t/a%3Db", "t/c+d"], token="2"), page([], token="3"), page(["t/%0A"])]
    with canned_s3(in_turn(answers)) as server:
        found = list(server.storage.list_keys(ROOT + "t"))
    assert [each.location for each in found] == [ROOT + "t/a=b", ROOT + "t/c d", ROOT + "t/\n"]
    assert found[0] == StoredObject(ROOT + "t/a=b", 1, datetime(2026, 1, 31, 7, tzinfo=UTC), '"e"')
    assert [each.query.get("continuation-token") for each in server.requests] == [None, "1", "2", "3"]


def test_a_page_written_in_another_way_is_read_all_the_same(credentials: None) -> None:
    with canned_s3(in_turn([page(["t/a%3Db", "t/%C3%BC"], pad="<Owner><ID>1</ID></Owner>")])) as server:
        found = list(server.storage.list_keys(ROOT + "t"))
    assert found == [
        StoredObject(f"{ROOT}t/{name}", 1, datetime(2026, 1, 31, 7, tzinfo=UTC), '"e"') for name in ("a=b", "ü")
    ]


def test_others_who_use_the_client_get_whole_answers(objects: ObjectStorage) -> None:
    objects.put(ROOT + "a", b"1")
    assert located(objects, ROOT) == [ROOT + "a"]
    assert [each["Key"] for each in objects.client.list_objects_v2(Bucket="bucket")["Contents"]] == ["a"]


def test_many_places_are_listed_at_once_in_their_order(credentials: None) -> None:
    together = threading.Barrier(ObjectStorage.listings_at_once, timeout=4)

    def answer(request: Request) -> Answer:
        together.wait()
        return page([request.query["prefix"] + "a"])

    places = [f"{ROOT}t/dt={number}/" for number in range(ObjectStorage.listings_at_once)]
    with canned_s3(answer) as server:
        listed = list(list_data_of_all(server.storage, places))
    assert [[each.location for each in found] for found in listed] == [[f"{place}a"] for place in places]


def test_a_listing_that_fails_among_many_is_raised(credentials: None) -> None:
    def answer(request: Request) -> Answer:
        return refusal(403, "AccessDenied") if request.query["prefix"] == "t/3/" else page([])

    with canned_s3(answer) as server, pytest.raises(AccessDenied, match="s3://bucket/t/3/"):
        list(list_data_of_all(server.storage, [f"{ROOT}t/{number}/" for number in range(40)]))


@pytest.mark.parametrize("token", [None, "1"])
def test_a_listing_that_does_not_end_is_an_error(credentials: None, token: str | None) -> None:
    with (
        canned_s3(in_turn([page(["t/a"], token=token, truncated=True)])) as server,
        pytest.raises(StorageFailed, match="does not say how its listing goes on"),
    ):
        list(server.storage.list_keys(ROOT + "t"))


@pytest.mark.parametrize(
    "trouble",
    [refusal(503, "SlowDown"), refusal(500, "InternalError"), Answer(lost=True), refusal(200, "InternalError")],
)
def test_a_page_that_fails_is_asked_for_again(credentials: None, trouble: Answer) -> None:
    with canned_s3(in_turn([page(["t/a"], token="1"), trouble, page(["t/b"])])) as server:
        assert located(server.storage, ROOT + "t") == [ROOT + "t/a", ROOT + "t/b"]


def test_a_page_cut_in_the_middle_is_no_end(credentials: None) -> None:
    whole = page(["t/a", "t/b"])
    with canned_s3(in_turn([Answer(body=whole.body, cut=200), whole])) as server:
        assert located(server.storage, ROOT + "t") == [ROOT + "t/a", ROOT + "t/b"]


# Answers lost and cut


def test_a_body_that_is_cut_is_read_again(credentials: None) -> None:
    with canned_s3(in_turn([Answer(body=b"0123456789", cut=4), Answer(body=b"0123456789")])) as server:
        assert server.storage.get_range(ROOT + "a") == b"0123456789"
    assert len(server.requests) == 2


def test_a_body_that_is_always_cut_is_an_error(credentials: None) -> None:
    with (
        canned_s3(in_turn([Answer(body=b"0123456789", cut=4)])) as server,
        pytest.raises(ConnectionFailed, match="s3://bucket/a"),
    ):
        server.storage.get_range(ROOT + "a")
    assert len(server.requests) == 4


@pytest.mark.parametrize(("there", "mine"), [(b"mine", True), (b"yours", False)])
def test_a_put_whose_answer_was_lost_knows_its_own_object(credentials: None, there: bytes, mine: bool) -> None:
    answers = in_turn([Answer(lost=True), refusal(412, "PreconditionFailed")])

    def answer(request: Request) -> Answer:
        return answers(request) if request.method == "PUT" else Answer(body=there)

    with canned_s3(answer) as server:
        assert server.storage.put(ROOT + "lease", b"mine", if_absent=True) is mine
    assert [each.method for each in server.requests] == ["PUT", "PUT", "GET"]


def test_a_put_that_meets_another_one_under_way_waits_for_its_end(credentials: None) -> None:
    answers = [refusal(409, "ConditionalRequestConflict"), refusal(412, "PreconditionFailed")]
    with canned_s3(in_turn(answers)) as server:
        assert not server.storage.put(ROOT + "lease", b"mine", if_absent=True)
    assert [each.headers.get("if-none-match") for each in server.requests] == ["*", "*"]


# Refusals

REFUSALS = [
    (refusal(403, "AccessDenied"), AccessDenied, 1, "s3:GetObject"),
    (refusal(400, "ExpiredToken"), CredentialsFailed, 3, "expired"),
    (refusal(403, "InvalidAccessKeyId"), CredentialsFailed, 3, "does not know"),
    (refusal(403, "SignatureDoesNotMatch"), CredentialsFailed, 3, "does not know"),
    (refusal(403, "RequestTimeTooSkewed"), CredentialsFailed, 3, "clock"),
    (refusal(400, "KMS.DisabledException", "key is disabled"), AccessDenied, 1, "key"),
    (refusal(403, "AccessDenied", "not authorized to perform: kms:Decrypt on"), AccessDenied, 1, "kms:Decrypt"),
    (refusal(404, "NoSuchKey"), StorageFailed, 1, "is not there"),
    (refusal(404, "NoSuchBucket"), StorageFailed, 1, "no such bucket"),
    (refusal(403, "InvalidObjectState"), StorageFailed, 1, "InvalidObjectState"),
]


@pytest.mark.parametrize(("answer", "kind", "exit_code", "words"), REFUSALS)
def test_a_refusal_is_told_in_one_line(
    credentials: None, answer: Answer, kind: type[LakeError], exit_code: int, words: str
) -> None:
    with canned_s3(in_turn([answer])) as server, pytest.raises(kind) as caught:
        server.storage.get_range(ROOT + "t/a")
    error = caught.value
    assert error.message.startswith("s3://bucket/t/a")
    assert error.exit_code == exit_code
    told = f"{error.message} {error.hint}"
    assert words in told
    assert "\n" not in told
    assert "testing" not in told


@pytest.mark.parametrize(
    ("method", "action"), [("list", "s3:ListBucket"), ("put", "s3:PutObject"), ("head", "s3:GetObject")]
)
def test_what_is_denied_is_named(credentials: None, method: str, action: str) -> None:
    with canned_s3(in_turn([refusal(403, "AccessDenied")])) as server:
        storage = server.storage
        calls = {
            "list": lambda: list(storage.list_keys(ROOT)),
            "put": lambda: storage.put(ROOT + "a", b""),
            "head": lambda: storage.head(ROOT + "a"),
        }
        with pytest.raises(AccessDenied, match=action):
            calls[method]()


def test_objects_that_may_not_be_deleted_are_named(credentials: None) -> None:
    refused = "".join(f"<Error><Key>{key}</Key><Code>AccessDenied</Code><Message>no</Message></Error>" for key in "bc")
    with (
        canned_s3(in_turn([Answer(body=f"<DeleteResult>{refused}</DeleteResult>".encode())])) as server,
        pytest.raises(AccessDenied, match=r"s3://bucket/b and 1 other.*s3:DeleteObject"),
    ):
        server.storage.delete([ROOT + "a", ROOT + "b", ROOT + "c"])


def test_without_credentials_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        canned_s3(in_turn([page([])])) as server,
        pytest.raises(CredentialsFailed, match="no AWS credentials were found"),
    ):
        list(server.storage.list_keys(ROOT))
    assert not server.requests


def test_an_endpoint_that_is_down_is_named(credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    connection = AwsConnection(AwsOptions(endpoint_url=f"http://127.0.0.1:{free_port()}", region="us-east-1"))
    with pytest.raises(ConnectionFailed, match=r"s3://bucket/: Could not connect") as caught:
        list(ObjectStorage(connection).list_keys(ROOT))
    assert caught.value.exit_code == 3


# Where boto3 finds things


def test_profile_endpoint_and_credentials_are_those_of_the_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = {"Version": 1, "AccessKeyId": "FROMPROCESS", "SecretAccessKey": "s", "SessionToken": "t"}
    (tmp_path / "said.json").write_text(json.dumps(said))
    with canned_s3(in_turn([page(["t/a"])])) as server:
        config = tmp_path / "config"
        config.write_text(
            f"[profile own]\nregion = eu-west-1\nca_bundle = /its/own.pem\nservices = here\ncredential_process = cat {tmp_path}/said.json\n"
            f"[services here]\ns3 =\n  endpoint_url = {server.url}\n"
        )
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        storage = ObjectStorage(AwsConnection(AwsOptions(profile="own")))
        assert located(storage, ROOT) == [ROOT + "t/a"]
        assert endpoint_of(storage, "bucket") == (server.url, "eu-west-1", True, "/its/own.pem")
    assert "FROMPROCESS" in server.requests[0].headers["authorization"]
    assert "eu-west-1" in server.requests[0].headers["authorization"]
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    ignoring = ObjectStorage(AwsConnection(AwsOptions(profile="own")))
    assert ignoring.client.meta.endpoint_url == "https://s3.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("region", "bucket", "own", "expected"),
    [
        ("us-east-1", "bucket", "us-east-1", ("https://s3.us-east-1.amazonaws.com", "us-east-1", False)),
        ("us-east-1", "bucket", "eu-west-1", ("https://s3.eu-west-1.amazonaws.com", "eu-west-1", False)),
        ("eu-west-1", "a.b", "ap-south-1", ("https://s3.ap-south-1.amazonaws.com", "ap-south-1", True)),
        ("cn-north-1", "bucket", "cn-north-1", ("https://s3.cn-north-1.amazonaws.com.cn", "cn-north-1", False)),
    ],
)
def test_an_endpoint_at_aws_is_that_of_the_buckets_region(
    credentials: None,
    monkeypatch: pytest.MonkeyPatch,
    region: str,
    bucket: str,
    own: str,
    expected: tuple[str, str, bool],
) -> None:
    storage = ObjectStorage(AwsConnection(AwsOptions(region=region)))
    monkeypatch.setattr(storage, "region", {bucket: own}.get)
    assert endpoint_of(storage, bucket) == (*expected, None)


def test_a_bucket_elsewhere_tells_its_region_once(credentials: None) -> None:
    def answer(request: Request) -> Answer:
        found = (
            page(["t/a"]) if "/eu-west-1/" in request.headers["authorization"] else refusal(301, "PermanentRedirect")
        )
        return Answer(found.status, found.body, {"x-amz-bucket-region": "eu-west-1"})

    with canned_s3(answer) as server:
        storage = server.storage
        assert storage.region("bucket") == "eu-west-1"
        assert located(storage, ROOT) == [ROOT + "t/a"]
        before = len(server.requests)
        assert located(storage, ROOT) == [ROOT + "t/a"]
        assert storage.region("bucket") == "eu-west-1"
    assert len(server.requests) == before + 1
