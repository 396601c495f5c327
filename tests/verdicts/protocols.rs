//! Tests rules of protocols that generated messages do not reach.

use crate::import::{ACCEPTED, compare, plain, with_control};
use crate::machine::leave_the_network;
use crate::targets::{Target, all};
use crate::verdict::Message;
use crate::{Outcome, trial};
use ancil::verdict::State;
use ancil::{IPV6_HOPLIMIT, Writer, space_of};
use libc::{EINVAL, EISCONN, ENOTCONN, EOPNOTSUPP};
use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("protocols::stream_address", stream_address),
        trial("protocols::name_without_family", name_without_family),
        trial("protocols::ping_to_mapped", ping_to_mapped),
    ]
}

fn find(name: &str) -> Option<Target> {
    all().0.into_iter().find(|target| target.name == name)
}

fn named(name: &[u8]) -> Message {
    Message {
        namelen: name.len() as i32,
        name: Some(name.into()),
        ..plain()
    }
}

fn stream_address() -> Outcome {
    let out_of_band = |n| Message {
        flags: libc::MSG_OOB as u32,
        lengths: vec![n],
        ..plain()
    };
    let address = [&(libc::AF_UNIX as u16).to_ne_bytes()[..], b"/nowhere"].concat();
    let connected = find("unix stream").ok_or("no such socket")?;
    let cases = [
        (named(&address), EISCONN),
        (named(&[1]), EISCONN),
        (out_of_band(0), EOPNOTSUPP),
    ];
    compare(&connected, cases)?;
    let alone = find("unix stream, alone").ok_or("no such socket")?;
    let cases = [
        (plain(), ENOTCONN),
        (named(&address), EOPNOTSUPP),
        (out_of_band(0), EOPNOTSUPP),
    ];
    compare(&alone, cases)
}

/// On a socket connected to a mapped address, a name without a family selects IPv6.
fn name_without_family() -> Outcome {
    leave_the_network();
    let Some(mut target) = find("udp6 to ipv4") else {
        return Ok(Some("no UDP over IPv6".into()));
    };
    let to = target.to.clone().unwrap();
    target.connect(&to)?;
    target.socket.state |= State::CONNECTED | State::TO_IPV4;
    let mut buffer = vec![0; space_of::<IPV6_HOPLIMIT>()];
    let mut writer = Writer::new(&mut buffer);
    writer.put(IPV6_HOPLIMIT, 1000).unwrap();
    let len = writer.finish().len();
    buffer.truncate(len);
    let bad_for_ipv6 = with_control(buffer);
    let unnamed = bad_for_ipv6.clone();
    let without_family = Message {
        name: Some(vec![0; 28]),
        namelen: 28,
        ..bad_for_ipv6
    };
    compare(&target, [(unnamed, ACCEPTED), (without_family, EINVAL)])
}

fn ping_to_mapped() -> Outcome {
    leave_the_network();
    let Some(target) = find("ping6") else {
        return Ok(Some("no ping over IPv6".into()));
    };
    let mut name = target.to.clone().unwrap();
    name[8..24].copy_from_slice(&std::net::Ipv4Addr::LOCALHOST.to_ipv6_mapped().octets());
    let ping = Message {
        data: target.data.clone(),
        lengths: vec![target.data.len()],
        ..named(&name)
    };
    compare(&target, [(ping, EINVAL)])
}
