"""What storage and the catalog hold of a table's partitions, read and counted."""
