//! C programs: the macros of glibc, musl and the drop-in, ancil/inline.h, libancil. See
//! `c/messages.c`.

use super::samples::{self, Aligned};
use super::{CHECKS, NO_CHECK};
use crate::job::{Case, Job, job_on};
use std::ffi::{c_int, c_void};

#[repr(C)]
struct Part {
    level: c_int,
    ty: c_int,
    data: *const c_void,
    len: usize,
}

type Read = unsafe extern "C" fn(*mut libc::msghdr) -> u64;
type Write = unsafe extern "C" fn(*mut libc::msghdr, *mut u8, usize, *const Part) -> u64;

/// What a compilation of `c/messages.c` exports.
#[repr(C)]
struct Functions {
    walk: Read,
    find: Read,
    quic: Read,
    write: Write,
}

/// A compiler and a level, and its functions in the order of `WHO`.
struct Compiled {
    row: &'static str,
    /// Whether it is gcc or clang decides about goals.
    gcc: bool,
    functions: [&'static Functions; 6],
}

macro_rules! compiled {
    ($($row:literal $gcc:literal: $($name:ident)+;)+) => {
        unsafe extern "C" { $($( static $name: Functions; )+)+ }
        fn compiled() -> Vec<Compiled> {
            // SAFETY: each is a constant of C in this layout.
            vec![$( Compiled { row: $row, gcc: $gcc, functions: unsafe { [$(&$name),+] } } ),+]
        }
    };
}

compiled! {
    "gcc -O2" true: gcc_2_macros gcc_2_checked gcc_2_musl gcc_2_dropin gcc_2_inline_h gcc_2_library;
    "gcc -Os" true: gcc_s_macros gcc_s_checked gcc_s_musl gcc_s_dropin gcc_s_inline_h gcc_s_library;
    "clang -O2" false: clang_2_macros clang_2_checked clang_2_musl clang_2_dropin clang_2_inline_h
        clang_2_library;
    "clang -Os" false: clang_s_macros clang_s_checked clang_s_musl clang_s_dropin clang_s_inline_h
        clang_s_library;
}

const MACROS: &str = "macros";
const CHECKED: &str = "macros, checked";
const WHO: [&str; 6] = [
    MACROS,
    CHECKED,
    "musl's macros",
    "drop-in",
    "inline.h",
    "libancil",
];
const READ: [&str; 6] = [NO_CHECK, CHECKS, NO_CHECK, NO_CHECK, CHECKS, CHECKS];
const WRITE: [&str; 6] = {
    let zeroes = "checks that the next header fits; zeroes the buffer first";
    let ours = "checks the space; zeroes padding";
    [zeroes, zeroes, zeroes, zeroes, ours, ours]
};

/// The goals of the drop-in and of inline.h, for gcc and for clang, beside the contestant named.
struct Goals {
    drop_in: ([f64; 2], &'static str),
    inline_h: ([f64; 2], &'static str),
}

pub fn cases() -> Vec<Case> {
    let (eight, quic) = (samples::eight(), samples::quic());
    let drop_in = ([1.0, 1.05], MACROS);
    let goals = |ratios, peer| Goals {
        drop_in,
        inline_h: (ratios, peer),
    };
    let write_goals = Goals {
        drop_in: ([1.05; 2], MACROS),
        inline_h: ([1.8, 1.0], MACROS),
    };
    [
        table(
            "C: walk over 8 messages",
            goals([1.05; 2], MACROS),
            READ,
            |who, duty, f| reader(who, duty, eight, f.walk),
        ),
        table(
            "C: find the 6th of 8 messages",
            goals([1.05; 2], CHECKED),
            READ,
            |who, duty, f| reader(who, duty, eight, f.find),
        ),
        table(
            "C: 4 messages of a QUIC packet",
            goals([1.1; 2], MACROS),
            READ,
            |who, duty, f| reader(who, duty, quic, f.quic),
        ),
        table("C: write 3 messages", write_goals, WRITE, |who, duty, f| {
            writer(who, duty, f.write)
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns a case for each compiler and level.
fn table(
    title: &'static str,
    goals: Goals,
    duties: [&'static str; 6],
    job_of: impl Fn(&'static str, &'static str, &'static Functions) -> Job,
) -> Vec<Case> {
    let case = |compiled: Compiled| {
        let which = usize::from(!compiled.gcc);
        let functions = compiled.functions.into_iter().zip(WHO).zip(duties);
        let jobs = functions.map(|((functions, who), duty)| {
            let job = job_of(who, duty, functions);
            match who {
                "drop-in" => job.goal(goals.drop_in.0[which], goals.drop_in.1),
                "inline.h" => job.goal(goals.inline_h.0[which], goals.inline_h.1),
                _ => job,
            }
        });
        let jobs = jobs.collect();
        Case {
            title,
            row: compiled.row,
            jobs,
        }
    };
    compiled().into_iter().map(case).collect()
}

/// Returns a header as recvmsg leaves it. musl's has the same layout on 64-bit machines, but for
/// halves of words that are zero here.
fn header(control: &'static [u8]) -> libc::msghdr {
    // SAFETY: zero is a valid value of each field.
    let mut m: libc::msghdr = unsafe { std::mem::zeroed() };
    m.msg_control = control.as_ptr().cast_mut().cast();
    m.msg_controllen = control.len() as _;
    m
}

fn reader(who: &'static str, duty: &'static str, control: &'static [u8], read: Read) -> Job {
    // SAFETY: C reads the header and the bytes that it describes, which are aligned and
    // well-formed, and live as long as the program.
    job_on(who, duty, header(control), move |m| unsafe { read(m) })
}

const SIZE: usize = ancil::cmsg_space(8) + ancil::cmsg_space(12) + ancil::cmsg_space(4);

/// Writes two descriptors, credentials and a time to live.
fn writer(who: &'static str, duty: &'static str, write: Write) -> Job {
    static NUMBERS: [i32; 4] = [1, 2, 3, 4];
    let data = NUMBERS.as_ptr().cast();
    let part = |(level, ty, len)| Part {
        level,
        ty,
        data,
        len,
    };
    let parts = [
        (libc::SOL_SOCKET, libc::SCM_RIGHTS, 8),
        (libc::SOL_SOCKET, libc::SCM_CREDENTIALS, 12),
        (libc::IPPROTO_IP, libc::IP_TTL, 4),
    ];
    let mut state = (header(&[]), Aligned([0xaa; SIZE]), parts.map(part));
    let run = move |(m, out, parts): &mut (libc::msghdr, Aligned<[u8; SIZE]>, [Part; 3])| {
        // SAFETY: C writes to the header and to `out`, which is aligned for headers and has space
        // for the three messages, and reads the parts, whose pointers are valid for their lengths.
        unsafe { write(m, out.0.as_mut_ptr(), SIZE, parts.as_ptr()) }
    };
    run(&mut state);
    assert_eq!(
        state.1.0,
        samples::three(NUMBERS),
        "{who} writes other bytes"
    );
    job_on(who, duty, state, run)
}
