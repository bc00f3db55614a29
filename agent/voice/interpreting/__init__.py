"""Interpreting between two people, and questions in another language."""
