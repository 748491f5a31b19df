"""Partition management: say what is not in order, then put it in order."""
