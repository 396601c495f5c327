// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! The buffer that strace(1) has shown as messages.

use super::decoded::Layout;
use super::strace::{MOST, Message};
use super::text::Fault;

/// Lays the messages out in a buffer of `total` bytes, if that is known. `hidden` is the end of the
/// list if strace leaves out what follows.
pub fn lay_out(
    messages: &[Message],
    hidden: Option<usize>,
    total: Option<usize>,
    layout: Layout,
) -> Result<Vec<Option<u8>>, Fault> {
    let (header, mut buffer, mut is_whole) = (layout.abi.header_size(), Vec::new(), true);
    for Message {
        at,
        len,
        level,
        ty,
        data,
    } in messages
    {
        let fault = |what: String| Err(Fault::new(*at, what));
        if !is_whole {
            return fault("a message follows one whose cmsg_len is wrong".into());
        }
        let offset = buffer.len().next_multiple_of(layout.abi.alignment());
        buffer.resize(offset, None);
        // strace shows what is there of a message that reaches past the end.
        let left = total.map_or(usize::MAX, |total| total.saturating_sub(offset));
        let size = (*len).min(left);
        is_whole = layout.abi.check(*len, left).is_ok();
        if left < header {
            return fault(format!(
                "no header fits into the rest of msg_controllen, {left} bytes"
            ));
        }
        if size > MOST {
            return fault(format!(
                "cmsg_len={len}, and no msg_controllen says how many there are"
            ));
        }
        let data = match (size.saturating_sub(header), data) {
            (0, None) => Vec::new(),
            (n, None) => {
                return fault(format!("cmsg_data: strace does not show its {n} bytes"));
            }
            (n, Some(values)) => values.encode(n, (*level, *ty), layout)?,
        };
        let mut message = layout.message(*level, *ty, &data);
        layout.put_len(&mut message, *len);
        buffer.extend(message.into_iter().map(Some));
    }
    let Some(total) = total else {
        return match hidden {
            Some(at) => Err(Fault::new(at, "strace leaves out the rest of the buffer")),
            None => Ok(buffer),
        };
    };
    let padded = buffer
        .len()
        .next_multiple_of(layout.abi.alignment())
        .min(total);
    let end = messages.last().map_or(0, |message| message.at);
    if buffer.len() > total || (hidden.is_none() && padded < total) {
        let bytes = buffer.len();
        let what = format!("these messages have {bytes} bytes, but msg_controllen={total}");
        return Err(Fault::new(end, what));
    }
    // After a malformed header, or if less than a header is left, the rest has no meaning.
    if is_whole && total - padded >= header {
        let what = format!("strace leaves out the {} bytes that follow", total - padded);
        return Err(Fault::new(hidden.unwrap_or(end), what));
    }
    buffer.resize(total, None);
    Ok(buffer)
}
