"""Answers: which tool a question means, with which arguments, and what it says."""
