"""Article text -> claims: who said what, by rules over sentences, quotations and reporting verbs.

`reader.claims.find` is the way in.
"""

MODEL = "polnear-minilm-1"
"""Name and version of the extractor: the shipped model's own name. Here, so that asking for it loads no model."""
