/* every clause, comments between them */
create external table web.Every_Clause -- the name
(
  `A b` int comment 'it\'s "a" \\ \t \u00e9 \101; -- no comment',
  m map<int , array<decimal( 10,1 )>>
)
comment 'a table'
partitioned by (dt string comment "a day", hour int)
clustered by (m) into 4 buckets
row format delimited fields terminated by '\001' escaped by '\\' collection items terminated by '\002'
  map keys terminated by '\003' lines terminated by '\n' null defined as '\\N'
stored as textfile
location 's3://lake/every'
tblproperties ('a'='1', "b"='');

CREATE EXTERNAL TABLE `web`.`every_clause`(
  `a b` int COMMENT 'it\'s "a" \\ \t é A; -- no comment',
  `m` map<int,array<decimal(10,1)>>)
COMMENT 'a table'
PARTITIONED BY (
  `dt` string COMMENT 'a day',
  `hour` int)
CLUSTERED BY (`m`)
INTO 4 BUCKETS
ROW FORMAT DELIMITED
  FIELDS TERMINATED BY '\u0001'
  ESCAPED BY '\\'
  COLLECTION ITEMS TERMINATED BY '\u0002'
  MAP KEYS TERMINATED BY '\u0003'
  LINES TERMINATED BY '\n'
  NULL DEFINED AS '\\N'
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  's3://lake/every/'
TBLPROPERTIES (
  'a'='1',
  'b'='');
