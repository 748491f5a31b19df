CREATE EXTERNAL TABLE ga_sessions (
  visitid bigint,
  fullvisitorid string,
  `date` string,
  totals struct<visits:int,hits:int,pageviews:int,transactions:int>,
  trafficsource struct<source:string,medium:string>,
  hits array<struct<hitnumber:int,type:string,page:struct<pagepath:string>,customdimensions:array<struct<index:int,value:string>>>>
)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
LOCATION 's3://amzn-s3-demo-bucket/ga/'
