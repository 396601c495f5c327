//! A process sends random messages with descriptors to another, as fast as both can. Each checks
//! that nothing is lost, and that neither descriptors nor memory grow.
//!
//! `ANCIL_LOAD` is the number of seconds, 1 if it is not set. `ANCIL_LOAD_SEED` is the seed. With
//! 14,000 messages in a second, a leak of 150 bytes for each shows in a second, and one of a byte
//! in five minutes.

use ancil::limits::SCM_MAX_FD;
use ancil::{Errno, IoVec, IoVecMut, MMsgHdr, MsgFlags, MsgHdr, MsgHdrMut, Received, Writer, io};
use ancil::{SCM_CREDENTIALS, SCM_RIGHTS, UpTo, space_of};
use libtest_mimic::{Arguments, Failed, Trial};
use std::fs::File;
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::panic::catch_unwind;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const FDS: usize = SCM_MAX_FD;
const CONTROL: usize = space_of::<(UpTo<SCM_RIGHTS, FDS>, SCM_CREDENTIALS)>();
const BYTES: usize = 12_000;
const BATCH: usize = 8;
/// How many messages bring all buffers to the size that they keep.
const WARM: u64 = 1000;
/// The bytes before the numbers of the files: checksum, number, how many files.
const HEAD: usize = 24;

/// xorshift64: Marsaglia, "Xorshift RNGs", 2003.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % n
    }
}

/// FNV-1a.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf29ce484222325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100000001b3)
    })
}

fn word(bytes: &[u8], at: usize) -> u64 {
    u64::from_ne_bytes(bytes[at..at + 8].try_into().expect("8 bytes"))
}

/// What a process has: descriptors, and KiB of memory.
#[derive(Clone, Copy, Debug)]
struct Use {
    fds: usize,
    kib: usize,
}

impl Use {
    fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").expect("/proc");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        Self {
            fds: std::fs::read_dir("/proc/self/fd").expect("/proc").count(),
            kib: line
                .and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
                .expect("VmRSS: a number of kB"),
        }
    }

    /// Checks that no more is used than at an earlier time, but for what the allocator keeps.
    fn check(self, who: &str, messages: u64, descriptors: u64) {
        let now = Self::now();
        println!("{who}: {messages} messages, {descriptors} descriptors; {self:?}, then {now:?}");
        assert_eq!(now.fds, self.fds, "{who} has other descriptors");
        assert!(now.kib < self.kib + 2048, "{who} has more memory");
    }
}

fn send(socket: OwnedFd, time: Duration, mut random: Random) {
    let files: Vec<_> = (0..32)
        .map(|_| tempfile().expect("a file without a name"))
        .collect();
    let numbers: Vec<_> = files.iter().map(|file| file.1).collect();
    let own = io::own_credentials();
    let mut texts: [Vec<u8>; BATCH] = std::array::from_fn(|_| Vec::with_capacity(BYTES));
    let mut spaces = [[0; CONTROL]; BATCH];
    let (begin, mut before) = (Instant::now(), None);
    let (mut number, mut sent_fds) = (0u64, 0u64);
    while number < WARM || begin.elapsed() < time {
        if before.is_none() && number >= WARM / 2 {
            before = Some(Use::now());
        }
        let count = 1 + random.below(BATCH);
        let mut messages = Vec::with_capacity(count);
        let mut vectors = [[IoVec::default(); 3]; BATCH];
        let picked: [Vec<_>; BATCH] = std::array::from_fn(|_| {
            let most = [0, 1, 4, FDS][random.below(4)];
            (0..random.below(most + 1))
                .map(|_| random.below(files.len()))
                .collect()
        });
        for (text, picked) in texts.iter_mut().zip(&picked).take(count) {
            fill(text, number, picked, &numbers, &mut random);
            number += 1;
            sent_fds += picked.len() as u64;
        }
        let parts = texts
            .iter()
            .zip(&mut vectors)
            .zip(spaces.iter_mut().zip(&picked));
        for ((text, vectors), (space, picked)) in parts.take(count) {
            let (cut, rest) = text.split_at(random.below(text.len()));
            let (second, third) = rest.split_at(random.below(rest.len()));
            *vectors = [cut, second, third].map(IoVec::new);
            let fds: Vec<_> = picked.iter().map(|at| (&files[*at].0).into()).collect();
            let mut writer = Writer::new(space);
            if random.below(2) == 0 {
                writer.put(SCM_CREDENTIALS, own).expect("space for all");
            }
            if !fds.is_empty() {
                writer.put(SCM_RIGHTS, &fds).expect("space for all");
            }
            // The numbers of descriptors that the files have stay valid as long as `files`.
            let control = ancil_tests::any_control(writer.finish().as_bytes());
            messages.push(MMsgHdr::new(
                MsgHdr::new().iov(&vectors[..]).control(control),
            ));
        }
        let mut rest = &mut messages[..];
        while !rest.is_empty() {
            match io::sendmmsg(&socket, rest, MsgFlags::MSG_NOSIGNAL) {
                Ok(sent) => rest = &mut rest[sent..],
                // Without privileges a user has a limit of descriptors that are on their way.
                Err(Errno(libc::ETOOMANYREFS)) => std::thread::yield_now(),
                Err(errno) => panic!("sendmmsg: {errno}"),
            }
        }
    }
    before
        .expect("time enough")
        .check("sender", number, sent_fds);
}

/// Returns a file without a name, and its number in the file system.
fn tempfile() -> std::io::Result<(File, u64)> {
    // SAFETY: the call reads a string that ends with NUL. If it succeeds, it has just opened the
    // descriptor, and nothing else owns it.
    let file = unsafe {
        match libc::memfd_create(c"ancil".as_ptr(), libc::MFD_CLOEXEC) {
            -1 => return Err(std::io::Error::last_os_error()),
            fd => File::from_raw_fd(fd),
        }
    };
    let number = file.metadata()?.ino();
    Ok((file, number))
}

/// Writes a message: the head, the numbers of the files that it carries, and random bytes.
fn fill(text: &mut Vec<u8>, number: u64, picked: &[usize], numbers: &[u64], random: &mut Random) {
    text.clear();
    text.extend([0; 8]);
    text.extend(number.to_ne_bytes());
    text.extend((picked.len() as u64).to_ne_bytes());
    text.extend(picked.iter().flat_map(|at| numbers[*at].to_ne_bytes()));
    let most = [9, 1000, BYTES - HEAD - 8 * FDS][random.below(3)];
    let len = text.len() + random.below(most);
    while text.len() < len {
        text.push(random.below(256) as u8);
    }
    let sum = checksum(&text[8..]).to_ne_bytes();
    text[..8].copy_from_slice(&sum);
}

/// Checks a message against what it says of itself. Returns how many descriptors it had.
fn check(mut received: Received<'_>, number: u64, sender: i32) -> u64 {
    assert_eq!(received.flags(), MsgFlags::empty());
    let from = received
        .control()
        .get(SCM_CREDENTIALS)
        .expect("well formed");
    assert_eq!(from.expect("switched on").pid, sender);
    let text = received.chunks().collect::<Vec<_>>().concat();
    assert_eq!(
        (word(&text, 0), word(&text, 8)),
        (checksum(&text[8..]), number)
    );
    let fds = word(&text, 16) as usize;
    assert_eq!(received.fds_left(), fds);
    // Some are taken and closed by their owner, the rest by `received`.
    for (at, fd) in received.take_fds().take(fds.div_ceil(2)).enumerate() {
        let file = File::from(fd);
        let found = file.metadata().expect("an open file").ino();
        assert_eq!(found, word(&text, HEAD + 8 * at));
    }
    fds as u64
}

fn receive(socket: OwnedFd, sender: i32, mut random: Random) {
    let (mut bytes, mut control) = (vec![[0; BYTES]; BATCH], vec![[0; CONTROL]; BATCH]);
    let mut before = None;
    let (mut number, mut fds) = (0, 0);
    loop {
        if before.is_none() && number >= WARM / 2 {
            before = Some(Use::now());
        }
        let from = number;
        if random.below(2) == 0 {
            let mut vectors = [IoVecMut::new(&mut bytes[0])];
            let mut message = MsgHdrMut::new().iov(&mut vectors).control(&mut control[0]);
            let received = io::recvmsg(&socket, &mut message, MsgFlags::empty()).expect("recvmsg");
            if received.bytes() > 0 {
                fds += check(received, number, sender);
                number += 1;
            }
        } else {
            let mut vectors: Vec<_> = bytes.iter_mut().map(|one| [IoVecMut::new(one)]).collect();
            let mut buffers = io::RecvBuffers::<BATCH>::new(&mut vectors).control(&mut control);
            let batch = io::recvmmsg(&socket, &mut buffers, MsgFlags::MSG_WAITFORONE, None);
            for received in batch
                .expect("recvmmsg")
                .filter(|received| received.bytes() > 0)
            {
                fds += check(received, number, sender);
                number += 1;
            }
        }
        if number == from {
            break; // the end
        }
    }
    before
        .expect("half of the warm messages were there")
        .check("receiver", number, fds);
}

fn variable(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect(name))
}

fn nothing_is_lost() -> Result<(), Failed> {
    let time = Duration::from_secs(variable("ANCIL_LOAD", 1));
    let seed = variable("ANCIL_LOAD_SEED", 0x5eed);
    println!("ANCIL_LOAD_SEED={seed}");
    let mut fds = [0; 2];
    let ty = libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC;
    // SAFETY: the call writes two descriptors to `fds`, which has room for two. It has just opened
    // both, and nothing else owns them.
    let [here, there] = unsafe {
        assert_eq!(libc::socketpair(libc::AF_UNIX, ty, 0, fds.as_mut_ptr()), 0);
        fds.map(|fd| OwnedFd::from_raw_fd(fd))
    };
    io::enable::<SCM_CREDENTIALS>(&there)?;
    let sender = std::process::id() as i32;
    // SAFETY: `main` runs the test in the only thread of this process, so no lock is held that the
    // child would wait for.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "fork");
    if child == 0 {
        drop(here);
        let received = catch_unwind(|| receive(there, sender, Random(seed | 1)));
        // SAFETY: `_exit` accesses no memory. It ends the child without what belongs to the parent.
        unsafe { libc::_exit(received.is_err().into()) };
    }
    drop(there);
    send(here, time, Random(seed << 1 | 1));
    let mut status = -1;
    // SAFETY: the call writes to `status`, an int.
    unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert_eq!(status, 0, "the receiver failed");
    Ok(())
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let trial = Trial::test("nothing_is_lost", nothing_is_lost);
    libtest_mimic::run(&arguments, vec![trial]).exit_code()
}
