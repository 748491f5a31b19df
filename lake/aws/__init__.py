"""How an AWS account is reached. The backends on AWS (`catalog.glue`, `storage.obstore`, `engine.athena`) are given a connection."""
