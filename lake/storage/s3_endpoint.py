"""How boto3 asks S3 for the objects of a bucket, for a reader that is not boto3."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lake.storage.s3 import ObjectStorage

AWS_HOST = ".amazonaws.com"


class Endpoint(NamedTuple):
    """`path_style` puts the bucket into the path, not before the host; `ca_file` holds certificates other than the machine's."""

    url: str
    region: str
    path_style: bool
    ca_file: str | None


def frozen_credentials(storage: ObjectStorage) -> Any:
    """Return boto3's credentials of this moment, renewed if they end soon; raise CredentialsFailed without any."""
    from botocore.exceptions import NoCredentialsError

    with storage.translated("S3"):
        credentials = storage.connection.session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        return credentials.get_frozen_credentials()


def endpoint_of(storage: ObjectStorage, bucket: str) -> Endpoint:
    """Return the endpoint of a bucket; at AWS that is one in its own region."""
    with storage.translated(f"s3://{bucket}"):
        # Nothing is sent: the URL shows what boto3 makes of its settings.
        signed = storage.client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "key"})
    url, region = storage.client.meta.endpoint_url, storage.client.meta.region_name
    # AWS_CA_BUNDLE, or the profile's ca_bundle: boto3 shows them nowhere else.
    ca_file = storage.connection.session.get_config_variable("ca_bundle")
    path_style = urlsplit(signed).path.endswith(f"/{bucket}/key")
    if AWS_HOST not in url:
        return Endpoint(url, region, path_style, ca_file)
    own = storage.region(bucket) or region
    moved = url.replace("//s3.amazonaws.com", f"//s3.{own}.amazonaws.com").replace(f".{region}.", f".{own}.")
    return Endpoint(moved, own, path_style, ca_file)
