"""The library on disk: one SQLite file, one method per question asked."""
