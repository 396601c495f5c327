//! Compares sizes and fields of structs. As with the numbers, a peer's struct shadows a stand-in
//! that has the same fields.

use crate::{Found, trial};
use ancil::addr::*;
use ancil::netlink::{Nlattr, Nlmsgerr, Nlmsghdr};
use ancil::payload::*;
use ancil::*;
use libtest_mimic::Trial;
use std::mem::offset_of;

#[macro_use]
#[path = "../catalogue/structs.rs"]
mod structs;

/// Name, offset and size of a field.
type Field = (&'static str, usize, usize);

/// Size and fields of a struct. A stand-in has size 0.
type Layout = (usize, Vec<Field>);

/// Returns the size of the field that the closure reads.
fn size<S, F>(_: impl Fn(&S) -> &F) -> usize {
    size_of::<F>()
}

macro_rules! layout {
    ($Struct:ty: $($field:ident)*) => {
        (size_of::<$Struct>(), vec![$(
            (stringify!($field), offset_of!($Struct, $field), size(|it: &$Struct| &it.$field))
        ),*])
    };
}

macro_rules! peer {
    ($label:literal $scope:ident $peer:path: $( $name:ident { $($field:ident)* } )+) => {
        #[allow(dead_code, deprecated, non_camel_case_types)]
        mod $scope {
            use super::{Layout, offset_of, size};
            $( struct $name { $( $field: (), )* } )+
            pub fn layouts() -> Vec<Layout> {
                use $peer::*;
                vec![$( layout!($name: $($field)*) ),+]
            }
        }
    };
}

macro_rules! compared {
    ($(
        $name:ident = $Ours:ident { $($field:ident),* } $(padding { $($pad:ident),* })?
            $(parts { $($whole:ident: $($part:literal)+),* })?;
    )+) => {
        peer!("libc" in_libc libc: $( $name { $($field)* } )+);
        peer!("linux_raw_sys::net" in_net linux_raw_sys::net: $( $name { $($field)* } )+);
        peer!(
            "linux_raw_sys::netlink" in_netlink linux_raw_sys::netlink: $( $name { $($field)* } )+
        );
        peer!(
            "linux_raw_sys::if_packet" in_if_packet linux_raw_sys::if_packet:
            $( $name { $($field)* } )+
        );

        /// Returns each struct's name, our layout, and the peers' layouts.
        fn all() -> Vec<(&'static str, Layout, Found<Layout>)> {
            let names = [$( stringify!($name) ),+];
            let ours = vec![$( layout!($Ours: $($field)*) ),+];
            let peers = [
                ("libc", in_libc::layouts()),
                ("linux_raw_sys::net", in_net::layouts()),
                ("linux_raw_sys::netlink", in_netlink::layouts()),
                ("linux_raw_sys::if_packet", in_if_packet::layouts()),
            ];
            let there = |i: usize| {
                let each = peers.iter().map(|(peer, layouts)| (*peer, layouts[i].clone()));
                each.filter(|(_, (size, _))| *size != 0).collect()
            };
            let all = names.into_iter().zip(ours).enumerate();
            all.map(|(i, (name, ours))| (name, ours, there(i))).collect()
        }
    };
}

structs!(compared);

fn looking_up_finds_what_is_there() -> Result<(), libtest_mimic::Failed> {
    let all = all();
    let peers = |name: &str| -> Vec<_> {
        let found = &all
            .iter()
            .find(|(its, ..)| *its == name)
            .expect("in the table")
            .2;
        found.iter().map(|(peer, _)| *peer).collect()
    };
    assert!(
        peers("ucred").contains(&"libc") && peers("in_pktinfo").contains(&"linux_raw_sys::net")
    );
    assert_eq!(peers("tipc_errinfo"), [""; 0]);
    Ok(())
}

pub fn trials() -> Vec<Trial> {
    let one = |(name, ours, found): (&str, Layout, Found<Layout>)| {
        trial(format!("structs::{name}"), found, move |theirs| {
            (ours != *theirs).then(|| format!("{theirs:?}, here {ours:?}"))
        })
    };
    let mut trials: Vec<_> = all().into_iter().map(one).collect();
    trials.push(Trial::test(
        "structs::looking_up_finds_what_is_there",
        looking_up_finds_what_is_there,
    ));
    trials
}

/// Names the structs that no peer has.
pub fn unchecked() -> String {
    let all = all();
    let names: Vec<_> = all
        .iter()
        .filter(|(_, _, found)| found.is_empty())
        .map(|(name, ..)| *name)
        .collect();
    format!(
        "{} of {} structs: {}",
        names.len(),
        all.len(),
        names.join(" ")
    )
}
