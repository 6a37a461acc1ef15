"""What was saved, taken out and brought in by commands."""

import csv
import io
import json
from pathlib import Path

import pytest

from reader.config import Settings
from reader.library.library import Library
from reader.model import Span


@pytest.fixture
def saved(library: Path) -> list[str]:
    """The words of three highlights, newest first."""
    with Library(library, settings=Settings()) as own:
        for entry_id in own.store.headlines()[:3]:
            opened = own.stories.kept_of(entry_id)
            own.saved.keep(own.saved.of(opened, Span(0, 30)))
        return [one.quote.exact for one in own.store.highlights.all()]


def test_what_is_saved_is_printed_a_citation_a_line(run, saved):
    lines = run("saved").stdout.decode().splitlines()
    assert len(lines) == 3
    assert all(" ".join(words.split())[:12] in line for words, line in zip(saved, lines, strict=True))
    styles = {style: run("saved", "list", "--style", style).stdout for style in ("plain", "markdown", "apa", "chicago")}
    assert len(set(styles.values())) == 4
    assert styles["plain"] == run("saved").stdout
    written = json.loads(run("saved", "--json").stdout)["highlights"]
    assert sorted(one["quote"]["exact"] for one in written) == sorted(saved)
    assert run("saved", "--markdown").stdout.startswith(b"# ")


def test_a_query_and_a_day_choose(run, saved):
    assert len(run("saved", "list", "--query", "feed:nobody").stdout) == 0
    assert len(run("saved", "list", "--query", "newer:1d").stdout.splitlines()) == 3
    assert len(run("saved", "list", "--since", "1h").stdout.splitlines()) == 3
    assert len(run("saved", "list", "--since", "2100-01-01").stdout.splitlines()) == 0
    assert run("saved", "list", "--since", "soon").returncode == 2
    assert run("saved", "list", "--query", "tag:").returncode == 2


def test_an_export_is_the_same_a_second_time_and_comes_in_equal_elsewhere(run, saved, tmp_path: Path):
    for format in ("json", "jsonld", "csv"):
        file = tmp_path / f"saved.{format}"
        done = run("saved", "export", "--format", format, "--output", str(file))
        assert b"3 highlights written" in done.stderr
        body, stamp = file.read_bytes(), file.stat().st_mtime_ns
        assert run("saved", "export", "--format", format, "-o", str(file)).returncode == 0
        assert (file.read_bytes(), file.stat().st_mtime_ns) == (body, stamp), "no byte is changed"
        assert run("saved", "export", "--format", format).stdout == body
        other = str(tmp_path / f"{format}.sqlite")
        assert (
            run("--library", other, "saved", "import", str(file)).stdout
            == b"3 highlights added, 0 here already, 0 refused.\n"
        )
        assert (
            run("--library", other, "saved", "import", str(file)).stdout
            == b"0 highlights added, 3 here already, 0 refused.\n"
        )
        assert run("--library", other, "saved", "export", "--format", format).stdout == body


def test_every_format_is_written(run, saved):
    for format in ("markdown", "html", "bibtex", "csl-json"):
        assert b"Bridge" in run("saved", "export", "--format", format).stdout or saved
    assert json.loads(run("saved", "export", "--format", "csl-json").stdout)[0]["type"] == "article-newspaper"
    rows = list(csv.reader(io.StringIO(run("saved", "export", "--format", "csv").stdout.decode(), newline="")))
    assert rows[0][:7] == ["Highlight", "Title", "Author", "URL", "Note", "Location", "Date"]
    assert len(rows) == 4


def test_notes_are_written_into_a_folder(run, saved, tmp_path: Path):
    folder = tmp_path / "vault"
    assert run("saved", "export", "--notes", str(folder)).stdout == b"3 notes written, 0 unchanged, 0 left alone.\n"
    assert run("saved", "export", "--notes", str(folder)).stdout == b"0 notes written, 3 unchanged, 0 left alone.\n"
    assert run("saved", "export", "--notes", str(folder), "--since", "2100-01-01").stdout.startswith(
        b"0 notes written, 0"
    )
    note = min(folder.iterdir())
    note.write_text("mine")
    done = run("saved", "export", "--notes", str(folder))
    assert str(note) in done.stderr.decode()
    assert note.read_text() == "mine"
    people = run("saved", "export", "--notes", str(tmp_path / "people"), "--per", "outlet")
    assert people.stdout.endswith(b"written, 0 unchanged, 0 left alone.\n")


def test_a_template_of_ones_own_makes_the_file(run, saved, tmp_path: Path):
    (tmp_path / "mine.j2").write_text("{{ articles | length }} articles\n")
    assert run("saved", "export", "--template", str(tmp_path / "mine.j2")).stdout == b"3 articles\n"
    (tmp_path / "mine.j2").write_text("{% if %}")
    done = run("saved", "export", "--template", str(tmp_path / "mine.j2"))
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1


def test_what_cannot_be_done_is_told_in_one_sentence(run, saved, tmp_path: Path):
    for words in (
        ["export", "--output", str(tmp_path / "no" / "such" / "file")],
        ["export", "--output", str(tmp_path)],
        ["export", "--notes", str(tmp_path), "--format", "csv"],
        ["export", "--per", "speaker"],
        ["export", "--template", str(tmp_path / "none.j2")],
        ["import", str(tmp_path / "none.json")],
        ["restore", "nothing"],
    ):
        done = run("saved", *words)
        assert done.returncode == 1, words
        assert done.stderr.startswith(b"newsreader: "), words
        assert done.stderr.count(b"\n") == 1, words


def test_a_damaged_file_gives_a_line_for_each_item_and_the_rest_comes_in(run, saved, tmp_path: Path):
    whole = json.loads(run("saved", "--json").stdout)
    whole["highlights"][1] = {"quote": 5}
    (tmp_path / "damaged.json").write_text(json.dumps(whole)[:-20])
    done = run("--library", str(tmp_path / "other.sqlite"), "saved", "import", str(tmp_path / "damaged.json"))
    assert b"highlights added" in done.stdout or b"highlight added" in done.stdout
    assert done.stderr.count(b"\n") >= 2
    assert done.returncode == 0
    (tmp_path / "not.json").write_bytes(b"\x7fELF")
    assert run("saved", "import", str(tmp_path / "not.json")).returncode == 1


def test_what_was_removed_is_brought_back(run, library: Path, saved):
    with Library(library, settings=Settings()) as own:
        gone = own.store.highlights.all()[0]
        own.saved.remove([gone.id])
    assert len(run("saved").stdout.splitlines()) == 2
    (removed,) = json.loads(run("saved", "list", "--removed", "--json").stdout)["highlights"]
    assert removed["uid"] == gone.uid
    assert run("saved", "restore", gone.uid).stdout == b"1 highlight brought back.\n"
    assert len(run("saved").stdout.splitlines()) == 3


def test_the_style_of_the_configuration_holds(run, saved, tmp_path: Path):
    config = tmp_path / "config.toml"
    config.write_text(config.read_text() + '[saved]\ncitation = "chicago"\n')
    assert run("saved").stdout == run("saved", "list", "--style", "chicago").stdout
