"""The commands about queries that are kept: smart feeds, and rules for what comes in."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from reader.cli.articles import entry_json, headline, written
from reader.cli.commands import Commands, some_words, takes_json, takes_query
from reader.cli.output import OK, Failure, count, opened, tell, write_json
from reader.text import one_line

if TYPE_CHECKING:
    from reader.library.library import Library
    from reader.model import SavedQuery


def offer(commands: Commands) -> None:
    """Declare them."""
    smart = commands.several("smart", print_saved, "list, add or remove smart feeds: queries kept under a name", _SMART)
    rules = commands.several("rules", print_saved, "list, add, try or remove rules for what comes in", _RULES)
    for group, noun, are_rules in ((smart, "smart feed", False), (rules, "rule", True)):
        group.root.set_defaults(json=False, are_rules=are_rules)
        one = group.add("list", print_saved, f"print every {noun}")
        takes_json(one)
        one = group.add("add", add, f"keep a query as a {noun}, in the place of the one of that name")
        _take_name(one)
        takes_query(one)
        if are_rules:
            one.add_argument(
                "--do",
                required=True,
                metavar="ACTIONS",
                help="mute, read, save, tag:NAME, notify; several with commas between",
            )
        one = group.add("remove", remove, f"drop a {noun}; what it did stays done")
        _take_name(one)
    one = rules.add("test", test, "print what a rule or a query would act on, and change nothing")
    one.add_argument("query", nargs="+", metavar="NAME|QUERY", help="the name of a rule, or a query")
    takes_json(one)
    one = rules.add("apply", apply, "let a rule act on all that is in the library already; nothing is told")
    _take_name(one)


def _take_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", type=some_words, help="its name")


def print_saved(arguments: argparse.Namespace) -> int:
    """Print the smart feeds, or the rules."""
    with opened(arguments) as library:
        saved = [one for one in library.store.queries.all() if bool(one.actions) == arguments.are_rules]
    if arguments.json:
        write_json(
            {"name": one.name, "query": one.query} | ({"do": _actions(one)} if one.actions else {}) for one in saved
        )
        return OK
    for one in saved:
        print(_line(one))
    return OK


def _line(saved: SavedQuery) -> str:
    """A saved query as a person reads it."""
    return f"{saved.name}: {saved.query}" + (f" ({', '.join(_actions(saved))})" if saved.actions else "")


def _actions(rule: SavedQuery) -> list[str]:
    """What a rule does, as it is written."""
    return [f"{action.kind}:{action.tag}" if action.tag else str(action.kind) for action in rule.actions]


def add(arguments: argparse.Namespace) -> int:
    """Keep a query under a name."""
    actions = arguments.do.split(",") if arguments.are_rules else ()
    with opened(arguments, new=True) as library:
        if _is_other(library, arguments):
            other = "smart feed" if arguments.are_rules else "rule"
            raise Failure(f"“{arguments.name}” is a {other} already; remove that first, or take another name.")
        saved = library.rules.keep(arguments.name, written(arguments), actions)
    print(_line(saved))
    return OK


def remove(arguments: argparse.Namespace) -> int:
    """Drop a query that was kept."""
    with opened(arguments) as library:
        if _is_other(library, arguments):
            command = "smart" if arguments.are_rules else "rules"
            raise Failure(f"“{arguments.name}” is of the other kind; newsreader {command} remove drops it.")
        removed = library.rules.remove(arguments.name)
    print(f"{removed.name} is removed; it was {removed.query}")
    return OK


def _is_other(library: Library, arguments: argparse.Namespace) -> bool:
    """Whether the name is a rule's where a smart feed is meant, or the other way round."""
    return any(
        saved.name == arguments.name and bool(saved.actions) != arguments.are_rules
        for saved in library.store.queries.all()
    )


def test(arguments: argparse.Namespace) -> int:
    """Print what a rule or a query would act on."""
    query, name = written(arguments), one_line(written(arguments))
    with opened(arguments) as library:
        rule = next((saved for saved in library.store.queries.all() if saved.name == name), None)
        if rule is None:
            tell("That is no name of a rule, so it is taken as a query.")
        found = library.rules.found_by(rule.query if rule else query)
    if arguments.json:
        write_json(entry_json(entry) for entry in found)
    else:
        for entry in found:
            print(headline(entry))
    does = ", ".join(_actions(rule)) if rule else ""
    tell(f"{count(len(found), 'entry')} found{f' to {does}' if does else ''}; nothing was changed.")
    return OK


def apply(arguments: argparse.Namespace) -> int:
    """Let a rule act on all that is in the library."""
    with opened(arguments) as library:
        rule = library.rules.named(arguments.name)
        if not rule.actions:
            raise Failure(f"“{rule.name}” is a smart feed, which does nothing; rules add makes a rule.")
        done = library.rules.apply(rule)
    print(f"{rule.name} acted on {count(done, 'entry')}.")
    return OK


_SMART = """\
  newsreader smart                                        list them
  newsreader smart add Powell speaker:Powell type:figure
  newsreader smart remove Powell
"""
_RULES = """\
  newsreader rules test title:sponsored                   what would be found
  newsreader rules add Ads title:sponsored --do mute
  newsreader rules add Steel steel tariff* --do tag:steel,notify
  newsreader rules apply Steel                            also to what came before
  newsreader rules remove Ads
"""
