"""What a schedule runs of one table: the last days, then everything in its turn."""
