"""Articles of the same story: which they are and why, and what each of them says that the others do not.

`cluster` sorts articles into stories, `ledger` lines up what a story's articles claim.
"""

LEDGER = "ledger-1"
"""Name and version of how a ledger is made: another makes kept ones anew. Here, so that asking loads no model."""
