// SPDX-License-Identifier: MIT OR Apache-2.0
//! THE TABLE: every control message that Linux knows, and what is made of its rows.
//!
//! `catalogue.rs`, `levels.rs` and `options.rs` hold the rows, as data. Each other file makes one
//! thing of them: the levels, the keys, the lookup by number, the enum of decoded messages, the
//! list for programs and documentation.
//!
//! # What one row becomes
//! The row
//! ```text
//! /// Process, user and group id of the sender, as the kernel vouches.
//! SCM_CREDENTIALS = SOL_SOCKET, 2, 2, "SCM_CREDENTIALS", Credentials,
//!     Both, Ucred, Ucred, [SO_PASSCRED] "", plain, "unix(7)";
//! ```
//! defines everything about a message. The files make of it
//! ```text
//! keys       pub struct SCM_CREDENTIALS; impl Key, Sent     // raw.get(..), writer.put(..)
//! lookup     message_name(SOL_SOCKET, 2) == Some("SCM_CREDENTIALS")
//! message    Message::Credentials(Ucred)                    // matched out of any buffer, printed
//! entries    CATALOGUE[..], and a row of the table in its documentation
//! header/    #define ANCIL_SCM_CREDENTIALS 2                // in ancil.h
//! ```
//! and a named test that writes and reads it. A second row with the same level and type does not
//! compile. A payload that no other row has is one more `#[repr(C)]` struct in `payload/`.
#![forbid(unsafe_code)]

#[macro_use]
mod aliases;
#[macro_use]
mod catalogue;
#[macro_use]
mod levels;
#[macro_use]
mod options;

pub(crate) mod entries;
#[cfg(doc)]
pub(crate) mod guide;
pub mod keys;
pub mod level;
pub(crate) mod lookup;
pub(crate) mod message;
pub(crate) mod names;
#[cfg(feature = "capi")]
pub(crate) mod reports;
#[cfg(feature = "capi")]
pub(crate) mod switches;
