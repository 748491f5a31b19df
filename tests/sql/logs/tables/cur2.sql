CREATE EXTERNAL TABLE `cur2`(
  `bill_payer_account_id` string,
  `line_item_usage_account_id` string,
  `line_item_usage_start_date` timestamp,
  `line_item_product_code` string,
  `line_item_unblended_cost` double,
  `product` map<string,string>,
  `resource_tags` map<string,string>,
  `cost_category` map<string,string>,
  `discount` map<string,double>)
PARTITIONED BY (`billing_period` string)
ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
LOCATION 's3://amzn-s3-demo-bucket/cur2/export/data'
TBLPROPERTIES ('classification'='parquet')
