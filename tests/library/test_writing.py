"""Files that are written: whole, in the place where they are, and to what is no file as it is."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reader.library.writing import write_many, write_whole


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_new_file_is_for_its_owner_alone_and_is_not_written_twice(tmp_path):
    path = tmp_path / "new"
    assert write_whole(path, b"one")
    assert (path.read_bytes(), mode(path)) == (b"one", 0o600)
    number = path.stat().st_ino
    assert not write_whole(path, b"one")
    assert path.stat().st_ino == number
    assert write_whole(path, b"two")
    assert path.read_bytes() == b"two"


@pytest.mark.parametrize("allowed", [0o644, 0o640, 0o400])
def test_who_may_read_a_file_stays(tmp_path, allowed):
    path = tmp_path / "old"
    path.write_bytes(b"old")
    path.chmod(allowed)
    write_whole(path, b"new")
    assert (path.read_bytes(), mode(path)) == (b"new", allowed)
    path.chmod(allowed)
    assert write_many(tmp_path, {"old": b"newer"}) == ()
    assert (path.read_bytes(), mode(path)) == (b"newer", allowed)


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_and_what_it_leads_to_is_written_whole(tmp_path, exists):
    target = tmp_path / "synced" / "file"
    target.parent.mkdir()
    if exists:
        target.write_bytes(b"old")
        target.chmod(0o640)
        opened = target.open("rb")
    (tmp_path / "inner").symlink_to("synced/file")
    link = tmp_path / "link"
    link.symlink_to("inner")
    assert write_whole(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "inner").is_symlink()
    assert (target.read_bytes(), mode(target)) == (b"new", 0o640 if exists else 0o600)
    if exists:
        with opened:
            assert opened.read() == b"old", "it was replaced, never half written"
    assert [path.name for path in target.parent.iterdir()] == ["file"]


def test_a_link_that_leads_to_itself_is_told(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError, match="loop"):
        write_whole(tmp_path / "loop", b"x")


def test_what_is_no_file_is_written_to_as_it_is(tmp_path):
    null = Path("/dev/null")
    device = null.stat()
    assert write_whole(null, b"x")
    assert os.path.samestat(null.stat(), device)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert write_whole(pipe, b"through")
    reader.join(20)
    assert read == [b"through"]
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


WRITE = "from pathlib import Path; from reader.library.writing import write_whole; write_whole(Path({!r}), b'body\\n')"


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_is_written_to_whether_a_pipe_or_a_file(tmp_path, name):
    if not Path(name).exists():
        pytest.skip(f"there is no {name} here")
    command = [sys.executable, "-c", WRITE.format(name)]
    assert subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout == b"body\n"
    out = tmp_path / "out"
    out.write_bytes(b"before\n")
    with out.open("ab") as file:
        number = out.stat().st_ino
        subprocess.run(command, stdout=file, check=True)
        file.write(b"after\n")
    assert (out.read_bytes(), out.stat().st_ino) == (b"before\nbody\nafter\n", number)


def test_a_folder_in_the_place_is_told_and_leaves_nothing(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "folder", b"x")
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "file", b"x")
    assert [path.name for path in tmp_path.rglob("*")] == ["folder"]


def test_names_of_ours_in_a_folder_never_follow_a_link(tmp_path):
    folder = tmp_path / "vault"
    folder.mkdir()
    (tmp_path / "aim").write_bytes(b"mine")
    (folder / "aimed").symlink_to(tmp_path / "aim")
    (folder / "dangling").symlink_to(tmp_path / "nowhere")
    (folder / "inside").mkdir()
    files = dict.fromkeys(("aimed", "plain", "dangling", "inside"), b"ours")
    assert write_many(folder, files) == ("aimed", "dangling", "inside")
    assert (tmp_path / "aim").read_bytes() == b"mine"
    assert (folder / "aimed").is_symlink()
    assert (folder / "dangling").is_symlink()
    assert not (tmp_path / "nowhere").exists()
    assert ((folder / "plain").read_bytes(), mode(folder / "plain")) == (b"ours", 0o600)
    assert {path.name for path in folder.iterdir()} == set(files)
