"""Wording: a model writes the sentence around the facts, code puts the facts in, a guard reads it.

The model sees the names of the facts and never their values, so that no figure, time or name is
ever its own; the guard lets through only words that go with the fact beside them.
"""
