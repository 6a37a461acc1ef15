"""What was saved, taken out and brought in by commands."""

import csv
import io
import json
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from highlights.made import HOSTILE, highlight
from markdown_it import MarkdownIt

from reader.config import Settings
from reader.library.library import Library
from reader.model import Highlight, Quote, Span
from reader.text import clean, one_line


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


@pytest.mark.scorecard(38)
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


def test_what_was_removed_stays_so_when_it_is_imported_again_and_that_is_told(run, saved, library, tmp_path: Path):
    file = tmp_path / "saved.json"
    run("saved", "export", "--format", "json", "--output", str(file))
    with Library(library, settings=Settings()) as own:
        own.saved.remove([own.saved.found()[0].id])
    done = run("saved", "import", str(file))
    assert done.stdout == b"0 highlights added, 3 here already, 0 refused.\n"
    assert b"Of those here already, 1 had been removed, and stay so: `newsreader saved list --removed`" in done.stderr


def hostile() -> list[Highlight]:
    """A highlight for each text that means harm, which stands in every field."""
    made = []
    for n, words in enumerate(HOSTILE, 1):
        text, line = clean(words), one_line(words) or "nothing"
        quote = Quote(exact=text if text.strip() else "x", prefix=text[:20], suffix=text[-20:], start=n)
        fields = {"speaker": line, "source": line, "via": (line,), "outlet": line, "title": line, "author": line}
        url = f"https://a.example/{n}?{'=@+-'[n % 4]}=1"
        made.append(highlight(n=n, **fields, quote=quote, url=url, note=text, tags=(line,), entry_id=None))
    return made


@pytest.mark.scorecard(38, 40)
def test_highlights_that_mean_harm_come_in_equal_and_do_none(run, library: Path, tmp_path: Path, full, record_property):
    made = hostile()
    with Library(library, settings=Settings()) as own:
        own.store.highlights.take_in(made, now=own.now())
    formats = ("csv", "json", "jsonld") if full else ("csv",)
    for format in formats:
        file, other = tmp_path / f"saved.{format}", tmp_path / f"{format}.sqlite"
        assert run("saved", "export", "--format", format, "-o", str(file)).returncode == 0
        assert run("--library", str(other), "saved", "import", str(file)).stdout.startswith(
            b"%d highlights " % len(made)
        )
        with Library(other, settings=Settings()) as elsewhere:
            came = elsewhere.store.highlights.all()
        assert sorted((replace(one, id=0) for one in came), key=lambda one: one.uid) == [
            replace(one, id=0) for one in made
        ]
    cells = [
        cell
        for row in csv.reader(io.StringIO((tmp_path / "saved.csv").read_bytes().decode(), newline=""))
        for cell in row
    ]
    assert [cell for cell in cells if cell.lstrip(' \n\u00a0\u200b"')[:1] in {*"=+-@|%\t\r＝＋－＠｜％"}] == []
    assert run("saved", "export", "--notes", "notes").returncode == 0
    notes = [path.read_text() for path in (tmp_path / "notes").iterdir()]
    bodies = [run("saved", "--markdown").stdout.decode()]
    for note in notes:
        matter, _, body = note.removeprefix("---\n").partition("\n---\n")
        bodies.append(body)
        for line in matter.split("\n"):
            name, _, value = line.partition(": ")
            assert re.fullmatch("[a-z-]+", name)
            json.loads(value)  # which YAML is a superset of
    tokens = [token for body in bodies for token in MarkdownIt("commonmark").parse(body)]
    tokens += [child for token in tokens for child in token.children or ()]
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    assert len(links) >= len(made)
    assert [link for link in links if not link.startswith("https://a.example/")] == []
    assert not {token.type for token in tokens} & {
        "html_block",
        "html_inline",
        "image",
        "fence",
        "code_block",
        "code_inline",
    }
    record_property(
        "figure",
        f"{len(made)} highlights that mean harm: equal from {', '.join(formats)}; of {len(cells)} cells 0 formulas,"
        f" of {len(notes)} notes 0 broken, of {len(links)} links 0 scripts",
    )


@pytest.mark.scorecard(39)
def test_what_is_exported_stands_where_it_was_asked_for(run, saved, tmp_path: Path, full, record_property):
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "aim").write_text("mine")
    (inside / "link").symlink_to(tmp_path / "aim")
    names = ["link", "-rf", "../up", "new\nline", "x" * 250] if full else ["link"]
    for name in names:
        assert run("saved", "export", f"--output={name}", cwd=inside).returncode == 0
        assert (inside / name).read_text().startswith("# ")
        if name != "link":
            assert stat.S_IMODE((inside / name).stat().st_mode) == 0o600
    assert (inside / "link").is_symlink(), "a link of one's own stays, and what it leads to is written"
    for name in ("x" * 300, "x/y", ".") if full else ("x" * 300,):
        done = run("saved", "export", f"--output={name}", cwd=inside)
        assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)
    assert {path.name for path in inside.iterdir()} == {*names, "link"} - {"../up"}
    record_property("figure", f"{len(names)} odd names of saved export written where they say")


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
