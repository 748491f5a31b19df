-- word_stem.

SELECT word_stem('authorized');
-- types varchar(10)
-- row ["author"]

SELECT word_stem('store');
-- types varchar(5)
-- row ["store"]

SELECT word_stem('runs');
-- types varchar(4)
-- row ["run"]

SELECT word_stem('consigned');
-- types varchar(9)
-- row ["consign"]

SELECT word_stem('consolation');
-- types varchar(11)
-- row ["consol"]

SELECT word_stem('hopes');
-- types varchar(5)
-- row ["hope"]

SELECT word_stem('relational');
-- types varchar(10)
-- row ["relat"]

SELECT word_stem('vileness');
-- types varchar(8)
-- row ["vile"]

SELECT word_stem('predication');
-- types varchar(11)
-- row ["predic"]

SELECT word_stem('callousness');
-- types varchar(11)
-- row ["callous"]

SELECT word_stem('triplicate');
-- types varchar(10)
-- row ["triplic"]

SELECT word_stem('formative');
-- types varchar(9)
-- row ["format"]

SELECT word_stem('electrical');
-- types varchar(10)
-- row ["electr"]

SELECT word_stem('goodness');
-- types varchar(8)
-- row ["good"]

SELECT word_stem('revival');
-- types varchar(7)
-- row ["reviv"]

SELECT word_stem('inference');
-- types varchar(9)
-- row ["infer"]

SELECT word_stem('angulariti');
-- types varchar(10)
-- row ["angular"]

SELECT word_stem('controll');
-- types varchar(8)
-- row ["control"]

SELECT word_stem('skies');
-- types varchar(5)
-- row ["sky"]

SELECT word_stem('dying');
-- types varchar(5)
-- row ["die"]

SELECT word_stem('news');
-- types varchar(4)
-- row ["news"]

SELECT word_stem('inning');
-- types varchar(6)
-- row ["inning"]

SELECT word_stem('proceed');
-- types varchar(7)
-- row ["proceed"]

SELECT word_stem('generic');
-- types varchar(7)
-- row ["generic"]

SELECT word_stem('communication');
-- types varchar(13)
-- row ["communic"]

SELECT word_stem('''tis');
-- types varchar(4)
-- row ["tis"]

SELECT word_stem('caresses');
-- types varchar(8)
-- row ["caress"]

SELECT word_stem('agreed');
-- types varchar(6)
-- row ["agre"]

SELECT word_stem('tanned');
-- types varchar(6)
-- row ["tan"]

SELECT word_stem('sayings');
-- types varchar(7)
-- row ["say"]

SELECT word_stem('ow');
-- types varchar(2)
-- row ["ow"]

SELECT word_stem('biology');
-- types varchar(7)
-- row ["biolog"]

SELECT word_stem('national');
-- types varchar(8)
-- row ["nation"]

SELECT word_stem('runs','en');
-- types varchar(4)
-- row ["run"]

SELECT word_stem(cast('running' as varchar(20)));
-- types varchar(20)
-- row ["run"]

SELECT a || b || c FROM (SELECT ARRAY[1.0] AS a, 2.0 AS b, 123456789123456.789 AS c) t;
-- types array(decimal(18,3))
-- row [["1.000", "2.000", "123456789123456.789"]]

SELECT 1 || array[2] || 3;
-- types array(integer)
-- row [[1, 2, 3]]

SELECT DOUBLE '-NaN';
-- types double
-- row ["NaN"]

SELECT word_stem('continuerait','fr');
-- types varchar(12)
-- row ["continu"]
