CREATE EXTERNAL TABLE iot_events (
  deviceid string,
  reported_at string,
  metrics map<string,double>,
  tags array<string>,
  location struct<lat:double,lon:double>
)
PARTITIONED BY (site string, day int)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES ('mapping.reported_at'='reportedAt')
LOCATION 's3://amzn-s3-demo-bucket/iot/'
TBLPROPERTIES (
  'projection.enabled'='true',
  'projection.site.type'='injected',
  'projection.day.type'='integer',
  'projection.day.range'='1,31',
  'projection.day.digits'='2',
  'storage.location.template'='s3://amzn-s3-demo-bucket/iot/${site}/d${day}'
)
