//! Compares our levels, options, flags and limits with the constants of the list.

use crate::list::{Const, List};
use crate::{Problems, trial};
use ancil::{Abi, CATALOGUE, MsgFlags};
use libtest_mimic::Trial;

/// Flags of the list that we leave out because programs have no use for them, and why.
const NO_FLAG: &[(&str, &str)] = &[
    (
        "MSG_SENDPAGE_NOPOLICY",
        "internal to the kernel; shares the bit of MSG_WAITFORONE",
    ),
    ("MSG_NO_SHARED_FRAGS", "internal to the kernel"),
    ("MSG_SENDPAGE_DECRYPTED", "internal to the kernel"),
    ("MSG_SPLICE_PAGES", "internal to the kernel"),
    ("MSG_CMSG_COMPAT", "the kernel refuses it from programs"),
];

const LIMITS: [(&str, usize); 4] = [
    ("CMSG_HDR64", Abi::LINUX_64.cmsg_len(0)),
    ("CMSG_HDR32", Abi::LINUX_32.cmsg_len(0)),
    ("UIO_MAXIOV", ancil::limits::UIO_MAXIOV),
    ("UIO_FASTIOV", ancil::limits::UIO_FASTIOV),
];

macro_rules! levels_of {
    ($( $(#[$doc:meta])+ $NAME:ident = $number:literal $(on $family:ident)?; )+) => {
        const LEVELS: &[(&str, i32)] = &[
            ("SOL_SOCKET", ancil::level::SOL_SOCKET),
            $( (stringify!($NAME), ancil::level::$NAME) ),+
        ];
    };
}

levels!(levels_of);

fn group<'a>(list: &'a List, group: &'a str) -> impl Iterator<Item = &'a Const> {
    list.consts.iter().filter(move |c| c.group == group)
}

fn levels(list: &List) -> Problems {
    let wrong = |&(name, ours): &(&str, i32)| {
        // The list has the generic number here. On a machine where SOL_SOCKET is 0xffff, each of
        // its rows compares it.
        let old_unix = name == "SOL_SOCKET" && ours == 0xffff;
        match group(list, "level").find(|c| c.name == name) {
            None => Some(format!("{name} is not in the list")),
            Some(c) => (c.value != ours.into() && !old_unix)
                .then(|| format!("{name} is {ours}, in the list {}", c.value)),
        }
    };
    LEVELS.iter().filter_map(wrong).collect()
}

/// Compares the options of the table, as far as the list has their numbers, which are the generic
/// ones. mips and powerpc have their own number for SO_PASSCRED; only sparc has more exceptions.
fn options(list: &List) -> Problems {
    let (mut wrong, mut compared) = (Problems::new(), 0);
    for option in CATALOGUE.iter().filter_map(|row| row.option) {
        let theirs = group(list, "sockopt").find(|c| c.name == option.name());
        let own = option.name() == "SO_PASSCRED" && [17, 20].contains(&option.number());
        if let Some(c) = theirs.filter(|_| !own) {
            compared += 1;
            if c.value != option.number().into() {
                let (name, ours) = (option.name(), option.number());
                wrong.push(format!("{name} is {ours}, in the list {}", c.value));
            }
        }
    }
    if compared < 20 {
        wrong.push(format!("only {compared} options were compared"));
    }
    wrong
}

fn flags(list: &List) -> Problems {
    let mut wrong = Problems::new();
    for c in group(list, "msg_flags") {
        let ours = MsgFlags::from_name(&c.name).map(|flag| i64::from(flag.bits()));
        let why = NO_FLAG.iter().find(|(name, _)| *name == c.name);
        if ours != Some(c.value) && (ours.is_some() || why.is_none()) {
            wrong.push(format!("{} is {ours:?}, in the list {}", c.name, c.value));
        }
        if ours.is_some() && why.is_some() {
            wrong.push(format!(
                "{}: we have this flag, and a reason to omit it",
                c.name
            ));
        }
    }
    for (name, _) in MsgFlags::all().iter_names() {
        if !group(list, "msg_flags").any(|c| c.name == name) {
            wrong.push(format!("{name} is not in the list"));
        }
    }
    wrong
}

fn limits(list: &List) -> Problems {
    let theirs = |name: &str| {
        group(list, "limit")
            .find(|c| c.name == name)
            .map(|c| c.value)
    };
    let wrong = |(name, ours): (&str, usize)| {
        (theirs(name) != i64::try_from(ours).ok())
            .then(|| format!("{name} is {ours}, in the list {:?}", theirs(name)))
    };
    LIMITS.into_iter().filter_map(wrong).collect()
}

pub fn trials(list: &'static List) -> Vec<Trial> {
    vec![
        trial("consts::levels", move || levels(list)),
        trial("consts::options", move || options(list)),
        trial("consts::flags", move || flags(list)),
        trial("consts::limits", move || limits(list)),
    ]
}

pub fn summary(list: &List) -> String {
    let compared = LEVELS.len() + group(list, "msg_flags").count() - NO_FLAG.len() + LIMITS.len();
    let without_messages: Vec<_> = group(list, "level")
        .map(|c| &*c.name)
        .filter(|name| !LEVELS.iter().any(|(ours, _)| ours == name))
        .collect();
    let flags: Vec<_> = NO_FLAG
        .iter()
        .map(|(name, why)| format!("{name} ({why})"))
        .collect();
    format!(
        "{compared} of {} constants are compared; omitted flags: {}; levels without messages: {:?}",
        list.consts.len(),
        flags.join(", "),
        without_messages
    )
}
