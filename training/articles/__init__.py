"""Makes the small model that tells an article's blocks from the rest of its page."""
