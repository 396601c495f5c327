//! Compares the netlink macros and functions with the system's macros and checks each call, with
//! sanitizers if the compiler has them. Compares the output of the examples in Rust and C with
//! `ip -json link`.

use ffi_tests::cc::Compiler;
use ffi_tests::examples::programs;
use ffi_tests::process::{SECONDS, run, try_run};
use ffi_tests::{c_dir, machine, note, scratch, skip};
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

#[test]
fn equal_the_systems_macros() {
    assert_eq!(
        said_by(scratch!("macros"), "netlink.c"),
        "netlink: 20000 cases\n"
    );
}

#[test]
fn each_call_does_what_its_page_says() {
    assert_eq!(
        said_by(scratch!("calls"), "netlink_calls.c"),
        "netlink: every call\n"
    );
}

/// Returns the output of a program of `c/`, built in `dir` with sanitizers.
fn said_by(dir: PathBuf, source: &str) -> String {
    let source = [c_dir().join(source)];
    let compiler = Compiler::c();
    let exe = compiler.program(&dir, &source, compiler.checks(&dir));
    run(&mut Command::new(exe))
}

/// A Python program that prints the output of `ip -json link` in the form of the examples.
const LINKS: &str = r#"
import json, subprocess
ip = subprocess.run(["ip", "-json", "link"], check=True, capture_output=True)
for link in json.loads(ip.stdout):
    address = link.get("address", "")
    print(f"{link['ifindex']}: {link['ifname']}, mtu {link['mtu']}, address {address}")
"#;

/// Returns the examples: Rust, C, and C with the system's macros and with libmnl. The tests run at
/// the same time, and a program that one of them runs must not be written by another.
fn examples() -> Vec<PathBuf> {
    static C: OnceLock<Vec<PathBuf>> = OnceLock::new();
    let build = || {
        let dir = scratch!("example");
        programs(&dir, "netlink.c")
    };
    let mut all = C.get_or_init(build).clone();
    all.push(env!("CARGO_BIN_EXE_netlink_example").into());
    all
}

#[test]
fn the_examples_list_what_ip_lists() {
    let listed = match try_run(Command::new("python3").args(["-c", LINKS]), SECONDS) {
        Ok(listed) => listed,
        Err(reason) => return skip("the examples against ip", &reason),
    };
    assert!(listed.contains(": lo, mtu "), "{listed}");
    for example in examples() {
        let listed_here = run(&mut Command::new(&example));
        assert_eq!(listed_here, listed, "{}", example.display());
    }
}

/// Runs in a network namespace, with an interface of each kind that this kernel can make.
#[test]
fn the_examples_list_what_ip_has_made() {
    let own_network = |script: &str| {
        let mut shell = Command::new("unshare");
        shell.args(["-rn", "sh", "-ec", script, LINKS]);
        shell
    };
    if let Err(reason) = try_run(
        &mut own_network("ip link set lo mtu 4321; python3 -c \"$0\""),
        SECONDS,
    ) {
        return skip("the examples in a network namespace", &reason);
    }
    // The script makes the interfaces, and prints a line before each list.
    let mut script = r#"
        for kind in dummy bridge ifb veth vlan bond; do
            ip link add "of-$kind" mtu 1234 type $kind 2> /dev/null || echo "$kind" >&3
        done
        ip link set lo mtu 4321
        python3 -c "$0"
    "#
    .to_string();
    let examples = examples();
    for example in &examples {
        let words = machine::words(example);
        script += &format!("echo --; '{}'\n", words.join("' '"));
    }
    let refused = scratch!("own").join("refused");
    let said = run(&mut own_network(&format!(
        "exec 3> '{}'\n{script}",
        refused.display()
    )));
    let lists: Vec<_> = said.split("--\n").collect();
    assert_eq!(lists.len(), examples.len() + 1, "{said}");
    assert!(lists[0].contains(": lo, mtu 4321,"), "{said}");
    for (list, example) in lists[1..].iter().zip(examples) {
        assert_eq!(*list, lists[0], "{}", example.display());
    }
    let refused = std::fs::read_to_string(refused).unwrap();
    if refused.is_empty() {
        note("netlink: interfaces of all kinds were listed");
    } else {
        skip(
            "interfaces of these kinds",
            &format!(
                "this kernel cannot make them: {}",
                refused.replace('\n', " ")
            ),
        );
    }
}
