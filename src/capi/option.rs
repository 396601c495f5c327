// SPDX-License-Identifier: MIT OR Apache-2.0
//! `ancil_option`: the socket option that switches a message on.

use super::status;
use crate::errno::number::EINVAL;
use crate::table::switches::switch_of;
use crate::wire::option::OptionValue;
use core::ffi::c_int;
use core::mem::MaybeUninit;

/// Arguments of setsockopt that switch messages on.
#[repr(C)]
#[allow(non_camel_case_types, reason = "its name in C")]
pub struct ancil_sockopt {
    /// SOL_SOCKET and others.
    pub level: c_int,
    /// SO_PASSCRED and others.
    pub name: c_int,
    /// Bytes of `value`, or 0 if the value is yours to choose.
    pub len: u32,
    /// The value that switches the messages on. Zeros of the same length switch them off.
    pub value: [u8; 20],
}

/// Looks up the socket option that switches messages of this level and type on. Without it, the
/// kernel does not deliver them or, as with SCM_TXTIME, does not accept them. Returns 1 if
/// `*option` was set; 0 if there is no option to set; -EINVAL if `option` is NULL. Without 1,
/// `*option` is unchanged.
///
/// To switch the messages on: setsockopt(s, o.level, o.name, o.value, o.len).
///
/// If the option takes flags or a struct, `len` is 0, which setsockopt refuses: pass a value of
/// your own. SO_TIMESTAMPING takes an int of SOF_TIMESTAMPING_* flags, SO_TXTIME a struct
/// sock_txtime, SO_RDS_MSG_RXPATH_LATENCY a struct rds_rx_trace_so.
///
/// There is no option for messages that are always delivered, such as SCM_RIGHTS, that are only
/// sent, that are switched on in another way, as TLS_GET_RECORD_TYPE by TCP_ULP, or that this
/// library does not know. Level 0 is SOL_IP here, not SOL_HCI, SOL_IEEE802154 or SOL_MISDN.
#[unsafe(no_mangle)]
pub extern "C" fn ancil_option(
    level: c_int,
    r#type: c_int,
    option: Option<&mut MaybeUninit<ancil_sockopt>>,
) -> c_int {
    let Some(option) = option else {
        return status(EINVAL);
    };
    let Some((level, name, takes)) = switch_of(0, level, r#type) else {
        return 0;
    };
    let (bytes, len) = match takes {
        // The messages are delivered from the start, also by kernels without the option.
        OptionValue::DefaultOn => return 0,
        OptionValue::Switch | OptionValue::Byte => takes.of_switch(true),
        OptionValue::Flags | OptionValue::Struct => ([0; 4], 0),
    };
    let mut value = [0; 20];
    for (to, from) in value.iter_mut().zip(bytes) {
        *to = from;
    }
    option.write(ancil_sockopt {
        level,
        name,
        len: len as u32,
        value,
    });
    1
}
