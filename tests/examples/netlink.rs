//! Tests of `netlink`: against what sysfs says about the interfaces, and in a network that has only
//! one.

use crate::Outcome;
use crate::network::isolated;
use crate::program::{Program, run_ok};

pub fn only_the_loopback_interface(program: &Program) -> Outcome {
    let out = run_ok(isolated(&mut program.command(&[]), &[]))?;
    assert_eq!(out, "1: lo, mtu 65536, address 00:00:00:00:00:00\n");
    Ok(())
}

/// Checks that every interface is listed, with its index, name, MTU and address. The lines of those
/// without an address are only counted.
pub fn every_interface(program: &Program) -> Outcome {
    let out = program.prints(&[])?;
    let mut count = 0;
    for entry in std::fs::read_dir("/sys/class/net")
        .expect("sysfs")
        .flatten()
        .filter(|entry| entry.path().is_dir())
    {
        let read = |file: &str| {
            std::fs::read_to_string(entry.path().join(file))
                .expect(file)
                .trim()
                .to_owned()
        };
        let (name, address) = (
            entry.file_name().into_string().expect("a name in UTF-8"),
            read("address"),
        );
        let line = format!(
            "{}: {name}, mtu {}, address {address}",
            read("ifindex"),
            read("mtu")
        );
        assert!(
            address.is_empty() || out.lines().any(|found| found == line),
            "{line}\n{out}"
        );
        count += 1;
    }
    assert_eq!(out.lines().count(), count, "{out}");
    Ok(())
}
