CREATE EXTERNAL TABLE IF NOT EXISTS clicks_parquet (
  user_id string, event string, event_time timestamp, page string, value double, items array<struct<sku:string,qty:int,price:double>>, props map<string,string>
)
PARTITIONED BY (dt date, hour int)
STORED AS PARQUET
LOCATION 's3://amzn-s3-demo-bucket/clicks_parquet/'
TBLPROPERTIES ('parquet.compression'='SNAPPY')
