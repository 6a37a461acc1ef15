"""What all tests share."""

import os

from hypothesis import settings

# The first text that needs it loads a model, which takes longer than the 200 ms an example may; pytest keeps the time.
# The same examples each time, so that a change is at fault when a test fails; HYPOTHESIS_PROFILE=search looks for others.
settings.register_profile("search", deadline=None)
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
