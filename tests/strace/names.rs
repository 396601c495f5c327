//! Addresses of every family that we know, as the `msg_name` of messages. Nothing receives there.

use crate::known::{CAN, CIPHER, EXTENDED, FRAME, L2CAP};
use crate::socket::*;
use ancil::addr::{
    Address, CanTp, PacketAddr, SockaddrAlg, SockaddrCan, SockaddrL2, SockaddrLl, SockaddrMctp,
    SockaddrMctpExt, SockaddrNl, SockaddrVm, UnixAddr,
};
use std::io::{Error, Result};
use std::net::SocketAddr;
use std::os::unix::net::UnixDatagram;

/// The index of no interface.
const NO_INTERFACE: i32 = 99_999;

pub fn names() -> Result<()> {
    let to = UnixDatagram::unbound()?;
    let show = |case: &str, addr: Address<'_>| {
        show_name(
            &to,
            &format!("names::{case}"),
            addr.as_bytes(),
            &addr.to_string(),
        );
    };
    unix(show);
    for addr in [
        "127.0.0.1:53",
        "255.255.255.255:65535",
        "[::1]:80",
        "[fe80::1%99999]:1",
    ] {
        show(
            "internet",
            Address::from(addr.parse::<SocketAddr>().map_err(Error::other)?),
        );
    }
    for (pid, groups) in [(0, 0), (1, 0x11), (u32::MAX, u32::MAX), (7, 0x0123_4567)] {
        show("netlink", SockaddrNl::new(pid, groups).into());
        show(
            "netlink",
            SockaddrNl {
                nl_pad: 0xa0b,
                ..SockaddrNl::new(pid, groups)
            }
            .into(),
        );
    }
    for (cid, port) in [(0, 0), (1, 1), (2, 1024), (3, 0xffff), (u32::MAX, u32::MAX)] {
        for (svm_flags, svm_zero) in [
            (0, [0; 3]),
            (1, [0; 3]),
            (2, [0; 3]),
            (0x81, [0; 3]),
            (0xff, *b"a\0\xff"),
        ] {
            show(
                "vsock",
                SockaddrVm {
                    svm_flags,
                    svm_zero,
                    ..SockaddrVm::new(cid, port)
                }
                .into(),
            );
        }
        show(
            "vsock",
            SockaddrVm {
                svm_reserved1: 0x10,
                ..SockaddrVm::new(cid, port)
            }
            .into(),
        );
    }
    for family in [0u16, 21, 30, 32, 33, 34, 36, 0x4d59, 0xfffe] {
        let bytes = [&family.to_ne_bytes()[..], b"any data\0\xff"].concat();
        for len in [2, 3, bytes.len()] {
            show(
                "no_struct",
                Address::parse(&bytes[..len]).map_err(Error::other)?,
            );
        }
    }
    packet(show)?;
    let (addr, strace) = packet_names();
    show_name_as(
        &to,
        "names::packet_names",
        addr.as_bytes(),
        &addr.to_string(),
        (FRAME, &strace),
    );
    can(&to);
    mctp(&to, show)?;
    l2cap(&to);
    cipher(&to)
}

fn mctp(to: &UnixDatagram, show: impl Fn(&str, Address<'_>)) -> Result<()> {
    for (network, addr) in [(0, 0), (1, 8), (u32::MAX, 255)] {
        for (smctp_pad0, smctp_pad1, smctp_tag) in [(0, 0, 8), (5, 9, 0x1f), (0x100, 0, 0)] {
            let addr = SockaddrMctp {
                smctp_pad0,
                smctp_pad1,
                smctp_tag,
                ..SockaddrMctp::new(network, addr, 0x7e)
            };
            show("mctp", addr.into());
        }
    }
    let plain = SockaddrMctp::new(1, 8, 0);
    let extended = SockaddrMctpExt::new(plain, NO_INTERFACE, &[0x1d, 0x2e])
        .ok_or_else(|| Error::other("too long"))?;
    show_name_as(
        to,
        "names::mctp_extended",
        extended.as_bytes(),
        &extended.to_string(),
        (EXTENDED, &plain.to_string()),
    );
    Ok(())
}

fn l2cap(to: &UnixDatagram) {
    let addr = SockaddrL2::new([0x9a, 0x31, 7, 0xdc, 0x1b, 0], 1, 1);
    for kind in 0..4 {
        let addr = SockaddrL2 {
            l2_bdaddr_type: kind,
            l2_cid: ancil::addr::Le16::new(4),
            ..addr
        };
        let ours = addr.to_string();
        let strace = ours
            .replace("psm=htobs(1)", "psm=htobs(L2CAP_PSM_SDP)")
            .replace("cid=htobs(4)", "cid=htobs(L2CAP_CID_ATT)");
        show_name_as(to, "names::l2cap", addr.as_bytes(), &ours, (L2CAP, &strace));
    }
}

fn unix(show: impl Fn(&str, Address<'_>)) {
    show("unix", UnixAddr::unnamed().into());
    for name in [
        &b"a"[..],
        b"/tmp/x",
        b"\xff7\n\"\\",
        b"@",
        &[b'l'; 107],
        &[b'l'; 108],
    ] {
        show("unix", UnixAddr::path(name).expect("a path").into());
    }
    for name in [
        &b""[..],
        b"abc",
        b"a\0b\0",
        b"\x017\xff",
        b"\0",
        &[0; 107],
        &[b'l'; 107],
    ] {
        show(
            "unix",
            UnixAddr::abstract_name(name).expect("a name").into(),
        );
    }
}

fn packet(show: impl Fn(&str, Address<'_>)) -> Result<()> {
    for protocol in [3, 4, 0x0800, 0x0806, 0x8100, 0x86dd, 0x88cc] {
        for hatype in [1u16, 32, 512, 768, 772, 0xfffe] {
            for pkttype in 0..9 {
                for halen in [0, 1, 6, 8, 9, 20, 32] {
                    let addr = PacketAddr::new(
                        NO_INTERFACE,
                        protocol,
                        &[0, 1, 0xa0, 255].repeat(8)[..halen],
                    );
                    let mut bytes = addr.expect("an address").as_bytes().to_vec();
                    bytes[8..10].copy_from_slice(&hatype.to_ne_bytes());
                    bytes[10] = pkttype;
                    show("packet", Address::parse(&bytes).map_err(Error::other)?);
                }
            }
        }
    }
    Ok(())
}

fn packet_names() -> (SockaddrLl, String) {
    let plain = PacketAddr::new(NO_INTERFACE, 0x88b5, &[])
        .expect("an address")
        .sockaddr();
    let addr = SockaddrLl {
        sll_hatype: 774,
        ..plain
    };
    let strace = addr
        .to_string()
        .replace("0x88b5", "ETH_P_802_EX1")
        .replace("=0x306", "=ARPHRD_FDDI");
    (addr, strace)
}

fn can(to: &UnixDatagram) {
    let addr = SockaddrCan::with_tp(
        NO_INTERFACE,
        CanTp {
            rx_id: 0x123,
            tx_id: 0x456,
        },
    );
    // Of an unknown family, our text shows the bytes, as strace does for AF_CAN.
    let bytes = [&[0xfe, 0xff], &addr.as_bytes()[2..]].concat();
    let bytes = Address::Unknown(&bytes)
        .to_string()
        .replace("0xfffe /* AF_??? */", "AF_CAN");
    show_name_as(
        to,
        "names::can",
        addr.as_bytes(),
        &addr.to_string(),
        (CAN, &bytes),
    );
}

fn cipher(to: &UnixDatagram) -> Result<()> {
    let addr =
        SockaddrAlg::new(b"skcipher", b"cbc(aes)").ok_or_else(|| Error::other("too long"))?;
    show_name(to, "names::cipher", addr.as_bytes(), &addr.to_string());
    let flags = SockaddrAlg {
        salg_feat: 1,
        ..addr
    };
    let strace = flags
        .to_string()
        .replace("=0x1,", "=0x1 /* CRYPTO_ALG_??? */,");
    show_name_as(
        to,
        "names::cipher",
        flags.as_bytes(),
        &flags.to_string(),
        (CIPHER, &strace),
    );
    Ok(())
}
