//! A thread that sleeps in a system call while the test does something to wake it up.

use crate::support::Outcome;
use std::sync::atomic::{AtomicI32, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

/// A thread that is blocked or about to be, as the thread that started it sees it.
pub struct BlockedThread<'a> {
    tid: &'a AtomicI32,
    finished: &'a dyn Fn() -> bool,
    deadline: Instant,
}

impl BlockedThread<'_> {
    /// Waits until `happened` returns true or the thread has finished.
    pub fn wait_until(&self, what: &str, happened: impl Fn() -> bool) {
        while !happened() && !(self.finished)() {
            assert!(Instant::now() < self.deadline, "{what}: not in ten seconds");
            thread::yield_now();
        }
    }

    /// Waits until the thread sleeps in a system call, or has finished.
    pub fn wait_for_sleep(&self) {
        self.wait_until("sleep", || {
            // There is no thread 0, the number before the thread has stored its own.
            let stat = format!("/proc/self/task/{}/stat", self.tid.load(SeqCst));
            std::fs::read_to_string(stat).is_ok_and(|text| text.contains(") S "))
        });
    }

    pub fn send_signal(&self, signal: i32) {
        // SAFETY: the call accesses no memory. The signal has a handler, or ends this process.
        unsafe {
            libc::syscall(
                libc::SYS_tgkill,
                libc::getpid(),
                self.tid.load(SeqCst),
                signal,
            )
        };
    }
}

/// Runs `blocks` in a thread and, at the same time, `wake` in this one. Returns the value of
/// `blocks`.
pub fn while_blocked<T: Send>(
    blocks: impl FnOnce() -> T + Send,
    wake: impl FnOnce(&BlockedThread<'_>) -> Outcome,
) -> Outcome<T> {
    let tid = AtomicI32::new(0);
    thread::scope(|scope| {
        let worker = scope.spawn(|| {
            // SAFETY: `gettid` accesses no memory.
            tid.store(unsafe { libc::gettid() }, SeqCst);
            blocks()
        });
        wake(&BlockedThread {
            tid: &tid,
            finished: &|| worker.is_finished(),
            deadline: Instant::now() + Duration::from_secs(10),
        })?;
        Ok(worker.join().expect("the thread"))
    })
}
