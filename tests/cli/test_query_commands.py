"""Smart feeds and rules."""

import json

import pytest


def kept(run, command: str) -> list[dict]:
    return json.loads(run(command, "list", "--json").stdout)


def test_smart_feeds_are_kept_listed_and_removed(run, library):
    assert run("smart", "add", "By the\n sea", "ferry", "OR", "pier*").stdout == b"By the sea: ferry OR pier*\n"
    assert run("smart", "add", "Bank", "rates").returncode == 0
    assert kept(run, "smart") == [{"name": "By the sea", "query": "ferry OR pier*"}, {"name": "Bank", "query": "rates"}]
    assert run("smart").stdout == run("smart", "list").stdout == b"By the sea: ferry OR pier*\nBank: rates\n"
    run("smart", "add", "Bank", "interest", "rates")
    assert kept(run, "smart")[1]["query"] == "interest rates"
    assert run("smart", "remove", "Bank").returncode == 0
    assert run("smart", "remove", "Bank").returncode == 1
    assert kept(run, "rules") == []


def test_rules_are_tried_kept_and_applied(run, library):
    done = run("rules", "test", "pier*", "--json")
    assert [row["title"] for row in json.loads(done.stdout)] == [
        "Rates rise", "Ferry café opens", "Pier sold", "Bridge closes",
    ]  # fmt: skip
    assert b"taken as a query" in done.stderr
    done = run("rules", "add", "Sea", "title:ferry", "OR", "title:pier", "--do", "read, tag:by the sea,save")
    assert done.stdout == b"Sea: title:ferry OR title:pier (read, tag:by the sea, save)\n"
    assert kept(run, "rules") == [
        {"name": "Sea", "query": "title:ferry OR title:pier", "do": ["read", "tag:by the sea", "save"]}
    ]
    assert run("rules").stdout == done.stdout
    assert run("unread", "--count").stdout == b"4\n", "a rule is for what comes in"
    done = run("rules", "test", "Sea")
    assert done.stdout.count(b"\n") == 2
    assert b"2 entries found to read, tag:by the sea, save; nothing was changed." in done.stderr
    assert run("unread", "--count").stdout == b"4\n"
    assert run("rules", "apply", "Sea").stdout == b"Sea acted on 2 entries.\n"
    assert run("unread", "--count").stdout == b"2\n"
    assert len(json.loads(run("search", 'tag:"by the sea" is:starred', "--json").stdout)) == 2
    assert run("rules", "remove", "Sea").returncode == 0
    assert kept(run, "rules") == []
    assert run("unread", "--count").stdout == b"2\n"


@pytest.mark.parametrize("does", ["dance", "tag", "tag:", "read:x", "", "read,,save"])
def test_what_no_rule_can_do_is_refused(run, library, does):
    done = run("rules", "add", "Sea", "ferry", "--do", does)
    assert done.returncode == 1
    assert "is nothing that a rule can do" in done.stderr.decode()
    assert kept(run, "rules") == []


def test_a_rule_and_a_smart_feed_do_not_take_each_others_name(run, library):
    run("rules", "add", "Sea", "ferry", "--do", "save")
    run("smart", "add", "Bank", "rates")
    for given in (
        ("smart", "add", "Sea", "x"),
        ("smart", "remove", "Sea"),
        ("rules", "add", "Bank", "x", "--do", "read"),
        ("rules", "remove", "Bank"),
        ("rules", "apply", "Bank"),
        ("rules", "apply", "Nothing"),
    ):
        done = run(*given)
        assert (done.returncode, done.stdout) == (1, b""), given
    assert [row["name"] for row in kept(run, "rules") + kept(run, "smart")] == ["Sea", "Bank"]
    assert run("rules", "add", "Sea", "ferry").returncode == 2, "a rule does something"
    assert run("smart", "add", " ", "x").returncode == 2
