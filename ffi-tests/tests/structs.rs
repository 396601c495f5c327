//! Every payload struct and every constant of ancil.h against the system's headers.
//!
//! The C is made from ancil.h, so a new row or struct is compared without an edit here.

use ffi_tests::cc::Compiler;
use ffi_tests::header::{self, Struct};
use ffi_tests::process::{SECONDS, run, try_run};
use ffi_tests::{note, scratch};
use std::fmt::Write;
use std::fs::write;
use std::path::Path;
use std::process::Command;

/// The system's headers, its libc's first; one that is not there is left out.
const HEADERS: [&str; 32] = [
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
];

/// Structs of our own, which no system has.
const OURS: [&str; 3] = ["reader", "writer", "message"];

/// Fields that we cannot name as the system does: there the name is a macro, or a member of a union.
const RENAMED: [(&str, &str); 2] = [("octets", "s6_addr"), ("operands", "cswp")];

/// Fields whose size is not the system's: padding that has no name there, and a union of which one member is shown.
const UNNAMED: [&str; 2] = ["pad", "operands"];

/// Ours first, as enumerators, so that none of the system's macros can change what is compared.
fn layouts(structs: &[Struct<'_>]) -> String {
    let mut c = String::from("#include <ancil.h>\n\nenum {\n");
    for Struct { name, fields } in structs {
        writeln!(c, "    OURS_{name} = sizeof (struct ancil_{name}),").unwrap();
        for field in fields {
            writeln!(c, "    OURS_{name}_{field}_at = offsetof(struct ancil_{name}, {field}),").unwrap();
            writeln!(c, "    OURS_{name}_{field} = sizeof ((struct ancil_{name} *)0)->{field},").unwrap();
        }
    }
    c += "    OURS_END\n};\n\n";
    c
}

fn includes() -> String {
    let each = |name| format!("#if __has_include(<{name}>)\n#include <{name}>\n#endif\n");
    HEADERS.map(each).concat()
}

/// The comparison of all structs; what differs does not compile.
fn asserts(structs: &[Struct<'_>]) -> String {
    let mut c = String::new();
    for Struct { name, fields } in structs {
        writeln!(c, "_Static_assert(OURS_{name} == sizeof (struct {name}), \"sizeof {name}\");").unwrap();
        for field in fields.iter().filter(|field| !UNNAMED.contains(field)) {
            let theirs = RENAMED.iter().find(|(ours, _)| ours == field).map_or(*field, |(_, theirs)| theirs);
            writeln!(
                c,
                "_Static_assert(OURS_{name}_{field}_at == offsetof(struct {name}, {theirs}), \"offset {name}.{field}\");\n\
                 _Static_assert(OURS_{name}_{field} == sizeof ((struct {name} *)0)->{theirs}, \"size {name}.{field}\");"
            )
            .unwrap();
        }
    }
    c
}

/// A program that does not compile where a constant differs, and prints `equal` or `unknown` for each.
fn constants(text: &str) -> (String, usize) {
    let (mut c, mut n) = (String::from("\n#include <stdio.h>\n\nint main(void)\n{\n"), 0);
    for (ours, value) in header::constants(text) {
        if value.starts_with('"') || value == "SIZE_MAX" {
            continue; // the version, the end of a walk
        }
        let name = ours.strip_prefix("ANCIL_").unwrap_or_else(|| panic!("{ours} is not in our name space"));
        writeln!(
            c,
            "#ifdef {name}\n    _Static_assert({ours} == {name}, \"{name}\");\n    puts(\"equal {name}\");\n\
             #else\n    puts(\"unknown {name}\");\n#endif"
        )
        .unwrap();
        n += 1;
    }
    c += "    return 0;\n}\n";
    (c, n)
}

/// Whether the system's headers define this struct.
fn defined(dir: &Path, name: &str) -> bool {
    let source =
        includes() + &format!("typedef char size_of_it[sizeof (struct {name})];\nint main(void) {{ return 0; }}\n");
    compile(dir, &source).is_ok()
}

fn compile(dir: &Path, source: &str) -> Result<String, String> {
    let file = dir.join("structs.c");
    write(&file, source).unwrap();
    let exe = dir.join("structs.exe");
    try_run(Compiler::c().strict().arg("-D_GNU_SOURCE").arg("-o").arg(&exe).arg(&file), SECONDS)?;
    Ok(run(&mut Command::new(exe)))
}

#[test]
fn equal_the_systems() {
    let dir = scratch!("equal");
    let text = header::text("ancil.h");
    let all = header::structs(&text).into_iter().filter(|s| !OURS.contains(&s.name));
    let (structs, absent): (Vec<_>, Vec<_>) = all.partition(|s| defined(&dir, s.name));
    let names: Vec<_> = structs.iter().map(|s| s.name).collect();
    let absent: Vec<_> = absent.iter().map(|s| s.name).collect();
    for name in ["ucred", "in_pktinfo", "in6_pktinfo", "sock_extended_err", "in_addr", "in6_addr"] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    assert!(structs.iter().all(|s| !s.fields.is_empty()), "{structs:?}");

    let (constants, n) = constants(&text);
    let source = layouts(&structs) + &includes() + &asserts(&structs) + &constants;
    let said = compile(&dir, &source).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(said.lines().count(), n);
    let unknown: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("unknown ")).collect();
    let compared = format!("{} structs and {} constants equal the system's", names.len(), n - unknown.len());
    note(&format!("{compared}; in no header here: {absent:?}, {unknown:?}"));
    assert!(absent.len() * 4 < names.len(), "the headers of this system are too old, or not found");
    assert!(n >= 20 && unknown.len() * 2 < n, "the headers of this system are too old, or not found");
}

/// The comparison has teeth: each kind of difference is a compile error that names it.
#[test]
fn differences_are_caught() {
    let dir = scratch!("teeth");
    let text = header::text("ancil.h");
    let structs: Vec<_> =
        header::structs(&text).into_iter().filter(|s| ["ucred", "sock_extended_err"].contains(&s.name)).collect();
    let source = |from: &str, to: &str| {
        let good = layouts(&structs) + &includes() + &asserts(&structs) + &constants(&text).0;
        assert!(good.contains(from), "{from}");
        good.replace(from, to)
    };
    for (from, to, message) in [
        ("OURS_ucred = sizeof", "OURS_ucred = 1 + sizeof", "sizeof ucred"),
        ("OURS_ucred_gid_at = offsetof", "OURS_ucred_gid_at = 4 + offsetof", "offset ucred.gid"),
        (
            "ancil_sock_extended_err *)0)->ee_data,",
            "ancil_sock_extended_err *)0)->ee_pad,",
            "size sock_extended_err.ee_data",
        ),
        ("(ANCIL_IP_TTL ==", "(1 + ANCIL_IP_TTL ==", "IP_TTL"),
    ] {
        let said = compile(&dir, &source(from, to)).expect_err(message);
        assert!(said.contains("assert") && said.contains(&format!("\"{message}\"")), "{message}:\n{said}");
    }
}

/// ancil.h stands beside the system's headers in any order: no field of it is a macro there.
#[test]
fn header_in_any_order() {
    let dir = scratch!("order");
    let (ours, end) = ("#include <ancil.h>\n", "int main(void) { return 0; }\n");
    for source in [includes() + ours + end, ours.to_string() + &includes() + end, ours.to_string() + ours + end] {
        compile(&dir, &source).unwrap_or_else(|e| panic!("{e}"));
    }
}
