-- Mathematics, and what numbers do at their ends.

SELECT round(2.675e0, 2);
-- types double
-- row [2.68]

SELECT round(1.005e0, 2);
-- types double
-- row [1.0]

SELECT round(-2.5e0, 0);
-- types double
-- row [-3.0]

SELECT round(123.456e0, -2);
-- types double
-- row [100.0]

SELECT round(0.5e0, 0);
-- types double
-- row [1.0]

SELECT round(2.5e0, 0);
-- types double
-- row [3.0]

SELECT round(1e18, 3);
-- types double
-- row [1e+18]

SELECT round(1.23456789012345e15, 3);
-- types double
-- row [1234567890123450.0]

SELECT round(REAL '2.675', 2);
-- types real
-- row [2.67]

SELECT round(REAL '-123.456', -1);
-- types real
-- row [-120.0]

SELECT round(1.5e0, NULL);
-- types double
-- row [null]

SELECT round(CAST(NULL AS double), 1);
-- types double
-- row [null]

SELECT round(5e-324, 400);
-- types double
-- row [5e-324]

SELECT round(12.5e0, 300);
-- types double
-- row [12.5]

SELECT round(0.285e0, 2);
-- types double
-- row [0.28]

SELECT round(1.1e0, 17);
-- types double
-- row [1.1]

SELECT round(-0.0e0, 2);
-- types double
-- row [0.0]

SELECT round(-0.3e0);
-- types double
-- row [-0.0]

SELECT round(-0.5e0);
-- types double
-- row [-1.0]

SELECT round(0.49999999999999994e0);
-- types double
-- row [0.0]

SELECT round(REAL '0.49999997');
-- types real
-- row [0.0]

SELECT round(4503599627370497.5e0);
-- types double
-- row [4503599627370498.0]

SELECT floor(-0.5e0);
-- types double
-- row [-1.0]

SELECT ceil(-0.5e0);
-- types double
-- row [-0.0]

SELECT truncate(-0.5e0);
-- types double
-- row [-0.0]

SELECT truncate(nan());
-- types double
-- row ["NaN"]

SELECT truncate(infinity());
-- types double
-- row ["Infinity"]

SELECT truncate(REAL '1.9');
-- types real
-- row [1.0]

SELECT truncate(1.5, 0);
-- types decimal(2,1)
-- row ["1.0"]

SELECT truncate(123.456, -2);
-- types decimal(6,3)
-- row ["100.000"]

SELECT truncate(TINYINT '5');
-- types decimal(3,0)
-- row ["5"]

SELECT truncate(5);
-- types decimal(10,0)
-- row ["5"]

SELECT sqrt(-1);
-- types double
-- row ["NaN"]

SELECT cbrt(-27);
-- types double
-- row [-3.0]

SELECT exp(1000);
-- types double
-- row ["Infinity"]

SELECT exp(-1000);
-- types double
-- row [0.0]

SELECT ln(-1);
-- types double
-- row ["NaN"]

SELECT ln(0);
-- types double
-- row ["-Infinity"]

SELECT log2(0);
-- types double
-- row ["-Infinity"]

SELECT log10(nan());
-- types double
-- row ["NaN"]

SELECT log(10, 100);
-- types double
-- row [2.0]

SELECT log(0, 5);
-- types double
-- row [-0.0]

SELECT log(1, 5);
-- types double
-- row ["Infinity"]

SELECT log(2, 0);
-- types double
-- row ["-Infinity"]

SELECT log(-1, 5);
-- types double
-- row ["NaN"]

SELECT log(2, nan());
-- types double
-- row ["NaN"]

SELECT atan2(0e0, -0e0);
-- types double
-- row [3.141592653589793]

SELECT atan2(infinity(), 1);
-- types double
-- row [1.5707963267948966]

SELECT tan(1e300);
-- types double
-- row [1.4214488238747245]

SELECT sin(infinity());
-- types double
-- row ["NaN"]

SELECT cosh(1000);
-- types double
-- row ["Infinity"]

SELECT tanh(infinity());
-- types double
-- row [1.0]

SELECT degrees(nan());
-- types double
-- row ["NaN"]

SELECT pow(0, -1);
-- types double
-- row ["Infinity"]

SELECT pow(-8, 1e0/3);
-- types double
-- row ["NaN"]

SELECT pow(2, 1024);
-- types double
-- row ["Infinity"]

SELECT pow(nan(), 0);
-- types double
-- row [1.0]

SELECT pow(0e0, 0e0);
-- types double
-- row [1.0]

SELECT pow(CAST(NULL AS double), 0);
-- types double
-- row [null]

SELECT abs(TINYINT '-128');
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT abs(-9223372036854775807 - 1);
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT abs(SMALLINT '-32768');
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT abs(CAST(-2147483648 AS integer));
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT abs(REAL '-1.5');
-- types real
-- row [1.5]

SELECT -(CAST(-2147483648 AS integer));
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT - TINYINT '-128';
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT sign(DECIMAL '-1.5');
-- types decimal(1,0)
-- row ["-1"]

SELECT sign(DECIMAL '0.0');
-- types decimal(1,0)
-- row ["0"]

SELECT sign(nan());
-- types double
-- row ["NaN"]

SELECT sign(-0e0);
-- types double
-- row [-0.0]

SELECT sign(TINYINT '-3');
-- types tinyint
-- row [-1]

SELECT mod(DECIMAL '5.5', DECIMAL '2');
-- types decimal(2,1)
-- row ["1.5"]

SELECT mod(-7, 3);
-- types integer
-- row [-1]

SELECT mod(7, -3);
-- types integer
-- row [1]

SELECT mod(BIGINT '-9223372036854775808', BIGINT '-1');
-- types bigint
-- row [0]

SELECT BIGINT '-9223372036854775808' / BIGINT '-1';
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT mod(TINYINT '5', SMALLINT '3');
-- types smallint
-- row [2]

SELECT mod(5, 2.5);
-- types decimal(2,1)
-- row ["0.0"]

SELECT mod(5, 2.5e0);
-- types double
-- row [0.0]

SELECT 1e0 / 0;
-- types double
-- row ["Infinity"]

SELECT 0e0/0e0;
-- types double
-- row ["NaN"]

SELECT 1/0e0;
-- types double
-- row ["Infinity"]

SELECT REAL '1'/ REAL '0';
-- types real
-- row ["Infinity"]

SELECT 1.0 / 0;
-- error DIVISION_BY_ZERO

SELECT 1 % 0;
-- error DIVISION_BY_ZERO

SELECT 1.5 % 0.0;
-- error DIVISION_BY_ZERO

SELECT TINYINT '100' + TINYINT '100';
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT 2147483647 + 1;
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT 9223372036854775807 + 1;
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT SMALLINT '200' * SMALLINT '200';
-- error NUMERIC_VALUE_OUT_OF_RANGE

SELECT ceil(DECIMAL '-1.5');
-- types decimal(2,0)
-- row ["-1"]

SELECT ceil(1.0);
-- types decimal(2,0)
-- row ["1"]

SELECT ceil(DECIMAL '0.1');
-- types decimal(1,0)
-- row ["1"]

SELECT floor(DECIMAL '-99.995');
-- types decimal(3,0)
-- row ["-100"]

SELECT round(DECIMAL '-99.995');
-- types decimal(3,0)
-- row ["-100"]

SELECT round(DECIMAL '99.5');
-- types decimal(3,0)
-- row ["100"]

SELECT round(DECIMAL '1234.5678', 2);
-- types decimal(9,4)
-- row ["1234.5700"]

SELECT round(DECIMAL '1234.5678', -2);
-- types decimal(9,4)
-- row ["1200.0000"]

SELECT round(DECIMAL '1234.5678', 10);
-- types decimal(9,4)
-- row ["1234.5678"]

SELECT round(DECIMAL '1234.5678', -10);
-- types decimal(9,4)
-- row ["0.0000"]

SELECT round(DECIMAL '99999999999999999999999999999999999.9', 0);
-- types decimal(37,1)
-- row ["100000000000000000000000000000000000.0"]

SELECT round(DECIMAL '0.5');
-- types decimal(1,0)
-- row ["1"]

SELECT round(NULL);
-- types tinyint
-- row [null]

SELECT round(NULL, NULL);
-- types tinyint
-- row [null]

SELECT ceil(NULL);
-- types tinyint
-- row [null]

SELECT abs(NULL);
-- types tinyint
-- row [null]

SELECT truncate(DECIMAL '1234.5678', 2);
-- types decimal(8,4)
-- row ["1234.5600"]

SELECT truncate(DECIMAL '-1234.5678');
-- types decimal(4,0)
-- row ["-1234"]

SELECT truncate(DECIMAL '0.123');
-- types decimal(1,0)
-- row ["0"]

SELECT truncate(DECIMAL '-0.9');
-- types decimal(1,0)
-- row ["0"]

SELECT width_bucket(3.14, 0, 4, 3);
-- types bigint
-- row [3]

SELECT width_bucket(2, 0, 4, 3);
-- types bigint
-- row [2]

SELECT width_bucket(infinity(), 0, 4, 3);
-- types bigint
-- row [4]

SELECT width_bucket(-1, 0, 3.2, 4);
-- types bigint
-- row [0]

SELECT width_bucket(3.14, 4, 0, 3);
-- types bigint
-- row [1]

SELECT width_bucket(3.14e0, array[0.0e0, 2.0e0, 4.0e0]);
-- types bigint
-- row [2]

SELECT width_bucket(3.14e0, array[4.0e0, 2.0e0, 0.0e0]);
-- error INVALID_FUNCTION_ARGUMENT

SELECT width_bucket(3.14e0, array[nan()]);
-- error INVALID_FUNCTION_ARGUMENT

SELECT width_bucket(nan(), array[1e0]);
-- error INVALID_FUNCTION_ARGUMENT

SELECT width_bucket(1e0, array[1e0]);
-- types bigint
-- row [1]

SELECT cosine_similarity(map(array['a'], array[1e0]), map(array['a','b'], array[1e0, 2e0]));
-- types double
-- row [0.4472135954999579]

SELECT cosine_similarity(map(array['a'], array[null]), map(array['a'], array[1e0]));
-- types double
-- row [null]

SELECT cosine_similarity(map(array['a'], array[0e0]), map(array['a'], array[1e0]));
-- types double
-- row ["NaN"]

SELECT inverse_normal_cdf(0,1,0.3);
-- types double
-- row [-0.5244005127080409]

SELECT inverse_normal_cdf(0,1,0.975e0);
-- types double
-- row [1.959963984540054]

SELECT normal_cdf(0,1,1.96);
-- types double
-- row [0.9750021048517796]

SELECT normal_cdf(0,1,infinity());
-- types double
-- row [1.0]

SELECT normal_cdf(0,1,nan());
-- types double
-- row ["NaN"]

SELECT normal_cdf(0,infinity(),5);
-- types double
-- row [0.5]

SELECT beta_cdf(3,3.6,0.3);
-- types double
-- row [0.21764809997679938]

SELECT inverse_beta_cdf(3,3.6,0.95);
-- types double
-- row [0.7600272463100223]

SELECT inverse_beta_cdf(3,3.6,0e0);
-- types double
-- row [0.0]

SELECT t_cdf(1,2);
-- error FUNCTION_NOT_FOUND

SELECT from_base('zz', 36);
-- types bigint
-- row [1295]

SELECT from_base('-ff', 16);
-- types bigint
-- row [-255]

SELECT from_base('+7', 10);
-- types bigint
-- row [7]

SELECT from_base('', 10);
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_base('9223372036854775808', 10);
-- error INVALID_FUNCTION_ARGUMENT

SELECT from_base('Jackson', 36);
-- types bigint
-- row [41984651831]

SELECT to_base(255, 16);
-- types varchar(64)
-- row ["ff"]

SELECT to_base(-255, 16);
-- types varchar(64)
-- row ["-ff"]

SELECT to_base(BIGINT '-9223372036854775808', 36);
-- types varchar(64)
-- row ["-1y2p0ij32e8e8"]

SELECT e();
-- types double
-- row [2.718281828459045]

SELECT pi();
-- types double
-- row [3.141592653589793]

SELECT nan() = nan();
-- types boolean
-- row [false]

SELECT is_nan(REAL '1');
-- types boolean
-- row [false]

SELECT is_infinite(REAL '1');
-- types boolean
-- row [false]

SELECT is_finite(1);
-- types boolean
-- row [true]

SELECT is_finite(CAST(infinity() AS real));
-- types boolean
-- row [false]

SELECT bitwise_and(-1, 5);
-- types bigint
-- row [5]

SELECT bitwise_or(TINYINT '1', 5);
-- types bigint
-- row [5]

SELECT bitwise_not(TINYINT '1');
-- types bigint
-- row [-2]

SELECT bitwise_xor(12, NULL);
-- types bigint
-- row [null]

SELECT bit_count(-7, 64);
-- types bigint
-- row [62]

SELECT bit_count(7, 8);
-- types bigint
-- row [3]

SELECT greatest(1, 2.5, 3e0);
-- types double
-- row [3.0]

SELECT greatest('a','b');
-- types varchar(1)
-- row ["b"]

SELECT greatest(NULL, 1);
-- types integer
-- row [null]

SELECT least(1, NULL);
-- types integer
-- row [null]

SELECT greatest(nan(), 1e0);
-- types double
-- row [1.0]

SELECT greatest(1e0, nan());
-- types double
-- row [1.0]

SELECT least(nan(), 1e0);
-- types double
-- row [1.0]

SELECT greatest(REAL '1', CAST(nan() AS real));
-- types real
-- row [1.0]

SELECT greatest(DATE '2020-01-01', TIMESTAMP '2020-01-01 00:00:01');
-- types timestamp(0)
-- row ["2020-01-01 00:00:01"]

SELECT greatest(TIMESTAMP '2020-01-01 00:00:00 UTC', TIMESTAMP '2020-01-01 00:00:00 +01:00');
-- types timestamp(0) with time zone
-- row ["2020-01-01 00:00:00 UTC"]

SELECT greatest(ARRAY[1], ARRAY[2]);
-- types array(integer)
-- row [[2]]

SELECT greatest(ROW(1,2), ROW(1,3));
-- types row(integer, integer)
-- row [[1, 3]]

SELECT greatest(map(array[1],array[1]), map(array[1],array[2]));
-- error FUNCTION_NOT_FOUND

SELECT greatest(1);
-- types integer
-- row [1]

SELECT least(X'01', X'02');
-- types varbinary
-- row ["01"]

SELECT greatest(CAST('a' AS char(3)), 'b');
-- types char(3)
-- row ["b  "]

SELECT greatest(true, false);
-- types boolean
-- row [true]

SELECT greatest();
-- error FUNCTION_NOT_FOUND

SELECT greatest(1, 'a');
-- error FUNCTION_NOT_FOUND
