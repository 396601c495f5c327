// SPDX-License-Identifier: MIT OR Apache-2.0 OR CC0-1.0
//! A message in words, as `DisplayControl` has it, for buffers of either word size.

use ancil::{Abi, CATALOGUE, CatalogueEntry, DisplayControl, Raw, Reader, compat::Translation};

/// How a buffer is to be read.
#[derive(Clone, Copy)]
pub struct Layout {
    pub abi: Abi,
    /// The address family of the socket; 0 if it is not known.
    pub family: u16,
}

/// A message in words.
pub struct Words {
    pub level: String,
    pub ty: String,
    /// The payload; `None` if there is none.
    pub data: Option<String>,
}

impl Layout {
    /// Returns a buffer of this layout with one message, whose padding is left out.
    pub fn message(self, level: i32, ty: i32, data: &[u8]) -> Vec<u8> {
        let len = vec![0; self.abi.len_size()];
        let mut message = [&len[..], &level.to_ne_bytes(), &ty.to_ne_bytes(), data].concat();
        self.put_len(&mut message, self.abi.cmsg_len(data.len()));
        message
    }

    /// Overwrites the `cmsg_len` of a message.
    pub fn put_len(self, message: &mut [u8], len: usize) {
        match self.abi.len_size() {
            4 => message[..4].copy_from_slice(&(len as u32).to_ne_bytes()),
            _ => message[..8].copy_from_slice(&(len as u64).to_ne_bytes()),
        }
    }

    /// Returns this message in a buffer of this machine's own layout. Payloads of machine words are
    /// translated, because `Message` would misread them.
    fn as_native(self, raw: &Raw<'_>) -> Vec<u8> {
        let message = self.message(raw.level, raw.ty, raw.data);
        if self.abi == Abi::NATIVE {
            return message;
        }
        let widens = self.abi == Abi::LINUX_32;
        let translation = if widens {
            Translation::WIDEN
        } else {
            Translation::NARROW
        };
        let mut buffer = vec![0; 2 * message.len() + 8];
        match translation
            .family(self.family)
            .translate(&mut buffer, &message)
        {
            Ok(native) => native.to_vec(),
            // The payload is not what such a message carries: it is shown as it is.
            Err(_) => {
                let native = Layout {
                    abi: Abi::NATIVE,
                    ..self
                };
                native.message(raw.level, raw.ty, raw.data)
            }
        }
    }

    /// Returns a message in words.
    pub fn words(self, raw: &Raw<'_>) -> Words {
        let native = self.as_native(raw);
        let text = DisplayControl::new(&native).family(self.family).to_string();
        let (_, level) = text.split_once("cmsg_level=").unwrap_or_default();
        let (level, ty) = level.split_once(", cmsg_type=").unwrap_or_default();
        let ty = ty.trim_end_matches("}]");
        let (ty, data) = match ty.split_once(", cmsg_data=") {
            // A payload may itself end with these brackets.
            Some((ty, _)) => (ty, text.split_once("cmsg_data=")),
            None => (ty, None),
        };
        let data = data.and_then(|(_, data)| data.strip_suffix("}]"));
        let owned = |text: &str| text.split(" /*").next().unwrap_or_default().to_string();
        Words {
            level: owned(level),
            ty: owned(ty),
            data: data.map(String::from),
        }
    }

    /// Returns what is wrong with the payload, if the catalogue cannot decode it.
    pub fn fault(self, raw: &Raw<'_>) -> Option<String> {
        let native = self.as_native(raw);
        let raw_native = Reader::new(&native).next()?.ok()?;
        match ancil::Message::parse(self.family, raw_native) {
            ancil::Message::BadPayload { error, .. } => Some(format!(
                "payload of {} bytes, {}",
                raw.data.len(),
                error.cause
            )),
            _ => None,
        }
    }

    /// Returns the row of a message. At level 0, the family of the socket tells which level it is.
    pub fn row(self, level: i32, ty: i32) -> Option<&'static CatalogueEntry> {
        let name = self.words(&Raw::new(level, ty, &[])).level;
        let mut rows = CATALOGUE.iter();
        rows.find(|row| (row.level, row.ty) == (level, ty) && row.level_name == name)
    }
}
