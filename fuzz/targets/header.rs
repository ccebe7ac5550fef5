#![no_main]

libfuzzer_sys::fuzz_target!(init: immostats::fuzzing::prepare(), |data: &[u8]| {
    immostats::fuzzing::header(data)
});
