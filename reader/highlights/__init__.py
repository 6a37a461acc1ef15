"""What a person saved: quotes that can be found again, and ways to take them elsewhere."""

from reader.highlights.anchor import find, quote, text_hash
from reader.highlights.export import citation, to_json, to_markdown

__all__ = ["citation", "find", "quote", "text_hash", "to_json", "to_markdown"]
