//! The stepping rule and a reader, in 128 bits, so that nothing in them can wrap.

use ancil::{Abi, MalformedKind, Raw};

/// `sizeof (struct cmsghdr)` and the alignment of one system, from its headers.
#[derive(Clone, Copy)]
pub struct Layout {
    pub header: u128,
    pub align: u128,
}

pub const LINUX_64: Layout = Layout {
    header: 16,
    align: 8,
};

pub const LINUX_32: Layout = Layout {
    header: 12,
    align: 4,
};

/// Each word size with its layout.
pub const BOTH: [(Abi, Layout); 2] = [(Abi::LINUX_64, LINUX_64), (Abi::LINUX_32, LINUX_32)];

pub const NATIVE: Layout = if size_of::<usize>() == 8 {
    LINUX_64
} else {
    LINUX_32
};

impl Layout {
    pub fn align(self, n: u128) -> u128 {
        n.div_ceil(self.align) * self.align
    }

    pub fn next(self, offset: usize, cmsg_len: usize, controllen: usize) -> Option<usize> {
        let next = offset as u128 + self.align(cmsg_len as u128);
        let whole = next + self.header <= controllen as u128;
        (cmsg_len as u128 >= self.header && whole).then_some(next as usize)
    }

    pub fn check(self, cmsg_len: usize, left: usize) -> Result<(), MalformedKind> {
        if (cmsg_len as u128) < self.header {
            return Err(MalformedKind::TooShort { cmsg_len });
        }
        if cmsg_len as u128 > left as u128 {
            return Err(MalformedKind::PastEnd { cmsg_len, left });
        }
        Ok(())
    }

    /// Writes `cmsg_len` to the header at `offset`.
    pub fn put_len(self, bytes: &mut [u8], offset: usize, cmsg_len: u64) {
        if self.align == 4 {
            bytes[offset..offset + 4].copy_from_slice(&(cmsg_len as u32).to_ne_bytes());
        } else {
            bytes[offset..offset + 8].copy_from_slice(&cmsg_len.to_ne_bytes());
        }
    }

    /// Writes level and type to the header at `offset`.
    pub fn put_kind(self, bytes: &mut [u8], offset: usize, (level, ty): (i32, i32)) {
        let at = offset + self.align as usize;
        bytes[at..at + 4].copy_from_slice(&level.to_ne_bytes());
        bytes[at + 4..at + 8].copy_from_slice(&ty.to_ne_bytes());
    }
}

/// What a model does at the end of a buffer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// As the kernel reads its own word size.
    Native,
    /// `Reader::lenient`.
    Lenient,
    /// As the kernel reads what 32-bit programs send: each byte belongs to a message.
    Compat,
}

/// A reader whose only state is its position.
pub struct Model<'a> {
    bytes: &'a [u8],
    /// The offset of the next header. `None` at the end.
    at: Option<usize>,
    pub layout: Layout,
    pub end: End,
}

impl<'a> Model<'a> {
    pub fn new(bytes: &'a [u8], layout: Layout, end: End) -> Self {
        Self {
            bytes,
            at: Some(0),
            layout,
            end,
        }
    }

    fn number(&self, offset: usize) -> i32 {
        i32::from_ne_bytes(self.bytes[offset..offset + 4].try_into().unwrap())
    }
}

impl<'a> Iterator for Model<'a> {
    type Item = Result<Raw<'a>, (usize, MalformedKind)>;

    fn next(&mut self) -> Option<Self::Item> {
        let offset = self.at.take()?;
        let rest = &self.bytes[offset..];
        let (header, word) = (self.layout.header as usize, self.layout.align as usize);
        if rest.len() < header {
            let (cmsg_len, left) = (header, rest.len());
            let kind = MalformedKind::PastEnd { cmsg_len, left };
            return (self.end == End::Compat && left > 0).then_some(Err((offset, kind)));
        }
        // A length that this machine cannot count is more than any buffer.
        let mut cmsg_len = if word == 4 {
            u32::from_ne_bytes(rest[..4].try_into().unwrap()) as usize
        } else {
            let len = u64::from_ne_bytes(rest[..8].try_into().unwrap());
            usize::try_from(len).unwrap_or(usize::MAX)
        };
        match self.layout.check(cmsg_len, rest.len()) {
            Err(_) if self.end == End::Lenient && cmsg_len == 0 => return None,
            Err(MalformedKind::PastEnd { .. }) if self.end == End::Lenient => cmsg_len = rest.len(),
            Err(kind) => return Some(Err((offset, kind))),
            Ok(()) => {}
        }
        let step = self.layout.align(cmsg_len as u128) as usize;
        self.at = (step <= rest.len()).then_some(offset + step);
        Some(Ok(Raw {
            level: self.number(offset + word),
            ty: self.number(offset + word + 4),
            offset,
            data: &rest[header..cmsg_len],
        }))
    }
}
