//! [`ShowData`]: payloads printed as they lie there.
#![forbid(unsafe_code)]

use super::*;

/// Prints what such a payload decodes to; what is no such payload, as a string.
///
/// That is done for one type after the other and not with [`Message`](crate::Message), which takes the stack that the
/// largest payload does. Types whose value does not say all that is there, or is large, do it in their own way.
pub(crate) trait ShowData: Payload {
    /// Writes it as a message of its own.
    fn show_data(data: &[u8], form: Form, out: &mut Out<impl Sink>) -> fmt::Result;
}

#[inline(never)]
pub(crate) fn decoded<'a, P: ?Sized + Payload>(
    data: &'a [u8],
    form: Form,
    out: &mut Out<impl Sink>,
) -> fmt::Result
where
    P::Out<'a>: Show,
{
    match P::decode(data) {
        Ok(payload) => payload.show_as(form, out),
        Err(_) => data.show(out),
    }
}

/// A field of a struct, from the bytes of one: [`field!`] says where it is and what.
pub(crate) fn field_at<S, F: FromBytes + Default>(bytes: &[u8], at: usize, _of: fn(&S) -> &F) -> F {
    let rest = bytes.get(at..).unwrap_or_default();
    F::read_from_prefix(rest).map_or_else(|_| F::default(), |(value, _)| value)
}

/// One field of a struct that lies there as bytes: the whole would lie on the stack while a field prints. Default where
/// the bytes end before.
macro_rules! field {
    ($bytes:expr, $Type:ty, $field:ident) => {
        $crate::payload::field_at(
            $bytes,
            core::mem::offset_of!($Type, $field),
            |whole: &$Type| &whole.$field,
        )
    };
}

pub(crate) use field;

/// `ShowData` by `Show` of what it decodes to.
macro_rules! decoded {
    ($($P:ty),+) => {
        $( impl $crate::payload::ShowData for $P {
            fn show_data(
                data: &[u8],
                form: $crate::payload::Form,
                out: &mut $crate::payload::Out<impl $crate::payload::Sink>,
            ) -> core::fmt::Result {
                $crate::payload::decoded::<$P>(data, form, out)
            }
        } )+
    };
}

decoded!((), u8, u16, u32, u64, usize, i32, i64, [i32], [u32], Be32);
decoded!(
    AfAlgIv,
    Bytes,
    Challenged,
    Devmem,
    In6Addr,
    InAddr,
    InPktinfo,
    Nlattrs,
    OldTimeval,
    Pidfd,
    SockExtendedErr
);
decoded!(Timespec, Timeval, Ucred);
