-- IP addresses and UUIDs.

SELECT IPADDRESS '1.2.3.4';
-- types ipaddress
-- row ["1.2.3.4"]

SELECT IPADDRESS '2001:db8::ff00:42:8329';
-- types ipaddress
-- row ["2001:db8::ff00:42:8329"]

SELECT IPADDRESS '::1';
-- types ipaddress
-- row ["::1"]

SELECT IPADDRESS '::ffff:1.2.3.4';
-- types ipaddress
-- row ["1.2.3.4"]

SELECT IPADDRESS '2001:0db8:0000:0000:0000:ff00:0042:8329';
-- types ipaddress
-- row ["2001:db8::ff00:42:8329"]

SELECT IPADDRESS '64:ff9b::10.0.0.0';
-- types ipaddress
-- row ["64:ff9b::a00:0"]

SELECT cast(IPADDRESS '1.2.3.4' as varchar);
-- types varchar
-- row ["1.2.3.4"]

SELECT cast(IPADDRESS '::' as varchar);
-- types varchar
-- row ["::"]

SELECT cast(IPADDRESS '1:0:0:2:0:0:0:3' as varchar);
-- types varchar
-- row ["1:0:0:2::3"]

SELECT cast(IPADDRESS '1:0:0:2:3:0:0:4' as varchar);
-- types varchar
-- row ["1::2:3:0:0:4"]

SELECT cast(IPADDRESS '1:0:2:3:4:5:6:7' as varchar);
-- types varchar
-- row ["1:0:2:3:4:5:6:7"]

SELECT cast('::ffff:102:304' as ipaddress);
-- types ipaddress
-- row ["1.2.3.4"]

SELECT cast(IPADDRESS '::ffff:0:1.2.3.4' as varchar);
-- types varchar
-- row ["::ffff:0:102:304"]

SELECT cast(IPADDRESS '1.2.3.4' as varbinary);
-- types varbinary
-- row ["00000000000000000000ffff01020304"]

SELECT cast(x'01020304' as ipaddress);
-- types ipaddress
-- row ["1.2.3.4"]

SELECT cast(x'0102' as ipaddress);
-- error INVALID_CAST_ARGUMENT

SELECT cast(x'00000000000000000000ffff01020304' as ipaddress);
-- types ipaddress
-- row ["1.2.3.4"]

SELECT IPADDRESS '1.2.3.4' = IPADDRESS '::ffff:1.2.3.4';
-- types boolean
-- row [true]

SELECT IPADDRESS '1.2.3.4' < IPADDRESS '1.2.3.5';
-- types boolean
-- row [true]

SELECT IPADDRESS '1.2.3.4' > IPADDRESS '::1';
-- types boolean
-- row [true]

SELECT IPADDRESS '1.2.3.4' between IPADDRESS '1.2.3.0' and IPADDRESS '1.2.3.9';
-- types boolean
-- row [true]

SELECT IPADDRESS '1.2.3.4' in (IPADDRESS '1.2.3.4');
-- types boolean
-- row [true]

SELECT IPADDRESS '1.2.3.4' is distinct from null;
-- types boolean
-- row [true]

SELECT IPADDRESS '1.2.3.4' = '1.2.3.4';
-- error TYPE_MISMATCH

SELECT contains('10.0.0.0/8', IPADDRESS '10.255.255.255');
-- types boolean
-- row [true]

SELECT contains('10.0.0.0/8', IPADDRESS '11.255.255.255');
-- types boolean
-- row [false]

SELECT contains('2001:0db8:0:0:0:ff00:0042:8329/128', IPADDRESS '2001:0db8:0:0:0:ff00:0042:8329');
-- types boolean
-- row [true]

SELECT contains('2001:db8::/32', IPADDRESS '2001:db8::1');
-- types boolean
-- row [true]

SELECT contains('10.0.0.0/33', IPADDRESS '1.2.3.4');
-- error INVALID_FUNCTION_ARGUMENT

SELECT contains('10.0.0.0', IPADDRESS '1.2.3.4');
-- error INVALID_FUNCTION_ARGUMENT

SELECT contains('x/8', IPADDRESS '1.2.3.4');
-- error INVALID_FUNCTION_ARGUMENT

SELECT contains('10.0.0.0/-1', IPADDRESS '1.2.3.4');
-- error INVALID_FUNCTION_ARGUMENT

SELECT contains('0.0.0.0/0', IPADDRESS '1.2.3.4');
-- types boolean
-- row [true]

SELECT contains('0.0.0.0/0', IPADDRESS '::1');
-- error INVALID_FUNCTION_ARGUMENT

SELECT contains('::/0', IPADDRESS '1.2.3.4');
-- error INVALID_FUNCTION_ARGUMENT

SELECT contains('::/0', IPADDRESS '::1');
-- types boolean
-- row [true]

SELECT contains('10.0.0.5/8', IPADDRESS '10.1.1.1');
-- error INVALID_FUNCTION_ARGUMENT

SELECT contains('::ffff:1.2.3.4/64', IPADDRESS '1.2.3.4');
-- error INVALID_FUNCTION_ARGUMENT

SELECT contains('10.0.0.0/8', null);
-- types boolean
-- row [null]

SELECT array_sort(array[IPADDRESS '1.2.3.4', IPADDRESS '::1']);
-- types array(ipaddress)
-- row [["::1", "1.2.3.4"]]

SELECT cast(row(IPADDRESS '1.2.3.4') as json);
-- error TYPE_MISMATCH

SELECT format('%s', IPADDRESS '1.2.3.4');
-- types varchar
-- row ["1.2.3.4"]

SELECT typeof(IPADDRESS '1.2.3.4');
-- types varchar
-- row ["ipaddress"]

SELECT map(array[IPADDRESS '1.2.3.4'],array[1]);
-- types map(ipaddress, integer)
-- row [[["1.2.3.4", 1]]]

SELECT count(distinct x), min(x), max(x) FROM (VALUES IPADDRESS '1.2.3.4', IPADDRESS '::1') t(x);
-- types bigint | ipaddress | ipaddress
-- row [2, "::1", "1.2.3.4"]

SELECT cast(null as ipaddress);
-- types ipaddress
-- row [null]

SELECT cast(1 as varbinary);
-- error TYPE_MISMATCH

SELECT cast(x'41' as varchar);
-- error TYPE_MISMATCH

SELECT cast('a' as varbinary);
-- types varbinary
-- row ["61"]

SELECT cast(array[x'41'] as array(varchar));
-- error TYPE_MISMATCH

SELECT IPADDRESS '1.2.3';
-- error INVALID_LITERAL

SELECT IPADDRESS '1.2.3.256';
-- error INVALID_LITERAL

SELECT IPADDRESS '01.2.3.4';
-- error INVALID_LITERAL

SELECT IPADDRESS '';
-- error INVALID_LITERAL

SELECT IPADDRESS '::1%eth0';
-- types ipaddress
-- row ["::1"]
