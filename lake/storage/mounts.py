"""Which file system a folder is on. SQLite's log needs shared memory and real locks, which network ones do not have."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from lake.errors import UnsupportedFileSystem

MOUNTS = Path("/proc/self/mountinfo")

NETWORK_TYPES = frozenset(
    """9p acfs afp afs auristorfs beegfs ceph cifs coda dav davfs davfs2 fhgfs gfs gfs2 glusterfs gpfs juicefs lustre
    moosefs ncpfs nfs nfs3 nfs4 ocfs2 orangefs panfs pvfs2 s3fs smb smb2 smb3 smbfs sshfs weka wekafs""".split()
)
NETWORK_FUSE = frozenset(
    """afpfs alluxio blobfuse blobfuse2 ceph ceph-fuse curlftpfs davfs davfs2 gcsfuse geesefs gluster glusterfs goofys
    google-drive-ocamlfuse gvfsd-fuse hdfs httpdirfs juicefs mfs moosefs mount-s3 mountpoint-s3 objectivefs onedrive
    quobyte rclone riofs s3backer s3fs s3ql seaweedfs smbnetfs sshfs weed""".split()
)


@dataclass(frozen=True, slots=True)
class Mount:
    """`point` is where it is mounted, `kind` its type (`ext4`, `nfs4`, `fuse.sshfs`), `source` what is mounted."""

    point: str
    kind: str
    source: str

    @property
    def is_network(self) -> bool:
        kind = self.kind.lower()
        if not kind.startswith("fuse"):
            return kind in NETWORK_TYPES
        # Some helpers of FUSE name themselves in the type (`fuse.sshfs`), some in the source alone.
        helper = kind.partition(".")[2] or self.source.lower().partition(":")[0].partition("#")[0]
        return helper in NETWORK_FUSE


def parse_mounts(mountinfo: str) -> list[Mount]:
    """Read the text of /proc/self/mountinfo, in its order; lines of another shape are passed over."""
    mounts = []
    for line in mountinfo.splitlines():
        before, mark, after = line.partition(" - ")
        fields, rest = before.split(" "), after.split(" ")
        if mark and len(fields) >= 5 and rest[0]:
            mounts.append(Mount(_plain(fields[4]), rest[0], _plain(rest[1]) if len(rest) > 1 else ""))
    return mounts


def mount_of(path: str, mounts: list[Mount]) -> Mount | None:
    """Find the mount that a path without links is on: the deepest one, and of those on one point the last."""
    found = None
    for mount in mounts:
        below = path == mount.point or path.startswith(mount.point.rstrip("/") + "/")
        if below and (found is None or len(mount.point) >= len(found.point)):
            found = mount
    return found


def refuse_network(folder: Path, mounts_file: Path = MOUNTS) -> None:
    """Raise UnsupportedFileSystem when `folder`, or what exists of it, is on a network. Knows nothing outside Linux."""
    try:
        text = os.fsdecode(mounts_file.read_bytes())
    except OSError:
        return
    mount = mount_of(os.path.realpath(folder), parse_mounts(text))
    if mount is not None and mount.is_network:
        raise UnsupportedFileSystem(
            f"{folder} is on {mount.point}, a network file system ({mount.kind})",
            hint="a lake's catalog needs a local disk (SQLite in WAL mode); data on S3 are queried as a lake on AWS",
        )


def _plain(field: str) -> str:
    """Undo the kernel's escapes of blanks and backslashes (`\\040`), octal numbers of bytes."""
    return os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda match: bytes([int(match[1], 8)]), os.fsencode(field)))
