"""How a table's paths and its partition values stand for each other."""
