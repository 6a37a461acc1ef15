"""HTML to `Article`: one plain text with blocks and links as spans of it; see `reader.articles.extract`.

Nothing here loads a parser: those who only name the error, or write an article down, start as fast as without it.
"""


class ExtractError(ValueError):
    """A page has no article to read; the message is one plain sentence that says why."""
