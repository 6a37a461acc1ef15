"""Article text -> claims: who said what, by rules over sentences, quotations and reporting verbs.

`reader.claims.find` is the way in.
"""
