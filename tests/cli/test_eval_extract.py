"""`newsreader eval extract`, as a script would call it."""

import gzip
import json

import pytest

PARAGRAPHS = [
    "The council voted on Tuesday to close the swimming baths, which have stood by the river since 1911.",
    "“Nobody asked the people who swim there,” said Ada Byrne, who leads the residents’ committee in the old town.",
    "Repairs would cost 4.2 million, according to the mayor’s office, and take at least three winters to finish.",
    "A petition against the closure, opened in March, had gathered 6,100 names by the time the meeting began.",
    "The baths were last renovated in 1974, when the boilers were replaced and a second basin was added for children.",
    "Engineers who inspected the roof in January found that eleven of its beams had rusted through at the ends.",
]
TRUTH = {
    "id": "baths",
    "url": "https://user:s3cret@courier.example/baths",
    "text": "\n\n".join(PARAGRAPHS),
    "title": "Baths to close",
    "author": "Ada Byrne",
    "date": None,
    "with": ["swimming baths"],
    "without": ["Share this"],
}
PAGE = (
    "<html><head><title>Baths to close</title><meta name=author content='Ada Byrne'></head><body><article>"
    f"<h1>Baths to close</h1>{''.join(f'<p>{one}</p>' for one in PARAGRAPHS)}</article></body></html>"
)


@pytest.fixture
def pages(tmp_path):
    """A folder of two pages: one that is read, and one that can't be."""
    folder = tmp_path / "pages"
    (folder / "html").mkdir(parents=True)
    (folder / "html" / "baths.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (folder / "html" / "none.html.gz").write_bytes(gzip.compress(b"%PDF-1.7"))
    none = TRUTH | {"id": "none", "url": None}
    (folder / "truth.jsonl").write_text(f"{json.dumps(TRUTH)}\n\n{json.dumps(none)}\n", encoding="utf-8")
    return folder


def test_the_table(run, pages):
    done = run("eval", "extract", str(pages), "--worst", "2")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "2 pages, 1 empty"
    assert [line.split() for line in lines[2:5]] == [
        ["found", "precision", "recall", "F1"], ["shingle", "100.0", "50.0", "66.7"], ["words", "50.0"],
    ]  # fmt: skip
    assert {line.split()[0]: line.split()[1:] for line in lines[7:12]} == {
        "with": ["50.0", "2"], "without": ["100.0", "2"], "title": ["50.0", "2"], "author": ["50.0", "2"],
        "date": ["–", "0"],
    }  # fmt: skip
    assert lines[13].split() == ["dates", "invented", "0", "2"]
    assert len({len(line) for line in lines[2:5]}) == len({len(line) for line in lines[6:14] if line}) == 1
    assert lines[-2].split() == ["0.0", "none", "–"]
    assert lines[-1].split() == ["100.0", "baths", "https://courier.example/baths"], "the password is not printed"


def test_as_json_over_several_folders(run, pages):
    told = json.loads(run("eval", "extract", str(pages), str(pages), "--json", "--worst", "1").stdout)
    assert told == {
        "pages": 4,
        "shingle": {"precision": 100.0, "recall": 50.0, "f1": 66.7},
        "words": 50.0,
        "empty": 2,
        "with": {"percent": 50.0, "of": 4},
        "without": {"percent": 100.0, "of": 4},
        "title": {"percent": 50.0, "of": 4},
        "author": {"percent": 50.0, "of": 4},
        "date": {"percent": None, "of": 0},
        "dates_invented": {"count": 0, "of": 4},
        "worst": [{"id": "none", "url": None, "words": 0.0}],
    }


def spoiled(pages, how):
    truth = pages / "truth.jsonl"
    match how:
        case "no truth":
            truth.unlink()
        case "empty":
            truth.write_text("\n")
        case "bad line":
            truth.write_text(truth.read_text() + '{"id": 3}\n')
        case "a path":
            truth.write_text(truth.read_text() + '{"id": "../none", "text": ""}\n')
        case "missing page":
            (pages / "html" / "none.html.gz").unlink()
        case "not gzip":
            (pages / "html" / "none.html.gz").write_bytes(b"<p>plain</p>")
        case "cut short":
            page = pages / "html" / "none.html.gz"
            page.write_bytes(page.read_bytes()[:-9])


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("no truth", "there is no truth.jsonl in it."),
        ("empty", "truth.jsonl is empty."),
        ("bad line", "truth.jsonl, line 4 is not the truth of a page: "),
        ("a path", "truth.jsonl, line 4 has an id that is no file's name."),
        ("missing page", "truth.jsonl, line 3 is of a page that is not there: "),
        ("not gzip", "none.html.gz can't be read: "),
        ("cut short", "none.html.gz can't be read: "),
    ],
)
def test_what_can_not_be_measured_is_told_in_one_line(run, pages, how, why):
    spoiled(pages, how)
    done = run("eval", "extract", str(pages))
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert why in line


def test_usage(run):
    assert run("eval", "extract").returncode == 2
    assert b"examples:" in run("eval", "extract", "--help").stdout
