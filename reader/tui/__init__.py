"""The terminal front end: thin screens over the library. Widgets show models and post messages; they never fetch."""
