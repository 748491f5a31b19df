"""How an AWS account is reached. The backends on AWS (`catalog.glue`, `storage.s3`, `engine.athena`) are given a connection."""
