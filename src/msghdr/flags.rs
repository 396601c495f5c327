// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`MsgFlags`]: `MSG_*`.
#![forbid(unsafe_code)]

bitflags::bitflags! {
    /// `MSG_*`: flags of `send(2)` and `recv(2)`, and what `recvmsg(2)` reports in `msg_flags`.
    ///
    /// The kernel's own `MSG_CMSG_COMPAT` has no name here: from a program it is an error, EINVAL.
    ///
    /// ```
    /// use ancil::MsgFlags;
    ///
    /// let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL; // an argument of io::sendmsg
    /// assert!(flags.contains(MsgFlags::MSG_DONTWAIT));
    /// ```
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct MsgFlags: u32 {
        /// Out-of-band data: `tcp(7)`.
        const MSG_OOB = 1;
        /// Receive without removing from the queue. Descriptors are duplicated each time.
        const MSG_PEEK = 2;
        /// Send only to hosts on the same link, without a gateway.
        const MSG_DONTROUTE = 4;
        /// Another name of `MSG_DONTROUTE`, for DECnet.
        const MSG_TRYHARD = 4;
        /// Reported: control messages were cut off or dropped, because the control buffer was too
        /// small, the process has too many open descriptors, or a security module denied one.
        const MSG_CTRUNC = 8;
        /// Look up the path without sending: raw sockets and UDP.
        const MSG_PROBE = 0x10;
        /// Reported: the datagram was longer than the vectors. Requested: report its real length.
        const MSG_TRUNC = 0x20;
        /// Do not block, fail with EAGAIN instead. `O_NONBLOCK` has that effect on every call.
        const MSG_DONTWAIT = 0x40;
        /// End of a record. The only flag that `sendmmsg(2)` reads from `msg_flags`.
        const MSG_EOR = 0x80;
        /// Wait until the vectors are full.
        const MSG_WAITALL = 0x100;
        /// Finish the connection after this message: SCTP.
        const MSG_FIN = 0x200;
        /// Another name of `MSG_FIN`: `sctp(7)`.
        const MSG_EOF = 0x200;
        /// Start a connection.
        const MSG_SYN = 0x400;
        /// The peer is alive, so its neighbour entry need not be probed: `arp(7)`. Reported by CAN:
        /// the frame was sent by this socket.
        const MSG_CONFIRM = 0x800;
        /// Reset the connection.
        const MSG_RST = 0x1000;
        /// Receive from the error queue: `ip(7)`. Reported: the message came from there.
        const MSG_ERRQUEUE = 0x2000;
        /// Do not raise SIGPIPE when the peer is gone. The error is EPIPE with or without it.
        const MSG_NOSIGNAL = 0x4000;
        /// More data will follow: keep this data for a full packet, as `TCP_CORK` and `UDP_CORK`
        /// do.
        const MSG_MORE = 0x8000;
        /// Reported: this is a notification, not data: `sctp(7)`. The same bit as `MSG_MORE`.
        const MSG_NOTIFICATION = 0x8000;
        /// `recvmmsg(2)`: wait only for the first message.
        const MSG_WAITFORONE = 0x1_0000;
        /// `sendmmsg(2)`: more messages of this batch follow. The kernel sets it itself.
        const MSG_BATCH = 0x4_0000;
        /// Receive device memory: `Documentation/networking/devmem.rst`, Linux 6.12.
        const MSG_SOCK_DEVMEM = 0x200_0000;
        /// Send without copying: `Documentation/networking/msg_zerocopy.rst`, Linux 4.14.
        const MSG_ZEROCOPY = 0x400_0000;
        /// Send data in the SYN: `tcp(7)`.
        const MSG_FASTOPEN = 0x2000_0000;
        /// Let `execve(2)` close received descriptors. `io::recvmsg` (feature `libc`) always sets
        /// it.
        const MSG_CMSG_CLOEXEC = 0x4000_0000;
    }
}

impl MsgFlags {
    /// Returns whether a message with these flags lacks bytes or control messages.
    #[inline]
    pub(crate) const fn is_truncated(self) -> bool {
        self.intersects(Self::MSG_TRUNC.union(Self::MSG_CTRUNC))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_have_the_numbers_of_libc() {
        macro_rules! assert_same {
            ($($NAME:ident)+) => { $(
                assert_eq!(MsgFlags::$NAME.bits(), libc::$NAME as u32, stringify!($NAME));
            )+ };
        }
        assert_same! {
            MSG_OOB MSG_PEEK MSG_DONTROUTE MSG_CTRUNC MSG_TRUNC MSG_DONTWAIT MSG_EOR MSG_WAITALL
            MSG_FIN MSG_SYN MSG_CONFIRM MSG_RST MSG_ERRQUEUE MSG_NOSIGNAL MSG_MORE MSG_WAITFORONE
            MSG_ZEROCOPY MSG_FASTOPEN MSG_CMSG_CLOEXEC
        }
    }

    #[test]
    fn msg_cmsg_compat_is_no_flag() {
        assert!(MsgFlags::from_bits(0x8000_0000).is_none());
    }
}
