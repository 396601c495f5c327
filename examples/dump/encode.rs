// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! The bytes of a payload that strace(1) has decoded.

use super::decoded::Layout;
use super::text::{Cursor, Fault};
use super::values::{Value, Values, What};
use ancil::Raw;

impl Values {
    /// Returns the payload of this message, which has `len` bytes. If the values do not determine
    /// them, that is an error: the bytes must print as the text has them.
    pub fn encode(
        &self,
        len: usize,
        (level, ty): (i32, i32),
        layout: Layout,
    ) -> Result<Vec<u8>, Fault> {
        let data = self.lay_out(len)?;
        if let Some(data) = &data {
            if self.is_string || len == 0 {
                return Ok(data.clone());
            }
            let words = |data: &[u8]| layout.words(&Raw::new(level, ty, data)).data;
            let text = words(data);
            let printed = text.as_ref();
            let printed =
                printed.and_then(|text| Self::read(&mut Cursor::new(text.as_bytes())).ok());
            // A byte that could be another one without a change of the text is not determined.
            let shows = |at: usize| {
                let mut other = data.clone();
                other[at] ^= 0xff;
                words(&other) != text
            };
            if printed.is_some_and(|printed| self.is_same(&printed, len, data))
                && (0..len).all(shows)
            {
                return Ok(data.clone());
            }
        }
        let name = layout
            .row(level, ty)
            .map_or("an unknown message", |row| row.name);
        let field = self
            .values
            .first()
            .map_or("cmsg_data", |value| &value.field);
        let bits = 8 * layout.abi.len_size();
        let what = format!(
            "{field}: these values do not determine the {len} bytes of payload that {name} has in \
             a {bits}-bit program: choose other --bits, or give the buffer in hex"
        );
        Err(Fault::new(self.at, what))
    }

    /// Returns whether other values are of the same fields and kinds, and mean these bytes.
    fn is_same(&self, other: &Self, len: usize, data: &[u8]) -> bool {
        let fields = |values: &Self| -> Vec<_> {
            let is_number = |value: &Value| matches!(value.what, What::Number(_));
            let values = values.values.iter();
            values
                .map(|value| (value.field.clone(), is_number(value)))
                .collect()
        };
        fields(self) == fields(other)
            && other
                .lay_out(len)
                .is_ok_and(|bytes| bytes.as_deref() == Some(data))
    }

    /// Returns the values as `len` bytes, if they can be: numbers share the bytes that are left
    /// equally.
    fn lay_out(&self, len: usize) -> Result<Option<Vec<u8>>, Fault> {
        let fixed = self.values.iter().filter_map(|value| match &value.what {
            What::Number(_) => None,
            What::Bytes(bytes) => Some(bytes.len()),
        });
        let (numbers, fixed) = (self.values.len() - fixed.clone().count(), fixed.sum());
        let width = match (len.checked_sub(fixed), numbers) {
            (Some(0), 0) => 0,
            (Some(left), 1..) if left % numbers == 0 => left / numbers,
            _ => return Ok(None),
        };
        if numbers > 0 && !matches!(width, 1 | 2 | 4 | 8) {
            return Ok(None);
        }
        let mut data = Vec::new();
        for Value { at, field, what } in &self.values {
            let bytes = match what {
                What::Bytes(bytes) => Some(bytes.clone()),
                What::Number(number) => in_bytes(*number, width),
            };
            let too_large = || format!("{field}: does not fit into {width} bytes");
            data.extend(bytes.ok_or_else(|| Fault::new(*at, too_large()))?);
        }
        Ok(Some(data))
    }
}

/// Returns a number, with a sign or without one, in so many bytes of this machine's order.
pub fn in_bytes(number: i128, width: usize) -> Option<Vec<u8>> {
    let bits = 8 * u32::try_from(width).ok()?;
    if number < -(1 << (bits - 1)) || number >= 1 << bits {
        return None;
    }
    let mut bytes = number.to_le_bytes()[..width].to_vec();
    if cfg!(target_endian = "big") {
        bytes.reverse();
    }
    Some(bytes)
}
