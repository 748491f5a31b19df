"""Network file systems are recognised by the kernel's list of mounts."""

from pathlib import Path

import pytest

from lake.directory import create_lake, open_lake
from lake.errors import UnsupportedFileSystem
from lake.storage.mounts import Mount, mount_of, parse_mounts, refuse_network

# Lines as they were found on a laptop, on EC2 with EFS, in a container, in WSL and on a cluster.
MOUNTS = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
30 27 0:27 / /dev/shm rw,nosuid,nodev shared:4 - tmpfs tmpfs rw,size=24684092k
41 27 0:45 / /mnt/efs rw,relatime shared:24 - nfs4 127.0.0.1:/ rw,vers=4.1,rsize=1048576
42 27 0:46 / /mnt/efs/local\040disk rw,relatime - xfs /dev/nvme1n1 rw
43 27 0:47 / /home/ann/remote\040files rw,nosuid,nodev,relatime - fuse.sshfs ann@host:/home/ann rw,user_id=1000
44 27 0:48 / /mnt/c rw,noatime - 9p C:\134 rw,dirsync,aname=drvfs;path=C:\134
45 27 0:49 / /mnt/s3 rw,nosuid,nodev - fuse mountpoint-s3 rw,user_id=0
46 27 0:50 / /mnt/s3fs rw,nosuid,nodev - fuse.s3fs s3fs rw
47 27 0:51 / /mnt/usb rw,nosuid,nodev - fuseblk /dev/sdb1 rw,user_id=0
48 27 0:52 / /mnt/share rw,relatime - cifs //server/share rw,vers=3.1.1
49 27 0:53 / /run/user/1000/doc rw,nosuid,nodev - fuse.portal portal rw
50 27 0:54 /var/lib/x /scratch rw,relatime master:3 propagate_from:2 - lustre 10.0.0.1@tcp:/fsx rw
51 27 0:55 / /mnt/stacked rw - nfs server:/export rw
52 27 0:56 / /mnt/stacked rw - ext4 /dev/vdb rw
53 27 0:57 / /mnt/tab\011and\012line rw - ceph mon:/ rw
54 27 0:58 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw,lowerdir=/l - nfs /x rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "ext4"),
        ("/proc/self", "proc"),
        ("/home/ann", "ext4"),
        ("/home/ann/remote files/lake", "fuse.sshfs"),
        ("/home/ann/remote files-2", "ext4"),
        ("/mnt/efs", "nfs4"),
        ("/mnt/efs/lake", "nfs4"),
        ("/mnt/efs2/lake", "ext4"),
        ("/mnt/efs/local disk/lake", "xfs"),
        ("/mnt/stacked/lake", "ext4"),
        ("/mnt/tab\tand\nline/lake", "ceph"),
        ("/var/lib/docker/overlay2/x/merged/lake", "overlay"),
    ],
)
def test_a_path_is_on_its_deepest_and_latest_mount(path: str, kind: str) -> None:
    found = mount_of(path, parse_mounts(MOUNTS))
    assert found is not None
    assert found.kind == kind


def test_mounts_over_a_network_are_told_from_local_ones() -> None:
    network = {mount.point for mount in parse_mounts(MOUNTS) if mount.is_network}
    assert network == {
        "/mnt/efs",
        "/home/ann/remote files",
        "/mnt/c",
        "/mnt/s3",
        "/mnt/s3fs",
        "/mnt/share",
        "/scratch",
        "/mnt/stacked",
        "/mnt/tab\tand\nline",
    }


@pytest.mark.parametrize(
    "kind",
    "nfs nfs4 cifs smb3 smbfs 9p fuse.sshfs fuse.s3fs fuse.gcsfuse fuse.rclone ceph glusterfs fuse.glusterfs lustre afs".split(),
)
def test_every_named_file_system_is_a_network_one(kind: str) -> None:
    assert Mount("/x", kind, "source").is_network


def test_lines_of_another_shape_are_passed_over() -> None:
    assert parse_mounts("\n\nnonsense\n1 2 3 - \n- ext4\n1 2 0:1 / /x rw - \n") == []
    assert mount_of("/x", []) is None


def test_a_lake_on_a_network_is_refused_by_name(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    escaped = str(tmp_path).replace(" ", r"\040")
    mounts.write_text(f"27 1 254:0 / / rw - ext4 /dev/vda rw\n28 27 0:1 / {escaped} rw - nfs4 server:/export rw\n")
    for folder in (tmp_path, tmp_path / "not" / "there" / "yet"):
        with pytest.raises(UnsupportedFileSystem, match=r"nfs4") as caught:
            refuse_network(folder, mounts)
        assert str(tmp_path) in caught.value.message
        assert "local disk" in str(caught.value.hint)
    (tmp_path / "link").symlink_to("/")
    refuse_network(tmp_path / "link" / "usr", mounts)
    refuse_network(tmp_path, tmp_path / "no such file")


def test_this_machine_is_not_refused(tmp_path: Path) -> None:
    assert open_lake(create_lake(tmp_path).directory.path)
