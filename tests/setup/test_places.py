"""Files that are written whole or not at all, and only for their owner."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sparkwizard.errors import StorageError
from sparkwizard.setup.places import (
    Places,
    open_private,
    private_folder,
    replacing,
    storage_error,
    write_private,
)

posix_only = pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


# Where


def test_one_folder_holds_everything_when_asked_for(tmp_path: Path) -> None:
    places = Places.in_folder(tmp_path)
    assert places.profiles_dir == tmp_path / "profiles"
    assert places.journal_path == tmp_path / "journal.sqlite3"
    assert places.logs_dir == tmp_path / "logs"


def test_a_relative_folder_stays_where_it_was_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Places.in_folder(Path("data")).data_dir == tmp_path / "data"


def test_practice_shares_no_file_with_real_organizations() -> None:
    practice, real = Places.for_practice(), Places.standard()
    assert practice.journal_path != real.journal_path
    assert practice.profiles_dir != real.profiles_dir
    assert practice.draft_path != real.draft_path


def test_a_chosen_folder_comes_before_practice(tmp_path: Path) -> None:
    assert Places.chosen(tmp_path, practice=True) == Places.in_folder(tmp_path)
    assert Places.chosen(None, practice=True) == Places.for_practice()
    assert Places.chosen(None) == Places.standard()


def test_all_folders_are_made(tmp_path: Path) -> None:
    places = Places.in_folder(tmp_path / "new")
    places.create()
    assert places.profiles_dir.is_dir()
    assert places.logs_dir.is_dir()


# Privately


@posix_only
def test_new_folders_are_their_owners_only(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b")
    assert [mode(tmp_path / "a"), mode(tmp_path / "a" / "b")] == [0o700, 0o700]


@posix_only
def test_a_folder_that_exists_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o755)
    private_folder(tmp_path / "shared")
    assert mode(tmp_path / "shared") == 0o755


@posix_only
@pytest.mark.parametrize("umask", [0, 0o077])
def test_a_file_is_its_owners_only_whatever_the_system_prefers(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_private(tmp_path / "plan.json", b"{}")
        open_private(tmp_path / "log").close()
    finally:
        os.umask(before)
    assert [mode(tmp_path / "plan.json"), mode(tmp_path / "log")] == [0o600, 0o600]


@posix_only
def test_a_log_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("old\n")
    path.chmod(0o644)
    with open_private(path) as log:
        log.write(b"new\n")
    assert (mode(path), path.read_text()) == (0o600, "old\nnew\n")


# Whole or not at all


def test_a_written_file_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "plan.json"
    write_private(path, b"old")
    write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_what_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_private(path, b"old")

    def break_off() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@posix_only
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text("old")
    (tmp_path / "link.toml").symlink_to("real.toml")
    write_private(tmp_path / "link.toml", b"new")
    assert (tmp_path / "link.toml").is_symlink()
    assert (tmp_path / "real.toml").read_bytes() == b"new"


@posix_only
def test_a_pipe_is_written_to_instead_of_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_private(pipe, b"plan")
    assert os.read(reading, 10) == b"plan"
    os.close(reading)
    assert pipe.is_fifo()


def test_a_very_long_name_is_written_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 200)
    write_private(path, b"content")
    assert path.read_bytes() == b"content"


# What a system may refuse


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="a file is where a folder should be"):
        write_private(tmp_path / "file" / "plan.json", b"{}")
    with pytest.raises(StorageError, match="a file is where a folder should be"):
        private_folder(tmp_path / "file")


def test_a_folder_where_a_file_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageError) as caught:
        write_private(tmp_path / "folder", b"{}")
    assert caught.value.fix
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def test_a_name_too_long_for_the_system_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        write_private(tmp_path / ("x" * 300), b"{}")
    assert caught.value.fix


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_device_is_told_in_one_sentence() -> None:
    with pytest.raises(OSError) as caught, open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123, PT011  any error will do: it is told below
        full.write(b"x")
    told = storage_error(caught.value, Path("plan.json"))
    assert told.message == "plan.json can't be written: the disk is full."


SMALL_DISK = """
mount -t tmpfs -o size=64k none "$1" || exit 77
echo -n old > "$1/plan.json"
[ "$3" = full ] || mount -o remount,ro "$1" || exit 77
exec "$2" -c '
import sys
from pathlib import Path
from sparkwizard.errors import StorageError
from sparkwizard.setup.places import write_private
folder = Path(sys.argv[1])
try:
    write_private(folder / "plan.json", b"x" * 200_000)
except StorageError as error:
    print(error.message)
print((folder / "plan.json").read_text(), len(list(folder.iterdir())))
' "$1"
"""


@pytest.mark.skipif(not shutil.which("unshare"), reason="this system has no unshare")
@pytest.mark.parametrize(
    ("disk", "sentence"),
    [("full", "the disk is full."), ("read-only", "the disk is read-only.")],
)
def test_a_disk_that_takes_nothing_leaves_the_old_file(
    tmp_path: Path, disk: str, sentence: str
) -> None:
    command = ["unshare", "-rm", "sh", "-c", SMALL_DISK, "sh"]
    done = subprocess.run(
        [*command, str(tmp_path), sys.executable, disk], capture_output=True, text=True, check=False
    )
    if done.returncode and "Traceback" not in done.stderr:
        pytest.skip("this account may not mount a small disk")
    told, left = done.stdout.splitlines()
    assert told.endswith(sentence)
    assert left == "old 1"
