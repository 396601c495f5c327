//! Every struct of the list has one of ours, with the same size and fields, and every one of ours is compared.

use crate::list::{Field, List, Struct};
use crate::{Wrong, trial};
use ancil::addr::*;
use ancil::netlink::{Nlattr, Nlmsgerr, Nlmsghdr};
use ancil::payload::*;
use ancil::*;
use libtest_mimic::Trial;
use std::any::type_name;
use std::fs::{read_dir, read_to_string};
use std::mem::offset_of;

#[macro_use]
#[path = "structs.rs"]
mod structs;

/// Structs of the list that are none of ours, and why.
const NO_STRUCT: &[(&str, &str)] = &[
    (
        "compat_cmsghdr",
        "the header of another word size: Abi::LINUX_32",
    ),
    (
        "user_msghdr",
        "MsgHdr keeps its fields to itself; compared by size",
    ),
    (
        "mmsghdr",
        "MMsgHdr keeps its fields to itself; compared by size",
    ),
    (
        "__kernel_old_timeval",
        "decoded by its length into Timestamp",
    ),
    (
        "__kernel_old_timespec",
        "decoded by its length into Timestamp",
    ),
    (
        "__kernel_sock_timeval",
        "decoded by its length into Timestamp",
    ),
    ("__kernel_timespec", "decoded by its length into Timestamp"),
    ("old_timeval32", "decoded by its length into Timestamp"),
    ("old_timespec32", "decoded by its length into Timestamp"),
    ("scm_timestamping", "decoded by its length into Timestamps"),
    (
        "scm_timestamping64",
        "decoded by its length into Timestamps",
    ),
    ("sock_ee_data_rfc4884", "a second view of ee_data"),
    (
        "errhdr_v4",
        "has no name in the kernel; decoded into RecvErr",
    ),
    (
        "errhdr_v6",
        "has no name in the kernel; decoded into RecvErr",
    ),
    (
        "af_alg_iv",
        "ends in an array of any length: AlgIv, compared by size",
    ),
    (
        "io_uring_recvmsg_out",
        "no control message: stands in front of one in a ring's buffer",
    ),
    (
        "tcp_zerocopy_receive",
        "no control message: the argument of an option",
    ),
];

/// Those of them whose size can be told: theirs is the longest payload, or the whole of ours.
const SIZES: &[(&str, usize)] = &[
    ("compat_cmsghdr", Abi::LINUX_32.cmsg_len(0)),
    ("user_msghdr", size_of::<MsgHdr<'_>>()),
    ("mmsghdr", size_of::<MMsgHdr<'_>>()),
    ("__kernel_sock_timeval", Timeval::MAX_LEN),
    ("__kernel_timespec", Timespec::MAX_LEN),
    ("scm_timestamping64", Timestamping::MAX_LEN),
    ("errhdr_v4", RecvErr::<SockaddrIn>::MAX_LEN),
    ("errhdr_v6", RecvErr::<SockaddrIn6>::MAX_LEN),
    ("af_alg_iv", size_of::<AlgIv<0>>()),
];

/// One struct of ours.
struct Ours {
    name: &'static str,
    rust: &'static str,
    size: usize,
    fields: Vec<Field>,
    /// Bytes that are padding to the kernel.
    padding: usize,
}

/// One field, of a type that is told by how it is read.
fn field<S, F>(name: &str, offset: usize, _: impl Fn(&S) -> &F) -> Field {
    let name = name.trim_start_matches("r#").into();
    let type_name = type_name::<F>();
    let network = ["Be16", "Be32", "InAddr", "In6Addr"]
        .iter()
        .any(|be| type_name.ends_with(be));
    let addr = type_name.contains("Sockaddr");
    Field {
        name,
        offset,
        size: size_of::<F>(),
        network: (!addr).then_some(network),
    }
}

/// What the kernel calls parts of one field, all of one size.
fn split(whole: &Field, names: &[&str]) -> Vec<Field> {
    let size = whole.size / names.len();
    let part = |(i, name): (usize, &&str)| Field {
        name: (*name).into(),
        offset: whole.offset + i * size,
        size,
        ..*whole
    };
    names.iter().enumerate().map(part).collect()
}

macro_rules! ours {
    ($(
        $name:ident = $Ours:ident { $($field:ident),* } $(padding { $($pad:ident),* })?
            $(parts { $($whole:ident: $($part:literal)+),* })?;
    )+) => {
        fn ours() -> Vec<Ours> {
            vec![$( {
                // Names every field, or does not compile.
                let _ = |it: $Ours| { let $Ours { $($field: _,)* $($($pad: _,)*)? $($($whole: _,)*)? } = it; };
                #[allow(unused_mut)]
                let mut fields = vec![$(
                    field(stringify!($field), offset_of!($Ours, $field), |it: &$Ours| &it.$field)
                ),*];
                $($(
                    let whole = field("", offset_of!($Ours, $whole), |it: &$Ours| &it.$whole);
                    fields.extend(split(&whole, &[$($part),+]));
                )*)?
                let padding = 0 $($( + field("", 0, |it: &$Ours| &it.$pad).size )*)?;
                Ours { name: stringify!($name), rust: stringify!($Ours), size: size_of::<$Ours>(), fields, padding }
            } ),+]
        }
    };
}

structs!(ours);

fn compare(ours: &Ours, theirs: &Struct) -> Wrong {
    let mut wrong = Wrong::new();
    if ours.size != theirs.size {
        wrong.push(format!("size {}, in the list {}", ours.size, theirs.size));
    }
    for field in &theirs.fields {
        let Some(our) = ours.fields.iter().find(|our| our.name == field.name) else {
            wrong.push(format!("no field {}", field.name));
            continue;
        };
        if (our.offset, our.size) != (field.offset, field.size) {
            let (a, b, c, d) = (our.offset, our.size, field.offset, field.size);
            wrong.push(format!(
                "{} at {a}, {b} bytes; in the list at {c}, {d} bytes",
                field.name
            ));
        }
        if our.network != field.network && our.network.is_some() && field.network.is_some() {
            wrong.push(format!("{} is in the other byte order", field.name));
        }
    }
    for field in ours
        .fields
        .iter()
        .filter(|our| !theirs.fields.iter().any(|field| field.name == our.name))
    {
        wrong.push(format!("{} is not in the list", field.name));
    }
    let named: usize = theirs.fields.iter().map(|field| field.size).sum();
    if ours.padding > theirs.size - named {
        wrong.push(format!(
            "{} bytes of padding, in the list {}",
            ours.padding,
            theirs.size - named
        ));
    }
    wrong
}

fn every_struct_is_ours(list: &List) -> Wrong {
    let ours = ours();
    let mut wrong = Wrong::new();
    for theirs in &list.structs {
        match (
            ours.iter().any(|ours| ours.name == theirs.name),
            NO_STRUCT.iter().any(|(name, _)| *name == theirs.name),
        ) {
            (false, false) => wrong.push(format!("{}: no struct, and no reason", theirs.name)),
            (true, true) => wrong.push(format!("{}: a struct, and a reason for none", theirs.name)),
            _ => {}
        }
        let size = SIZES
            .iter()
            .find(|(name, _)| *name == theirs.name)
            .map_or(theirs.size, |(_, size)| *size);
        if size != theirs.size {
            wrong.push(format!(
                "{}: {size} bytes, in the list {}",
                theirs.name, theirs.size
            ));
        }
    }
    let known = |name: &str| list.structs.iter().any(|theirs| theirs.name == name);
    let names = NO_STRUCT
        .iter()
        .map(|(name, _)| name)
        .chain(SIZES.iter().map(|(name, _)| name));
    wrong.extend(
        names
            .filter(|name| !known(name))
            .map(|name| format!("{name} is not in the list")),
    );
    wrong
}

/// Reads the sources: a struct with a layout that the table of structs does not have is not compared with anything.
fn every_struct_is_compared() -> Wrong {
    let src = concat!(env!("CARGO_MANIFEST_DIR"), "/../src");
    let folders = ["payload", "addr", "netlink"]
        .map(|name| read_dir(format!("{src}/{name}")).expect("a folder of src"));
    let files = folders
        .into_iter()
        .flatten()
        .map(|file| file.expect("a file").path());
    let ours = ours();
    let mut wrong = Wrong::new();
    let mut found = 0;
    for file in files {
        let source = read_to_string(&file).expect("a source");
        let structs = source.split("\n#[repr(C)]\npub struct ").skip(1);
        for name in structs.filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next()) {
            found += 1;
            if !ours.iter().any(|ours| ours.rust == name) {
                wrong.push(format!("{name} of {} is not in structs.rs", file.display()));
            }
        }
    }
    if found < 30 {
        wrong.push(format!("only {found} structs were found"));
    }
    wrong
}

pub fn trials(list: &'static List) -> Vec<Trial> {
    let one = |ours: Ours| {
        let theirs = list
            .structs
            .iter()
            .find(|theirs| theirs.name == ours.name)?;
        Some(trial(format!("structs::{}", ours.name), move || {
            compare(&ours, theirs)
        }))
    };
    let mut all: Vec<_> = ours().into_iter().filter_map(one).collect();
    all.push(trial("structs::every_struct_is_ours", move || {
        every_struct_is_ours(list)
    }));
    all.push(trial(
        "structs::every_struct_is_compared",
        every_struct_is_compared,
    ));
    all
}

pub fn summary(list: &List) -> String {
    let ours = ours();
    let (here, other): (Vec<_>, Vec<_>) = ours
        .iter()
        .partition(|ours| list.structs.iter().any(|theirs| theirs.name == ours.name));
    let other: Vec<_> = other.iter().map(|ours| ours.name).collect();
    let without: Vec<_> = NO_STRUCT
        .iter()
        .map(|(name, why)| format!("{name} ({why})"))
        .collect();
    format!(
        "{} of {} structs are ours; without: {}; not in the list: {other:?}",
        here.len(),
        list.structs.len(),
        without.join(", ")
    )
}
