//! What a process has used, in the kernel's own count (Linux).

use std::error::Error;
use std::fs;

/// Ticks of `/proc/self/stat` in a second: `USER_HZ`, 100 on every Linux of our kind.
const TICKS_PER_SECOND: f64 = 100.0;

/// CPU seconds of this process so far, user and system, all threads, ended ones included.
pub(crate) fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The second field, the program's name, may hold spaces; it ends with the last parenthesis.
    let (_, fields) = stat.rsplit_once(')').ok_or("/proc/self/stat has no program name")?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    // proc(5) counts from 1 with the name as 2: utime is 14, stime 15.
    let ticks = |field: usize| fields.get(field - 3).ok_or("/proc/self/stat is short").map(|text| text.parse::<f64>());
    Ok((ticks(14)?? + ticks(15)??) / TICKS_PER_SECOND)
}

/// The most memory that this process has held at a time (`VmHWM`), in MB of 1,000,000 bytes.
pub(crate) fn peak_memory_mb() -> Result<f64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024.0 / 1e6)
}
