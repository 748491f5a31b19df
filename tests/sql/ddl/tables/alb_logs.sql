-- A long regular expression full of quotes, brackets and escapes.
CREATE EXTERNAL TABLE IF NOT EXISTS alb_logs (
            type string,
            time string,
            elb string,
            client_ip string,
            client_port int,
            request_processing_time double,
            elb_status_code int,
            received_bytes bigint,
            request_verb string,
            user_agent string,
            conn_trace_id string
            )
            ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'
            WITH SERDEPROPERTIES (
            'serialization.format' = '1',
            'input.regex' =
        '([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*):([0-9]*) ([-.0-9]*) (|[-0-9]*) ([-0-9]*) \"([^ ]*) (.*) (- |[^ ]*)\" \"([^\"]*)\" ([A-Z0-9-_]+) \"([^\s]+?)\" ?([^ ]*)?')
            LOCATION 's3://lake/alb/';

CREATE EXTERNAL TABLE `web`.`alb_logs`(
  `type` string,
  `time` string,
  `elb` string,
  `client_ip` string,
  `client_port` int,
  `request_processing_time` double,
  `elb_status_code` int,
  `received_bytes` bigint,
  `request_verb` string,
  `user_agent` string,
  `conn_trace_id` string)
ROW FORMAT SERDE
  'org.apache.hadoop.hive.serde2.RegexSerDe'
WITH SERDEPROPERTIES (
  'input.regex'='([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*):([0-9]*) ([-.0-9]*) (|[-0-9]*) ([-0-9]*) "([^ ]*) (.*) (- |[^ ]*)" "([^"]*)" ([A-Z0-9-_]+) "([^s]+?)" ?([^ ]*)?')
STORED AS INPUTFORMAT
  'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  's3://lake/alb/';
