// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ownership of the descriptors in a buffer of a multishot `recvmsg`.

use super::outcome::{Outcome, Space};
use super::received::Received;
use crate::uring::{Multishot, ShortBuffer};

impl Multishot {
    /// Returns the message in a buffer that the kernel filled. The message owns the descriptors
    /// that arrived with it.
    ///
    /// Descriptors that nobody takes are closed by `close`; with feature `libc` this may be
    /// `io::close`. The buffer can go back to the ring when the message is dropped.
    ///
    /// ```
    /// use ancil::uring::Multishot;
    ///
    /// # unsafe fn close(_: i32) {}
    /// const SHOT: Multishot = Multishot::new(0, 64);
    /// # let mut buffer = [0u32, 0, 5, 0].map(u32::to_ne_bytes).concat();
    /// # buffer.resize(SHOT.buffer_len(5), b'!');
    /// // SAFETY: the completion of a request with these spaces reported these bytes.
    /// let received = unsafe { SHOT.received(&mut buffer, close)? };
    /// assert_eq!((received.data(), received.fds_left()), (&b"!!!!!"[..], 0));
    /// # Ok::<(), ancil::uring::ShortBuffer>(())
    /// ```
    ///
    /// # Safety
    /// `buffer` must be what a completion of a request with these spaces and
    /// [`flags`](Multishot::flags) reported: the first bytes of its buffer, as many as its result.
    /// It must be passed to this function once, and nobody may have written to it, or have used the
    /// descriptors in it, since the kernel did. `close` must be safe to call with an open
    /// descriptor that nobody uses afterwards.
    ///
    /// # Errors
    /// [`ShortBuffer`] if the spaces do not fit into the buffer. Nothing is closed then, because
    /// such a buffer has no control messages.
    pub unsafe fn received(
        self,
        buffer: &mut [u8],
        close: unsafe fn(i32),
    ) -> Result<Received<'_>, ShortBuffer> {
        let shot = self.parse(buffer)?;
        let outcome = Outcome {
            bytes: shot.payload_len,
            name_len: shot.name_len,
            control_len: shot.control.len(),
            flags: shot.flags.bits(),
        };
        let short = ShortBuffer {
            needed: self.buffer_len(0),
            len: buffer.len(),
        };
        let (name, control, payload) = self.split(buffer).ok_or(short)?;
        // SAFETY: the kernel must have reported `outcome` for the message that it wrote to
        // `control`, and since then nobody may have written to it or taken ownership of the
        // descriptors in it. By the contract of this function the kernel wrote the buffer, whose
        // header says so, for these spaces, and `control` is the second of them. The contract for
        // `close` is the same.
        let received = unsafe { Received::new(outcome, control, close) };
        Ok(received.with_groups(name, Space::Buffer(payload)))
    }
}
