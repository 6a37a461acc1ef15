"""What all tests share."""

import os

from hypothesis import settings

os.environ["LANGUAGE"] = "en"  # the reader's words are settled when it is imported, and tests look for the English ones

# The first text that needs it loads a model, which takes longer than the 200 ms an example may; pytest keeps the time.
# Examples are the same each time, so that it is a change that fails; HYPOTHESIS_PROFILE=search looks for others.
settings.register_profile("search", deadline=None)
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
