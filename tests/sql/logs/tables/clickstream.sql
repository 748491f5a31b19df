CREATE EXTERNAL TABLE clickstream (
  event_id string,
  user_id string,
  event string,
  ts bigint,
  event_time timestamp,
  page string,
  value double,
  payload string,
  device struct<os:string,version:string,screen:struct<w:int,h:int>>,
  items array<struct<sku:string,qty:int,price:double>>,
  props map<string,string>
)
PARTITIONED BY (datehour string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES ('ignore.malformed.json'='true')
LOCATION 's3://amzn-s3-demo-bucket/firehose/'
TBLPROPERTIES (
  'projection.enabled'='true',
  'projection.datehour.type'='date',
  'projection.datehour.format'='yyyy/MM/dd/HH',
  'projection.datehour.range'='2026/01/01/00,NOW',
  'projection.datehour.interval'='1',
  'projection.datehour.interval.unit'='HOURS',
  'storage.location.template'='s3://amzn-s3-demo-bucket/firehose/${datehour}/'
)
