// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`Received::forward`]: a received message is sent again.
#![forbid(unsafe_code)]

use super::owned_control::ERRORS;
use super::received::Received;
use crate::error::NoSpace;
use crate::table::keys::*;
use crate::wire::abi::cmsg_space;
use crate::wire::array::Array;
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
use crate::wire::keys::space_for;
use crate::wire::writer::Writer;

impl Received<'_> {
    /// Writes the control messages that may be sent again, for a proxy: first the descriptors that
    /// nobody took, borrowed from `self`, then the messages that mean the same on another socket.
    /// `left_out` is called with each of the others.
    ///
    /// Left out are messages that the kernel only delivers (it answers EINVAL to `SO_TIMESTAMPNS`
    /// and `SCM_PIDFD`), that have another payload when they are sent (`SO_TIMESTAMPING`), that
    /// belong to this socket or host (`IP_PKTINFO` and `IPV6_PKTINFO` would choose interface and
    /// source address), that the catalogue does not know, or that are not whole. `SCM_CREDENTIALS`
    /// is left out, too: the kernel vouches for whoever sends, and lets only `CAP_SYS_ADMIN` send
    /// those of another process. Some messages that are written need a privilege: `SO_MARK`,
    /// `SO_PRIORITY` above 6, and the extension headers of IPv6.
    ///
    /// Call [`whole`](Received::whole) first: descriptors that did not arrive cannot be passed on.
    /// An `SCM_RIGHTS` in which a place was [denied](Received::fds_denied) is handed to `left_out`;
    /// its other descriptors are written. One call delivers at most 253 descriptors, and one send
    /// takes no more (EINVAL); what `io::recvmsg_exact` collects may be more.
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use ancil::{IoVec, MsgFlags, Writer, io, message_name, space_of};
    /// # use std::os::unix::net::UnixStream;
    ///
    /// # let (client, here) = UnixStream::pair()?;
    /// # let (there, server) = UnixStream::pair()?;
    /// # io::send_fds(&client, b"open", &[(&client).into()])?;
    /// const SPACE: usize = space_of::<io::UnixMessages>();
    /// let (mut bytes, mut space, mut buffer) = ([0; 1500], [0; SPACE], [0; SPACE]);
    /// let received = io::recv(&here, &mut bytes, &mut space)?.whole()?;
    /// let mut writer = Writer::new(&mut buffer);
    /// received.forward(&mut writer, |raw| {
    ///     eprintln!("not forwarded: {:?}", message_name(raw.level, raw.ty));
    /// })?;
    /// let (mut control, mut vectors) = (writer.finish(), [IoVec::new(received.data())]);
    /// io::sendmsg_all(&there, &mut &mut vectors[..], &mut control, MsgFlags::MSG_NOSIGNAL)?;
    /// # let again = io::recv_fds::<1>(&server, &mut [0; 4])?;
    /// # assert!(again.fds[0].is_some());
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The descriptors stay with `self`, which must live until they are sent:
    /// ```compile_fail,E0505
    /// # use ancil::{MsgHdr, Received, Writer};
    /// # fn proxy(received: Received<'_>, buffer: &mut [u8]) {
    /// let mut writer = Writer::new(buffer);
    /// received.forward(&mut writer, |_| {});
    /// drop(received); // error: borrowed
    /// MsgHdr::new().control(writer.finish());
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NoSpace`], before anything is written or left out, if all the messages together do not
    /// fit. As much space as the messages took when they arrived, rounded up to a word, suffices.
    pub fn forward<'s>(
        &'s self,
        writer: &mut Writer<'s>,
        mut left_out: impl FnMut(Raw<'_>),
    ) -> Result<(), NoSpace> {
        let fds = self.borrowed_fds();
        let rights = match fds.clone().count() {
            0 => 0,
            n => space_for::<SCM_RIGHTS>(n),
        };
        let others = self.messages().filter(|(_, is_sent_on)| *is_sent_on);
        let needed = others.fold(rights, |sum, (raw, _)| {
            sum.saturating_add(cmsg_space(raw.data.len()))
        });
        let left = writer.left();
        if needed > left {
            return Err(NoSpace { needed, left });
        }
        writer.put_rights(fds)?;
        for (raw, is_sent_on) in self.messages() {
            if !is_sent_on || writer.put_raw(raw.level, raw.ty, raw.data).is_err() {
                left_out(raw);
            }
        }
        Ok(())
    }

    /// Returns the messages that are not written as descriptors, and whether each is sent on.
    fn messages(&self) -> impl Iterator<Item = (Raw<'_>, bool)> {
        let mut whole = self.control();
        (self.control().lenient().flatten()).filter_map(move |raw| {
            let is_cut = (whole.next()).is_none_or(|whole| whole.is_err());
            let has_denied = || {
                Array::<i32>::new(raw.data)
                    .iter()
                    .any(|n| ERRORS.contains(&n))
            };
            match SCM_RIGHTS.is(&raw) {
                true => has_denied().then_some((raw, false)),
                false => Some((raw, !is_cut && is_sent_on(&raw))),
            }
        })
    }
}

/// Returns whether a message means the same when it is sent on another socket.
fn is_sent_on(raw: &Raw<'_>) -> bool {
    macro_rules! any {
        ($($KEY:ident)+) => {
            $( $KEY.is(raw) )||+
        };
    }
    any! {
        SO_PRIORITY SO_MARK IP_TOS IP_TTL
        IPV6_TCLASS IPV6_FLOWINFO IPV6_HOPLIMIT IPV6_HOPOPTS IPV6_DSTOPTS
        IPV6_2292HOPLIMIT IPV6_2292HOPOPTS IPV6_2292DSTOPTS
        RDS_CMSG_RDMA_DEST RXRPC_ABORT SCM_IUCV_TRGCLS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CATALOGUE, Direction};
    use std::vec::Vec;

    /// What the kernel takes in both directions is sent on, or has a reason here.
    #[test]
    fn every_message_of_both_directions_is_decided() {
        let own = "it belongs to this socket, host or call";
        let not_sent_on = [
            ("SCM_RIGHTS", "its descriptors are"),
            ("SCM_CREDENTIALS", "the kernel vouches for whoever sends"),
            ("SO_TIMESTAMPING_OLD", "another payload is sent"),
            ("SO_TIMESTAMPING_NEW", "another payload is sent"),
            ("SCM_DEVMEM_DMABUF", "another payload is sent"),
            ("IP_RETOPTS", "they are the options to reply with"),
            ("IP_PKTINFO", own),
            ("IPV6_PKTINFO", own),
            ("IPV6_2292PKTINFO", own),
            ("IPV6_RTHDR", own),
            ("IPV6_2292RTHDR", own),
            ("SCTP_SNDRCV", own),
            ("RXRPC_USER_CALL_ID", own),
            ("RXRPC_OOB_ID", own),
        ];
        for row in CATALOGUE.iter().filter(|row| row.family == 0) {
            let has_reason = not_sent_on.iter().any(|(name, _)| *name == row.name);
            let both = row.direction == Direction::Both;
            let raw = Raw::new(row.level, row.ty, &[]);
            assert_eq!(is_sent_on(&raw), both && !has_reason, "{}", row.name);
            // The kernel takes one byte of IP_TOS, too.
            assert!(!is_sent_on(&raw) || row.received == row.sent || row.name == "IP_TOS");
        }
        let names: Vec<_> = CATALOGUE.iter().map(|row| row.name).collect();
        assert!(not_sent_on.iter().all(|(name, _)| names.contains(name)));
    }
}
