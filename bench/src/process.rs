//! What a process has used, in the kernel's own count (Linux).

use std::error::Error;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// CPU seconds of this process so far, user and system, all threads, ended ones included.
pub(crate) fn cpu_seconds() -> f64 {
    seconds(ClockId::ProcessCPUTime)
}

/// CPU seconds of this thread so far: what other programs do meanwhile is not in it.
pub(crate) fn thread_cpu_seconds() -> f64 {
    seconds(ClockId::ThreadCPUTime)
}

fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The most memory that this process has held at a time (`VmHWM`), in MB of 1,000,000 bytes.
pub(crate) fn peak_memory_mb() -> Result<f64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024.0 / 1e6)
}

/// What a process used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) wall_s: f64,
    pub(crate) cpu_s: f64,
    pub(crate) memory_mb: f64,
}

/// Runs this program with other arguments in a process of its own, which tells its usage.
pub(crate) fn measured(with_arguments: impl FnOnce(&mut Command) -> &mut Command, what: &str) -> Result<Usage, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = with_arguments(&mut command).stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(output.stdout)?;
    let figures = text.split_ascii_whitespace().map(str::parse::<f64>).collect::<Result<Vec<_>, _>>()?;
    match figures[..] {
        [wall_s, cpu_s, memory_mb] if output.status.success() => Ok(Usage { wall_s, cpu_s, memory_mb }),
        _ => Err(format!("{what} failed: {}", output.status).into()),
    }
}

/// The other side of [`measured`].
pub(crate) fn tell_usage(took: Duration, cpu_before: f64) -> Result<(), Box<dyn Error>> {
    println!("{} {} {}", took.as_secs_f64(), cpu_seconds() - cpu_before, peak_memory_mb()?);
    Ok(())
}
