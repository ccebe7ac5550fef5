-- made at 990172e
PRAGMA auto_vacuum = 2;
PRAGMA application_id = 1768781427;
PRAGMA user_version = 3;
PRAGMA journal_mode = WAL;
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE dictionaries (
    id   INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;
CREATE TABLE objects (
    id         INTEGER PRIMARY KEY,
    -- blake3 of the bytes.
    hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    size       INTEGER NOT NULL,
    dictionary INTEGER REFERENCES dictionaries (id),
    -- A zstd frame.
    data       BLOB NOT NULL
) STRICT;
CREATE TABLE paths (
    id   INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE versions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    -- YYYY.MM.DD.N
    number  TEXT NOT NULL UNIQUE,
    -- RFC 3339, UTC.
    date    TEXT NOT NULL,
    cause   TEXT NOT NULL,
    -- The version that was live before.
    parent  INTEGER REFERENCES versions (id) ON DELETE SET NULL,
    changes TEXT NOT NULL CHECK (json_valid(changes)),
    -- What api/health.json says while this version is live.
    health  TEXT NOT NULL CHECK (json_valid(health)),
    -- Digests of what it was made from; absent when only some pages were built.
    inputs  TEXT CHECK (json_valid(inputs)),
    -- Of the paths, the hashes of their contents, and what is said of the version above, its inputs apart.
    digest  BLOB CHECK (length(digest) = 32),
    pinned  INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1))
) STRICT;
CREATE TABLE entries (
    version INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    path    INTEGER NOT NULL REFERENCES paths (id),
    object  INTEGER NOT NULL REFERENCES objects (id),
    PRIMARY KEY (version, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE history (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL REFERENCES versions (id),
    date    TEXT NOT NULL,
    action  TEXT NOT NULL CHECK (action IN ('build', 'rollback'))
) STRICT;
CREATE TABLE rendered (
    path   INTEGER PRIMARY KEY REFERENCES paths (id),
    -- Of the key of what it was rendered from and the hash of what came out: neither can be taken for another.
    key    BLOB NOT NULL CHECK (length(key) = 32),
    object INTEGER NOT NULL REFERENCES objects (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE checkout (
    path     TEXT PRIMARY KEY,
    hash     BLOB,
    size     INTEGER,
    modified INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE runs (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- RFC 3339, UTC.
    started_at   TEXT NOT NULL,
    completed_at TEXT NOT NULL,
    -- update, build, rollback
    command      TEXT NOT NULL,
    outcome      TEXT NOT NULL CHECK (outcome IN ('published', 'unchanged', 'refused', 'failed', 'rolled-back')),
    -- The number of the version that was live at the end. It stays here when the version is dropped.
    version      TEXT,
    -- Why it was refused or failed.
    message      TEXT,
    details      TEXT NOT NULL CHECK (json_valid(details))
) STRICT;
CREATE TABLE places (
    id      INTEGER PRIMARY KEY,
    place   TEXT NOT NULL UNIQUE,
    -- Of the last publication that began; the place holds the same one.
    mark    TEXT NOT NULL,
    -- The version that was wholly published last.
    version TEXT
) STRICT;
CREATE TABLE published (
    place       INTEGER NOT NULL REFERENCES places (id) ON DELETE CASCADE,
    path        TEXT NOT NULL,
    -- Of the bytes and of how they are served; absent while the file is under way.
    fingerprint BLOB CHECK (length(fingerprint) = 32),
    PRIMARY KEY (place, path)
) STRICT, WITHOUT ROWID;
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (1, x'dab88431fd6dc474d2666ec8faddb43547b8da6bfaf61405b3f25e86d63484f0', 19, NULL, x'28b52ffd20139900003c68313e696d6d6f73746174733c2f68313e0a');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (2, x'fb9daeeb242778cdac004ec45ec60103fb306ebe15c013b1191b866f776c9f37', 543, NULL, x'28b52ffd601f0175090016533a2140a9b6011b6e9ad1495d79b368e38c316c0d7007d8813868362ac796318a9b5e1731002e003000ec50eeebe4b96e9cc6e828346c7f59f41e1d8575ed0ab8fcf331489ba520132d662dc9e8b1436b09f2b97dae0510136209e9b682908e1df6ceb7d8dffbba6fb30388a969d87d3b64fe89e43e51411a20a6f77ebfcb696e5377cd6f6936ef268bd9047a9061ed5b59aa4f294b72fb443272303cd675e5695fdc7435eb753071303cd4b7e97ad7fccfcd578298fedb5769d9441fd41a634229c550040028feedbf2e49a9c6423196313e5812021984660c92ffbb16043129b560341eeb682668c3441900ab922a1504adc1952d7daf69829ced283f06961600806185c6518855b3e2672e68b10db32a8a9a3cee5e5dad618f0cd1766675b3fd810b4ef320330fba1a2614');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (3, x'e5009587fb9883f84c3654d66cd6329a79d00be18884172c1b2514a4cfbd7d53', 42, NULL, x'28b52ffd202a5101003c73766720786d6c6e733d22687474703a2f2f7777772e77332e6f72672f323030302f737667222f3e0a');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (4, x'32096763b48f48c15646b83fbcc72c4ac871ec1db7f9132a3d1743333519b08c', 19, NULL, x'28b52ffd2013990000626f6479207b206d617267696e3a2030207d0a');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (5, x'e63b6c35c973f514828d6ce90e3cf7049b3c290f569e372f2c97469345b65b3b', 3511, NULL, x'28b52ffd60b70c5d1b00b66778305069db0630d1b580cccc4ca96dcf632557a2575a7f315ab694c45c6170d9d02d58d740be9f9a44ee87bbaa488999e93d63006c006f00aca4bcf3f14faf2db1629f378aa01915b062c8ab4328e4c7f67ebf65c5d8633b697cd87676fd47f6d367c54d330e2dcee0e361d268ab431e56cc9ca231856bab7d43d27ddeb664c593ca4b13443d152f1c730e3f7688c227f211b2e4717f43fd1eb1240e29d6a1d9912bf06387f552cb6a6a113f69c48ae9af88d68743b472f05a4df1e2c6636b1bc6180bf6b8e595a8e41393d9b5fa476862c2a0505c5289d69f98302ccc5ace595a8492df06090020c5ffc16480c2ba2413140ea743686d6040786535716d0756cc92c8bfb6e4508b6b6a6a8dc711299956b38042332e60c5109cc5639fd323347a1cf6a35ecb6ab1c71e5d49218cd39c63b323e4b221952fb58d1d29e6184deaa7450f835825fbd40b174253fcab43ee01c5003f86f1a1653f01e55d69880b0514142560c141218062bd3a984438e943b1f5ba6c881293a3f1d8fad3c9caf151f6a4b6dd4e6bad867130a7716a2d1ad6588cb1c616e65a63353926c77118b638d76c446965c5a60561691c93781aa4facff8f8adffd86584e8fa709cc71229f24fe481d56499873d0e313b02ba95fd88df1e61e55810d42bc1cad1d8620c67d1300180a9a83149840c8d8c88242525493a80221922b27a12a0a330089220660c13182430463c43228944a235d53006d6139052824305af41dd727d05c41c95c2866e4f291792913b280bcd61f10acd5a96c73f583624fdfb568147595a367935b27c1190220d8c70a8785ef6ef165e3783feb7d932cdfd8e7f31332e3812a5c3e40d9f9a22048f6a02a4e4d79d26b1589cc4035abb2be1399434c4da14ddd589612a72c280a3f42fb0572118109c29820238570ad4cf11850d2898254473d1f8532d2804a6ed79752f2ee1b598ce291ed8a96a471689cc5d5164b5ac9c6771630e92cfb150e0f137c0e9f8816b00f6d139677dc94006237a68e08c44834790cf02d2010628fade08fe2c0de9c0f7be619f70e20b5b8ca3496b717b0b79a49d4c3ae59c7bd9c8b4bdfe27bf470f5e287287215143468f642d3d83667b40b6fda485423cab5e13b3d8c8e3f00d283e818b0ed62ed760dda5cc076fc1a83b46efe88e3bd6ec0b593fe87af7bed16f56c369d81c671e83efdc69a8bdd3a64329c9fe88be8361c6731e4c05');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (6, x'f8894085ffc5dec1bd9b16273b65aff938303c718b2951284d60e897f7178edf', 69, NULL, x'28b52ffd2045290200557365722d6167656e743a202a0a416c6c6f773a202f0a0a536974656d61703a2068747470733a2f2f707269782e6578616d706c652e66722f736974656d61702e786d6c0a');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (7, x'91c7028e6b6e7ea546427ef92c2f0cefc98363eebba728469ba9802632c4aa06', 13744, NULL, x'28b52ffd60b0345569005a5f34113b506dd30130332b0d407988b10265a72d349a36a541a4cc64b74c12f4d9c84e2ba79406d40e7c986d8c9f760c2d400f5c6a22eeb3dddea36ab07a08fc0000010401be9d0c54ca8a19f8da9c76e6039941de68070d253e1be76fe8ea7e543edc6c6d6348ae4666e6848885897ee1eb0fe4d7fd28a5cc4713dbebec43859f81bdee914529450ad74597b444d43ac790f5fda6555aa25f86bed6738fa64c510ad982689ef58192e7a10b433eab539094a06f273e165f862e6e9a6865bf4e4bae3395306e275b8b9d121124dc2fd3cae3a7e4e1ca67aa9fbbba5a298284cba8564aff3c6ef6a6447260a9c70c4c7e5be3ce44a1721833e8c7d06267bfd47674eeb1dc8e1d3494a0d2971b6b9e73dc414389964ba587dd631b64284593a972419928d30456ead464e34f72d1ef412613cb5b1072a2b444ea96c39e22ca9c10096bb110be8f76a4f4af03466d90523347c2c5ab828a0c5d542ecb572b1950d0484b561d2af3d16432f0754a2c496dc65f06767c6cf2d552141300d53a85272a7bed2d4de9fba5853d7459303e981e632f5ca730554430d585f66f5a399996fcd0e50c13fe7a55318741d8dbc95f2a1736af5b6e03aaf3574517f89dbdecc99ff1fc1c951e1f48fb6a54d21271e0a697a3d94529d9c618ba66bf4fb61d4da92d33aeaa97ee3d10490b28a20009b0c028487099328026114c810bcac582a0a2822f846a459b6687dfd462c61d5dbeb68d8d8f070e72a9b760592fe3c63cbedfa86fe7b17f96b6683d8b99b59b75b7d0d55a4a2daad94264faad0e334de183514a1f2d575ae6e1eab482e46a84ae849f19c9d171d12cb06ce30eb304dfef475c2f3d5cedd7b1c3dcf6cfcd55720cc97f6e9b7cc6109f0628a3098f91a96476d3ca61ba1f8f214de35e6a4b49020a010202521a30a534551246ed6466e4520cb46d2797e1874b931f3f55a80d5d8d1dff6bc6c7cc57fab6916a4e4f9c84d85022a50f5deec2a39a2f44d9fb792ed3cad43668696672190fbb95df4aa5b40e415cbd957e6a2a67414a9a37ec8fc31732fb0065f41cd8cf49a0bc40d87e1da08c284018221811b7903feaaef90f5b216b9423adc7830d090e3e3233729d3d57a1cb17b683d0254143d795216b45c1e2b963e8f2fc7c69dfb5a3df8723a567578f8a4c0913b9d80113a00950e644c7f3f309024278ca8b767ee47298ffac7589d53bc91f1d180a8194366efa7148022a2199a9e399691b6fd4ab8e2c6aea0786ae942ce9e988e1d18fcdc2c0c88c947e9bdd1ab9d872f5c0a8e4a7bd7bcfa3942a93b4543fb69fda7ce4b2582b57fd5880c428b031849be5d9a45c5f396f656ff0b732aeb837fcccd7da5f2bade73075aa7822ec4d0e57ebb6f7340ea3ba6f8ea60c5d31032e2a970853c5ad7b3ce89e5711a880348960142488282c30d305e552c980297051b9502c082a2e40033ab6c31f1bf3acc6c58e2e6ee4620f53920812ee12511c37bbdd44d14488ab5b0953a5d9511c78d451087c6b7eb2318594fcc291ab59eea96441a1542a12fab32cf5fccd0b83b3a832658618a21991a420498603420830100c86e238d145f7011240f2388ee6480e630619420843444444444444442469920e279747cbe2a0fd8b53b42741f4cffec65fe3856813ba0961e1e0b8ea85a4cecda35d7313e4f76f8e2a69c1925f1fa1ecc91d92c0ba3ef7a1ecb18edfa5cc96c1b740c4e39f995873bb95c949c2764168148a5259c538102f00cf971a4f081194a5d0d0f392ea07e8ce52e8c30f8aea96a06920e05a23f1cf955a4497e0bb981675f319af9d4f70818d9304e4100f42dd44b8eecac4b382e88d50c5e8d6b5aa5cd9beb100e1ae87a28332901a34afc43adfc4748b0b4110f1b4a9004f204cc1b0852bbaec2efcad6a1724c16fd4d0e344e57120c35a764a065684d1544598fec0f01b870506e00eca86b207e7d9c7e701fef39a2c511b23a5b3884384c11c822bd02e672a7307d189a624b1ee97224dc2016ac4ab45909c0b225a045248911f6067558f41968629550952307297bd137c6ddb19a14b655aa7661c1dddd30f47023ed897ccd0442337a8e4555f8cddaef917d8486fb32de32d28ef689d70a60d2b388fbce2000aca24a61ea7963083f29dde49de3be31a68284e61c2a2f417ce6c08aad4f578c9935eaac14616316293d14a0ed524af21d73381b19c5d7d69ab80324c8aab819b28fb0bb8c98a4d2b1e4d25abcbb4bc84d25e2619cc61fe50432476081ad744cc0b06009bf725262e38c7e29294de3e344eba157d01fc1b386278650cabf93124a6730003a38babd0ab06cd20268d6d6aa3e05d04527e90b79bdc7354d229260b1fde8463a2e52d14fe123125569d6f659d8fd5e8b3a1c79eba615e09b91136deb0a2e5f3ae02d5cee285da29095b2bf481da84e9b7808454f46b8bf8023a0840a7b4995e51b75f59b72140932e35595f11656ca0079f541e31e517b403bf8b7fc63186192f2bef3c0c5cc03d837227596ce7f5242cabca0a86c1914d390f32738f5d74a893a168f175ee390ad25480f53127e1418c83aa6e3f9f4314fcd384190671fd7e1066d58bf5ef9eaa9ecdf7094e96aeecaa866cbfecf3efba18c8b9f1943ca624b2a180a8d492a37bdd35691087a7139a6252add592b7c7c50ab1e6f05d965bcedf09e77cf9590a10e0100668101284ca6fd21f0f4589df3b1800fb0eaa92a18e4578d61fe8e1b70c3b18dc6c8f2d9ff56fe3330ec3c15b76344b4cf9c12f086e53de76aa3bd99513e7151c03e7b6f59076a24926044f4cc0789015dcf6015d179b83c0885630c3d236659907f85359763a92ae216d5550b1800e0a180965aa6917e861addd07b626499e6100bc38166242f8465049e5dd8ea860dd976a81a457b5253dd5ebdf46b2b18518ca97e6486787fdb4dc9302098f08b579e822c9100a8ecacb6e117fbbebde0eb16053c07fc8f8151053eede2dde18e3c3da966f8dae0708785440609278546e4b83e1e11b168da57df78df6b1a9261ff7581648724ce9e0c50112fdeda6bd0a9cc2d0597efced5bc400cb9802c8dc25048ac7d04f23417c8240c22a2f1a285c28664d252b8cd8b3cb9a061e73389e74d340aa17d866336bde06c1ce58782e546a91bf2d3726bd0d6e4078b828b800c27a8fb8e63091bf490d6eced6d2478518c1866ba127105f2bc926ddedc40584c43ecc08b59c555a01b15b60a8a076f20f075ec47cea0a4c710d4379888154c7b1c40b152686960a8cc9248a7c4764c6a2c77bfe1d00868c65c48c6044da9d98326e32e14139cd9ed24760fd50540c85849e3d4578ead24828bb117e022d0400cf12b1057ab036727595d6923ce0856004befba6cf438d41dc4579e6d597afeddd972cd9005987e51644b07c8bfd208468158ec6551d6819ce3e31d6b76312a235acc8483d1b154056435c2564bb93e13c315a441bf1270f7ef221568cd38ba499b24069bd977dccd779df0d6468a3275b1a543d534014284c560f4ce33475460b12917fece3b946efd03a23b47b2d7766deb42b4c2886eb60239acd28025b2c7fa46d649894bdb7c95edd493cf3866f21f180382f93891cc938c4f942fba077a94024fde5b2780fbb974f85cc09084f389191343769a181dcee6293e7d97b070c9a8e879ec9a1450ca93d1bf9e6e8b063a6a4674e96989e71561e01169c9525128c00764cf4a48c9b892c0f8584b08002b0a69f4df1aaf413b1a091c57531e5c1b9817737e5c0d3c01a9e444a4b59bce72044f7bdbddea4aff09ee061f778bc6220ee818e126f02a547604446a9c1140774b27fb35f588cde5f244fdc9b73d6beead6ac445024766429d71455bde59eb6945a5579ccaefb06bfe62f862d683fbcf99a331027086787949a546c9927bc840cc4aeb1bbb970c90743c3aa835c0172c6b5537581e98896b5878d29249d244effd846ff26896f7021c19bbcbe3407d7b6bca06a8864b710561e28217ef18a855bd3d53a1d82beb659e2ea4f71a95031756e4050d62cfcb0d8a250c4b45e3c6472edb0f7e02cef3bbc238d337402e6fe2c914d9849770b835ff7260b3fa47ca10a580a7e70142290299d01a70e95ec3f4276ab6b7af0e21f17694772f37b8b0633e2f088c3e4329b1984dcead769e025962b360bac070af0fd767cd8632c69e5321fde88f8f2cb0b78b6c41b1810f651ac1509f98ef5be1bbe0628847e52cf938ee0d72bac6b5150e38c177a0919fe725c755045a36a0f3a5586f73dc648d227587a06138db97f62a5549a262a2adc3aa592ff1b5a1981bbdd1ea0dd8064e03dcc212d5de3048fbb7fb5f4d00b6d85600f4581076788b0ba7e9ff46c9a2de05e956183653922a0898c697129adecedba691a5a111ed160e580ce2a080598ae38b847592b596b065010516660b6dc5e4352daeb38ee8d11b78ac97bd42d286583c19dc790fdf9362bb42fa2ab5421c0049155dcfe8a1732068edc09f6d4ceb17478e82fde60dbc9a8d5205df594963d693503b4699c572e268f8cf400d48f80e8a8e8278194701ec4bc554c3ad00dc148df71467e56c4ebc3892f8aabddd84e88108758f13eef3cf0b9279f7fd244d7993e4033b1b0983ca70307289d960d99299d01e3ab183fe1e84ea6a00824f88c9c875c03eafa81f626c0b1ae38c068e8b57fddeed2f76518990f145c6b92bc57ef0124a804999eab9b109f74c208082f8ef3c485c617cd6b1ee0e5948b8553964f1b');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (8, x'ac1d788d0ec5ffc32f2d59e2361e7c8fd2971142deddfdf879e21ce0307ba7c9', 395, NULL, x'28b52ffd608b00650500620b241d6067eb869f621b4adf27cd1d940c0864905a11a9870891ba8322c6000603f5eadb4b061805e348dd7589231fead3ef1535310c09d9356d758d9713565edff6924931de4cd9054837bed5286a5cc7cc832bc69bd4312042a6afa70af36ccdc8e37aface11c3309987f8af1cc4e1bea678f5ed250d14e21c000203040769d025cca01687800a0781ecbc3551ec6b102908005e3bcf20443faea2d35751ba54e4b6ae0204ac1666f30c');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (9, x'01d73d8c1c6ec05ebbb996de3cda91e6d61364bf4695d91016c9b5c4944c9cc2', 4808, NULL, x'28b52ffd60c811d5200036ed862f604bda063064608661986261651dd62bf77ba591127dcb924cd87ede5dff37763b966e2294244bf68ad8498120280e7300820077003f573d76ba8355bb8ee8eb74e9a155104ed16d8d3f5d5ab51fa72882e28bf0f319f259b774aa5ee9aaa4b9a551befa388d3eab03bdcaba6a21861872a8954759eb36ca47e7339c55cb5a8259a2797175489a9c4a1daeda28e1241b441ed52e8d3566dd3e241fa751dfb30eb75e1df2fad13a02487d64c13370a00151020c38680880d09f1522de13e502a1737ae80ce421843e143dfa8675fbcf9c245df568764b21d428a3552beb4a345e919c8b7f70a5d8b558ed5a07b7942a8c350b73eb7092a4f41622a2cff9f5411622122490875292b35a8848d0c95a8d697e8ff41385010020e4eb85080209fa121c90f8273e43ce05cd43d5bfb14ad18d19834437833941ac5274777777773773d234ac992dd6308b927463f5588cb586ddb283db06744890507c125631065edc7e8cdf9091f38f2fe6445731bbfd6882929130dccca23fe8a13f12b6d25c25a7cf23c56cb1e40e47ce843725eacce9590c8c7c9dcf98142008d6edf31e38f45a200f85835bfa55c6558afaa04749fde963ada4694d5b94853109b3acc6ad99596bdc9ab5d6ab1e0ac628453766cc6a09d349775b98d24bd3d65a4d93288c19e6e688a49cab185a590abb4d5673db20188462511a56c9c23007c6fc1a9ff3f03df85c2c8561b70ea9519dc683550f9a38ccf987e810fa29f4c50b80e8a82151a410898848929292a431a022191aaa7512c07228c7812888310a296488111222284420124c2081b471e5fa491e7b76cc17a9ba10676ab413be0eb2f93fa2bb273e7cf2a2977f7865de7abc28146d1477dca4c577daf82c54d9371e73d2932e20695d34873125bc54fa3016009d66aea6841247cb58c3260b38b652b25ebd9adfb0a1485ff36171697eee1f7601b169d4929ef31dd694a7a3a34f61b34354aa00dc35052b508b419dc7c094b82b60e58488f96ae8404484736cbf3ac62a65ddee87bd859b463b067003be3979bedcf85bfc8b588ff7f216fae93292db76d83d8998c3ee7e781d72f7021aba991e2bbfb193c151446ec12486c80a0936ef126e5bfe6706168074199fe653daa08a6820ba7eaf336ba1dad1d233d2f700512ed98103f0227e6d468156b2174688f0559f4c3c402c9f1703788e25e8408e489b9bde1a456a14ca58225a8c3138c0fbfc68b794df474f73014e555816e0ea0f8b7078dc69b82b5407930d0a77a0d4b0c8314a3f06776c4995638e8eda301ba97ecc907938ab0f14e3d31bd614f5427c11316082becf1c20a9e6fb6e5ef6444bb8a0fc5e2e51d58f9e93477aaecdb646effd135274e289b5486f1e8322271dde11c13b7b90192594cf6b3195cf46fae2ee38df821d2141129a125d20f7bf453833cbe1f562e791ab67b476446d1e3849f580d18ece83e774fd0f');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (10, x'b73022a0977a537720817ab4c71cffc67f90b2e0d4e86223d5424e2f533c5f91', 4808, NULL, x'28b52ffd60c8111d210096ed872f504bdb0630891494999959997f1fb55e6df44af32523cb1249ed8d7382b61a220a966e229636cb4776e2e69199093d7500820079008dc3cf55909dee60d5ee23fa3a5d7a68158453745be34f9756edc7298aa0f822ac5ae8e737e4b36ee954bdd25589e69646f9eae334faac0ef42aebaa552085190bc399d2513e3abfe1ac5ad610cc10cd8bab43d2e454ea70d5460927d920f2a87669ac31ebf621f9388efa9e7db8f5ea90d78ff611d06b81a47eb2e01938d0902801061c340448e84f0b91f744c948e89c1e7a237928a10f458fbe61ddfe33274957419add520835ca68d5caba108d572427e31d5c2d762d56bb56e1965285b166616e1d4e9294fe21127dceaf0f7a882440240fa524677d8824e8c45a8d697e8ff453850100a0e4eb850801047d090e40fc13bf21e782d121f453e88c57fd1dab16dd9831407433989384558beeeeeeeeee666e6c71335bac611625d18d156431d61a76cb0ab70ef89820a1f826ac620cbcb8fd18df2123e71f67cc89ae6276fbd1046523c12ccd2cfa831efa23612fcd5572fa3c52923b1c3914de94a833a7673170f2757e6352902058b7cf7be0019085c22dfd2ae3aa457dd0a3a4fe14b2d65acd8985616c5956536b354cc1ccac356ecd5aeb55900563d4a21b33662d4ac3984e74afb6305696a6ad95681a6561cc30b74724e55cc5d08ac26e196535b7ad590c73cb242c16a561c5300c5334e6d7f89c87cfc12763290cbb7d488eea381eac82d084c39c770880e8a811518414898888242525493a9022191a2a7612c07228c7712888514621640c11122220422210128c48206d5c39fa49187b16cc17b1ce270a34431aea2054ffbfb8bb7c65cd020e25f9ffaaac418f5b80ac85621c346d734f1bf10a55c00d7826bde20232a4ef38fc7dc213380f6331501008921f4732d50f6a68c76cb2502ce3fc55366ea01d29983e58691a50fd4369207a30b5e271ea6251f90d75f471879954210d47216e16fc832d060d2f2b5382e31a61166218ab018988bf833f8f64374621d576df1da4101cb40fbe31030767c6d71e7f7fffeaeaa1a6b5a9689711c9b153a649c818b697c37d94db1bf6f602195a6ff687c1bd0ea6284e0685c5de9d1b0ff78aff7343ab40d28f4f522b4d4f456a97acdfe9cd4a180b5af28c743d84944316e4c136684f32a3d82bd9901152f9aac9dc1b8066060003f638db1559577d9b4fb1921e9d7e655024cc8e4120c0f88a97954bb800a1020b0928b82c02d5bf891173dcd78d277c81830b102ab090803277dcf9d1cefec83dc7f83e7a7676c475d486aae1fabe0c310000618db5cfe69e2c699310700ad612f8a9de9fa69be8610b4376b38ab4805a657490bcdd73c5b730a4709c888c132fac4579f3ec5f3e798b1d43194e836a51a67fbe16b37c96a987438e1b2c3d17327da21aeb94a4ff6a9943cf3aee780cb873c743cd366db2ab8a603e5adf8199e139f0a302');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (11, x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, NULL, x'28b52ffd200e7100003c68313e507269783c2f68313e0a');
INSERT INTO paths (id, path) VALUES (1, '404.html');
INSERT INTO paths (id, path) VALUES (2, '_headers');
INSERT INTO paths (id, path) VALUES (3, 'assets/icon.e5009587fb9883f8.svg');
INSERT INTO paths (id, path) VALUES (4, 'assets/style.32096763b48f48c1.css');
INSERT INTO paths (id, path) VALUES (5, 'data/villes/83137.json');
INSERT INTO paths (id, path) VALUES (6, 'departement/83/index.html');
INSERT INTO paths (id, path) VALUES (7, 'index.html');
INSERT INTO paths (id, path) VALUES (8, 'methodologie/index.html');
INSERT INTO paths (id, path) VALUES (9, 'region/93/index.html');
INSERT INTO paths (id, path) VALUES (10, 'robots.txt');
INSERT INTO paths (id, path) VALUES (11, 'schemas/ville.schema.json');
INSERT INTO paths (id, path) VALUES (12, 'sitemap.xml');
INSERT INTO paths (id, path) VALUES (13, 'ville/83137/index.html');
INSERT INTO versions (id, number, date, cause, parent, changes, health, inputs, digest, pinned) VALUES (1, '2026.11.26.1', '2026-11-26T14:30:09Z', 'first build', NULL, '{"cities_updated":1,"new_transactions":11,"pages_added":13,"pages_changed":0,"pages_removed":0,"pages_unchanged":0,"build_time":5.5}', '{"last_update":"2023-12-31","data_version":"99f92ae8b986","cities_count":1,"total_transactions":11}', '{"data":"99f92ae8b986d511a45143db5c8cfd17492c13f3bc1c7af53982e8bb9e8ac94c","templates":"b1cdd762fd91430abeb5de92f8b0cf693aec994b3aa8acc28ed46e5bcb84cde0","configuration":"e639a32f7506c7bba221c4a0ff753edefe2a9628cd27eb43c115212bb719ea68","program":"9e9a40343f1e4e57c87d59abd28103306f4a634c284a5065bdd796e5764cf6cc"}', x'55cee22244952e9afc9a89237df212b0c1cdac47c1c7a1a228ea7be9298aee95', 1);
INSERT INTO versions (id, number, date, cause, parent, changes, health, inputs, digest, pinned) VALUES (3, '2026.11.26.3', '2026-11-26T14:30:21Z', 'release imported', NULL, '{"cities_updated":1,"new_transactions":0,"pages_added":0,"pages_changed":1,"pages_removed":0,"pages_unchanged":12,"build_time":6.3}', '{"last_update":"2024-12-31","data_version":"454ec611588f","cities_count":1,"total_transactions":35}', '{"data":"454ec611588fb0ab3641d92afb1e5228593873c350689e1ff8881a940f22ec60","templates":"b1cdd762fd91430abeb5de92f8b0cf693aec994b3aa8acc28ed46e5bcb84cde0","configuration":"e639a32f7506c7bba221c4a0ff753edefe2a9628cd27eb43c115212bb719ea68","program":"9e9a40343f1e4e57c87d59abd28103306f4a634c284a5065bdd796e5764cf6cc"}', x'e1d9ae6aee4666901291cc1c428f18149e5d2a3eca99c42de33f4d35f4d275af', 0);
INSERT INTO versions (id, number, date, cause, parent, changes, health, inputs, digest, pinned) VALUES (4, '2026.11.26.4', '2026-11-26T14:30:27Z', 'release imported', 3, '{"cities_updated":1,"new_transactions":0,"pages_added":0,"pages_changed":1,"pages_removed":0,"pages_unchanged":12,"build_time":5.3}', '{"last_update":"2024-12-31","data_version":"aae49a206c85","cities_count":1,"total_transactions":35}', '{"data":"aae49a206c85fa0efb180835e30f6ae44f61d57f82e24050aad65152fb9abd08","templates":"b1cdd762fd91430abeb5de92f8b0cf693aec994b3aa8acc28ed46e5bcb84cde0","configuration":"e639a32f7506c7bba221c4a0ff753edefe2a9628cd27eb43c115212bb719ea68","program":"9e9a40343f1e4e57c87d59abd28103306f4a634c284a5065bdd796e5764cf6cc"}', x'f91eba75ddafbdb3c48bd1b44c5cbc6fbb9bc28bc1bf2de0c6b050d435e24993', 0);
INSERT INTO versions (id, number, date, cause, parent, changes, health, inputs, digest, pinned) VALUES (5, '2026.11.26.5', '2026-11-26T14:30:32Z', 'template, configuration', 1, '{"cities_updated":1,"new_transactions":24,"pages_added":0,"pages_changed":7,"pages_removed":0,"pages_unchanged":6,"build_time":4.7}', '{"last_update":"2024-12-31","data_version":"aae49a206c85","cities_count":1,"total_transactions":35}', '{"data":"aae49a206c85fa0efb180835e30f6ae44f61d57f82e24050aad65152fb9abd08","templates":"e8d9fd0e48b5fadd9ca8b7bb13b6cf2a872e83884b276dc163b17d014de98eb1","configuration":"95a5860cdf71a272ec63058694ca98e4d33e752f363009088c49b7a11063b577","program":"9e9a40343f1e4e57c87d59abd28103306f4a634c284a5065bdd796e5764cf6cc"}', x'226cd6d9e8464acec99bed80d108dccb486c71b4f8e9bf72da4677b9364b6ff5', 0);
INSERT INTO entries (version, path, object) VALUES (1, 1, 1);
INSERT INTO entries (version, path, object) VALUES (1, 6, 1);
INSERT INTO entries (version, path, object) VALUES (1, 7, 1);
INSERT INTO entries (version, path, object) VALUES (1, 8, 1);
INSERT INTO entries (version, path, object) VALUES (1, 9, 1);
INSERT INTO entries (version, path, object) VALUES (1, 13, 1);
INSERT INTO entries (version, path, object) VALUES (3, 1, 1);
INSERT INTO entries (version, path, object) VALUES (3, 6, 1);
INSERT INTO entries (version, path, object) VALUES (3, 7, 1);
INSERT INTO entries (version, path, object) VALUES (3, 8, 1);
INSERT INTO entries (version, path, object) VALUES (3, 9, 1);
INSERT INTO entries (version, path, object) VALUES (3, 13, 1);
INSERT INTO entries (version, path, object) VALUES (4, 1, 1);
INSERT INTO entries (version, path, object) VALUES (4, 6, 1);
INSERT INTO entries (version, path, object) VALUES (4, 7, 1);
INSERT INTO entries (version, path, object) VALUES (4, 8, 1);
INSERT INTO entries (version, path, object) VALUES (4, 9, 1);
INSERT INTO entries (version, path, object) VALUES (4, 13, 1);
INSERT INTO entries (version, path, object) VALUES (1, 2, 2);
INSERT INTO entries (version, path, object) VALUES (3, 2, 2);
INSERT INTO entries (version, path, object) VALUES (4, 2, 2);
INSERT INTO entries (version, path, object) VALUES (5, 2, 2);
INSERT INTO entries (version, path, object) VALUES (1, 3, 3);
INSERT INTO entries (version, path, object) VALUES (3, 3, 3);
INSERT INTO entries (version, path, object) VALUES (4, 3, 3);
INSERT INTO entries (version, path, object) VALUES (5, 3, 3);
INSERT INTO entries (version, path, object) VALUES (1, 4, 4);
INSERT INTO entries (version, path, object) VALUES (3, 4, 4);
INSERT INTO entries (version, path, object) VALUES (4, 4, 4);
INSERT INTO entries (version, path, object) VALUES (5, 4, 4);
INSERT INTO entries (version, path, object) VALUES (1, 5, 5);
INSERT INTO entries (version, path, object) VALUES (1, 10, 6);
INSERT INTO entries (version, path, object) VALUES (3, 10, 6);
INSERT INTO entries (version, path, object) VALUES (4, 10, 6);
INSERT INTO entries (version, path, object) VALUES (5, 10, 6);
INSERT INTO entries (version, path, object) VALUES (1, 11, 7);
INSERT INTO entries (version, path, object) VALUES (3, 11, 7);
INSERT INTO entries (version, path, object) VALUES (4, 11, 7);
INSERT INTO entries (version, path, object) VALUES (5, 11, 7);
INSERT INTO entries (version, path, object) VALUES (1, 12, 8);
INSERT INTO entries (version, path, object) VALUES (3, 12, 8);
INSERT INTO entries (version, path, object) VALUES (4, 12, 8);
INSERT INTO entries (version, path, object) VALUES (5, 12, 8);
INSERT INTO entries (version, path, object) VALUES (4, 5, 9);
INSERT INTO entries (version, path, object) VALUES (5, 5, 9);
INSERT INTO entries (version, path, object) VALUES (3, 5, 10);
INSERT INTO entries (version, path, object) VALUES (5, 1, 11);
INSERT INTO entries (version, path, object) VALUES (5, 6, 11);
INSERT INTO entries (version, path, object) VALUES (5, 7, 11);
INSERT INTO entries (version, path, object) VALUES (5, 8, 11);
INSERT INTO entries (version, path, object) VALUES (5, 9, 11);
INSERT INTO entries (version, path, object) VALUES (5, 13, 11);
INSERT INTO history (id, version, date, action) VALUES (1, 1, '2026-11-26T14:30:09Z', 'build');
INSERT INTO history (id, version, date, action) VALUES (3, 3, '2026-11-26T14:30:21Z', 'build');
INSERT INTO history (id, version, date, action) VALUES (4, 4, '2026-11-26T14:30:27Z', 'build');
INSERT INTO history (id, version, date, action) VALUES (5, 1, '2026-11-26T14:30:27Z', 'rollback');
INSERT INTO history (id, version, date, action) VALUES (6, 5, '2026-11-26T14:30:32Z', 'build');
INSERT INTO rendered (path, key, object) VALUES (1, x'c3e12f8c035dd1291b150bfeb68a25a9c6be4b55818905e5d91defda2aa5ddbf', 11);
INSERT INTO rendered (path, key, object) VALUES (2, x'b51ef8284ba508a0af0fbabeb7658ae42bc00997b5c2ee314ff4566b00f625cc', 2);
INSERT INTO rendered (path, key, object) VALUES (3, x'0c66701262959f3cc5c68de115edb0b891e4f2a96ab08b8ae928200ab20b861e', 3);
INSERT INTO rendered (path, key, object) VALUES (4, x'9678c203aa9bdbd3645fb7b77c5aa194ce1cc7a147efb671663b9c4fbc0eba2b', 4);
INSERT INTO rendered (path, key, object) VALUES (5, x'eb00b7633af81c3eb021e93409bac59dcbaa95cced0dd6b4860c92bf9362699a', 9);
INSERT INTO rendered (path, key, object) VALUES (6, x'f93fb25ad1a75bf726b8bd38cb407ac9ed5e427f922a2c2c5429e25beb67d4cb', 11);
INSERT INTO rendered (path, key, object) VALUES (7, x'2879f319932f867776b1cdf4cece923cb7b09a811785f36dafddd3c666a931fd', 11);
INSERT INTO rendered (path, key, object) VALUES (8, x'd5fb732a752f219f74adbfd2a270c5a57ff94c4165c460350b8224ea19461d38', 11);
INSERT INTO rendered (path, key, object) VALUES (9, x'928f8c1dac57bd140622591b440f22c70fa61512798f73a362e80c34fdc29701', 11);
INSERT INTO rendered (path, key, object) VALUES (10, x'f6777506b18147a36766ab9556f8069a0a9f42a65fcf5d9b7a6178c093bdadad', 6);
INSERT INTO rendered (path, key, object) VALUES (11, x'91a04f854064e7a6aebc250b18de397bcf2bb804e829c8baec0a6478e327e4cb', 7);
INSERT INTO rendered (path, key, object) VALUES (12, x'2605c2bf9cf2d28c556b050b4ae0dbafe52b09fcd68c21f787b568417ceb24c5', 8);
INSERT INTO rendered (path, key, object) VALUES (13, x'6d63aea0f99420f446b2c2214caba2ae54f95ebfbb4443e2c8b2813568595f75', 11);
INSERT INTO checkout (path, hash, size, modified) VALUES ('404.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703432829173905);
INSERT INTO checkout (path, hash, size, modified) VALUES ('_headers', x'fb9daeeb242778cdac004ec45ec60103fb306ebe15c013b1191b866f776c9f37', 543, 1795703410009172548);
INSERT INTO checkout (path, hash, size, modified) VALUES ('api/health.json', x'cd914fe4e8dea0b492e21145221498c7bce29b60e5a7b9f1b30fc10ec0a7639c', 188, 1795703432829173905);
INSERT INTO checkout (path, hash, size, modified) VALUES ('assets/icon.e5009587fb9883f8.svg', x'e5009587fb9883f84c3654d66cd6329a79d00be18884172c1b2514a4cfbd7d53', 42, 1795703410009172548);
INSERT INTO checkout (path, hash, size, modified) VALUES ('assets/style.32096763b48f48c1.css', x'32096763b48f48c15646b83fbcc72c4ac871ec1db7f9132a3d1743333519b08c', 19, 1795703410009172548);
INSERT INTO checkout (path, hash, size, modified) VALUES ('data/villes/83137.json', x'01d73d8c1c6ec05ebbb996de3cda91e6d61364bf4695d91016c9b5c4944c9cc2', 4808, 1795703432829173905);
INSERT INTO checkout (path, hash, size, modified) VALUES ('departement/83/index.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703432829173905);
INSERT INTO checkout (path, hash, size, modified) VALUES ('index.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703432829173905);
INSERT INTO checkout (path, hash, size, modified) VALUES ('methodologie/index.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703432829173905);
INSERT INTO checkout (path, hash, size, modified) VALUES ('region/93/index.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703432829173905);
INSERT INTO checkout (path, hash, size, modified) VALUES ('robots.txt', x'f8894085ffc5dec1bd9b16273b65aff938303c718b2951284d60e897f7178edf', 69, 1795703410009172548);
INSERT INTO checkout (path, hash, size, modified) VALUES ('schemas/ville.schema.json', x'91c7028e6b6e7ea546427ef92c2f0cefc98363eebba728469ba9802632c4aa06', 13744, 1795703410009172548);
INSERT INTO checkout (path, hash, size, modified) VALUES ('sitemap.xml', x'ac1d788d0ec5ffc32f2d59e2361e7c8fd2971142deddfdf879e21ce0307ba7c9', 395, 1795703410009172548);
INSERT INTO checkout (path, hash, size, modified) VALUES ('version.json', x'07c95aa3524fd5fbaf25f4e180623d4256e65e30d033dd44d35ba75df2a96e55', 1933, 1795703433205173927);
INSERT INTO checkout (path, hash, size, modified) VALUES ('ville/83137/index.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703432829173905);
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (1, '2026-11-26T14:30:04Z', '2026-11-26T14:30:10Z', 'build', 'published', '2026.11.26.1', NULL, '{"previous":null,"cities_updated":1,"new_transactions":11,"pages_added":13,"pages_changed":0,"pages_removed":0,"pages_unchanged":0,"build_time":5.5,"seconds":5.7,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (2, '2026-11-26T14:30:10Z', '2026-11-26T14:30:14Z', 'build', 'published', '2026.11.26.2', NULL, '{"previous":"2026.11.26.1","cities_updated":1,"new_transactions":24,"pages_added":0,"pages_changed":1,"pages_removed":0,"pages_unchanged":12,"build_time":3.9,"seconds":4.1,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (3, '2026-11-26T14:30:14Z', '2026-11-26T14:30:21Z', 'build', 'published', '2026.11.26.3', NULL, '{"previous":"2026.11.26.2","cities_updated":1,"new_transactions":0,"pages_added":0,"pages_changed":1,"pages_removed":0,"pages_unchanged":12,"build_time":6.3,"seconds":6.5,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (4, '2026-11-26T14:30:21Z', '2026-11-26T14:30:27Z', 'build', 'published', '2026.11.26.4', NULL, '{"previous":"2026.11.26.3","cities_updated":1,"new_transactions":0,"pages_added":0,"pages_changed":1,"pages_removed":0,"pages_unchanged":12,"build_time":5.3,"seconds":5.5,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (5, '2026-11-26T14:30:27Z', '2026-11-26T14:30:27Z', 'rollback', 'rolled-back', '2026.11.26.1', NULL, '{"previous":"2026.11.26.4","cities_updated":0,"new_transactions":0,"pages_added":0,"pages_changed":0,"pages_removed":0,"pages_unchanged":0,"build_time":0.0,"seconds":0.1,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (6, '2026-11-26T14:30:27Z', '2026-11-26T14:30:32Z', 'build', 'published', '2026.11.26.5', NULL, '{"previous":"2026.11.26.1","cities_updated":1,"new_transactions":24,"pages_added":0,"pages_changed":7,"pages_removed":0,"pages_unchanged":6,"build_time":4.7,"seconds":5.1,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO places (id, place, mark, version) VALUES (3, 's3://bucket/prix', 'mark-1', '2026.11.26.1');
INSERT INTO published (place, path, fingerprint) VALUES (3, '404.html', NULL);
INSERT INTO published (place, path, fingerprint) VALUES (3, 'index.html', x'1111111111111111111111111111111111111111111111111111111111111111');
DELETE FROM sqlite_sequence WHERE name = 'versions'; INSERT INTO sqlite_sequence VALUES ('versions', 5);
DELETE FROM sqlite_sequence WHERE name = 'history'; INSERT INTO sqlite_sequence VALUES ('history', 6);
DELETE FROM sqlite_sequence WHERE name = 'runs'; INSERT INTO sqlite_sequence VALUES ('runs', 6);
CREATE INDEX entries_by_object ON entries (object);
CREATE INDEX rendered_by_object ON rendered (object);
CREATE INDEX runs_by_time ON runs (completed_at);
COMMIT;
