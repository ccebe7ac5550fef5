-- made at 80a6d1f
PRAGMA auto_vacuum = 2;
PRAGMA application_id = 1768781427;
PRAGMA user_version = 5;
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
, extent TEXT CHECK (json_valid(extent))) STRICT;
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
, run INTEGER) STRICT;
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
CREATE TABLE purges (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- RFC 3339, UTC.
    planned_at   TEXT NOT NULL,
    -- When the CDN had accepted the last address; absent until then.
    completed_at TEXT,
    -- Which CDN, in words of the configuration.
    cdn          TEXT NOT NULL,
    -- The number of the version that the difference was taken from; absent when all that is cached had to go.
    since        TEXT,
    -- The number of the version that was live.
    version      TEXT NOT NULL,
    -- The files that tell of runs, with the hashes that they had: they change without a new version.
    run_files    TEXT NOT NULL CHECK (json_valid(run_files))
) STRICT;
CREATE TABLE unpurged (
    address TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (1, x'dab88431fd6dc474d2666ec8faddb43547b8da6bfaf61405b3f25e86d63484f0', 19, NULL, x'28b52ffd20139900003c68313e696d6d6f73746174733c2f68313e0a');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (2, x'aac3bb3a5576fba37c96562f196c9b0f15e8c2a25c42c9ea2349a1120adc7aee', 675, NULL, x'28b52ffd60a301ed0a0036964221306fd3014f2ccb584a40c99be5f7954d913fc03b3a8e78c23651a1f36061010225370034003c00cebd2bf19437b3fe9c3e421637d3a8b5840593f4354dd65bc242b97961e97f2b3dc868c41c93dcd40d3759eb4feac32dd6c5bd60860494ae0af3b9f77f956b8319fa6fcf6395501c6fb3deb7727dbdabbb32ea60861866f99bcdf10ec3a93381b80833f4deeb35194f1506130a12300745a7a470ff9aa9608696c5a081f0d006af0295317213e471cc91da5592880b230a6275188e2100e0a1dc12a73d5761766a6d8c1100f0c0a84223bc0d42dcaf86b4c34598f1aac83aa8209524e63573bfc400f7beeb84823441703d4aad31966569141c1014fcd27f54d0b220182c0d4d69031e00e32b50465d221a0367d03f46f09e5549950a82d6e0ca96bed73441ce76941f034b0b00c0b042e328c4aa59f13317b4d8865915454d1e77afaed6b04786683bb3bad9fec005a7799099075d0d130a');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (3, x'e5009587fb9883f84c3654d66cd6329a79d00be18884172c1b2514a4cfbd7d53', 42, NULL, x'28b52ffd202a5101003c73766720786d6c6e733d22687474703a2f2f7777772e77332e6f72672f323030302f737667222f3e0a');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (4, x'32096763b48f48c15646b83fbcc72c4ac871ec1db7f9132a3d1743333519b08c', 19, NULL, x'28b52ffd2013990000626f6479207b206d617267696e3a2030207d0a');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (5, x'12d0d40a8156c9e936912281450e4fba82607129943d7c35b64634e744021abf', 3531, NULL, x'28b52ffd60cb0ca51b00e62779306069da063028a01304419ca09dc534c995ef95565ef42d9b644270a01cd3fb14174b746d1b35895cf68aca900482703865006d007100112f29ef84fcd36b4fbcd8e795a4684605bc38f2ea148518b2bddf6f79b506d94e1a1f6a3bbbfe23fbe93b236ac65816cc83c290278db63af5f0e2f614ae299e63ee3b9aeef3b6252f9e545e9a40eab978f1da6b18b247147a1e1f218640eeefa8df258604b2a9c4a3c47a345b720586ec50bdd4f2aa5cc44f2af16226d1ea70885e0e33e616336e40b696698db168905bde894e3e11995dab7f8c26220c8ac4259d68fd890883b230f61ac54568f2db20014094f83f880c50589f6482c2a1e914ad0d0c08afbc2aaeedc08b1922f9d79e3c8c66c12cca73ab720dc80f09a918b38046332ee0d5109a05649fd31f547a1c6a47bd96176b905dba92524be3de6bb363e4b2212a7f6a1b5b5aed31dcd48f931e06b14ef6a91762082ef1af4edd038901860cc58796fd0492f7a4212e14504896800507850089f5ea2012a1491d89add70395d3806cfde974db2ebd3a1f654f6adb6dc5186316a735cc5b6cc1b4066badb9a6b4e71cafcaa99aa6599af29eb312a59557ab140485794de27154f59ff1f15b1fb2cb08d1d5d1349021d3e39fc703afca2e4f7b1c627604e456b6237efb8397a320a8578297e31a6b0180aba851498386464444929282248d019022191ab27a1280a334099220668c12182430463c43228944a235d53006eb909ed7345bbf454a290e958b9d764b890c48f3a8a437a4f0943a2019c941f118078b5668def63c3fe3d810eddf56051e676961f2b6c8f262e020128091516fb9acff96fa6e06f537bd343d0c8b7131030f1c37a0c338037aa6688147360049e135a524b40ba77b406fae25987948fbab98a13bc1316c1512d272d4f7055e55480c0475457e013422d87293a320b4877d097d5c7cf0d40f0981b93dff2cc3258b167fb2c14b3b5deb9047227457dc598d42ce3fbedef8e64f871579200a033a10b866f13f1fa4342f0b6c1022870462241278dc3dfc9714624ea0e18ebe666592c6880318660de77f62c5c034696dd1838d222b76920da7b69654cff5d82653275adf8500f767127532022473e9b9345b0859e84e1251882795d7e762b12d9a6f1b982758eb60cd300cc6a3ccfe5c165a78c7e8bda5e302cb7d21b54e34dbf441ee2fc7fdd90c0e371ebbb41c50d4fea89353059affa47db75385e72ee60f');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (6, x'9956f12c4a7cd72e8cd4b74163fb5044711d48bfac45a2c0dba749f8feaf6143', 87, NULL, x'28b52ffd20576d0200a2841016a0351d7189403e1148ff863cfa8e5934247c5c871621b59c8c1b4a4c6e33a63449519b9df77fa05c23e7ab5165471941742dcaca0d04bb4409e5fe240007947e040200226a949f153c');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (7, x'd620e82ab44c4d287d46ce5cad0d96f17c4b7b32801c237da4c5b7cfdc5383c2', 14850, NULL, x'28b52ffd6002392570000a63d4113b506dd30130332b0d407988574271cd018da64d69109932d92da5047d36b2d3cac9dd035ac10fb38df1d38ea105e8814b6de4f9b6b05b301336180203010a010d010f1fcac87b37d32b6545a76fea3cb3e78c7ad870c2b371fa7eaef72095fe9bad6d14c9e5c8cca418b12e90efc3b7aedbb6a7776d9d67d77528a3a983890d6ed65fdfa77fdb1d199411a4bf0eb26405a2b6398a6caf37adb202f9f2f75ab0419a3245e9b30dc140abf312d89f2b433aabd3908cbe7713218b303f17374cb4f2c19795dc662a3fee265b8b2f25244c385fa65547cfe8c395ced483ddda6a2509132ea35a1939ecb8f9362592034b416620c3b735de64e8ab86318307f92d6ee64bed8bce4196fba2870d27a8ece5c618e81c7bd870a2e552c9e106d9f6fc119421513026d244caf84a9bcac83494603ce821191915b7fe3550562075ab615e0165528c041f0f763c32726e05b1c88c2e908b6f2ff61f76f42323871f1fb541468f3512305c1558e4e7a27259ba5ac9a0024756b2da505307334d0f5f4a2a49edd470fa1721cbf06aa98a0c00d57605272a83cd2dcdc81fcc0af7e7b23ec2cf8ef1ed6f57902823970a439f679e6a322be99fabf9f37dbbaa58c3fedf6ed297cafdc7db96eb78750d2bc8f2fef22d77b26f384347654718f27a39285981349f79ebf1d84129d9c6f85bf3414fb61bcda82d33ae2a980e3e18c98a07aaf008b8b8284860913478a4914b018c89a582c0c242efbf5a50e671bf37b598f18b2e5d5b47c784070e7229b860d95bc68d75849ed1de0d640e2d6dd18216336b33db6ebfd55a4a2deaf185c8d49ff64f4d039d6c5c2125be1fe26a96831a5d4c26148bfc8696a59d9e812d375af6e1da3c0dc9e5f85cf99e1be9f161c12ca86ce30db304fea097b8607eb89aafe3fedce6ce8fabe42892eedc32e99c21420e4f42145c63a24c9b79aa61ba9d8e220de3606a4b498209010202321a20652451f2a36e3237722906da7693cb0fe2c2e4049728d47eaec68edd352364d61b79db483d4e4ecc18c1e14446feb91c06483dc600e5db0e74d353a6b6bda593e4260eb795fe94ca68fb455c6f2bf5d454cd82943cce70438fde6736c193906bfe411779d202611ffcf02454e1d118b98cb87dee68b7a6fb3f7dc6a8265a90071d121c4cc8dcc86de65c7daede7f0e3e97040edd567ed6aac285f38b9fabd3d3a3f5d6141e0a4f26c587336c0a0244584a8b6e3cc4d59f0eaded88b537c9133e2e1302196dcc3ce81109a0884cd2a627691b67b4abfdcf95512539382f6a70d463b33434722323dfc76d85b8d86a05d1a0a43b081bca8822454b3dc8d62d7bcad5832c406a14d828c2cde26c52adae1a7f1dec4f1957fc32ecacd7f2b5d282fda92c5138f1df6687ebe9360831fd519d3f8fa6fcad970118144b04c94d14b70d02dfc1ae3c052269e4a220017471913026168a864b010c8a6552416081e119f0b11bf6d81867312e3ec8e2425ccc612a2261c259a089e3c76e33104411a148ab5b09da1ab51d6188e6006a9f6d376418b429cd33068ad2a628228b9adaf970857c2ecacae8737d2e0dd3dc0e71695b20511ebb89038eba09017f9a0183fba832658618a21991a42049860342082010180aa571a24ce6031220f2388ee6480e630821428842444444444444442469920e27d7a386d36841472bcc9364fa27729382f1426b136a84d1d2e058f52253e7ead1aeb109f2f8b74795c0a2bd958f50b6e250cdb28ec77d72f714c70b29f7cfd42daaf25665beadb941c8ac2e61095aab0b0aa9ac957110bcc1f40b75d390052543a8f5bcbe0036dd010a7dc1c559e912480d40af71b73c4ea5a6afcbec5d4ca0ca1bb25e3bdb8dc08c93447a990e622134e0d895a56305db183929073490fa6b547209418c645282749c8528c39562f52576f847b83c2e344144d3a6423e813705c1169ee8a6bbd0b7aa7b9084bc51438f13a109c60f6b61962ca0484fe49a30f703c74730080c0019a42f5e0f3cb2cfcf03ec37518d35188d7105cd3ed8a0356fff8f16f4da16c1424bd16e064c40d71048960f6299124ea588126858468ac17e950b7ada0e59c263a2770f5f9bcd19c7f72107eb2dbb8ed8155efb25e66e33d9f601117346e67e08d929de6b41001a4ec4944e7dc7571ba8435e49085a68d24fc65397d0bc7231e493bcee801f404b395513b61041a10fbee6d2cb8fdf4d0b4a6ab8ff7e024dcede7c89ce80fe41a5852b38175613d3cdc1ea487d53293f1525ae92ed5f91950efa2a79446d47707e4d1eba1391637dafc6f4466fe25c3ea5e3084d93f9e67768fd1a183acd2b5821b72112b998562c40096cb83bf32d4c3bc2e8e4afc741aadc3ce6308e4ecb2c00bf9968aaf4db077e256206accc68bd4f81d7a9401c3df6e62ff25a38466058afef9dd2d876a099879e2032164209c056ac8eda50ecef2d9cb921739cf0023c08c8c6a17d5b7cd5b554eadbc8a049899a8cafeeb2c936e0988a25963ee7f0832d71e0b966b9d3e53e2ae811458bd5e0d01ec0a340bbe97305e58c98fad5610450da4d87c85b8e0400a33d89b55a59e4154a8900b6e364efe9d257ac0a4a68e37e0bf52508032198e1643fa09fcba0f1ce58b256f4753c54a19a88858ff8b6047a7f18253453a56c5e212ab5e4d8ee4122d9e3f02442234ea55a4b0c93c451d209f7d6987197d546f06f130e24b61905c43d2404891e20b882ed9a0606fde8df3ef6326ad1df5c0755d2f1352b35171b40f3171037d863cbefbe2f826604e39a4142afb99c24356152075682700be6eda2f2cfae20c1962b6080d3f3ce8a9ff614249c4f40c088202b22ec50e517031d30453b3823526b2d0f7ffc8f4d3f76245d83daeaa7e2810e14c539651664186a6140d2d65dbb3592f49916e5d51081d4330248ace6faa4f8a17a77809c054c8d46a7a1d9b7b9edeb0b6518726ed9967eeaeccd09c3441bad15fc966c5912c7657626134f4827d92fbb4049cf0331f16d3cae6d1895373f47a1720b40c10515c0756462b05975009b329b9e6e35daa7e7f11bc95a59c11aa2f377b1d05336956e1b999897e030d45e4c2d91b64eed55bc31954b422e35ab27342b82d2b0a97994668a7ea1f27981752c6a155d059cb44a78f54396f06462cffa6b521f2e35c872a295739a8093fc591a9b6d354c051aa3cd90c67915bfc4285196fb332f2a527e835b2be0282f597a1fb053b3222161c86f56e12598c63bcff85943fb112f1d6885adacd46970f9671a40629ca7cf82eabc3fa2b628b5f69beea987d75673a8e2823265ea922c94ce830565e647ae5323c93603a5684ce38bbf3cfa2e36cf2ace3006c8f2a5dc3e450cb0c67221d39710fc31862e8d84f8097019abbf68c07121286b2a8d304ecf5c7bfa7acce9f1a4eb04528dc0369e5993370826b6b0b85067932cb15c84943db83fe14a51a00f10c34bc4950a48f99cd4ace86c28fd8dc424d87e2dd444a2692515a53be9b9b890588819469623494b193b2f0c416a07f9e18a9ba84c5d39121760286731e0e8508138428509a0a52263328b22cb11695ac0788fb463f290a30cb7119848f21333c60d343c75a7f953a610c8021415432169644f004f8c1bc96437424f68857821da4a6cc104ac8a6055a515240f7b2108812fbec9e7a13013ef278b7932f335bdfbc24b36228bbc9c29d14a6f663fc8205a05847155075a06b04f84f5ed50846821566444bd922a25ab61582590dd09741e119db18dd7930f3f892c968d538fa489b10068bd977cec9379191b3c6843275dc4a840a1803cd018b31e348e4d755620485afe7184471a3d5deb04d16e94dc9579f3ae80a418a8c10a35d370e476b14948dbf713a0ec6d4df60827b1c41b474bc90c24bc2c25022753254e15b407bd330592ff2f2b8bf6b0b77caa764e4f78c28e8ccab9798506c476186c3cc8efed32683a1e5a2687ee3164f42cc5f74207917992f639d97e1ad3d9b304b8e0ac66910004d063c22765e44c6a79c8a2843914696bcac004af4ad6130bfa59dc1753729c9b4b47cc1c7c1aa0e14948e92a8bf11c37e8406aff9b7c06de2678b03d3eaf983c7b60a6e48b94661100c828ec30dc0136d98a19202c46ef2f6227fe057157b3ea90bccc568cf16d28d72b2abb65bf6e599a5a791c5dff0633cd5f862dd67e7ae93567624e1098cd283544b1a74f800419895d9b877be18a0fd68625845cc17447ac4e99023b102d643c08a69c74aa73fa3f3682374980860b09dee455a539a5b601057143a4dc4277796f09918a47162e2357ed74a8f045c412577f32a44a83897213225eb3cac31e8f821fd3737114c9b1c39e8353ddf7e2471a64f0bcccfdad8403a1906ec20cbeeb4d8efde0fc052e70513802b910419ad40c7860a8b1ffabb2675d29c1e3fd787dbb869ba95bdecc089d230c930b6b66f873abe94e412fc5b8122cb078a8c33b59c864a719a4b14b97787df3f29747f56c311b9846e8e7582b19390f779f753e062887fe503db70061aaf773ad480d821bbcd017cd302fc7d508cd34aa04d0e96fb8dc038a2515c1123340eb58fd1364a541345b5161a9535efedfa095a9badbc5804d06247fef210069ef3426783cfdabdf845e7c2bae7bdc1dd87086145697f2adcd62b309dc7559a659967f025aae313b2ea533bb5537cd43eb0a8f35981bf051826001933386ee9dac95af353b280a0453a85e4e2f4229f56f1cf4c64cb70c2a7ada2db06883d51dd090c9f9362bb42fbad5c510524628abecf9952ee47c3c7246205399c7d2ec877601f3fb066625076baca72cee1959b3da060577250be49391254165131017d5fc69909293274b6fa14b67be216b2a3deefecf22632578fdab7ab523d14929463aaa179fdf536600e0e27702df915f41fe6036d2c665a4c4bb288dd8b4bdcb6c7f1fb268a1e3f75487f11416840ea68ac4202d900c03e8f89913d2c2b14e38c010e8d56eddc2a5e76418c30e94ffd68c7cc3de23b8a01f9982ab6b161f72c2700d8f1ce709111a93364ff2c0d353fe09a760b936');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (8, x'ac1d788d0ec5ffc32f2d59e2361e7c8fd2971142deddfdf879e21ce0307ba7c9', 395, NULL, x'28b52ffd608b00650500620b241d6067eb869f621b4adf27cd1d940c0864905a11a9870891ba8322c6000603f5eadb4b061805e348dd7589231fead3ef1535310c09d9356d758d9713565edff6924931de4cd9054837bed5286a5cc7cc832bc69bd4312042a6afa70af36ccdc8e37aface11c3309987f8af1cc4e1bea678f5ed250d14e21c000203040769d025cca01687800a0781ecbc3551ec6b102908005e3bcf20443faea2d35751ba54e4b6ae0204ac1666f30c');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (9, x'8f854955de50e60cb9a57ff5ca2fc7d8163e8812f3fed3964c1634859a867a6f', 4828, NULL, x'28b52ffd60dc11452100c6ad8830604bda063064881304419cc5977558afdcef95464af42d1b998935c5b955cfc66ec7d24d849264c95e113b291004c501750083007900ab1e3bddc1aadd88e8eb74e9a155104ed16d8d3f5d5ab51fa72882e283b06aa19fdf90cfbaa553f54a5725cd2d8df2d5c769f4591de855d655ab28cca13d8cb134d3acdb281f9ddf70562d6b0a668ae6c5d52169722a75b86aa384936c107954bb34d69875fb907c1c477dcf46b8f5ea90d78f3622487d64c13370800151020c38600880d09f1426de132503a1737ae80de421843e143d7a8675fbcf9c245df568764b1fd428a3552beb52345e919c8c7f70b5d8b558edda06b7942a8c350b73eb7092a4f41213d1e7fcfa208989040ae4a194e4ac1213093a59ab31cdef917e9a300000847cad304140415f820314ffc46fc8b9a079f8198c57fd1dab16dd98315074339813c4aa45777777777733274dc39ad9620db3284937568fc5586bd82d37b875c08808128a2fc22ab6c08bdb8ff11d3272fe71c69ce82a66b71f4d503612869b59f4073df447c2569aabe4f479a4982d96dce1c891f0a6449d393d6b8191aff31b930204c1ba7d9e8343af05028f45835bfa55c6a7fef0e7a23ee851527ffa582b695ad31665614cc22cab716b66d61ab766adf5aac782316ad18d19b35ac274d2dd16a6f4d2b4b556d3240a6386b9454452ce550bad2c85dd26abb96d100c62b1280dab64615843637e8dcf79f81e7c3296c2b0db08c9511d87c3aa074d1ce6fc43f407fd147a80e9a82151a410898848929292a4319022191aaa750312c07228c7812888310a296488111222284420124c2081b471e526d1a928a94d3ff2635f8df96fb5aec5911aed94af0369fe1fe8ee8b0fbf9ce9e53f5eb9b61e3f0a5d1bc5396ede623f6d6016aaec1b8139294817d8b4be9ac398129e287d3816009f62aca208258c9ab1064a2610b6a27cf57a39bf814291b0e643e3d2e0dc3ff402a2d3a8253de7bbac294f47471fc3ca4ea8b40270dc14ac442d06755e0353c26e80901322e6aba1031111ceb3f9d8317619c3760fec5b3a35da630007c0371fcfc71bff8a7f1cebf25e2642315d4676db8eba273173d8df0fbf43ee5fc04337f763e5377632380a915b2c898159d182cdbf849bcb1fccc802902fe3f37c4a3f54910d4ed7ef766635343b5e7ad6fa1e22ca212770300ec493cd68d04adac20813befa270f0fc0cae0c5809e6769742255a40d4dbb4621b5096518112fc6281ce07c7aac9b945f464ee102840ab02cc0d51f16e2f5b8d370ae51050c1650b800a1020b8e91f4e3f0c4965439e6e8080db395eac00c9587abfa523132bd61ad507fa8172103a6ecfbcc0172d575dfc64b9fe8091786dfcd25eafc0839b9a467b5d99ee8857f228a4ebcb016e5cd7370c8c987770cf0c01e544699e5f35a4ce5b3911eb83bceb76447c890844aa213c8fd6f150e99e578bd18f0c8dd339a392a21b37a14b4c33ec273e7f707');
INSERT INTO objects (id, hash, size, dictionary, data) VALUES (10, x'bd614b5711c7aa073ba608b367b92947839fb61434518e3743af4e933d98b6e5', 4828, NULL, x'28b52ffd60dc11752100266e892f504bdb063089046f666656e6df47ad571bbdd27cc9c8b21149cc8d7382b61a220a966e229636cb4776e2e69199093d760085007a003f574176ba8355bb8fe8eb74e9a155104ed16d8d3f5d5ab51fa72882e283b06aa19fdf90cfbaa553f54a57259a5b1ae5ab8fd3e8b33ad0abacab565912ff8cc681a19558b7513e3abfe1ac5ad610cc10cd8bab43d2e454ea70d5460927d920f2a87669ac31ebf621f9388efa9e7db8f5ea90d78ff611d06b81a47eb2e01938d0902801061c340448e8cf0a91f744c948e89c1e7a237928a10f458fbe61ddfe33274957419addd20735ca68d5caba108d572427e31f5c2d762d56bb56e1965285b166616e1d4e9294de4224fa9c5f1f64219200913c94929cd542244127d66a4cf37ba49f280c0000255f2f440820e84b7000e29ff80d3917340f01ff10fd413f85ce78d5dfb16ad18d1903443783394558b5e8eeeeeeee6ee6c61637b3c51a665112dd58411663ad61b7ac70eb800f09128a4fc22ac6c08bdb8ff11d3272fe71c69ce82a66b71f4d503612ccd2cca23fe8a13f12f6d25c25a7cf2325b9c39133e14d893a737a1603275fe7372605098275fb3c070f9085c22dfd2ae3537ff873511ff428a93f85acb556736261185b96d5d45a0d5330336b8d5bb3d67a1564c118b5e8c68c598bd230a613ddab2d8c95a5696b259a46591833cced1149395731b4a2b05b4659cd6d6b16c3dcb2088b456958310cc3148df9353ee7e17bf0c9580ac36e1f92a33a0e8755109a70981380e9a82151848a444424494949d2188022191a2aea0612c07228c7712888514621640c11122220422210128c48206d5c3926d1a928a94d3ff2635f8df9ddc52989ad169e323a108aff58bcbb3c65cd0a0e85fc6b53f680c75710410bc53b366bb34e1bfa0a75c10d7893547d811ddafd1c8e7ee12dfc87b10818081cd4a72387288635bc6768582b56e2e15db76fa81549583e7c290da8fd4329207a18b5c4efdc51a1f21d7cf471f7d971c554dc426e16e4039618745e56a604c736db3c443554031211753777267b2f9602ac5b3dd79946366c0700674c1d9c095f5bfcfdffd5ad8f9c66c686484624df4eb94d62a6b0bf0eff41eeefd8ff4b646cbff92f009a75884421313828fcd81c58b84df89f195a00926e7c924e69fa2b62f304fc6e675643bc23a467afef31a23cf21007d999f0d68c665a49038cb0eaab4f64df010673a018b8771959cdead4b4e1a8d5b451c15b06c5e36c8c62029c8fb90f790b19a85c815387659205a0f56778f4187774d675aa83910534ae40a9c31e67f4f9487f7e4bffc1c03a7a6676c47a2ac3f5f0799f22468037ac55e9b5d49126605a629f824102ca35376689166d60c1498ea0027da1b28f82937d7a7ac7ed896ecc2723e3c40f6b71debc0bed27e8b1a3eacbdbe0b84bd907c3a24e0e15e9ffdd01b3b53f42b82554139df2f15b1373fa2dc7dd890177eeb8a8fd5209fdab47a01df30c4d8e82ff');
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
INSERT INTO versions (id, number, date, cause, parent, changes, health, inputs, digest, pinned, extent) VALUES (1, '2026.11.26.1', '2026-11-26T14:31:46Z', 'first build', NULL, '{"cities_updated":1,"new_transactions":11,"pages_added":13,"pages_changed":0,"pages_removed":0,"pages_unchanged":0,"build_time":4.7}', '{"last_update":"2023-12-31","data_version":"e00f7898d460","cities_count":1,"total_transactions":11,"cities_up_to_date":1,"sources":[{"id":"dvf","released":null,"expected_by":null},{"id":"cog","released":null,"expected_by":null}],"settings":{"site_name":"immostats","workflow":"","host":{"name":"GitHub Pages","files":null,"size":1000000000,"file_size":null},"gates":[["lost",25.0],["moved",50.0],["unreadable",5.0],["unknown_communes",2.0]]}}', '{"data":"e00f7898d460855600dc6bd20919ad2375b6e3ca88a4c8ddbbb10b9158f87db0","templates":"7deba475a1f592ae3c7f340b5624652e141a21b4c84093760997bdbcce8a8bd2","configuration":"613e876cf351ac4f0f22b4001a2e8e451fefbd25a6f7a4a96aae888b737e58d9","program":"9e9a40343f1e4e57c87d59abd28103306f4a634c284a5065bdd796e5764cf6cc"}', x'7adf3d237fde1e38eb14e91d3e6bb4beb914674f4fe0b7b92d7dfd74db445a62', 1, '{"files":13,"size":19713,"largest":14850}');
INSERT INTO versions (id, number, date, cause, parent, changes, health, inputs, digest, pinned, extent) VALUES (3, '2026.11.26.3', '2026-11-26T14:31:58Z', 'release imported', NULL, '{"cities_updated":1,"new_transactions":0,"pages_added":0,"pages_changed":1,"pages_removed":0,"pages_unchanged":12,"build_time":2.9}', '{"last_update":"2024-12-31","data_version":"6ebcdd8e6bbe","cities_count":1,"total_transactions":35,"cities_up_to_date":1,"sources":[{"id":"dvf","released":null,"expected_by":null},{"id":"cog","released":null,"expected_by":null}],"settings":{"site_name":"immostats","workflow":"","host":{"name":"GitHub Pages","files":null,"size":1000000000,"file_size":null},"gates":[["lost",25.0],["moved",50.0],["unreadable",5.0],["unknown_communes",2.0]]}}', '{"data":"6ebcdd8e6bbedee60569b78bf479594bd806aaa6a8a4cc11301dfca916187428","templates":"7deba475a1f592ae3c7f340b5624652e141a21b4c84093760997bdbcce8a8bd2","configuration":"613e876cf351ac4f0f22b4001a2e8e451fefbd25a6f7a4a96aae888b737e58d9","program":"9e9a40343f1e4e57c87d59abd28103306f4a634c284a5065bdd796e5764cf6cc"}', x'ba95ddec3aac968fd3fdbcbb3f35c97cc08a1a74fcfcd656609541a81724b19d', 0, '{"files":13,"size":21010,"largest":14850}');
INSERT INTO versions (id, number, date, cause, parent, changes, health, inputs, digest, pinned, extent) VALUES (4, '2026.11.26.4', '2026-11-26T14:32:07Z', 'release imported', 3, '{"cities_updated":1,"new_transactions":0,"pages_added":0,"pages_changed":1,"pages_removed":0,"pages_unchanged":12,"build_time":5.6}', '{"last_update":"2024-12-31","data_version":"2abc8c3d21a3","cities_count":1,"total_transactions":35,"cities_up_to_date":1,"sources":[{"id":"dvf","released":null,"expected_by":null},{"id":"cog","released":null,"expected_by":null}],"settings":{"site_name":"immostats","workflow":"","host":{"name":"GitHub Pages","files":null,"size":1000000000,"file_size":null},"gates":[["lost",25.0],["moved",50.0],["unreadable",5.0],["unknown_communes",2.0]]}}', '{"data":"2abc8c3d21a332e96ebe2eb8d462687547ae6132dd78c8afacf88fc1301290d2","templates":"7deba475a1f592ae3c7f340b5624652e141a21b4c84093760997bdbcce8a8bd2","configuration":"613e876cf351ac4f0f22b4001a2e8e451fefbd25a6f7a4a96aae888b737e58d9","program":"9e9a40343f1e4e57c87d59abd28103306f4a634c284a5065bdd796e5764cf6cc"}', x'5d61b615a7f5af797270df2dbbf5148c09de290097e3d036c36d52bfebbcc84a', 0, '{"files":13,"size":21010,"largest":14850}');
INSERT INTO versions (id, number, date, cause, parent, changes, health, inputs, digest, pinned, extent) VALUES (5, '2026.11.26.5', '2026-11-26T14:32:14Z', 'template, configuration', 1, '{"cities_updated":1,"new_transactions":24,"pages_added":0,"pages_changed":7,"pages_removed":0,"pages_unchanged":6,"build_time":4.6}', '{"last_update":"2024-12-31","data_version":"2abc8c3d21a3","cities_count":1,"total_transactions":35,"cities_up_to_date":1,"sources":[{"id":"dvf","released":null,"expected_by":null},{"id":"cog","released":null,"expected_by":null}],"settings":{"site_name":"Prix","workflow":"","host":{"name":"GitHub Pages","files":null,"size":1000000000,"file_size":null},"gates":[["lost",25.0],["moved",50.0],["unreadable",5.0],["unknown_communes",2.0]]}}', '{"data":"2abc8c3d21a332e96ebe2eb8d462687547ae6132dd78c8afacf88fc1301290d2","templates":"a7c4fc45b734f0586570fe13f7d2d1bc4300f119463067bf6a4f3d3dd7b0d212","configuration":"519fbf021969604143b241c1997e3cfee5fa5d6614142f6f3317793286003baf","program":"9e9a40343f1e4e57c87d59abd28103306f4a634c284a5065bdd796e5764cf6cc"}', x'3916aee6a39bdcd500454a72999b8b830338f483b51c74876276057f4e5442b3', 0, '{"files":13,"size":20980,"largest":14850}');
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
INSERT INTO history (id, version, date, action, run) VALUES (1, 1, '2026-11-26T14:31:46Z', 'build', NULL);
INSERT INTO history (id, version, date, action, run) VALUES (3, 3, '2026-11-26T14:31:58Z', 'build', 2);
INSERT INTO history (id, version, date, action, run) VALUES (4, 4, '2026-11-26T14:32:07Z', 'build', 3);
INSERT INTO history (id, version, date, action, run) VALUES (5, 1, '2026-11-26T14:32:09Z', 'rollback', 4);
INSERT INTO history (id, version, date, action, run) VALUES (6, 5, '2026-11-26T14:32:14Z', 'build', 5);
INSERT INTO rendered (path, key, object) VALUES (1, x'f7b558d44c8fa3c3d2309b5810257b96f50388c6ff569f3f5e8b130f2a0fa351', 11);
INSERT INTO rendered (path, key, object) VALUES (2, x'a324d3ec2b347c0ae240992bb1c9e2ddd055e031a1877860f8c7ba8543f5994f', 2);
INSERT INTO rendered (path, key, object) VALUES (3, x'4dc0498fe6a3cba55634a765ca3e02215093756d655d3df8dc7963b3e47a23c9', 3);
INSERT INTO rendered (path, key, object) VALUES (4, x'4426ca1197f9baab55c9cc5c52cc531f868feba4668811759155a2605a5bef82', 4);
INSERT INTO rendered (path, key, object) VALUES (5, x'2ce1da7b3404b80c806822ccfb933ef3e895bc29d730a6affb0559b0b2c62755', 9);
INSERT INTO rendered (path, key, object) VALUES (6, x'90b53a89585af6c5f3294ac49c08e8161c678b2d6640ba83c84763d7c9ee8bcc', 11);
INSERT INTO rendered (path, key, object) VALUES (7, x'24f347310c2dc84b172fff07d3b1059983b5efd817640c1cd914d3da1dbb02b5', 11);
INSERT INTO rendered (path, key, object) VALUES (8, x'5ba8d72a04d78b3fbb11fcff82d5fa60bd70d09c878729563d3f901764868462', 11);
INSERT INTO rendered (path, key, object) VALUES (9, x'54681c1e2b92ac5ac5108929376fd0a22945a2ff98194608c37b25b75857ad20', 11);
INSERT INTO rendered (path, key, object) VALUES (10, x'7a122064e561f13c74b0c6d456fd0c761860e169a199fe80c3b6ce1e8726d809', 6);
INSERT INTO rendered (path, key, object) VALUES (11, x'bc5d5bbd232cc1893a288a53d98ccf25b4586dfdc6376be8e4027b2fefa94928', 7);
INSERT INTO rendered (path, key, object) VALUES (12, x'0acd07642e89090ce457032771487c07234a2f9d9b3b6358a2ef227e5a55b767', 8);
INSERT INTO rendered (path, key, object) VALUES (13, x'fa1909128ad37edf696b5a71c8eb852c26670e0bb521728b3ede39e3f908834d', 11);
INSERT INTO checkout (path, hash, size, modified) VALUES ('404.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703534605179954);
INSERT INTO checkout (path, hash, size, modified) VALUES ('_headers', x'aac3bb3a5576fba37c96562f196c9b0f15e8c2a25c42c9ea2349a1120adc7aee', 675, 1795703506629178292);
INSERT INTO checkout (path, hash, size, modified) VALUES ('admin/index.html', x'e28d875d5b5953d2dba47a24225b7597a025165ccbc7f60a2beb142c40485f5c', 5989, 1795703534605179954);
INSERT INTO checkout (path, hash, size, modified) VALUES ('api/health.json', x'5a2f50810ea6ae8a3b5a798529b6da7a09b8b1d5fd900ed9553d1e21d446422b', 583, 1795703534605179954);
INSERT INTO checkout (path, hash, size, modified) VALUES ('assets/icon.e5009587fb9883f8.svg', x'e5009587fb9883f84c3654d66cd6329a79d00be18884172c1b2514a4cfbd7d53', 42, 1795703506629178292);
INSERT INTO checkout (path, hash, size, modified) VALUES ('assets/style.32096763b48f48c1.css', x'32096763b48f48c15646b83fbcc72c4ac871ec1db7f9132a3d1743333519b08c', 19, 1795703506629178292);
INSERT INTO checkout (path, hash, size, modified) VALUES ('data/villes/83137.json', x'8f854955de50e60cb9a57ff5ca2fc7d8163e8812f3fed3964c1634859a867a6f', 4828, 1795703534605179954);
INSERT INTO checkout (path, hash, size, modified) VALUES ('departement/83/index.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703534605179954);
INSERT INTO checkout (path, hash, size, modified) VALUES ('index.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703534605179954);
INSERT INTO checkout (path, hash, size, modified) VALUES ('methodologie/index.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703534605179954);
INSERT INTO checkout (path, hash, size, modified) VALUES ('region/93/index.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703534605179954);
INSERT INTO checkout (path, hash, size, modified) VALUES ('robots.txt', x'9956f12c4a7cd72e8cd4b74163fb5044711d48bfac45a2c0dba749f8feaf6143', 87, 1795703506629178292);
INSERT INTO checkout (path, hash, size, modified) VALUES ('schemas/ville.schema.json', x'd620e82ab44c4d287d46ce5cad0d96f17c4b7b32801c237da4c5b7cfdc5383c2', 14850, 1795703506629178292);
INSERT INTO checkout (path, hash, size, modified) VALUES ('sitemap.xml', x'ac1d788d0ec5ffc32f2d59e2361e7c8fd2971142deddfdf879e21ce0307ba7c9', 395, 1795703506629178292);
INSERT INTO checkout (path, hash, size, modified) VALUES ('version.json', x'5a23c31ffc2ab9dd3f022c12a2bc61d5807b5378bf82c733e56ea150a8447cbf', 1933, 1795703534901179972);
INSERT INTO checkout (path, hash, size, modified) VALUES ('ville/83137/index.html', x'd01f5dd106330397fddd6fae753b7e5d499d8c2e9505850e5ea50f6016ca9bd7', 14, 1795703534605179954);
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (1, '2026-11-26T14:31:41Z', '2026-11-26T14:31:46Z', 'build', 'published', '2026.11.26.1', NULL, '{"previous":null,"cities_updated":1,"new_transactions":11,"pages_added":13,"pages_changed":0,"pages_removed":0,"pages_unchanged":0,"build_time":4.7,"seconds":4.9,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (2, '2026-11-26T14:31:48Z', '2026-11-26T14:31:53Z', 'build', 'published', '2026.11.26.2', NULL, '{"previous":"2026.11.26.1","cities_updated":1,"new_transactions":24,"pages_added":0,"pages_changed":1,"pages_removed":0,"pages_unchanged":12,"build_time":5.5,"seconds":5.8,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (3, '2026-11-26T14:31:55Z', '2026-11-26T14:31:59Z', 'build', 'published', '2026.11.26.3', NULL, '{"previous":"2026.11.26.2","cities_updated":1,"new_transactions":0,"pages_added":0,"pages_changed":1,"pages_removed":0,"pages_unchanged":12,"build_time":2.9,"seconds":3.2,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (4, '2026-11-26T14:32:01Z', '2026-11-26T14:32:07Z', 'build', 'published', '2026.11.26.4', NULL, '{"previous":"2026.11.26.3","cities_updated":1,"new_transactions":0,"pages_added":0,"pages_changed":1,"pages_removed":0,"pages_unchanged":12,"build_time":5.6,"seconds":5.9,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (5, '2026-11-26T14:32:09Z', '2026-11-26T14:32:09Z', 'rollback', 'rolled-back', '2026.11.26.1', NULL, '{"previous":"2026.11.26.4","cities_updated":0,"new_transactions":0,"pages_added":0,"pages_changed":0,"pages_removed":0,"pages_unchanged":0,"build_time":0.0,"seconds":0.2,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO runs (id, started_at, completed_at, command, outcome, version, message, details) VALUES (6, '2026-11-26T14:32:09Z', '2026-11-26T14:32:14Z', 'build', 'published', '2026.11.26.5', NULL, '{"previous":"2026.11.26.1","cities_updated":1,"new_transactions":24,"pages_added":0,"pages_changed":7,"pages_removed":0,"pages_unchanged":6,"build_time":4.6,"seconds":4.8,"sources":[],"refusals":[],"run_url":null}');
INSERT INTO places (id, place, mark, version) VALUES (3, 's3://bucket/prix', 'mark-1', '2026.11.26.1');
INSERT INTO published (place, path, fingerprint) VALUES (3, '404.html', NULL);
INSERT INTO published (place, path, fingerprint) VALUES (3, 'index.html', x'1111111111111111111111111111111111111111111111111111111111111111');
INSERT INTO purges (id, planned_at, completed_at, cdn, since, version, run_files) VALUES (4, '2026-11-21T15:05:00Z', NULL, 'cloudflare', NULL, '2026.11.26.1', '{}');
INSERT INTO unpurged (address) VALUES ('*');
DELETE FROM sqlite_sequence WHERE name = 'versions'; INSERT INTO sqlite_sequence VALUES ('versions', 5);
DELETE FROM sqlite_sequence WHERE name = 'history'; INSERT INTO sqlite_sequence VALUES ('history', 6);
DELETE FROM sqlite_sequence WHERE name = 'runs'; INSERT INTO sqlite_sequence VALUES ('runs', 6);
DELETE FROM sqlite_sequence WHERE name = 'purges'; INSERT INTO sqlite_sequence VALUES ('purges', 4);
CREATE INDEX entries_by_object ON entries (object);
CREATE INDEX rendered_by_object ON rendered (object);
CREATE INDEX runs_by_time ON runs (completed_at);
COMMIT;
