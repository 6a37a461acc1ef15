"""The query language: what a person types to find articles, parsed to a tree and written again."""

from reader.query.parser import DEEPEST, LONGEST, MOST, QueryError, parse
from reader.query.snippet import snippet
from reader.query.tree import (
    Ago,
    And,
    Claimed,
    ClaimType,
    Field,
    Has,
    Not,
    Or,
    Query,
    State,
    Where,
    Words,
    fields_of,
    words_of,
    written,
)

__all__ = [
    "DEEPEST",
    "LONGEST",
    "MOST",
    "Ago",
    "And",
    "ClaimType",
    "Claimed",
    "Field",
    "Has",
    "Not",
    "Or",
    "Query",
    "QueryError",
    "State",
    "Where",
    "Words",
    "fields_of",
    "parse",
    "snippet",
    "words_of",
    "written",
]
