CREATE EXTERNAL TABLE IF NOT EXISTS awsdatacatalog.web.pq (
  col_boolean BOOLEAN, col_int INT, col_string STRING, col_varchar VARCHAR(10), col_array ARRAY<int>,
  col_map MAP<int, int>, col_struct STRUCT<a: int, b: int>, col_decimal DECIMAL(10,1), col_binary BINARY,
  number_of_rows INT COMMENT 'some comment'
)
STORED AS PARQUET
LOCATION 's3://lake/pq/'
TBLPROPERTIES ('parquet.compression'='SNAPPY');

CREATE EXTERNAL TABLE `web`.`pq`(
  `col_boolean` boolean,
  `col_int` int,
  `col_string` string,
  `col_varchar` varchar(10),
  `col_array` array<int>,
  `col_map` map<int,int>,
  `col_struct` struct<a:int,b:int>,
  `col_decimal` decimal(10,1),
  `col_binary` binary,
  `number_of_rows` int COMMENT 'some comment')
ROW FORMAT SERDE
  'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
LOCATION
  's3://lake/pq/'
TBLPROPERTIES (
  'parquet.compression'='SNAPPY');
