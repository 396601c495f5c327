//! Compares our structs with those of the list. We must have every struct of the list, with the
//! same size and fields, and every struct of ours must be compared.

use crate::list::{Field, List, Struct};
use crate::{Problems, trial};
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

/// Structs of the list that we do not have, and why.
const NO_STRUCT: &[(&str, &str)] = &[
    (
        "compat_cmsghdr",
        "the header of another word size: Abi::LINUX_32",
    ),
    (
        "user_msghdr",
        "the fields of MsgHdr are private; compared by size",
    ),
    (
        "mmsghdr",
        "the fields of MMsgHdr are private; compared by size",
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
        "ends with an array of any length: AlgIv, compared by size",
    ),
    (
        "io_uring_recvmsg_out",
        "not a control message: precedes one in a ring's buffer",
    ),
    (
        "tcp_zerocopy_receive",
        "not a control message: the argument of an option",
    ),
];

/// The sizes that can be compared nevertheless: of the longest payload, or of our whole type.
const SIZES: &[(&str, usize)] = &[
    ("compat_cmsghdr", Abi::LINUX_32.cmsg_len(0)),
    ("user_msghdr", size_of::<MsgHdr<'_>>()),
    ("mmsghdr", size_of::<MMsgHdr<'_>>()),
    ("__kernel_sock_timeval", Timeval::MAX_LEN),
    ("__kernel_timespec", Timespec::MAX_LEN),
    ("scm_timestamping64", Timestamping::MAX_LEN),
    ("errhdr_v4", RecvErrV4::MAX_LEN),
    ("errhdr_v6", RecvErrV6::MAX_LEN),
    ("af_alg_iv", size_of::<AlgIv<0>>()),
];

/// One of our structs.
struct Ours {
    /// The kernel's name.
    name: &'static str,
    /// The name in our sources.
    rust: &'static str,
    size: usize,
    fields: Vec<Field>,
    /// The number of bytes that are padding to the kernel.
    padding: usize,
}

/// Describes one field of `S`. The closure reads the field, which gives the compiler its type; the
/// byte order follows from the type.
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

/// Splits a field into parts of equal size, which the kernel has as separate fields.
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
                // Compiles only if every field is named.
                let _ = |it: $Ours| {
                    let $Ours { $($field: _,)* $($($pad: _,)*)? $($($whole: _,)*)? } = it;
                };
                #[allow(unused_mut)]
                let mut fields = vec![$(
                    field(stringify!($field), offset_of!($Ours, $field), |it: &$Ours| &it.$field)
                ),*];
                $($(
                    let whole = field("", offset_of!($Ours, $whole), |it: &$Ours| &it.$whole);
                    fields.extend(split(&whole, &[$($part),+]));
                )*)?
                let padding = 0 $($( + field("", 0, |it: &$Ours| &it.$pad).size )*)?;
                Ours {
                    name: stringify!($name),
                    rust: stringify!($Ours),
                    size: size_of::<$Ours>(),
                    fields,
                    padding,
                }
            } ),+]
        }
    };
}

structs!(ours);

fn compare(ours: &Ours, theirs: &Struct) -> Problems {
    let mut wrong = Problems::new();
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
            wrong.push(format!("{} has the other byte order", field.name));
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

fn every_struct_is_ours(list: &List) -> Problems {
    let ours = ours();
    let mut wrong = Problems::new();
    for theirs in &list.structs {
        match (
            ours.iter().any(|ours| ours.name == theirs.name),
            NO_STRUCT.iter().any(|(name, _)| *name == theirs.name),
        ) {
            (false, false) => wrong.push(format!(
                "{}: we have neither this struct nor a reason to omit it",
                theirs.name
            )),
            (true, true) => wrong.push(format!(
                "{}: we have this struct, and a reason to omit it",
                theirs.name
            )),
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

/// Searches the sources for structs with a layout. One that is not in structs.rs would not be
/// compared with anything.
fn every_struct_is_compared() -> Problems {
    let src = concat!(env!("CARGO_MANIFEST_DIR"), "/../src");
    let folders = ["payload", "addr", "netlink"]
        .map(|name| read_dir(format!("{src}/{name}")).expect("a folder of src"));
    let files = folders
        .into_iter()
        .flatten()
        .map(|file| file.expect("a file").path());
    let ours = ours();
    let mut wrong = Problems::new();
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
        "{} of {} structs are ours; omitted: {}; not in the list: {other:?}",
        here.len(),
        list.structs.len(),
        without.join(", ")
    )
}
