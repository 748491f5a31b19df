-- The trail's own input format, nested types, an old spelling of the SerDe's name.
CREATE EXTERNAL TABLE cloudtrail_logs(
    eventversion STRING,
    useridentity STRUCT<
        type: STRING,
        principalid: STRING,
        sessioncontext: STRUCT<
            attributes: STRUCT<mfaauthenticated: STRING, creationdate: STRING>,
            sessionissuer: STRUCT<type: STRING, userName: STRING>,
            ec2RoleDelivery: string,
            webIdFederationData: STRUCT<federatedProvider: STRING, attributes: map<string,string>>>>,
    eventtime STRING,
    errorcode STRING,
    requestparameters STRING,
    resources ARRAY<STRUCT<arn: STRING, accountid: STRING, type: STRING>>,
    readonly STRING
  )
PARTITIONED BY (`timestamp` string)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 's3://lake/AWSLogs/account-id/CloudTrail/us-east-1'
TBLPROPERTIES (
  'projection.enabled'='true',
  'projection.timestamp.format'='yyyy/MM/dd',
  'projection.timestamp.interval'='1',
  'projection.timestamp.range'='2020/01/01,NOW',
  'projection.timestamp.type'='date',
  'storage.location.template'='s3://lake/AWSLogs/account-id/CloudTrail/us-east-1/${timestamp}');

CREATE EXTERNAL TABLE `web`.`cloudtrail_logs`(
  `eventversion` string,
  `useridentity` struct<type:string,principalid:string,sessioncontext:struct<attributes:struct<mfaauthenticated:string,creationdate:string>,sessionissuer:struct<type:string,username:string>,ec2roledelivery:string,webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>>,
  `eventtime` string,
  `errorcode` string,
  `requestparameters` string,
  `resources` array<struct<arn:string,accountid:string,type:string>>,
  `readonly` string)
PARTITIONED BY (
  `timestamp` string)
ROW FORMAT SERDE
  'org.apache.hive.hcatalog.data.JsonSerDe'
STORED AS INPUTFORMAT
  'com.amazon.emr.cloudtrail.CloudTrailInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  's3://lake/AWSLogs/account-id/CloudTrail/us-east-1/'
TBLPROPERTIES (
  'projection.enabled'='true',
  'projection.timestamp.format'='yyyy/MM/dd',
  'projection.timestamp.interval'='1',
  'projection.timestamp.range'='2020/01/01,NOW',
  'projection.timestamp.type'='date',
  'storage.location.template'='s3://lake/AWSLogs/account-id/CloudTrail/us-east-1/${timestamp}');
