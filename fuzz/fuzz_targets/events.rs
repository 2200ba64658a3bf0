#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| esologs::fuzzing::events(data));
