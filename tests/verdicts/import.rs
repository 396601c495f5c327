//! Tests the rules that come before any protocol, on flags, lengths and pointers, and their order.

use crate::machine::{Machine, compat, held, leave_the_network};
use crate::targets::{Target, all};
use crate::verdict::Message;
use crate::{Outcome, trial};
use ancil::level::SOL_IPV6;
use ancil::limits::{CONTROL_MAX, KERNEL_STACK_CONTROL, MAX_RW_COUNT, SCM_MAX_FD, UIO_MAXIOV};
use ancil::verdict::{Facts, Reason, Socket};
use ancil::{SCM_RIGHTS, Writer, cmsg_space};
use libc::{EFAULT, EINVAL, EMSGSIZE, ENOBUFS};
use libtest_mimic::Trial;
use std::os::fd::AsRawFd;

pub const ACCEPTED: i32 = 0;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("import::flags", flags),
        trial("import::name", name),
        trial("import::vectors", vectors),
        trial("import::control", control),
        trial("import::optmem", optmem),
        trial("import::order", order),
        trial("import::descriptors", descriptors),
    ]
}

fn ask(target: &str, cases: impl IntoIterator<Item = (Message, i32)>) -> Outcome {
    let targets = all().0;
    let target = targets
        .iter()
        .find(|t| t.name == target)
        .ok_or("no such socket")?;
    compare(target, cases)
}

/// Compares the verdict, the kernel's answer and the expected answer to each message.
pub fn compare(target: &Target, cases: impl IntoIterator<Item = (Message, i32)>) -> Outcome {
    let machine = Machine::look();
    for (message, errno) in cases {
        let found = machine.find(message.control());
        let facts = target.facts(machine.facts(held(), &found));
        let verdict = message.judge(&target.socket, &facts, target.fd.as_raw_fd());
        target.drain();
        let expected = if errno == ACCEPTED {
            Ok(())
        } else {
            Err(errno)
        };
        // The known answers are those to a program of the kernel's own word size.
        let known = compat() || verdict.kernel.map(drop) == expected;
        if !verdict.agrees() || !known {
            return Err(format!("expected {errno}; {verdict}\n    {message}").into());
        }
    }
    Ok(None)
}

fn to(target: &Target) -> Vec<u8> {
    let mut name = target.to.clone().unwrap();
    name.resize(300, 0);
    name
}

pub fn plain() -> Message {
    Message {
        data: vec![0; 8],
        lengths: vec![1],
        ..Message::default()
    }
}

pub fn with_control(control: Vec<u8>) -> Message {
    Message {
        controllen: control.len(),
        control: Some(control),
        ..plain()
    }
}

/// Makes one control message that fills `len` bytes, of a level that AF_UNIX skips.
fn skipped(len: usize) -> Message {
    let mut buffer = vec![0; len.next_multiple_of(8)];
    let data = vec![0; len - ancil::cmsg_len(0)];
    Writer::new(&mut buffer)
        .put_raw(SOL_IPV6, 1, &data)
        .unwrap();
    buffer.truncate(len);
    with_control(buffer)
}

fn flags() -> Outcome {
    if size_of::<usize>() == 4 {
        return Ok(Some("32-bit kernels have no such flag".into()));
    }
    let compat = Message {
        flags: 0x8000_0000,
        ..plain()
    };
    let first = Message {
        namelen: -1,
        name: Some(vec![0; 16]),
        ..compat.clone()
    };
    ask(
        "unix dgram",
        [(plain(), ACCEPTED), (compat, EINVAL), (first, EINVAL)],
    )
}

fn name() -> Outcome {
    leave_the_network();
    let targets = all().0;
    let udp = targets
        .iter()
        .find(|target| target.name == "udp4")
        .ok_or("no UDP")?;
    let cases = [
        (16, ACCEPTED),
        (128, ACCEPTED),
        (129, ACCEPTED),
        (200, ACCEPTED),
        (300, ACCEPTED),
        (i32::MAX, ACCEPTED), // truncated to 128
        (15, EINVAL),
        (0, libc::EDESTADDRREQ),
        (-1, EINVAL),
        (i32::MIN, EINVAL),
    ];
    let named = |namelen| Message {
        name: Some(to(udp)),
        namelen,
        ..plain()
    };
    ask(
        "udp4",
        cases.map(|(namelen, errno)| (named(namelen), errno)),
    )?;
    ask(
        "unix dgram",
        [(
            Message {
                namelen: -1,
                ..plain()
            },
            ACCEPTED,
        )],
    ) // without a name, the kernel ignores the length
}

fn vectors() -> Outcome {
    let of = |lengths: Vec<usize>| Message { lengths, ..plain() };
    let half = isize::MAX as usize;
    let cases = [
        (of(vec![]), ACCEPTED),
        (of(vec![0; UIO_MAXIOV]), ACCEPTED),
        (of(vec![0; UIO_MAXIOV + 1]), EMSGSIZE),
        (of(vec![1; 8]), ACCEPTED),
        (of(vec![1; 9]), ACCEPTED),
        (of(vec![usize::MAX]), EINVAL),
        (of(vec![half + 1]), EINVAL),
        (of(vec![1, 1, usize::MAX]), EINVAL),
        (of([&[1; UIO_MAXIOV][..], &[usize::MAX]].concat()), EMSGSIZE),
        (
            of([&[1; UIO_MAXIOV - 1][..], &[usize::MAX]].concat()),
            EINVAL,
        ),
    ];
    ask("unix dgram", cases)?;
    // The import has no limit for the sum. UDP has one, which it checks before it reads the bytes.
    leave_the_network();
    let targets = all().0;
    let udp = targets
        .iter()
        .find(|target| target.name == "udp4")
        .ok_or("no UDP")?;
    let named = |lengths| Message {
        name: Some(to(udp)),
        namelen: 16,
        ..of(lengths)
    };
    ask(
        "udp4",
        [
            vec![MAX_RW_COUNT; 3],
            vec![MAX_RW_COUNT + 1],
            vec![1 << 30; 9],
            vec![65_536],
        ]
        .map(|l| (named(l), EMSGSIZE)),
    )
}

fn control() -> Outcome {
    let of = |controllen| Message {
        controllen,
        control: Some(vec![0; 64]),
        ..plain()
    };
    let null = |controllen| Message {
        controllen,
        ..plain()
    };
    let cases = [
        (of(0), ACCEPTED),
        (of(1), ACCEPTED),
        (of(size_of::<ancil::CmsgHdr>() - 1), ACCEPTED),
        (of(size_of::<ancil::CmsgHdr>()), EINVAL),
        (of(64), EINVAL),
        (null(0), ACCEPTED),
        (null(1), EFAULT),
        (null(KERNEL_STACK_CONTROL), EFAULT),
        (null(KERNEL_STACK_CONTROL + 1), EFAULT),
        (null(CONTROL_MAX), ENOBUFS),
        (null(CONTROL_MAX + 1), ENOBUFS),
        (of(CONTROL_MAX + 1), ENOBUFS),
        (of(usize::MAX), ENOBUFS),
        (skipped(KERNEL_STACK_CONTROL), ACCEPTED),
        (skipped(KERNEL_STACK_CONTROL + 1), ACCEPTED),
    ];
    ask("unix dgram", cases)
}

fn optmem() -> Outcome {
    let most = Machine::look().optmem_max;
    let null = Message {
        controllen: most,
        ..plain()
    };
    let less = Message {
        controllen: most - 1,
        ..plain()
    };
    let cases = [
        (skipped(most - 1), ACCEPTED),
        (skipped(most), ENOBUFS),
        (skipped(most + 1), ENOBUFS),
        (null, ENOBUFS), // the kernel allocates before it reads
        (less, EFAULT),
    ];
    // With unlimited memory, the next limit counts.
    let mut facts = Facts::default();
    facts.optmem_max = usize::MAX;
    let said = |controllen| {
        Message {
            controllen,
            ..plain()
        }
        .ours(&Socket::new(1, 2, 0), &facts)
        .unwrap_err()
        .reason
    };
    assert_eq!(
        [said(CONTROL_MAX), said(CONTROL_MAX + 1)],
        [Reason::ControlUnreadable, Reason::ControlLength]
    );
    ask("unix dgram", cases)
}

/// Of several faults, the kernel reports the one that it finds first.
fn order() -> Outcome {
    let bad_name = || Message {
        name: Some(vec![0; 16]),
        namelen: -1,
        ..plain()
    };
    let too_long = CONTROL_MAX + 1;
    let many = vec![0; UIO_MAXIOV + 1];
    let cases = [
        (
            Message {
                lengths: many.clone(),
                controllen: too_long,
                ..bad_name()
            },
            EINVAL,
        ),
        (
            Message {
                lengths: many,
                controllen: too_long,
                ..plain()
            },
            EMSGSIZE,
        ),
        (
            Message {
                lengths: vec![usize::MAX],
                controllen: too_long,
                ..plain()
            },
            EINVAL,
        ),
        (
            Message {
                controllen: too_long,
                ..plain()
            },
            ENOBUFS,
        ),
    ];
    ask("unix dgram", cases)
}

fn descriptors() -> Outcome {
    let null = std::fs::File::open("/dev/null")?;
    let of = |counts: &[usize]| {
        let mut buffer = vec![0; counts.iter().map(|n| cmsg_space(4 * n)).sum()];
        let mut writer = Writer::new(&mut buffer);
        counts
            .iter()
            .for_each(|n| writer.put(SCM_RIGHTS, &vec![(&null).into(); *n]).unwrap());
        let len = writer.finish().len();
        buffer.truncate(len);
        with_control(buffer)
    };
    let cases = [
        (of(&[0]), ACCEPTED),
        (of(&[SCM_MAX_FD]), ACCEPTED),
        (of(&[SCM_MAX_FD + 1]), EINVAL),
        (of(&[200, 53]), ACCEPTED),
        (of(&[200, 54]), EINVAL),
        (of(&[100, 0, 100, 53]), ACCEPTED),
        (of(&[100, 0, 100, 53, 1]), EINVAL),
    ];
    ask("unix dgram", cases.clone())?;
    ask("unix stream", cases)
}
