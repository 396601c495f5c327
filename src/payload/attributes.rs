//! Netlink attributes, which `SCM_TIMESTAMPING_OPT_STATS` carries: kernel
//! `include/uapi/linux/tcp.h` (`TCP_NLA_*`) and `include/uapi/linux/can/j1939.h` (`J1939_NLA_*`).
#![forbid(unsafe_code)]

use crate::error::PayloadError;
use crate::netlink::Attributes;
use crate::show::{Printer, Show};
use crate::wire::payload::{Payload, Unbounded};
use core::fmt;

/// Marks a payload of netlink attributes; decodes into [`Attributes`].
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

/// Prints the attributes in front of the first malformed one. Attributes of type 0 are padding
/// (`TCP_NLA_PAD`, `J1939_NLA_PAD`) and left out.
impl Show for Attributes<'_> {
    fn show(&self, out: &mut impl Printer) -> fmt::Result {
        let attributes = self.map_while(Result::ok).filter(|a| a.nla_type != 0);
        let mut before = "[{nla_type=";
        for attribute in attributes {
            out.write_str(before)?;
            before = "}, {nla_type=";
            attribute.nla_type.show(out)?;
            out.write_str(", ")?;
            match attribute.number() {
                Some(number) => number.show(out)?,
                None => attribute.data.show(out)?,
            }
        }
        out.write_str(if before.starts_with('}') { "}]" } else { "[]" })
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
    fn padding_and_what_follows_a_malformed_attribute_are_left_out() {
        assert_eq!(shown(&[]), "[]");
        let number = attribute(5, 7u32.as_bytes());
        let text = attribute(6, b"twelve bytes");
        assert_eq!(shown(&number), "[{nla_type=5, 7}]");
        let all = [attribute(0, &[]), number, text, std::vec![0; 4]].concat();
        let expected = r#"[{nla_type=5, 7}, {nla_type=6, "twelve bytes"}]"#;
        assert_eq!(shown(&all), expected);
    }
}
