"""Writing data sets into tables: staged beside, made valid by one transaction, finished by whoever comes next."""
