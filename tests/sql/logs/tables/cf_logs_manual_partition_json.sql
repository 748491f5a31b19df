CREATE EXTERNAL TABLE `cf_logs_manual_partition_json`(
  `date` string , `time` string , `x-edge-location` string , `sc-bytes` string , `c-ip` string , `cs-method` string ,
  `cs(host)` string , `cs-uri-stem` string , `sc-status` string , `cs(user-agent)` string)
PARTITIONED BY (`year` string, `month` string, `day` string, `hour` string)
ROW FORMAT SERDE
  'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES (
  'paths'='c-ip,cs(Host),cs(User-Agent),cs-method,cs-uri-stem,date,sc-bytes,sc-status,time,x-edge-location')
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  's3://amzn-s3-demo-bucket/cloudfront-json/'
