CREATE EXTERNAL TABLE users (id string, name string, signed_up string, spent string)
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
WITH SERDEPROPERTIES ('separatorChar' = ',', 'quoteChar' = '"', 'escapeChar' = '\\')
LOCATION 's3://amzn-s3-demo-bucket/users/'
TBLPROPERTIES ('skip.header.line.count'='1')
