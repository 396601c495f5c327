// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`DisplayControl`]: a control buffer as text, in the form of `strace(1)` or byte by byte.
#![forbid(unsafe_code)]

use crate::error::{Malformed, MalformedKind};
use crate::payload::AfAlgIv;
use crate::show::{Octets, Printer, Show};
use crate::table::level::{LevelId, level_id, level_name_on};
use crate::table::lookup::message_name_on;
use crate::table::message::Message;
use crate::wire::abi::{cmsg_len, cmsg_space};
use crate::wire::cmsg::{HEADER, Raw};
use crate::wire::control::Control;
use crate::wire::payload::Unbounded;
use crate::wire::reader::Reader;
use core::fmt;
use core::ops::Range;

/// Prints a control buffer: with `{}` in the form of `strace(1)`, with `{:#}` byte by byte, each
/// with what it is.
///
/// The program `examples/dump` does so with a buffer that strace, gdb or xxd printed.
///
/// ```
/// use ancil::{space_of, DisplayControl, IP_TTL, Writer};
///
/// let mut buffer = [0; space_of::<IP_TTL>()];
/// let mut writer = Writer::new(&mut buffer);
/// writer.put(IP_TTL, 64)?;
/// let control = writer.finish().as_bytes();
/// # if cfg!(all(target_pointer_width = "64", target_endian = "little")) {
/// assert_eq!(
///     DisplayControl::new(control).to_string(),
///     "[{cmsg_len=20, cmsg_level=SOL_IP, cmsg_type=IP_TTL, cmsg_data=[64]}]",
/// );
/// assert_eq!(
///     format!("{:#}", DisplayControl::new(control)),
///     "0x0000  14 00 00 00 00 00 00 00  cmsg_len = 20\n\
///      0x0008  00 00 00 00              cmsg_level = SOL_IP\n\
///      0x000c  02 00 00 00              cmsg_type = IP_TTL\n\
///      0x0010  40 00 00 00              data: [64]\n\
///      0x0014  00 00 00 00              padding",
/// );
/// # }
/// # Ok::<(), ancil::NoSpace>(())
/// ```
#[doc(alias("strace", "hexdump", "dump"))]
#[derive(Clone, Copy, Debug)]
pub struct DisplayControl<'a> {
    bytes: &'a [u8],
    family: u16,
}

impl<'a> DisplayControl<'a> {
    /// Prints the first `msg_controllen` bytes of a control buffer, which may hold anything.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, family: 0 }
    }

    /// Sets the address family (`AF_*`) of the socket. It matters at level 0 only: see
    /// [`Message::parse`].
    ///
    /// ```
    /// use ancil::DisplayControl;
    /// use ancil::addr::AF_BLUETOOTH;
    /// assert_eq!(DisplayControl::new(&[]).family(AF_BLUETOOTH).to_string(), "[]");
    /// ```
    #[must_use]
    pub const fn family(mut self, family: u16) -> Self {
        self.family = family;
        self
    }

    fn show_level(&self, out: &mut impl Printer, raw: &Raw<'_>) -> fmt::Result {
        match level_name_on(self.family, raw.level) {
            Some(name) => out.write_str(name),
            None => {
                out.hex(u64::from(raw.level as u32))?;
                out.write_str(" /* SOL_??? */")
            }
        }
    }

    fn show_type(&self, out: &mut impl Printer, raw: &Raw<'_>) -> fmt::Result {
        match message_name_on(self.family, raw.level, raw.ty) {
            Some(name) => out.write_str(name),
            None => {
                out.hex(u64::from(raw.ty as u32))?;
                out.write_str(match level_id(self.family, raw.level) {
                    Some(LevelId::SOL_SOCKET) => " /* SCM_??? */",
                    Some(LevelId::SOL_IP) => " /* IP_??? */",
                    _ => "",
                })
            }
        }
    }

    /// Writes the payload. `strace(1)` tells an `IP_TOS` of one byte from one of four, which decode
    /// to one value. An `ALG_SET_IV` with bytes after its vector decodes to the vector alone.
    fn show_data(&self, out: &mut impl Printer, raw: &Raw<'_>) -> fmt::Result {
        match Message::parse(self.family, *raw) {
            Message::IpTos(_) => Octets(raw.data).show(out),
            Message::AlgSetIv(iv) if raw.data.len() > AfAlgIv::HEADER.saturating_add(iv.len()) => {
                raw.data.show(out)
            }
            message => message.show(out),
        }
    }

    /// Writes all messages in the form of `strace(1)`.
    pub(crate) fn show_line(&self, out: &mut impl Printer) -> fmt::Result {
        let mut first = true;
        for step in Reader::new(self.bytes) {
            out.write_str(if first {
                "[{cmsg_len="
            } else {
                "}, {cmsg_len="
            })?;
            first = false;
            match step {
                Ok(raw) => {
                    cmsg_len(raw.data.len()).show(out)?;
                    out.write_str(", cmsg_level=")?;
                    self.show_level(out, &raw)?;
                    out.write_str(", cmsg_type=")?;
                    self.show_type(out, &raw)?;
                    if !raw.data.is_empty() {
                        out.write_str(", cmsg_data=")?;
                        self.show_data(out, &raw)?;
                    }
                }
                Err(Malformed { offset, kind }) => {
                    kind.cmsg_len().show(out)?;
                    out.write_str(" /* malformed, at offset ")?;
                    offset.show(out)?;
                    out.write_str(" */")?;
                }
            }
        }
        out.write_str(if first { "[]" } else { "}]" })
    }

    /// Writes every byte.
    fn show_bytes(&self, out: &mut impl Printer) -> fmt::Result {
        let mut shown = 0usize;
        for step in Reader::new(self.bytes) {
            let raw = match step {
                Ok(raw) => raw,
                Err(Malformed { kind, .. }) => {
                    return self.show_rows(out, shown..self.bytes.len(), |out| {
                        out.write_str("malformed: cmsg_len = ")?;
                        kind.cmsg_len().show(out)?;
                        out.write_str(match kind {
                            MalformedKind::TooShort { .. } => ", less than a header",
                            MalformedKind::PastEnd { .. } => ", more than is left",
                        })
                    });
                }
            };
            let data = raw.offset.saturating_add(HEADER);
            let (level, ty) = (data.saturating_sub(8), data.saturating_sub(4));
            let end = data.saturating_add(raw.data.len());
            let next = raw.offset.saturating_add(cmsg_space(raw.data.len()));
            shown = next.min(self.bytes.len());
            self.show_rows(out, raw.offset..level, |out| {
                out.write_str("cmsg_len = ")?;
                cmsg_len(raw.data.len()).show(out)
            })?;
            self.show_rows(out, level..ty, |out| {
                out.write_str("cmsg_level = ")?;
                self.show_level(out, &raw)
            })?;
            self.show_rows(out, ty..data, |out| {
                out.write_str("cmsg_type = ")?;
                self.show_type(out, &raw)
            })?;
            self.show_rows(out, data..end, |out| {
                out.write_str("data: ")?;
                self.show_data(out, &raw)
            })?;
            self.show_rows(out, end..shown, |out| out.write_str("padding"))?;
        }
        self.show_rows(out, shown..self.bytes.len(), |out| {
            out.write_str("less than a header")
        })
    }

    /// Writes the bytes of a range, eight to a row, and after the first row what they are.
    fn show_rows<P: Printer>(
        &self,
        out: &mut P,
        range: Range<usize>,
        show_what: impl Fn(&mut P) -> fmt::Result,
    ) -> fmt::Result {
        let mut offset = range.start;
        let bytes = self.bytes.get(range.clone()).unwrap_or_default();
        for row in bytes.chunks(8) {
            out.write_str(if offset == 0 { "0x" } else { "\n0x" })?;
            out.hex_digits(offset as u64, 4)?;
            out.ascii(b' ')?;
            for byte in row {
                out.ascii(b' ')?;
                out.hex_digits((*byte).into(), 2)?;
            }
            if offset == range.start {
                (row.len()..8).try_for_each(|_| out.write_str("   "))?;
                out.write_str("  ")?;
                show_what(out)?;
            }
            offset = offset.saturating_add(8);
        }
        Ok(())
    }
}

impl fmt::Display for DisplayControl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            self.show_bytes(f)
        } else {
            self.show_line(f)
        }
    }
}

/// As [`DisplayControl`] prints it.
impl fmt::Display for Control<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        DisplayControl::new(self.as_bytes()).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::level::SOL_SOCKET;
    use crate::wire::encode::bytes_of_messages;
    use crate::{CATALOGUE, CatalogueEntry, Key, SCM_CREDENTIALS, SCM_RIGHTS};
    use std::format;
    use zerocopy::IntoBytes;

    const RIGHTS: (i32, i32) = (SCM_RIGHTS::LEVEL, SCM_RIGHTS::TYPE);

    #[test]
    fn several_messages_known_and_unknown() {
        let bytes = bytes_of_messages(&[
            (RIGHTS.0, RIGHTS.1, [4, 5].as_bytes()),
            (SOL_SOCKET, SCM_CREDENTIALS::TYPE, [1, 2, 3].as_bytes()),
            (SOL_SOCKET, 0x4d59, b"\x01z"),
            (0x4d59, 7, &[]),
        ]);
        let expected = format!(
            "[{{cmsg_len={}, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[4, 5]}}, \
             {{cmsg_len={}, cmsg_level=SOL_SOCKET, cmsg_type=SCM_CREDENTIALS, \
             cmsg_data={{pid=1, uid=2, gid=3}}}}, \
             {{cmsg_len={}, cmsg_level=SOL_SOCKET, cmsg_type=0x4d59 /* SCM_??? */, \
             cmsg_data=\"\\1z\"}}, \
             {{cmsg_len={}, cmsg_level=0x4d59 /* SOL_??? */, cmsg_type=0x7}}]",
            cmsg_len(8),
            cmsg_len(12),
            cmsg_len(2),
            cmsg_len(0),
        );
        assert_eq!(format!("{}", DisplayControl::new(&bytes)), expected);
    }

    /// The last bytes that are padding or reserved, which is not printed.
    fn is_reserved(name: &str, n: usize) -> bool {
        match (name, n) {
            ("RDS_CMSG_RDMA_STATUS", 16) => align_of::<u64>() == 8,
            ("SCM_TIMESTAMPING_PKTINFO", 16) | ("RXRPC_CHALLENGED", 4) => true,
            ("LLC_OPT_PKTINFO", 12) => true,
            _ => false,
        }
    }

    #[test]
    fn no_payload_hides_its_last_byte() {
        let shown = |row: &CatalogueEntry, data: &[u8]| {
            let bytes = bytes_of_messages(&[(row.level, row.ty, data)]);
            format!("{}", DisplayControl::new(&bytes).family(row.family))
        };
        for row in CATALOGUE {
            for n in 1..100 {
                let mut data = [0; 100];
                let zero = shown(row, &data[..n]);
                data[n - 1] = 1;
                let hidden = shown(row, &data[..n]) == zero;
                assert_eq!(hidden, is_reserved(row.name, n), "{n} bytes: {zero}");
            }
        }
    }

    #[test]
    fn a_malformed_header_is_shown_as_such() {
        let mut bytes = bytes_of_messages(&[(RIGHTS.0, RIGHTS.1, 4i32.as_bytes())]);
        bytes.extend([0; HEADER]);
        let shown = format!("{}", DisplayControl::new(&bytes));
        assert!(
            shown.ends_with(&format!(
                "{{cmsg_len=0 /* malformed, at offset {} */}}]",
                cmsg_space(4)
            )),
            "{shown}"
        );
        let dump = format!("{:#}", DisplayControl::new(&bytes));
        assert!(
            dump.contains("  malformed: cmsg_len = 0, less than a header\n"),
            "{dump}"
        );
    }

    #[test]
    fn a_dump_shows_every_byte_once() {
        let mut bytes = bytes_of_messages(&[(7, 7, &[0xab; 21]), (7, 7, &[])]);
        bytes.extend([0xcd; HEADER - 1]);
        let dump = format!("{:#}", DisplayControl::new(&bytes));
        let shown: usize = dump
            .lines()
            .map(|l| {
                l[8..]
                    .split("  ")
                    .next()
                    .unwrap()
                    .split_whitespace()
                    .count()
            })
            .sum();
        assert_eq!(shown, bytes.len(), "{dump}");
        assert!(dump.contains("less than a header"), "{dump}");
    }
}
