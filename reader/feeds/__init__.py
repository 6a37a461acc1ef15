"""Feeds: bytes in, entries out. Pure: nothing here reads a file, a clock or the network."""


class FeedError(ValueError):
    """A body that cannot be read; the message is one plain sentence, without the address."""
