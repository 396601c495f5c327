//! [`Received::forward`]: a received message is sent again.

use super::received::Received;
use crate::error::{Error, NoSpace};
use crate::table::entries::Direction;
use crate::table::keys::{SCM_CREDENTIALS, SCM_DEVMEM_DMABUF, SCM_RIGHTS, SO_TIMESTAMPING};
use crate::table::lookup::direction;
use crate::wire::cmsg::Raw;
use crate::wire::key::Key;
use crate::wire::writer::Writer;

impl Received<'_> {
    /// Writes the control messages that may be sent again, for a proxy: first the descriptors that
    /// nobody took, borrowed from `self`, then the messages that the kernel accepts as it delivers
    /// them. `left_out` is called with each of the others.
    ///
    /// Left out are messages that the kernel only delivers (it answers EINVAL to `SO_TIMESTAMPNS`
    /// and `SCM_PIDFD`), that have another payload when they are sent (`SO_TIMESTAMPING`), that the
    /// catalogue does not know, or that are not whole. `SCM_CREDENTIALS` is left out, too: the
    /// kernel vouches for whoever sends, and lets only `CAP_SYS_ADMIN` send those of another
    /// process. Some messages that are written need a privilege: `SO_MARK`, and the extension
    /// headers of IPv6.
    ///
    /// Call [`whole`](Received::whole) first: descriptors that did not arrive cannot be passed on.
    /// One call delivers at most 253 descriptors, and one send takes no more (EINVAL); what
    /// `io::recvmsg_exact` collects may be more.
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
    /// # Errors
    /// [`NoSpace`] if the messages do not fit; none is written then. A buffer as large as the one
    /// that was received into suffices.
    pub fn forward<'s>(
        &'s self,
        writer: &mut Writer<'s>,
        mut left_out: impl FnMut(Raw<'_>),
    ) -> Result<(), NoSpace> {
        let start = writer.len();
        let result = self.forward_all(writer, &mut left_out);
        if result.is_err() {
            writer.rewind(start);
        }
        result
    }

    fn forward_all<'s>(
        &'s self,
        writer: &mut Writer<'s>,
        left_out: &mut impl FnMut(Raw<'_>),
    ) -> Result<(), NoSpace> {
        // SAFETY: the numbers must be open descriptors, and stay open for 's. These are owned by
        // `self`. Taking or closing one needs `&mut self`, which nobody has while `self` is
        // borrowed for 's.
        unsafe { writer.put_rights(self.owned_fds()) }?;
        let mut whole = self.control();
        for raw in self.control().lenient().flatten() {
            let is_whole = whole.next() == Some(Ok(raw));
            if SCM_RIGHTS.is(&raw) {
                continue; // its descriptors are written
            }
            let put = if is_whole && is_sent_as_received(&raw) {
                writer.put_raw(raw.level, raw.ty, raw.data)
            } else {
                left_out(raw);
                continue;
            };
            match put {
                Ok(()) => {}
                Err(Error::NoSpace(e)) => return Err(e),
                Err(_) => left_out(raw),
            }
        }
        Ok(())
    }
}

/// Returns whether the kernel accepts a message as it has delivered it.
fn is_sent_as_received(raw: &Raw<'_>) -> bool {
    let is_sent_otherwise =
        SO_TIMESTAMPING.is(raw) || SCM_DEVMEM_DMABUF.is(raw) || SCM_CREDENTIALS.is(raw);
    direction(raw.level, raw.ty) == Some(Direction::Both) && !is_sent_otherwise
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CATALOGUE;

    #[test]
    fn messages_with_two_payloads_are_not_sent_as_received() {
        let mut sent = 0;
        for row in CATALOGUE.iter().filter(|row| row.family == 0) {
            let raw = Raw::new(row.level, row.ty, &[]);
            let expected = match row.name {
                "SCM_CREDENTIALS" => false,
                "IP_TOS" => true, // sent as an int; one byte is accepted, too
                _ => row.received == row.sent && row.direction == Direction::Both,
            };
            assert_eq!(is_sent_as_received(&raw), expected, "{}", row.name);
            sent += usize::from(expected);
        }
        assert!(sent > 20);
    }
}
