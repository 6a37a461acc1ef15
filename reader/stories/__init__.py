"""Articles that tell the same story: which they are, and why."""

from reader.stories.cluster import Stories, assign, story_json

__all__ = ["Stories", "assign", "story_json"]
