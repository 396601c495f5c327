// SPDX-License-Identifier: MIT OR Apache-2.0
//! Netlink attributes, which `SCM_TIMESTAMPING_OPT_STATS` carries: kernel
//! `include/uapi/linux/tcp.h` (`TCP_NLA_*`) and `include/uapi/linux/can/j1939.h` (`J1939_NLA_*`).
#![forbid(unsafe_code)]

use crate::error::PayloadError;
use crate::netlink::{Attribute, Attributes};
use crate::show::{Printer, Show, show_list_with_rest};
use crate::wire::payload::{Payload, Unbounded};
use core::fmt;

/// Marks a payload of netlink attributes; decodes into [`Attributes`].
///
/// ```
/// use ancil::{Payload, payload::Nlattrs};
/// assert_eq!(Nlattrs::decode(&[])?.count(), 0);
/// # Ok::<(), ancil::PayloadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nlattrs {}

impl Payload for Nlattrs {
    type Decoded<'a> = Attributes<'a>;

    fn decode(data: &[u8]) -> Result<Attributes<'_>, PayloadError> {
        Ok(Attributes::new(data))
    }
}

impl Unbounded for Nlattrs {
    const ELEMENT: usize = 1;
}

/// Prints the attributes and, as a string, the bytes from the first malformed one on. Attributes of
/// type 0 are padding (`TCP_NLA_PAD`, `J1939_NLA_PAD`), and left out if they have no data.
impl Show for Attributes<'_> {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        let mut walk = *self;
        let mut rest = walk.rest();
        while let Some(Ok(_)) = walk.next() {
            rest = walk.rest();
        }
        let attributes = self.map_while(Result::ok).map(Shown);
        let no_padding = attributes.filter(|a| a.0.nla_type != 0 || !a.0.data.is_empty());
        show_list_with_rest(out, no_padding, rest)
    }
}

/// An attribute as [`Attributes`] prints it.
struct Shown<'a>(Attribute<'a>);

impl Show for Shown<'_> {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        out.write_str("{nla_type=")?;
        self.0.nla_type.show(out)?;
        out.write_str(", ")?;
        match self.0.number() {
            Some(number) => number.show(out)?,
            None => self.0.data.show(out)?,
        }
        out.ascii(b'}')
    }
}

displayed!(Attributes<'_>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::netlink::Nlattr;
    use std::string::String;
    use std::vec::Vec;
    use zerocopy::IntoBytes;

    fn shown(data: &[u8]) -> String {
        let mut text = String::new();
        Nlattrs::decode(data).unwrap().show(&mut text).unwrap();
        text
    }

    fn attribute(nla_type: u16, payload: &[u8]) -> Vec<u8> {
        let nla_len = 4 + payload.len() as u16;
        let header = Nlattr { nla_len, nla_type };
        [header.as_bytes(), payload].concat()
    }

    #[test]
    fn a_malformed_attribute_and_what_follows_it_are_shown_as_bytes() {
        assert_eq!(shown(&[]), "[]");
        let number = attribute(5, 7u32.as_bytes());
        let text = attribute(6, b"twelve bytes");
        assert_eq!(shown(&number), "[{nla_type=5, 7}]");
        let whole = [attribute(0, &[]), number.clone(), text].concat();
        let attributes = r#"{nla_type=5, 7}, {nla_type=6, "twelve bytes"}"#;
        assert_eq!(shown(&whole), std::format!("[{attributes}]"));
        let malformed = [&[0, 0, 9, 0][..], &number].concat();
        let rest = shown(&[&whole[..], &malformed].concat());
        let expected = std::format!("[{attributes}, ");
        assert!(rest.starts_with(&expected), "{rest}");
        let mut bytes = String::new();
        (&malformed[..]).show(&mut bytes).unwrap();
        assert_eq!(rest[expected.len()..], bytes + "]");
        assert_eq!(shown(&[0; 4]), r#"["\0\0\0\0"]"#);
        assert_eq!(shown(&[1, 2]), r#"["\1\2"]"#);
    }

    #[test]
    fn padding_is_left_out_unless_it_has_data() {
        assert_eq!(shown(&attribute(0, &[])), "[]");
        assert_eq!(shown(&attribute(0, b"abc")), r#"[{nla_type=0, "abc"}]"#);
    }
}
