#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| esologs::fuzzing::report_address(text));
