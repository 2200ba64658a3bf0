//! Ctrl-C, and the two polite requests to end: of the system (SIGTERM) and of a terminal that is closed (SIGHUP).

use std::io;

/// Listens from the moment it is made.
#[derive(Debug)]
pub(crate) struct Interrupts {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    /// `None` where it is not for us.
    #[cfg(unix)]
    hang_up: Option<tokio::signal::unix::Signal>,
}

impl Interrupts {
    #[cfg(unix)]
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let hang_up = if is_to_survive_the_terminal() { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())?, hang_up })
    }

    #[cfg(not(unix))]
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the first of them and tells its name.
    pub(crate) async fn next(&mut self) -> &'static str {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => "Ctrl-C",
            _ = self.terminate.recv() => "a request of the system (SIGTERM)",
            () = closed(self.hang_up.as_mut()) => "the end of the terminal (SIGHUP)",
        }
        #[cfg(not(unix))]
        {
            // Where the signal cannot be listened for, nothing ever comes.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            "Ctrl-C"
        }
    }
}

#[cfg(unix)]
async fn closed(hang_up: Option<&mut tokio::signal::unix::Signal>) {
    let ended = match hang_up {
        Some(signal) => signal.recv().await,
        None => None,
    };
    if ended.is_none() {
        std::future::pending::<()>().await;
    }
}

/// Whether the program was started to outlive its terminal: `nohup` has SIGHUP ignored, which listening would undo.
#[cfg(unix)]
fn is_to_survive_the_terminal() -> bool {
    use std::io::IsTerminal as _;
    match std::fs::read_to_string("/proc/self/status") {
        Ok(status) => ignores_hang_up(&status),
        // Only Linux tells. Elsewhere: `nohup` leaves no terminal on stderr.
        Err(_) => !io::stderr().is_terminal(),
    }
}

/// `SigIgn:` is a bit mask in hexadecimal digits, with SIGHUP (1) in its lowest bit.
#[cfg(unix)]
fn ignores_hang_up(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn whether_hang_ups_are_ignored_is_read_from_the_status_of_the_process() {
        assert!(ignores_hang_up("Name:\tesologs\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000000\n"));
        assert!(!ignores_hang_up("Name:\tesologs\nSigIgn:\t0000000000001000\nSigCgt:\t0000000000000001\n"));
        assert!(!ignores_hang_up(""));
    }
}
