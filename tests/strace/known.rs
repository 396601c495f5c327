//! The known differences between strace 6.1 and us, and what strace prints there.

use ancil::level::{SOL_CAN_J1939, SOL_IP, SOL_SOCKET, SOL_VSOCK};
use ancil::payload::SockExtendedErr;
use ancil::{DisplayControl, Raw, Reader, message_name};

/// Means that there is no difference.
pub const SAME: &str = "same";
pub const INTERFACE: &str = "interface";
pub const NUMBER: &str = "number";
pub const PAYLOAD: &str = "payload";
pub const OPTION: &str = "option";
pub const SHORT: &str = "short";
pub const LONG: &str = "long";
pub const FRACTION: &str = "fraction";
pub const LEVEL: &str = "level";
pub const NEW_LEVEL: &str = "new level";
pub const BROKEN: &str = "broken";
pub const REST: &str = "rest";
pub const FRAME: &str = "frame";
pub const CAN: &str = "can";
pub const CIPHER: &str = "cipher";
pub const EXTENDED: &str = "extended";
pub const L2CAP: &str = "l2cap";

/// Every known difference, with the reason. Each must occur.
pub const KNOWN: [(&str, &str); 16] = [
    (
        INTERFACE,
        "strace asks the system for an interface's name, we have only its number",
    ),
    (
        NUMBER,
        "strace knows neither name nor payload of this message, we know both",
    ),
    (
        PAYLOAD,
        "strace does not show a payload that it cannot decode, we show its bytes",
    ),
    (
        OPTION,
        "strace has the name of the socket option for the message, and does not show the payload",
    ),
    (
        SHORT,
        "a payload is too short for its type, or has flags in place of times: strace drops it, \
         we show what there is",
    ),
    (
        LONG,
        "a payload is too long for its type: strace decodes the front of it, we show its bytes",
    ),
    (
        FRACTION,
        "a fraction of a million microseconds is not valid: strace shows it, we show the bytes",
    ),
    (
        LEVEL,
        "strace has names for levels at which the kernel has no control messages",
    ),
    (
        NEW_LEVEL,
        "we have names for levels that strace does not know yet",
    ),
    (
        BROKEN,
        "a cmsg_len is too short or too long: strace shows type and payload, we say where the \
         error is",
    ),
    (
        REST,
        "the end is shorter than a header: strace shows its address, we show it only byte by byte",
    ),
    (
        FRAME,
        "strace names every protocol and link type of a frame, we name only the common ones",
    ),
    (
        CAN,
        "strace shows the bytes of a CAN address, we know its interface",
    ),
    (
        EXTENDED,
        "strace shows the front of an extended MCTP address, we show the rest as well",
    ),
    (
        L2CAP,
        "strace names services and channels of L2CAP, we show only their numbers",
    ),
    (
        CIPHER,
        "strace adds that the flags of an algorithm have no names, we show only the number",
    ),
];

/// The types that strace names and decodes, by level.
const DECODED: [(i32, &[i32]); 2] = [
    (SOL_SOCKET, &[1, 2, 3, 29, 35, 37, 63, 64, 65]),
    (SOL_IP, &[1, 2, 3, 6, 7, 8, 11, 20, 23]),
];
/// The types that strace calls by the name of the option: type, our name, strace's name.
const BY_OPTION: [(i32, &str, &str); 2] = [
    (41, "SCM_WIFI_STATUS", "SO_WIFI_STATUS"),
    (61, "SCM_TXTIME", "SO_TXTIME"),
];
/// The levels that strace does not name.
const NEW_LEVELS: [(i32, &str); 2] = [(SOL_CAN_J1939, "SOL_CAN_J1939"), (SOL_VSOCK, "SOL_VSOCK")];
/// The types that strace names but does not decode.
const NAMED: [i32; 2] = [54, 58];

pub fn is_decoded(level: i32, ty: i32) -> bool {
    DECODED
        .iter()
        .any(|(l, types)| *l == level && types.contains(&ty))
}

/// Returns a buffer of one message.
pub fn message(level: i32, ty: i32, data: &[u8]) -> Vec<u8> {
    ancil_tests::encoded(&[(level, ty, data)])
}

fn shown(buffer: &[u8]) -> String {
    DisplayControl::new(buffer).to_string()
}

/// Removes the payload from the text of one message.
fn without_payload(text: &str) -> String {
    text.split_once(", cmsg_data=")
        .map_or(text.into(), |(head, _)| format!("{head}}}]"))
}

/// Returns how strace differs on a message that it does not decode, and what strace prints.
pub fn undecoded(raw: Raw<'_>) -> (&'static str, String) {
    let (difference, text) = undecoded_of_known_level(raw);
    match NEW_LEVELS.iter().find(|(level, _)| *level == raw.level) {
        Some((level, name)) => (
            NEW_LEVEL,
            text.replace(name, &format!("{level:#x} /* SOL_??? */")),
        ),
        None => (difference, text),
    }
}

fn undecoded_of_known_level(raw: Raw<'_>) -> (&'static str, String) {
    let ours = shown(&message(raw.level, raw.ty, raw.data));
    let head = without_payload(&ours);
    let Some(name) = message_name(raw.level, raw.ty) else {
        return (if head == ours { SAME } else { PAYLOAD }, head);
    };
    if raw.level == SOL_SOCKET {
        if let Some((_, ours, strace)) = BY_OPTION.iter().find(|(ty, ..)| *ty == raw.ty) {
            return (OPTION, head.replace(ours, strace));
        }
        if NAMED.contains(&raw.ty) {
            return (if head == ours { SAME } else { PAYLOAD }, head);
        }
    }
    let sign = if raw.ty == 0 { "" } else { "0x" };
    let comment = match raw.level {
        SOL_SOCKET => " /* SCM_??? */",
        SOL_IP => " /* IP_??? */",
        _ => "",
    };
    (
        NUMBER,
        head.replace(
            &format!("cmsg_type={name}"),
            &format!("cmsg_type={sign}{:x}{comment}", raw.ty),
        ),
    )
}

/// Returns the first difference in a buffer of whole messages, and what strace prints.
pub fn buffer(control: &[u8]) -> (&'static str, String) {
    let mut difference = SAME;
    let messages = Reader::new(control).map(|raw| {
        let raw = raw.expect("a whole message");
        let (differs, text) = if is_decoded(raw.level, raw.ty) {
            let text = shown(&message(raw.level, raw.ty, raw.data));
            let loopback = format!("ipi_ifindex={},", loopback());
            let named = text.replace(&loopback, "ipi_ifindex=if_nametoindex(\"lo\"),");
            (if named == text { SAME } else { INTERFACE }, named)
        } else {
            undecoded(raw)
        };
        difference = if difference == SAME {
            differs
        } else {
            difference
        };
        text.trim_start_matches('[')
            .trim_end_matches(']')
            .to_string()
    });
    let messages = messages.collect::<Vec<_>>().join(", ");
    (difference, format!("[{messages}]"))
}

/// Returns the index of the interface `lo`.
pub fn loopback() -> u32 {
    // SAFETY: the literal is a string that ends with NUL.
    unsafe { libc::if_nametoindex(c"lo".as_ptr()) }
}

/// Returns the difference, and what strace prints, for a payload of the wrong length. The type has
/// `right` bytes.
pub fn wrong_length(raw: Raw<'_>, right: usize) -> (&'static str, String) {
    let buffer = message(raw.level, raw.ty, raw.data);
    if raw.data.len() < right {
        let head = without_payload(&shown(&buffer));
        // For timestamps, strace prints a placeholder.
        let times = raw.level == SOL_SOCKET && raw.ty > 3;
        return (
            SHORT,
            if times {
                head.replace("}]", ", cmsg_data=???}]")
            } else {
                head
            },
        );
    }
    let front = message(raw.level, raw.ty, &raw.data[..right]);
    let [long, short] = [&buffer, &front].map(|b| {
        shown(b)[..]
            .split_once(", cmsg_level")
            .map(|(len, _)| len.to_string())
    });
    let expected = shown(&front).replacen(&short.expect("a length"), &long.expect("a length"), 1);
    (
        if expected == shown(&buffer) {
            SAME
        } else {
            LONG
        },
        expected,
    )
}

/// Lays an error out as the kernel does, followed by `rest`.
pub fn error(ee_errno: u32, origin: u8, rest: &[u8]) -> Vec<u8> {
    let SockExtendedErr { ee_pad, .. } = SockExtendedErr::default();
    [
        &ee_errno.to_ne_bytes()[..],
        &[origin, 3, 4, ee_pad],
        &5u32.to_ne_bytes(),
        &6u32.to_ne_bytes(),
        rest,
    ]
    .concat()
}
