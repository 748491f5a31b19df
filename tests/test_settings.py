"""lake.toml: read strictly, with sane defaults, and with messages that name file, key and remedy."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.errors import ConfigError
from lake.settings import (
    WriteSettings,
    bucket_name,
    is_bucket_name,
    parse_format,
    parse_settings,
    settings_text,
    usable_memory,
)

FILE = Path("/lakes/l/.tap-lake/lake.toml")
LAKE = Path("/lakes/l")
HEAD = 'format = 1\nbucket = "lake"\n'


def test_what_is_left_out_has_a_default() -> None:
    settings = parse_settings(HEAD, FILE, LAKE)
    assert (settings.format, settings.bucket, settings.database, settings.allowed_folders) == (1, "lake", "default", ())
    engine = settings.engine
    assert engine.threads == len(os.sched_getaffinity(0))
    assert (engine.temp_directory, engine.max_temp_size) == (None, None)
    limit = re.fullmatch(r"(\d+)MiB", engine.memory_limit)
    assert settings.write == WriteSettings(timedelta(hours=1), 256 << 20, engine.threads) == WriteSettings()
    assert limit is not None
    assert int(limit[1]) == pytest.approx(usable_memory() * 0.6 / 2**20, abs=1)


def test_every_setting_is_read() -> None:
    text = f"""{HEAD}
    database = "Web"
    allowed_folders = ["/srv/raw", "../other", "~/mine"]
    [engine]
    memory_limit = "1.5 GB"
    threads = 3
    temp_directory = "scratch"
    max_temp_size = "100GiB"
    [write]
    grace = "2d"
    chunk_size = "1.5 MB"
    threads = 2
    """
    settings = parse_settings(text, FILE, LAKE)
    assert settings.database == "web"
    assert settings.allowed_folders == (Path("/srv/raw"), LAKE / "../other", Path.home() / "mine")
    engine = settings.engine
    assert (engine.memory_limit, engine.threads, engine.max_temp_size) == ("1.5 GB", 3, "100GiB")
    assert engine.temp_directory == LAKE / "scratch"
    assert settings.write == WriteSettings(timedelta(days=2), 1_500_000, 2)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("format = 1\nbucket = lake\n", "line 2"),
        ('bucket = "lake"', "format is missing"),
        ("format = 1", "bucket is missing"),
        ('format = "1"\nbucket = "lake"', "format is '1'"),
        ('format = true\nbucket = "lake"', "format is True"),
        ('format = 0\nbucket = "lake"', "format is 0"),
        ('format = 1\nbucket = "My Lake"', "bucket is 'My Lake'"),
        (HEAD + "database = 3", "database is 3"),
        (HEAD + 'database = ""', "database is ''"),
        (HEAD + "databse = 'x'", "databse is no setting"),
        (HEAD + "engine = 3", "engine is 3"),
        (HEAD + 'allowed_folders = "/srv"', "allowed_folders is '/srv'"),
        (HEAD + "allowed_folders = [1]", "allowed_folders holds 1"),
        (HEAD + "[engine]\nmemory = '1GB'", "engine.memory is no setting"),
        (HEAD + "[engine]\nmemory_limit = 4", "engine.memory_limit is 4"),
        (HEAD + "[engine]\nmemory_limit = '4'", "engine.memory_limit is '4'"),
        (HEAD + "[engine]\nmemory_limit = '0GB'", "engine.memory_limit is '0GB'"),
        (HEAD + "[engine]\nmemory_limit = '101%'", "engine.memory_limit is '101%'"),
        (HEAD + "[engine]\nmemory_limit = '1GB; SET x'", "engine.memory_limit is"),
        (HEAD + "[engine]\nthreads = 0", "engine.threads is 0"),
        (HEAD + "[engine]\nthreads = 1.5", "engine.threads is 1.5"),
        (HEAD + "[engine]\ntemp_directory = 1", "engine.temp_directory is 1"),
        (HEAD + "[engine]\nmax_temp_size = 'much'", "engine.max_temp_size is 'much'"),
        (HEAD + "[write]\ngrace = 60", "write.grace is 60"),
        (HEAD + "[write]\ngrace = '-1h'", "write.grace is '-1h'"),
        (HEAD + "[write]\ngrace = '1 hour'", "write.grace is '1 hour'"),
        (HEAD + "[write]\nchunk_size = '0MB'", "write.chunk_size is '0MB'"),
        (HEAD + "[write]\nthreads = 0", "write.threads is 0"),
        (HEAD + "[write]\nspeed = 1", "write.speed is no setting"),
        (HEAD + "[engin]\nthreads = 1", "engin is no setting"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_remedy(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_settings(text, FILE, LAKE)
    assert caught.value.message.startswith(f"{FILE}: ")
    assert complaint in caught.value.message
    assert caught.value.hint
    assert "\n" not in caught.value.message + str(caught.value.hint)


def test_the_format_of_a_newer_lake_is_read_whatever_else_is_there() -> None:
    assert parse_format("format = 7\nbucket = [1]\nnew = {}", FILE) == 7


@given(st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True))
def test_the_settings_of_a_new_lake_are_read_back(database: str) -> None:
    settings = parse_settings(settings_text(format_version=1, bucket="b-1", database=database), FILE, LAKE)
    assert (settings.format, settings.bucket, settings.database) == (1, "b-1", database.lower())


# Bucket names


@given(st.text())
def test_every_folder_name_gives_a_bucket_name(folder: str) -> None:
    assert is_bucket_name(bucket_name(folder))


@pytest.mark.parametrize(
    ("folder", "bucket"),
    [
        ("events", "events"),
        ("My Lake", "my-lake"),
        ("data_2026.01", "data-2026.01"),
        ("Données", "donnees"),
        ("日本", "lake"),
        ("l", "lake-l"),
        ("", "lake"),
        ("..a..b..", "a.b"),
        ("-x-", "lake-x"),
        ("n" * 100, "n" * 63),
        ("n" * 62 + "-y", "n" * 62),
    ],
)
def test_a_bucket_name_stays_close_to_the_folders(folder: str, bucket: str) -> None:
    assert bucket_name(folder) == bucket


@pytest.mark.parametrize("name", ["ab", "A-b", "-ab", "ab-", "a..b", "a_b", "a b", "", "a" * 64, "abc\n", "äbc"])
def test_what_s3_would_refuse_is_no_bucket_name(name: str) -> None:
    assert not is_bucket_name(name)


# Memory


def machine(root: Path, files: dict[str, str]) -> int:
    for name, text in {"proc/meminfo": "MemTotal:       16000000 kB\nMemFree: 1 kB\n", **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return usable_memory(root)


def test_memory_is_the_machines(tmp_path: Path) -> None:
    assert machine(tmp_path, {}) == 16_000_000 * 1024


@pytest.mark.parametrize(
    "files",
    [
        {
            "proc/self/cgroup": "0::/a/b\n",
            "sys/fs/cgroup/a/memory.max": "1000000\n",
            "sys/fs/cgroup/a/b/memory.max": "max\n",
        },
        {"proc/self/cgroup": "0::/../host/only\n", "sys/fs/cgroup/memory.max": "1000000\n"},
        {
            "proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory:/x\n0::/\n",
            "sys/fs/cgroup/memory/x/memory.limit_in_bytes": "1000000\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        },
    ],
    ids=["v2", "v2 in a container", "v1"],
)
def test_a_container_has_less_memory(tmp_path: Path, files: dict[str, str]) -> None:
    assert machine(tmp_path, files) == 1_000_000


def test_a_share_of_little_memory_is_still_enough_to_work(tmp_path: Path) -> None:
    settings = parse_settings(HEAD + "[engine]\nmemory_limit = '1%'", FILE, LAKE)
    assert int(settings.engine.memory_limit.removesuffix("MiB")) >= 128
