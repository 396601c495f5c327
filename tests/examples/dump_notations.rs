//! Tests of `dump`: the notations that it reads.

use crate::Outcome;
use crate::dump::hex;
use crate::program::{Program, run, run_with_input};

/// Returns an SCM_RIGHTS message laid out by the C library's macros, without padding.
fn scm_rights() -> Vec<u8> {
    // SAFETY: CMSG_LEN and CMSG_SPACE only compute with numbers.
    let (len, space) = unsafe { (libc::CMSG_LEN(4), libc::CMSG_SPACE(4)) };
    let mut words = vec![0u64; 8];
    // SAFETY: zero is valid for the integers and raw pointers of `msghdr`. `words` is aligned for a
    // cmsghdr and longer than `space`, so CMSG_FIRSTHDR and CMSG_DATA return pointers into it, and
    // its first `len` bytes are initialized.
    unsafe {
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
    }
}

/// Passes the bytes in every notation, as the argument and on standard input.
pub fn every_notation(program: &Program) -> Outcome {
    let bytes = scm_rights();
    let every = |form: fn(&u8) -> String, between: &str| {
        bytes.iter().map(form).collect::<Vec<_>>().join(between)
    };
    let hex = hex(&bytes);
    let escaped = every(|byte| format!("\\x{byte:02x}"), "");
    let (first, second) = hex.split_at(12);
    // What gdb, xxd and hexdump -C write: eight or sixteen bytes to a line.
    let lines = |width: usize, form: &dyn Fn(usize, &[u8]) -> String| -> String {
        let lines = bytes.chunks(width).enumerate();
        lines.map(|(i, line)| form(i * width, line)).collect()
    };
    let spaced = |bytes: &[u8]| -> String { bytes.iter().map(|b| format!("{b:02x} ")).collect() };
    let gdb = lines(8, &|at, line| {
        let bytes: String = line.iter().map(|byte| format!("\t0x{byte:02x}")).collect();
        let name = if at == 0 { " <control>" } else { "" };
        format!("0x7fffffffe0{at:02x}{name}:{bytes}\n")
    });
    let xxd = lines(16, &|at, line| {
        let hex: Vec<_> = line.chunks(2).map(self::hex).collect();
        // Characters that are hex digits must not be taken for bytes.
        format!("{at:08x}: {:39}  ab12\n", hex.join(" "))
    });
    let hexdump = lines(16, &|at, line| {
        let (front, back) = line.split_at(line.len().min(8));
        format!(
            "{at:08x}  {:24} {:24} |a|bc  |12|\n",
            spaced(front),
            spaced(back)
        )
    });
    let texts = [
        hex.to_uppercase(),
        format!("{first}\n {second}\n"),
        every(|byte| format!("0x{byte:x}"), ", "),
        format!("{{{}}}", every(|byte| format!("0x{byte:X}"), ", ")),
        format!("\"{escaped}\""),
        format!(
            "'{}' \"\\{:o}\"",
            &escaped[..escaped.len() - 4],
            bytes[bytes.len() - 1]
        ),
        format!("b'{}'", escaped.replace("\\x41", "A")),
        gdb,
        xxd,
        format!("{hexdump}{:08x}\n", bytes.len()),
    ];
    let picture = program.prints(&[&hex])?;
    assert!(picture.contains("payload: [65]"), "{picture}");
    for text in &texts {
        assert_eq!(program.prints(&[text])?, picture, "{text}");
        let finished = run_with_input(&mut program.command(&[]), text.as_bytes())?;
        assert!(finished.ok, "{text}: {}", finished.err);
        assert_eq!(finished.out, picture, "{text}");
    }
    let escapes = program.prints(&[r#""\0\1778\t\"'\\" b"''""#])?;
    assert_eq!(escapes, program.prints(&["00 7f 38 09 22 27 5c 27 27"])?);
    let nothing = run_with_input(&mut program.command(&[]), b" \n")?;
    assert!(
        nothing.out.ends_with(": 0 bytes, 0 messages\n"),
        "{}",
        nothing.out
    );
    Ok(())
}

/// Passes texts that are not bytes in any notation. The error must name the line and the column.
pub fn place_of_error(program: &Program) -> Outcome {
    let places = [
        ("14 0", "1, column 4"),
        ("14\n0x100", "2, column 1"),
        ("12\n'a\\x1'", "2, column 3"),
        // Lines are missing.
        (
            "0x1000: 0x14 0x00\n0x1003: 0x00",
            "2, column 1: 2 bytes were read",
        ),
        ("00000000: 1400 0000\n00000010: 00", "2, column 1"),
        (
            "00000000  14 00  |..|\n*\n00000020\n",
            "2, column 1: hexdump left lines out",
        ),
        ("00000000  14 00  |..|\n00000003\n", "2, column 1"),
        // Words of gdb, and bytes with colons.
        ("0x1000:\t0x00000014", "1, column 9"),
        ("14:00", "1, column 3"),
        // What od writes: its offsets could be bytes.
        (
            "000000 14 00 00\n000003",
            "1, column 1: an offset, or bytes?",
        ),
        ("0000000 14 00 00", "1, column 1"),
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
