-- Hashes of bytes.

SELECT sha1(X'');
-- types varbinary
-- row ["da39a3ee5e6b4b0d3255bfef95601890afd80709"]

SELECT md5(X'22');
-- types varbinary
-- row ["b15835f133ff2e27c7cb28117bfae8f4"]

SELECT sha512(X'3feb3c');
-- types varbinary
-- row ["2e8ff36f058e2a28e951dc8838ccbe72b50f56ff572038fb5bc93ce650b1df00e85bb486f3328987ca35bb635266f0d8f589e8e8f862bf46f1de1731d59c6423"]

SELECT crc32(X'457c769f41');
-- types bigint
-- row [3500592177]

SELECT murmur3(X'38b4e6524da7f2');
-- types varbinary
-- row ["b658ba63ff731393bdcc3d97116fdf84"]

SELECT sha256(X'38b4e6524da7f2');
-- types varbinary
-- row ["55241ae3ab418ef7f60e900c547bcbb6eb7fcc95bd0c718a2d1a9afa1b45b74b"]

SELECT murmur3(X'3365093ae54fd35e');
-- types varbinary
-- row ["172e8670d72c306604e815bd704f863a"]

SELECT spooky_hash_v2_64(X'3365093ae54fd35e');
-- types varbinary
-- row ["ceb28e7518506563"]

SELECT sha512(X'6ea687766eacfb9c5f');
-- types varbinary
-- row ["b422ec831a546cea250ae8ce69116e85fbf50aae656c77ebc6f57b01a9785ac4b215bef306cdd11dd01ffabb8f49bdee3346e7f35564219a29e60b056fbf9627"]

SELECT sha512(X'de767d796adadc442c1e50a8');
-- types varbinary
-- row ["48d816611030bac79c9b4a5373268dd4fa75d60841b6a13c556d0d4034a96962683bac70822ee2a5ad0641d8e642f7b0e185b21c5311c9989164776d5e0c5aa5"]

SELECT xxhash64(X'c1bca085abe9066a604983ce8629ad4df5');
-- types varbinary
-- row ["5ef21761ea9679ac"]

SELECT md5(X'c1bca085abe9066a604983ce8629ad4df5');
-- types varbinary
-- row ["f9e7b2fbbd21f53929af36411b4938da"]

SELECT xxhash64(X'e3e9d113c1f12eed1e97af369b7507259cd1994d5753c7b2726774e66c21e03c');
-- types varbinary
-- row ["77f23ff4c8c310ff"]

SELECT murmur3(X'e3e9d113c1f12eed1e97af369b7507259cd1994d5753c7b2726774e66c21e03c');
-- types varbinary
-- row ["ddac4f42e744ed74bbe9c0e2997722e6"]

SELECT crc32(X'e3e9d113c1f12eed1e97af369b7507259cd1994d5753c7b2726774e66c21e03c');
-- types bigint
-- row [3513420043]

SELECT spooky_hash_v2_64(X'a3a92c6a10b6f149ecb7a649f22da5837e113fd8cf794e3840fa9a7135285d75b59f5a874cd96e7191521f8da79243edfe59c25689786dd307fcb5a30157bc6fe6');
-- types varbinary
-- row ["dd2e4b910acb68f0"]

SELECT sha256(X'a3a92c6a10b6f149ecb7a649f22da5837e113fd8cf794e3840fa9a7135285d75b59f5a874cd96e7191521f8da79243edfe59c25689786dd307fcb5a30157bc6fe6');
-- types varbinary
-- row ["6afe69c853decc619b8878dc97d984f035bdf2059988cd96c33a69ded104d325"]

SELECT murmur3(X'93944a25b3ada3759918767471c5a3f3601652c58c40bc2cdc839cb46eda9d64cda961bbfc5a88595bcdfa6effe7c1810c24cecca8ff261c303a6c884a4b0e1f07f48414531c99bc87deb874f2406f433f5b420c072aa8a8bb9fd6ee8b94c2a54cb473f2');
-- types varbinary
-- row ["f7bc2cef84a6f3b1dcce7fe393b16601"]

SELECT md5(X'93944a25b3ada3759918767471c5a3f3601652c58c40bc2cdc839cb46eda9d64cda961bbfc5a88595bcdfa6effe7c1810c24cecca8ff261c303a6c884a4b0e1f07f48414531c99bc87deb874f2406f433f5b420c072aa8a8bb9fd6ee8b94c2a54cb473f2');
-- types varbinary
-- row ["389e1a107b77f3a7cb6b2fa8cb7723a7"]

SELECT sha256(X'93944a25b3ada3759918767471c5a3f3601652c58c40bc2cdc839cb46eda9d64cda961bbfc5a88595bcdfa6effe7c1810c24cecca8ff261c303a6c884a4b0e1f07f48414531c99bc87deb874f2406f433f5b420c072aa8a8bb9fd6ee8b94c2a54cb473f2');
-- types varbinary
-- row ["c51802026baa34bbd235bea4eaf09c52b1ff33f272bfa744fe6afe2d92dff694"]
