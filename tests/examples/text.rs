//! Tests of `writev`, `dump` and `own_message`, which take bytes and print text.

use crate::Outcome;
use crate::program::{Program, run, run_into_file, run_with_input};
use std::fs::File;
use std::io::{Error, Read, Seek};
use std::os::fd::FromRawFd;
use std::os::unix::process::CommandExt;

pub fn writev(program: &Program) -> Outcome {
    assert_eq!(program.prints(&[])?, "[THIS IS FROM WRITEV]\n");
    Ok(())
}

/// Writes into a file that may grow to seven bytes: the first call writes seven bytes, and the next
/// one fails.
pub fn written_in_part(program: &Program) -> Outcome {
    // SAFETY: the name is a string that ends with NUL. `memfd_create` opens a new descriptor, so
    // nothing else owns it.
    let mut file =
        unsafe { File::from_raw_fd(libc::memfd_create(c"seven".as_ptr(), libc::MFD_CLOEXEC)) };
    let mut command = program.command(&[]);
    let limit = || {
        let seven = libc::rlimit {
            rlim_cur: 7,
            rlim_max: 7,
        };
        // SIGXFSZ would end the process when it exceeds the limit.
        // SAFETY: SIG_IGN installs no handler, and `setrlimit` only reads `seven`.
        let failed = unsafe {
            libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
            libc::setrlimit(libc::RLIMIT_FSIZE, &raw const seven) < 0
        };
        if failed {
            Err(Error::last_os_error())
        } else {
            Ok(())
        }
    };
    // SAFETY: `limit` makes two system calls and neither allocates nor takes a lock.
    let finished = run_into_file(
        unsafe { command.pre_exec(limit) },
        file.try_clone().expect("the file"),
    )?;
    let mut text = String::new();
    file.rewind().expect("a file");
    file.read_to_string(&mut text).expect("text");
    assert_eq!((text.as_str(), finished.ok), ("[THIS I", false));
    assert_eq!(
        finished.err,
        format!("writev: errno {} after 7 bytes\n", libc::EFBIG)
    );
    Ok(())
}

/// Returns an SCM_RIGHTS message laid out by the C library's macros, and its description.
fn scm_rights() -> (Vec<u8>, String) {
    // SAFETY: CMSG_LEN and CMSG_SPACE only compute with numbers.
    let (len, space) = unsafe { (libc::CMSG_LEN(4), libc::CMSG_SPACE(4)) };
    let mut words = vec![0u64; 8];
    // SAFETY: zero is valid for the integers and raw pointers of `msghdr`. `words` is aligned for a
    // cmsghdr and longer than `space`, so CMSG_FIRSTHDR and CMSG_DATA return pointers into it, and
    // its first `len` bytes are initialized.
    let bytes = unsafe {
        let mut header: libc::msghdr = std::mem::zeroed();
        (header.msg_control, header.msg_controllen) = (words.as_mut_ptr().cast(), space as _);
        let message = libc::CMSG_FIRSTHDR(&raw const header);
        (
            (*message).cmsg_len,
            (*message).cmsg_level,
            (*message).cmsg_type,
        ) = (len as _, libc::SOL_SOCKET, libc::SCM_RIGHTS);
        libc::CMSG_DATA(message).cast::<i32>().write_unaligned(0x41);
        std::slice::from_raw_parts(words.as_ptr().cast::<u8>(), len as usize).to_vec()
    };
    (
        bytes,
        format!(
            "[{{cmsg_len={len}, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[65]}}]"
        ),
    )
}

/// Passes the bytes in every notation, as the argument and on standard input.
pub fn every_notation(program: &Program) -> Outcome {
    let (bytes, description) = scm_rights();
    let every = |form: fn(&u8) -> String, between: &str| {
        bytes.iter().map(form).collect::<Vec<_>>().join(between)
    };
    let hex = every(|byte| format!("{byte:02x}"), "");
    let escaped = every(|byte| format!("\\x{byte:02x}"), "");
    let (first, second) = hex.split_at(12);
    let texts = [
        hex.to_uppercase(),
        format!("{first}\n {second}\n"),
        every(|byte| format!("0x{byte:x}"), ", "),
        format!("\"{escaped}\""),
        format!(
            "'{}' \"\\{:o}\"",
            &escaped[..escaped.len() - 4],
            bytes[bytes.len() - 1]
        ),
        format!("b'{}'", escaped.replace("\\x41", "A")),
    ];
    let mut outputs = Vec::new();
    for text in &texts {
        outputs.push(program.prints(&[text])?);
        let finished = run_with_input(&mut program.command(&[]), text.as_bytes())?;
        assert!(finished.ok, "{text}: {}", finished.err);
        outputs.push(finished.out);
    }
    for out in &outputs {
        assert_eq!(
            (out.lines().next(), out),
            (Some(&*description), &outputs[0])
        );
    }
    let escapes = program.prints(&[r#""\0\1778\t\"'\\" b"''""#])?;
    assert_eq!(escapes, program.prints(&["00 7f 38 09 22 27 5c 27 27"])?);
    assert_eq!(
        run_with_input(&mut program.command(&[]), b" \n")?
            .out
            .lines()
            .next(),
        Some("[]")
    );
    Ok(())
}

/// Passes texts that are not bytes in any notation. The error must name the line and the column.
pub fn place_of_error(program: &Program) -> Outcome {
    let places = [
        ("14 0", "1, column 4"),
        ("14\n0x100", "2, column 1"),
        ("12\n'a\\x1'", "2, column 3"),
    ];
    let others = [
        "zz", "0x", "0xg", "+1", "\"a", "'\\400'", "'\\q'", "'\\x+1'", "'\n'", "'\\", "\u{e9}",
        "1 4", "b14'",
    ];
    for (text, place) in places
        .into_iter()
        .chain(others.map(|text| (text, "1, column ")))
    {
        let finished = run(&mut program.command(&[text]))?;
        assert!(
            !finished.ok && finished.out.is_empty(),
            "{text}: {}",
            finished.out
        );
        assert!(
            finished.err.starts_with(&format!("dump: line {place}")),
            "{text}: {}",
            finished.err
        );
    }
    Ok(())
}

pub fn own_message(program: &Program) -> Outcome {
    let out = program.prints(&[])?;
    let lines: Vec<_> = out.lines().take(3).collect();
    assert_eq!(
        lines,
        [
            "time to live 64",
            "ticket 7 came over 2 hops",
            "{pid=1, uid=0, gid=0}"
        ]
    );
    // The dump shows the level and the bytes of the unknown payload.
    assert!(
        out.contains("cmsg_level = 0x5449") && out.contains("73 65 63 72 65 74"),
        "{out}"
    );
    Ok(())
}
