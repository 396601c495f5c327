// SPDX-License-Identifier: MIT OR Apache-2.0
// The numbers in a `struct sock_extended_err` (linux/errqueue.h), one row each.
//
//     /// What it says.
//     NAME: type of the field = number;
//
// Data only, no `use`: build.rs reads this file as well.

/// Hands every number to the macro `$callback`.
macro_rules! report_numbers {
    ($callback:ident) => {
        $callback! {
        /// Nobody reports: the kernel does not send it.
        SO_EE_ORIGIN_NONE: u8 = 0;
        /// This machine reports.
        SO_EE_ORIGIN_LOCAL: u8 = 1;
        /// An ICMP message reports.
        SO_EE_ORIGIN_ICMP: u8 = 2;
        /// An ICMPv6 message reports.
        SO_EE_ORIGIN_ICMP6: u8 = 3;
        /// Not an error: a status or a time comes with it.
        SO_EE_ORIGIN_TXSTATUS: u8 = 4;
        /// SO_EE_ORIGIN_TXSTATUS by another name.
        SO_EE_ORIGIN_TIMESTAMPING: u8 = 4;
        /// Not an error: MSG_ZEROCOPY sends are done.
        SO_EE_ORIGIN_ZEROCOPY: u8 = 5;
        /// A packet was not sent at its SCM_TXTIME.
        SO_EE_ORIGIN_TXTIME: u8 = 6;

        /// In flags of an extension: it is invalid.
        SO_EE_RFC4884_FLAG_INVALID: u8 = 1;

        /// ZEROCOPY: the kernel copied the bytes after all.
        SO_EE_CODE_ZEROCOPY_COPIED: u8 = 1;
        /// TXTIME: the time is invalid.
        SO_EE_CODE_TXTIME_INVALID_PARAM: u8 = 1;
        /// TXTIME: it was too late.
        SO_EE_CODE_TXTIME_MISSED: u8 = 2;

        /// When the driver or the device sent it.
        SCM_TSTAMP_SND: u32 = 0;
        /// When it entered the packet scheduler.
        SCM_TSTAMP_SCHED: u32 = 1;
        /// When the peer acknowledged its bytes.
        SCM_TSTAMP_ACK: u32 = 2;
        /// When the device reported it as sent.
        SCM_TSTAMP_COMPLETION: u32 = 3;
        }
    };
}
