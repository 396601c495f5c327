//! Nested attributes that the kernel acts on.

use crate::support::*;
use ancil::Errno;
use ancil::netlink::{
    NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST, Nlmsghdr, WriteError, Writer,
};
use ancil::zerocopy::{Immutable, IntoBytes};
use libc::{AF_INET, IFLA_IFNAME, IFLA_MTU, IFLA_TXQLEN, RTM_NEWADDR, RTM_NEWLINK};
use std::fs::read_to_string;

/// `linux/if_link.h`, `linux/ip.h`, `linux/veth.h`, `linux/if_addr.h`.
const IFLA_LINKINFO: u16 = 18;
const IFLA_AF_SPEC: u16 = 26;
const IFLA_INFO_KIND: u16 = 1;
const IFLA_INFO_DATA: u16 = 2;
const VETH_INFO_PEER: u16 = 1;
const IFLA_INET_CONF: u16 = 1;
const IPV4_DEVCONF_LOG_MARTIANS: u16 = 11;
const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;

/// `struct ifaddrmsg`.
#[derive(IntoBytes, Immutable)]
#[zerocopy(crate = "ancil::zerocopy")]
#[repr(C)]
struct Ifaddrmsg {
    family: u8,
    prefixlen: u8,
    flags: u8,
    scope: u8,
    index: u32,
}

fn header(ty: u16, more: u16) -> Nlmsghdr {
    Nlmsghdr::new(ty, NLM_F_REQUEST | NLM_F_ACK | more, 1)
}

/// Changes a setting of the loopback interface inside three nests. Before it stands a nest that did
/// not fit and was removed again.
pub fn three_nests_deep() -> Outcome {
    let socket = route_socket()?;
    let setting = "/proc/thread-self/net/../../sys/net/ipv4/conf/lo/log_martians";
    let setting = if std::path::Path::new(setting).exists() {
        setting
    } else {
        "/proc/sys/net/ipv4/conf/lo/log_martians"
    };
    for value in [1u32, 0, 1] {
        let mut buffer = [0; 72];
        let mut writer = Writer::new(&mut buffer);
        writer.message(header(RTM_NEWLINK, 0), |message| {
            message.put(&LO)?;
            message.nest(IFLA_AF_SPEC, |families| {
                families.nest(AF_INET as u16, |inet| {
                    let full = inet.nest(IFLA_INET_CONF, |conf| conf.attribute(1, &[1u32; 9]));
                    assert!(matches!(full, Err(WriteError::NoSpace(_))), "{full:?}");
                    inet.nest(IFLA_INET_CONF, |conf| {
                        conf.attribute(IPV4_DEVCONF_LOG_MARTIANS, &value)
                    })
                })
            })?;
            message.attribute(IFLA_TXQLEN, &(100 + value))
        })?;
        assert_eq!(
            send_request(&socket, writer.finish())?,
            (Ok(()), String::new())
        );
        assert_eq!(read_to_string(setting)?.trim(), value.to_string());
    }
    Ok(())
}

/// Creates a pair of interfaces. The description of the second one, with its header, is nested in
/// that of the first. Where the kernel has no veth, creates a single interface of another kind.
pub fn an_interface_is_made() -> Outcome {
    let socket = route_socket()?;
    let mut refused = Vec::new();
    for kind in ["veth", "bridge", "dummy", "ifb"] {
        let mut buffer = [0; 256];
        let mut writer = Writer::new(&mut buffer);
        writer.message(header(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL), |message| {
            message.put(&Ifinfomsg::default())?;
            message.attribute(IFLA_IFNAME, b"first\0")?;
            message.attribute(IFLA_MTU, &1277u32)?;
            message.nest(IFLA_LINKINFO, |info| {
                info.attribute(IFLA_INFO_KIND, kind.as_bytes())?;
                if kind != "veth" {
                    return Ok(());
                }
                info.nest(IFLA_INFO_DATA, |data| {
                    data.nest(VETH_INFO_PEER, |peer| {
                        peer.put(&Ifinfomsg::default())?;
                        peer.attribute(IFLA_IFNAME, b"second\0")
                    })
                })
            })
        })?;
        match send_request(&socket, writer.finish())? {
            (Ok(()), _) => {
                let devices = read_to_string("/proc/thread-self/net/dev")?;
                let is_there = |name: &str| {
                    devices
                        .lines()
                        .any(|line| line.trim_start().starts_with(name))
                };
                assert_eq!(
                    (is_there("first:"), is_there("second:")),
                    (true, kind == "veth"),
                    "{kind}: {devices}"
                );
                return Ok(());
            }
            (Err(Errno(libc::EOPNOTSUPP)), text) => refused.push(format!("{kind}: {text}")),
            (Err(e), text) => return Err(Stop::Fail(format!("{kind}: {e}, {text}"))),
        }
    }
    Err(Stop::Skip(format!(
        "this kernel creates no kind of interface: {refused:?}"
    )))
}

/// Adds the same address twice. The second time, the kernel refuses it.
pub fn an_address_is_added() -> Outcome {
    let socket = route_socket()?;
    let address = [192u8, 0, 2, 33];
    let mut buffer = [0; 64];
    let mut writer = Writer::new(&mut buffer);
    writer.message(header(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL), |message| {
        message.put(&Ifaddrmsg {
            family: AF_INET as u8,
            prefixlen: 25,
            flags: 0,
            scope: 0,
            index: 1,
        })?;
        message.attribute(IFA_LOCAL, &address)?;
        message.attribute(IFA_ADDRESS, &address)
    })?;
    let request = writer.finish();
    assert_eq!(send_request(&socket, request)?, (Ok(()), String::new()));
    let known = read_to_string("/proc/thread-self/net/fib_trie")?;
    assert!(known.contains("192.0.2.33"), "{known}");
    let (again, _) = send_request(&socket, request)?;
    assert_eq!(again, Err(Errno(libc::EEXIST)));
    Ok(())
}
