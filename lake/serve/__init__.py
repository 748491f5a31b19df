"""A loopback HTTP endpoint that answers Athena's API by a `Lake`: `python -m lake.serve`. Needs the extra `serve`."""
