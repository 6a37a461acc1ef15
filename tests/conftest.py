"""What all tests share."""

from hypothesis import settings

# The first text that needs it loads a model, which takes longer than the 200 ms an example may; pytest keeps the time.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
