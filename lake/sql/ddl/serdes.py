"""The classes of Hive by which Glue knows formats."""

from __future__ import annotations

from dataclasses import dataclass

LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
OPENX_JSON = "org.openx.data.jsonserde.JsonSerDe"
HIVE_JSON = "org.apache.hive.hcatalog.data.JsonSerDe"
REGEX = "org.apache.hadoop.hive.serde2.RegexSerDe"
CONTRIB_REGEX = "org.apache.hadoop.hive.contrib.serde2.RegexSerDe"
PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
ORC = "org.apache.hadoop.hive.ql.io.orc.OrcSerde"
AVRO = "org.apache.hadoop.hive.serde2.avro.AvroSerDe"
COLUMNAR = "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe"
ION = "com.amazon.ionhiveserde.IonHiveSerDe"

# All that Athena takes: docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
SERDES = {
    name.lower(): name
    for name in (
        LAZY_SIMPLE,
        OPEN_CSV,
        OPENX_JSON,
        HIVE_JSON,
        REGEX,
        CONTRIB_REGEX,
        PARQUET,
        "parquet.hive.serde.ParquetHiveSerDe",
        ORC,
        AVRO,
        COLUMNAR,
        ION,
        "org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe",
        "com.amazonaws.glue.serde.GrokSerDe",
        "com.amazon.emr.hive.serde.CloudTrailSerde",
    )
}


@dataclass(frozen=True, slots=True)
class FileFormat:
    input_format: str
    output_format: str
    serde: str


TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
TEXT_OUTPUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
TEXT = FileFormat(TEXT_INPUT, TEXT_OUTPUT, LAZY_SIMPLE)

FORMATS = {
    "textfile": TEXT,
    "jsonfile": FileFormat(TEXT_INPUT, TEXT_OUTPUT, HIVE_JSON),
    "parquet": FileFormat(
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        PARQUET,
    ),
    "orc": FileFormat(
        "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat", ORC
    ),
    "avro": FileFormat(
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
        AVRO,
    ),
    "rcfile": FileFormat(
        "org.apache.hadoop.hive.ql.io.RCFileInputFormat", "org.apache.hadoop.hive.ql.io.RCFileOutputFormat", COLUMNAR
    ),
    "sequencefile": FileFormat(
        "org.apache.hadoop.mapred.SequenceFileInputFormat",
        "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
        LAZY_SIMPLE,
    ),
    "ion": FileFormat(
        "com.amazon.ionhiveserde.formats.IonInputFormat", "com.amazon.ionhiveserde.formats.IonOutputFormat", ION
    ),
}

FIELD_DELIMITER = "field.delim"
SERIALIZATION_FORMAT = "serialization.format"
ESCAPE_DELIMITER = "escape.delim"
# Misspelt in Hive until version 3, and so in Glue.
COLLECTION_DELIMITER = "colelction.delim"
COLLECTION_DELIMITERS = (COLLECTION_DELIMITER, "collection.delim")
MAP_KEY_DELIMITER = "mapkey.delim"
LINE_DELIMITER = "line.delim"
NULL_FORMAT = "serialization.null.format"
DEFAULT_SERIALIZATION = "1"
