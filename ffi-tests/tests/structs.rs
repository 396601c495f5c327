//! Compares every payload struct and every constant of ancil.h with the system's headers.
//!
//! The C is generated from ancil.h, so a new row or struct is compared without an edit here.

use ffi_tests::cc::Compiler;
use ffi_tests::header::{self, Struct};
use ffi_tests::process::{SECONDS, try_run};
use ffi_tests::{note, scratch, skip};
use std::fmt::Write;
use std::fs::write;
use std::path::Path;
use std::sync::OnceLock;

/// The system's headers, with those of its libc first. One that is not installed is left out.
const HEADERS: [&str; 34] = [
    "errno.h",
    "sys/socket.h",
    "netinet/in.h",
    "sys/un.h",
    "sys/time.h",
    "linux/time_types.h",
    "linux/errqueue.h",
    "linux/net_tstamp.h",
    "linux/in.h",
    "linux/in6.h",
    "linux/ipv6.h",
    "linux/udp.h",
    "linux/tcp.h",
    "linux/tls.h",
    "linux/netlink.h",
    "linux/if_packet.h",
    "linux/if_alg.h",
    "linux/mptcp.h",
    "linux/sctp.h",
    "linux/rds.h",
    "linux/rxrpc.h",
    "linux/tipc.h",
    "linux/smc.h",
    "linux/dccp.h",
    "linux/can.h",
    "linux/llc.h",
    "linux/io_uring.h",
    "linux/can/raw.h",
    "linux/can/j1939.h",
    "linux/vm_sockets.h",
    "linux/qrtr.h",
    "linux/if_xdp.h",
    "linux/nfc.h",
    "linux/mctp.h",
];

/// Structs that only ancil has.
const OURS: [&str; 16] = [
    "reader",
    "writer",
    "message",
    "error",
    "timestamp",
    "timestamping",
    "facts",
    "sockopt",
    "ip",
    "arrival",
    "departure",
    "nl_reader",
    "nl_writer",
    "nl_message",
    "nl_attr",
    "nl_report",
];

/// Our names and the system's names that differ: of fields whose names are macros or reserved
/// there, and of constants that have another name in those headers that can be included together.
const RENAMED: [(&str, &str); 6] = [
    ("octets", "s6_addr"),
    ("smctp_pad0", "__smctp_pad0"),
    ("smctp_pad1", "__smctp_pad1"),
    ("SOL_TCP", "IPPROTO_TCP"),
    ("SOL_UDP", "IPPROTO_UDP"),
    ("SOL_SCTP", "IPPROTO_SCTP"),
];

/// The end of a program.
const END: &str = "int main(void) { return 0; }\n";

/// Fields that are not compared: padding that has no name in the system, and a union of which we
/// have one member.
const UNNAMED: [&str; 2] = ["pad", "operands"];

/// Returns the system's name.
fn theirs(ours: &str) -> &str {
    let ours = ours.strip_prefix("ERROR_").unwrap_or(ours);
    RENAMED
        .iter()
        .find(|(name, _)| *name == ours)
        .map_or(ours, |(_, theirs)| theirs)
}

/// Returns C with our layouts, as enumerators. It comes before the system's headers, so that their
/// macros cannot change it.
fn layouts(structs: &[Struct<'_>]) -> String {
    let mut c = String::from("#include <ancil.h>\n\nenum {\n");
    for Struct { name, fields } in structs {
        writeln!(c, "    OURS_{name} = sizeof (struct ancil_{name}),").unwrap();
        for field in fields {
            writeln!(
                c,
                "    OURS_{name}_{field}_at = offsetof(struct ancil_{name}, {field}),"
            )
            .unwrap();
            writeln!(
                c,
                "    OURS_{name}_{field} = sizeof ((struct ancil_{name} *)0)->{field},"
            )
            .unwrap();
        }
    }
    c += "    OURS_END\n};\n\n";
    c
}

/// Returns the lines that include the installed headers. Each is tried alone: not every compiler
/// has __has_include.
fn includes() -> String {
    static INCLUDES: OnceLock<String> = OnceLock::new();
    let each = |name: &&str| {
        let there = Compiler::c()
            .preprocess(&["-D_GNU_SOURCE", "-include", name], "empty.c")
            .is_ok();
        if there {
            format!("#include <{name}>\n")
        } else {
            String::new()
        }
    };
    // linux/uio.h defines struct iovec, as sys/socket.h does.
    let all = || {
        HEADERS.iter().map(each).collect::<String>()
            + "#define iovec kernel_iovec\n"
            + &each(&"linux/uio.h")
            + "#undef iovec\n"
    };
    INCLUDES.get_or_init(all).clone()
}

/// Returns C that compares all structs. A difference is a compile error.
fn asserts(structs: &[Struct<'_>]) -> String {
    let mut c = String::new();
    for Struct { name, fields } in structs {
        writeln!(
            c,
            "_Static_assert(OURS_{name} == sizeof (struct {name}), \"sizeof {name}\");"
        )
        .unwrap();
        for field in fields.iter().filter(|field| !UNNAMED.contains(field)) {
            let theirs = theirs(field);
            writeln!(
                c,
                "_Static_assert(OURS_{name}_{field}_at == offsetof(struct {name}, {theirs}), \
                 \"offset {name}.{field}\");\n\
                 _Static_assert(OURS_{name}_{field} == sizeof ((struct {name} *)0)->{theirs}, \
                 \"size {name}.{field}\");"
            )
            .unwrap();
        }
    }
    c
}

/// Returns the names of our constants, each once, without the prefix.
fn constants(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (ours, value) in header::constants(text) {
        let name = ours
            .strip_prefix("ANCIL_")
            .unwrap_or_else(|| panic!("{ours} does not begin with ANCIL_"));
        // Not the version; nor *_HDRLEN, which the system casts to int with a warning, and which
        // netlink.c compares. A number that differs by architecture is defined twice.
        let number =
            value.starts_with(|c: char| c.is_ascii_digit()) || value.starts_with("ANCIL_BY_ARCH_(");
        let compared = number && !name.starts_with("VERSION_") && !name.ends_with("_HDRLEN");
        if compared && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Returns C that compares all constants, which are macros or enumerators in the system. A
/// difference is a compile error.
fn equal(names: &[&str]) -> String {
    let each = |name: &&str| {
        format!(
            "_Static_assert(ANCIL_{name} == {}, \"{name}\");\n",
            theirs(name)
        )
    };
    names.iter().map(each).collect()
}

/// Divides names into those that the system's headers have, whose line of a source compiles, and
/// the rest.
fn known<'a>(
    dir: &Path,
    names: Vec<&'a str>,
    sizeof: impl Fn(&str) -> String,
) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut known, mut unknown) = (names, Vec::new());
    loop {
        let line = |name: &&str| format!("_Static_assert({} != 0, \"\");\n", sizeof(name));
        let lines: String = known.iter().map(line).collect();
        let Err(said) = compile(
            dir,
            &format!("{}#line 1 \"names.c\"\n{lines}{END}", includes()),
        ) else {
            return (known, unknown);
        };
        let numbers = said
            .split("names.c:")
            .skip(1)
            .filter_map(|rest| rest.split(':').next()?.parse::<usize>().ok());
        let bad: Vec<_> = numbers
            .filter_map(|number| known.get(number - 1).copied())
            .collect();
        assert!(
            !bad.is_empty(),
            "the compiler fails, but names no line of names.c:\n{said}"
        );
        known.retain(|name| !bad.contains(name));
        unknown.extend(bad);
        unknown.dedup();
    }
}

fn compile(dir: &Path, source: &str) -> Result<String, String> {
    let file = dir.join("structs.c");
    write(&file, source).unwrap();
    try_run(
        Compiler::c()
            .strict()
            .args(["-D_GNU_SOURCE", "-c", "-o"])
            .arg(dir.join("structs.o"))
            .arg(&file),
        SECONDS,
    )
}

/// Returns whether the system's headers compile together, with warnings as errors. If not, reports
/// what is skipped.
fn comparable(dir: &Path) -> bool {
    let Err(said) = compile(dir, &(includes() + END)) else {
        return true;
    };
    skip(
        "the comparison with the system's headers",
        &format!("this compiler rejects them:\n{said}"),
    );
    false
}

#[test]
fn structs_and_constants_equal_the_systems() {
    let dir = scratch!("equal");
    if !comparable(&dir) {
        return;
    }
    let text = header::text("ancil.h");
    let mut structs = header::structs(&text);
    structs.retain(|s| !OURS.contains(&s.name));
    assert!(structs.iter().all(|s| !s.fields.is_empty()), "{structs:?}");
    let (names, absent) = known(&dir, structs.iter().map(|s| s.name).collect(), |name| {
        format!("sizeof (struct {name})")
    });
    structs.retain(|s| names.contains(&s.name));
    for name in [
        "ucred",
        "in_pktinfo",
        "in6_pktinfo",
        "sock_extended_err",
        "in_addr",
        "in6_addr",
    ] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }

    let (constants, unknown) = known(&dir, constants(&text), |name| {
        format!("sizeof ({})", theirs(name))
    });
    let source = layouts(&structs) + &includes() + &asserts(&structs) + &equal(&constants) + END;
    compile(&dir, &source).unwrap_or_else(|e| panic!("{e}"));
    let compared = format!(
        "{} structs and {} constants equal the system's",
        names.len(),
        constants.len()
    );
    note(&format!(
        "{compared}; in no installed header: {absent:?}, {unknown:?}"
    ));
    assert!(
        absent.len() * 4 < names.len(),
        "the headers of this system are too old or missing"
    );
    assert!(
        constants.len() >= 80 && unknown.len() < constants.len(),
        "the headers of this system are too old or missing"
    );
}

/// Each kind of difference is a compile error that names it.
#[test]
fn differences_are_caught() {
    let dir = scratch!("teeth");
    if !comparable(&dir) {
        return;
    }
    let text = header::text("ancil.h");
    let structs: Vec<_> = header::structs(&text)
        .into_iter()
        .filter(|s| ["ucred", "sock_extended_err"].contains(&s.name))
        .collect();
    let source = |from: &str, to: &str| {
        let good = layouts(&structs)
            + &includes()
            + &asserts(&structs)
            + &equal(&["IP_TTL", "SCM_RIGHTS"])
            + END;
        assert!(good.contains(from), "{from}");
        good.replace(from, to)
    };
    for (from, to, message) in [
        (
            "OURS_ucred = sizeof",
            "OURS_ucred = 1 + sizeof",
            "sizeof ucred",
        ),
        (
            "OURS_ucred_gid_at = offsetof",
            "OURS_ucred_gid_at = 4 + offsetof",
            "offset ucred.gid",
        ),
        (
            "ancil_sock_extended_err *)0)->ee_data,",
            "ancil_sock_extended_err *)0)->ee_pad,",
            "size sock_extended_err.ee_data",
        ),
        ("(ANCIL_IP_TTL ==", "(1 + ANCIL_IP_TTL ==", "IP_TTL"), // a macro
        (
            "(ANCIL_SCM_RIGHTS ==",
            "(1 + ANCIL_SCM_RIGHTS ==",
            "SCM_RIGHTS",
        ), // an enumerator
    ] {
        let said = compile(&dir, &source(from, to)).expect_err(message);
        assert!(
            said.contains("assert") && said.contains(&format!("\"{message}\"")),
            "{message}:\n{said}"
        );
    }
}

/// ancil.h and the system's headers can be included in any order: none of its fields is a macro
/// there.
#[test]
fn headers_in_any_order() {
    let dir = scratch!("order");
    if !comparable(&dir) {
        return;
    }
    let ours = "#include <ancil.h>\n";
    for source in [
        includes() + ours + END,
        ours.to_string() + &includes() + END,
        ours.to_string() + ours + END,
    ] {
        compile(&dir, &source).unwrap_or_else(|e| panic!("{e}"));
    }
}
