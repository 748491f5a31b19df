-- Reserved words between back ticks, a date as partition key, a header to skip.
CREATE EXTERNAL TABLE IF NOT EXISTS `vpc_flow_logs` (
  version int,
  account_id string,
  srcport int,
  packets bigint,
  `start` bigint,
  `end` bigint,
  action string
)
PARTITIONED BY (`date` date)
ROW FORMAT DELIMITED
FIELDS TERMINATED BY ' '
LOCATION 's3://lake/vpcflowlogs/us-east-1/'
TBLPROPERTIES ("skip.header.line.count"="1");

CREATE EXTERNAL TABLE `web`.`vpc_flow_logs`(
  `version` int,
  `account_id` string,
  `srcport` int,
  `packets` bigint,
  `start` bigint,
  `end` bigint,
  `action` string)
PARTITIONED BY (
  `date` date)
ROW FORMAT DELIMITED
  FIELDS TERMINATED BY ' '
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  's3://lake/vpcflowlogs/us-east-1/'
TBLPROPERTIES (
  'skip.header.line.count'='1');
