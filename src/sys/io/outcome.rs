//! [`RecvOutcome`]: what the kernel reports of a received message.

use crate::iov::IoVec;
use crate::msghdr::MsgFlags;
use crate::sys::received::Received;

/// What the kernel reports of a message that it wrote to the caller's buffers.
///
/// The descriptors of the message have no owner until [`into_received`](Self::into_received).
#[derive(Default)]
pub(super) struct RecvOutcome {
    pub(super) bytes: usize,
    pub(super) name_len: usize,
    pub(super) control_len: usize,
    /// `msg_flags`.
    pub(super) flags: u32,
}

impl RecvOutcome {
    /// Makes the [`Received`], which owns the descriptors of the message. No other function of this
    /// module gives descriptors an owner.
    ///
    /// # Safety
    /// The kernel must have reported `self` for the message that it wrote to these buffers,
    /// and since then nobody may have written to `control` or taken ownership of the descriptors in
    /// it.
    pub(super) unsafe fn into_received<'m>(
        self,
        name: &'m [u8],
        vectors: &'m [IoVec<'m>],
        control: &'m mut [u8],
    ) -> Received<'m> {
        let flags = MsgFlags::from_bits_retain(self.flags).difference(MsgFlags::MSG_CMSG_CLOEXEC);
        let filled = self.control_len.min(control.len());
        let control = control.get_mut(..filled).unwrap_or_default();
        // SAFETY: `from_control` requires that the descriptors in `control` are open and owned by
        // nobody else. By the contract of this function the kernel wrote these `filled` bytes, so
        // it opened the descriptors in them for this process, and nobody took ownership since.
        let received = unsafe { Received::from_control(self.bytes, flags, control) };
        received.with_groups(name, self.name_len, vectors)
    }
}
